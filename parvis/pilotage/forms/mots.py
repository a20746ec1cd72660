"""La forme d'un mot que le pilote ajoute."""

from django import forms

from parvis.orientation.rules import LONGUEUR_D_UNE_QUESTION, LONGUEUR_DU_MOT, LONGUEUR_DU_SENS


class Mot(forms.Form):
    """Un mot d'ici, ce qu'il veut dire, et une phrase pour l'essayer."""

    ecrit = forms.CharField(
        label="Quand quelqu’un écrit",
        max_length=LONGUEUR_DU_MOT,
        help_text="Un lieu, un surnom, un sigle d’ici : « la Passerelle », « le point chaud ».",
    )
    sens = forms.CharField(
        label="Il faut comprendre",
        max_length=LONGUEUR_DU_SENS,
        widget=forms.TextInput(attrs={"list": "notions-connues"}),
        help_text="Avec les mots du contrat : « insertion professionnelle des jeunes ».",
    )
    essai = forms.CharField(
        label="Une phrase pour l’essayer",
        max_length=LONGUEUR_D_UNE_QUESTION,
        required=False,
        help_text="Vide : le mot seul.",
    )
