"""La forme de ce que le pilote demande à un bilan rendu."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from parvis.comptes.forms.comptes import ChampDate
from parvis.dossiers.rules.recevabilite import DELAI_PROPOSE


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
