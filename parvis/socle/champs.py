"""Les champs de formulaire que plusieurs pièces partagent."""

from typing import Any

from django import forms


class ChampJour(forms.DateField):
    """Un jour, avec le calendrier du navigateur."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs
        )
