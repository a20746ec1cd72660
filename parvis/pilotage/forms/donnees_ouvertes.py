"""Ce que le pilote choisit de publier."""

from django import forms

from parvis.conventions.enums import PorteeOuverte


class Portee(forms.Form):
    """Ce que la loi demande, ou toutes les subventions accordées."""

    portee = forms.ChoiceField(
        label="Ce qui se publie",
        choices=PorteeOuverte.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez ce qui se publie.",
            "invalid_choice": "Choisissez ce qui se publie.",
        },
    )
