"""La forme de ce que le pilote demande à un bilan rendu."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from parvis.comptes.forms.comptes import ChampDate
from parvis.dossiers.enums import SorteDeDecharge
from parvis.dossiers.rules.recevabilite import DELAI_PROPOSE
from parvis.evaluation.rules.decharges import MOTIF_AU_PLUS


class ComplementDuBilan(forms.Form):
    """La section à compléter, pour quand, et pourquoi."""

    section = forms.ChoiceField(
        label="La section à compléter",
        help_text="Elle s’ouvre de nouveau au porteur ; le reste de son bilan ne bouge pas.",
    )
    texte = forms.CharField(
        label="Ce que vous demandez",
        max_length=2000,
        help_text="Le porteur et les autres financeurs le liront tel quel.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    echeance = ChampDate(label="À rendre au plus tard le")

    def __init__(self, *args: Any, titres: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(
            *args, initial={"echeance": timezone.localdate() + DELAI_PROPOSE}, **kwargs
        )
        self.fields["section"].choices = [("", "Choisissez"), *titres.items()]


class DechargeDuBilan(forms.Form):
    """Reçu autrement, et quand, ou dispensé ; et pourquoi."""

    sorte = forms.ChoiceField(
        label="Que se passe-t-il ?",
        choices=[
            (
                SorteDeDecharge.RECU_AUTREMENT,
                "Vous avez reçu ce bilan autrement : papier, courriel, autre site",
            ),
            (
                SorteDeDecharge.DISPENSE,
                "Vous n’en attendez pas : aide refusée par le porteur, convention retirée",
            ),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez l’un des deux."},
    )
    recu_le = ChampDate(label="Reçu le", required=False, help_text="S’il est reçu autrement.")
    motif = forms.CharField(
        label="Pourquoi",
        max_length=MOTIF_AU_PLUS,
        error_messages={"required": "Dites pourquoi, en une phrase."},
        help_text="Une phrase. Le porteur et tous les financeurs la lisent.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MotifDAnnulation(forms.Form):
    """Pourquoi une décharge s'annule."""

    motif = forms.CharField(
        label="Pourquoi l’annuler",
        max_length=MOTIF_AU_PLUS,
        error_messages={"required": "Dites pourquoi vous l’annulez."},
        help_text="Le bilan sera de nouveau attendu, au même jour. Le porteur vous lira.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
