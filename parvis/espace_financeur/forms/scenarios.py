"""La règle d'un scénario : comment partager, combien, entre quelles bornes, et qui passe d'abord."""

from django import forms

from parvis.programmation.enums import Partage, Priorite
from parvis.programmation.rules.scenarios import ARRONDIS, Regle
from parvis.socle.montants import ChampMontant

_ANNEE = "Écrivez une année, par exemple 2027."
_TAUX = "Écrivez un pourcentage, de 1 à 100."


class FormulaireDeScenario(forms.Form):
    """Un scénario : son nom et sa règle."""

    nom = forms.CharField(
        label="Nom",
        help_text="Par exemple « 60 % pour tous » ou « les reconduits d’abord ».",
        max_length=100,
        error_messages={"required": "Donnez un nom au scénario."},
    )
    exercice = forms.IntegerField(
        label="Exercice", error_messages={"required": _ANNEE, "invalid": _ANNEE}
    )
    partage = forms.ChoiceField(
        label="Comment partager",
        choices=Partage.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez comment partager."},
    )
    taux = forms.IntegerField(
        label="Pourcentage",
        help_text="Pour le premier choix seulement.",
        required=False,
        min_value=1,
        max_value=100,
        error_messages={"invalid": _TAUX, "min_value": _TAUX, "max_value": _TAUX},
    )
    total = ChampMontant(
        label="Somme à partager", help_text="Pour les trois autres choix.", required=False
    )
    priorite = forms.ChoiceField(
        label="Qui passe d’abord",
        help_text="Quand la somme ne suffit pas, ou pour ce que l’arrondi laisse.",
        choices=Priorite.choices,
    )
    plafond = ChampMontant(label="Plafond par demande", required=False)
    plancher = ChampMontant(
        label="Plancher par demande",
        help_text="Moins que cela, une demande ne reçoit rien.",
        required=False,
    )
    arrondi = forms.TypedChoiceField(
        label="Arrondi",
        coerce=int,
        choices=[(pas, f"à {pas} € près") for pas in ARRONDIS],
        initial=100,
    )

    @property
    def regle(self) -> Regle:
        """Rend la règle écrite ; ce qui ne sert pas à ce partage ne compte pas."""
        lu = self.cleaned_data
        au_taux = lu["partage"] == Partage.TAUX
        return Regle(
            lu["partage"],
            lu["priorite"],
            lu["taux"] if au_taux else None,
            None if au_taux else lu["total"],
            lu["plafond"],
            lu["plancher"],
            lu["arrondi"],
        )
