"""Ce qui s'écrit d'une séance depuis plusieurs espaces : un apport, un déport."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from parvis.instances.models import Mandat
from parvis.programmation.queries.ordre_du_jour import PointLu
from parvis.socle.montants import ChampMontant


class FormulaireDApport(forms.Form):
    """Ce qu'un financeur met sur la table, et quand son autorité votera."""

    montant = ChampMontant(label="Apporte à la séance", required=False)
    vote_prevu_le = forms.DateField(
        label="Son autorité vote le",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Écrivez une date, par exemple 15/03/2027."},
    )


class FormulaireDeVotePrevu(forms.Form):
    """Le jour où l'autorité d'un financeur votera, une fois la séance publiée ; vide, il ne se sait plus."""

    vote_prevu_le = forms.DateField(
        label="Votre autorité vote le",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Écrivez une date, par exemple 15/03/2027."},
    )


class FormulaireDeDeport(forms.Form):
    """Qui se retire de quel dossier, et pourquoi ; sans liste de membres, c'est soi."""

    point = forms.ChoiceField(
        label="De quel dossier", error_messages={"required": "Choisissez le dossier."}
    )
    mandat = forms.ChoiceField(
        label="Qui se retire", error_messages={"required": "Choisissez un membre."}
    )
    motif = forms.CharField(
        label="Pourquoi",
        help_text="Par exemple « membre du bureau de l’association ».",
        max_length=500,
        error_messages={"required": "Dites pourquoi se retirer."},
    )

    def __init__(
        self,
        *args: Any,
        points: Sequence[PointLu],
        mandats: Sequence[Mandat] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.points = {str(p.point.pk): p.point for p in points}
        self.mandats = {str(m.pk): m for m in mandats or ()}
        dits = ((pk, f"{p.dossier.reference}, {p.dossier}") for pk, p in self.points.items())
        _choisir(self.fields["point"], dits)
        _choisir(self.fields["mandat"], ((pk, m.nom) for pk, m in self.mandats.items()))
        if mandats is None:
            del self.fields["mandat"]

    @property
    def deport(self) -> dict[str, Any]:
        """Rend ce que l'action attend ; le membre n'y est que s'il se choisit."""
        lu = self.cleaned_data
        dit = {"point": self.points[lu["point"]], "motif": lu["motif"]}
        return dit | ({"mandat": self.mandats[lu["mandat"]]} if "mandat" in lu else {})


def _choisir(champ: forms.Field, choix: Iterable[tuple[str, str]]) -> None:
    assert isinstance(champ, forms.ChoiceField)
    champ.choices = [("", "Choisir"), *choix]
