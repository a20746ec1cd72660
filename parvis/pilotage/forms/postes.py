"""La forme d'un fichier de postes aidés, et du code national d'un contrat."""

from django import forms

from parvis.programmation.enums import DispositifDePoste


class FichierDePostes(forms.Form):
    """Un fichier publié, et les postes dont il parle."""

    fichier = forms.FileField(
        label="Le fichier publié",
        help_text="CSV ou classeur XLSX, de tout le pays si c’est ainsi qu’il est publié : seules les "
        "lignes de votre contrat sont prises. 20 Mo au plus.",
        max_length=200,
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.gz"}),
    )
    dispositif = forms.ChoiceField(
        label="Quels postes",
        choices=[("", "Ceux que dit le nom du fichier"), *DispositifDePoste.choices],
        required=False,
    )


class CodeNationalDuContrat(forms.Form):
    """Le code que l'État donne au contrat."""

    code = forms.CharField(
        label="Code national du contrat",
        help_text="CV357 pour un contrat de 2015, CN09402M pour un contrat de 2024.",
        max_length=20,
        error_messages={"required": "Écrivez le code."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
