"""L'échéancier d'un acte : quatre lignes au plus, une vide ne compte pas."""

from collections.abc import Sequence
from typing import Any

from django import forms

from parvis.conventions.enums import SorteDEcheance
from parvis.conventions.models import Echeance
from parvis.conventions.rules.echeancier import EcheancePrevue
from parvis.espace_financeur.forms.versements import champ_jour
from parvis.socle.montants import ChampMontant

LIGNES = 4


class LigneDEcheancier(forms.Form):
    """Un versement prévu : sa sorte, son montant, sa date ou ce qu'il attend."""

    sorte = forms.ChoiceField(label="Sorte", choices=SorteDEcheance.choices)
    montant = ChampMontant(label="Montant", required=False)
    prevue_le = champ_jour("Prévu le", "", required=False)
    condition = forms.CharField(
        label="Ou après",
        required=False,
        max_length=300,
        help_text="Par exemple « la notification de l’acte ».",
    )

    @property
    def prevue(self) -> EcheancePrevue | None:
        """Rend l'échéance écrite ; rien si la ligne n'a pas de montant."""
        dit = self.cleaned_data
        if dit["montant"] is None:
            return None
        return EcheancePrevue(dit["sorte"], dit["montant"], dit["prevue_le"], dit["condition"])


def lignes_d_echeancier(data: Any, echeances: Sequence[Echeance]) -> list[LigneDEcheancier]:
    """Rend les lignes à écrire, parties de l'échéancier d'aujourd'hui."""
    departs: list[dict[str, Any]] = [
        {champ: getattr(une, champ) for champ in ("sorte", "montant", "prevue_le", "condition")}
        for une in echeances
    ]
    vides = max(0, LIGNES - len(departs))
    return [
        LigneDEcheancier(data, initial=depart, prefix=f"ligne-{rang}")
        for rang, depart in enumerate([*departs, *[{}] * vides], 1)
    ]
