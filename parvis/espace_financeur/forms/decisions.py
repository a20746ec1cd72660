"""Une décision, et ce qu'elle répond à chaque demande."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from parvis.dossiers.enums import NatureDeDemande
from parvis.programmation.actions.decisions import Dit
from parvis.programmation.enums import Resultat, SorteDeDecision
from parvis.programmation.models import Enveloppe, LigneDeDecision
from parvis.programmation.queries.decisions import DemandeADire
from parvis.socle.montants import (
    INSECABLE,
    ChampMontant,
    MontantIllisible,
    ecrire_montant,
    lire_montant,
)

EUROS = f"{INSECABLE}€"


class FormulaireDeDecision(forms.Form):
    """La sorte d'acte, son numéro, sa date, et le fichier qui le prouve."""

    exercice = forms.IntegerField(
        label="Exercice", error_messages={"invalid": "Écrivez une année, par exemple 2027."}
    )
    sorte = forms.ChoiceField(label="Sorte d’acte", choices=SorteDeDecision.choices)
    prise_le = forms.DateField(
        label="Prise le",
        help_text="La date de la séance de votre assemblée, ou de la signature de l’arrêté.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": "Écrivez une date, par exemple 15/03/2027.",
            "required": "Dites quand la décision est prise.",
        },
    )
    numero = forms.CharField(label="Numéro", required=False, max_length=60)

    def __init__(self, *args: Any, est_nouvelle: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        if not est_nouvelle:
            del self.fields["exercice"]


class FormulaireDeReponse(forms.Form):
    """La réponse à une demande, quand elle ne se donne pas en lot."""

    resultat = forms.ChoiceField(
        label="Réponse", choices=Resultat.choices, widget=forms.RadioSelect
    )
    montant = ChampMontant(label="Montant accordé", required=False)
    enveloppe = forms.ChoiceField(label="Pris sur l’enveloppe", required=False)
    condition = forms.CharField(
        label="Sous réserve",
        help_text="Une condition que le porteur lèvera : rien n’est versé avant.",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    motif = forms.CharField(
        label="Motif",
        help_text="Obligatoire si rien n’est accordé. Le porteur le lit.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    a_qui = forms.CharField(
        label="À qui en parler",
        help_text="Un service, un téléphone, des horaires.",
        required=False,
        max_length=300,
    )
    ce_qui_changerait = forms.CharField(
        label="Ce qui pourrait changer la réponse",
        help_text="Par exemple « un accord écrit du bailleur ».",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    vers = forms.CharField(
        label="Orientée vers",
        help_text="Le dispositif qui conviendrait mieux, si la demande y est orientée.",
        required=False,
        max_length=300,
    )

    def __init__(
        self,
        *args: Any,
        ligne: LigneDeDecision,
        prises: Sequence[Enveloppe],
        service: str,
        **options: Any,
    ) -> None:
        champs = (
            *("resultat", "montant", "condition", "motif", "a_qui"),
            *("ce_qui_changerait", "vers"),
        )
        options["initial"] = {champ: getattr(ligne, champ) for champ in champs} | {
            "enveloppe": str(ligne.enveloppe_id or ""),
            "a_qui": ligne.a_qui or service,
        }
        super().__init__(*args, **options)
        if ligne.demande.nature == NatureDeDemande.NATURE:
            # Un apport en nature ne se prend sur aucune enveloppe.
            del self.fields["enveloppe"]
        else:
            _choisir_parmi(self.fields["enveloppe"], prises)

    @property
    def dit(self) -> Dit:
        """Rend la réponse écrite."""
        lu = self.cleaned_data
        autres = {
            champ: lu[champ]
            for champ in ("condition", "motif", "a_qui", "ce_qui_changerait", "vers")
        }
        return Dit(lu["resultat"], lu["montant"], int(lu.get("enveloppe") or 0) or None, **autres)


class Refusees(forms.Form):
    """Un refus en lot : le même motif pour toutes les demandes cochées."""

    motif = forms.CharField(
        label="Motif, le même pour toutes",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Dites pourquoi, le porteur le lira."},
    )


def _choisir_parmi(champ: forms.Field, prises: Iterable[Enveloppe]) -> None:
    assert isinstance(champ, forms.ChoiceField)
    champ.choices = [("", "Aucune"), *((str(e.pk), _nommer(e)) for e in prises)]


def _nommer(enveloppe: Enveloppe) -> str:
    reste = ecrire_montant(enveloppe.montant_reste, court=True)
    pour = f", {enveloppe.commune}" if enveloppe.commune else ""
    return f"{enveloppe.ligne}{pour} (reste {reste})"


@dataclass(frozen=True)
class LigneADecider:
    """Une demande à cocher, telle qu'elle s'écrit : ce qui vient d'être tapé, à défaut ce qui est proposé."""

    reste: DemandeADire
    est_cochee: bool
    montant: str
    enveloppe: str


def a_cocher(restantes: Iterable[DemandeADire], envoi: QueryDict) -> list[LigneADecider]:
    """Rend les demandes qui restent à décider ; refusé, un envoi y retrouve tout ce qu'il disait."""
    marquees = set(envoi.getlist("demande"))
    lignes = []
    for reste in restantes:
        pk, propose = reste.demande.pk, reste.demande.montant_propose
        ecrit = ecrire_montant(propose, court=True).removesuffix(EUROS) if propose else ""
        lignes.append(
            LigneADecider(
                reste,
                str(pk) in marquees,
                envoi.get(f"montant-{pk}", ecrit)[:40],
                envoi.get(f"enveloppe-{pk}", str(reste.enveloppe.pk) if reste.enveloppe else ""),
            )
        )
    return lignes


def cochees(envoi: QueryDict) -> list[int]:
    """Rend les demandes cochées dans la liste de ce qui reste à décider."""
    lus = [_entier(pk) for pk in envoi.getlist("demande")[:2000]]
    return [pk for pk in lus if pk is not None]


def _entier(texte: str) -> int | None:
    """Rend un identifiant écrit ; rien s'il n'en est pas un."""
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 19 else None


def accordees(envoi: QueryDict) -> tuple[dict[int, Dit], list[str]]:
    """Rend ce qui est accordé aux demandes cochées, et les montants qui ne se lisent pas, en phrases."""
    dits: dict[int, Dit] = {}
    motifs: list[str] = []
    for pk in cochees(envoi):
        montant: Decimal | None = None
        try:
            montant = lire_montant(envoi.get(f"montant-{pk}", ""))
        except MontantIllisible as erreur:
            motifs.append(f"{envoi.get(f'nom-{pk}', '')[:200]} : {erreur}".removeprefix(" : "))
        choisie = _entier(envoi.get(f"enveloppe-{pk}", ""))
        dits[pk] = Dit(Resultat.ACCORDE, montant, choisie)
    return dits, motifs
