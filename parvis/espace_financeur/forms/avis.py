"""L'avis d'un service : son sens, son motif, ce qu'il propose pour chaque demande."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from parvis.dossiers.models import Demande
from parvis.instruction.enums import SensDAvis
from parvis.instruction.queries.avis import AvisLu
from parvis.socle.montants import ChampMontant


class FormulaireDAvis(forms.Form):
    """Un avis ; une case de montant par demande du service, aucune à qui est consulté."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    rang = forms.IntegerField(widget=forms.HiddenInput)
    sens = forms.ChoiceField(
        label="Votre avis",
        choices=SensDAvis.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez le sens de votre avis."},
    )
    motif = forms.CharField(
        label="Motif",
        help_text="Les autres financeurs le lisent dès maintenant, le porteur à la publication.",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    note_interne = forms.CharField(
        label="Note interne",
        help_text="Elle ne sort jamais de votre service.",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    est_partage = forms.BooleanField(
        label="Montrer le montant aux autres financeurs",
        help_text="Eux, et la séance qui arbitre, le liront. Sinon, votre service est seul à le lire ; vous "
        "pourrez le montrer plus tard.",
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        demandes: Sequence[Demande],
        finance: bool,
        version: int,
        dernier: AvisLu | None,
        **options: Any,
    ) -> None:
        self.demandes = demandes
        avant = dernier.avis if dernier else None
        proposes = {p.demande_id: p.montant for p in avant.propositions.all()} if avant else {}
        options["initial"] = {
            "version": version,
            "rang": avant.rang if avant else 0,
            "sens": avant.sens if avant else "",
            "motif": avant.motif if avant else "",
            "note_interne": avant.note_interne if avant else "",
            "est_partage": any(d.propose_partage_le for d in demandes),
            **{f"montant_{pk}": montant for pk, montant in proposes.items()},
        }
        super().__init__(*args, **options)
        if not finance:
            del self.fields["note_interne"]
        if not demandes:
            del self.fields["est_partage"]
        for demande in demandes:
            self.fields[f"montant_{demande.pk}"] = ChampMontant(
                label=demande.ligne or "Montant proposé", required=False
            )

    @property
    def montants(self) -> list[tuple[Demande, forms.BoundField]]:
        """Rend chaque demande et sa case."""
        return [(demande, self[f"montant_{demande.pk}"]) for demande in self.demandes]

    @property
    def propositions(self) -> dict[int, Decimal]:
        """Rend ce qui est proposé, par demande ; une case vide ne propose rien."""
        lus = {d.pk: self.cleaned_data.get(f"montant_{d.pk}") for d in self.demandes}
        return {pk: montant for pk, montant in lus.items() if montant is not None}


class InvitationDExpert(forms.Form):
    """L'adresse d'un expert, ce qu'on lui demande, et pour quand."""

    courriel = forms.EmailField(
        label="Son adresse de courriel",
        help_text="Cette personne lira ce dossier, et lui seul, sans les contacts privés ni les "
        "pièces qui nomment des personnes.",
    )
    question = forms.CharField(
        label="Ce que vous lui demandez",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    echeance = forms.DateField(
        label="Réponse attendue le",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Écrivez une date, par exemple 15/03/2027."},
    )
