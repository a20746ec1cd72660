"""La forme d'un indicateur que le pilote propose."""

from django import forms


class FormulaireDIndicateur(forms.Form):
    """Ce que l'on compte, en quoi, et où cela se lit."""

    nom = forms.CharField(
        label="Ce que l’on compte",
        max_length=200,
        help_text="Par exemple « Personnes venues à une permanence ».",
        error_messages={"required": "Dites ce que l’on compte."},
    )
    unite = forms.CharField(
        label="En quoi", max_length=60, required=False, help_text="Personnes, séances, heures…"
    )
    source = forms.CharField(
        label="Où cela se lit",
        max_length=200,
        required=False,
        help_text="Feuille de présence, questionnaire, registre…",
    )
