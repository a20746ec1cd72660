"""L'export d'un portail que le pilote reprend."""

from collections.abc import Mapping
from typing import Any

from django import forms

# Les colonnes dont on peut dire le titre : les autres se reconnaissent, ou manquent sans gêner.
DITES = ("numero", "statut", "vote")


class ExportAReprendre(forms.Form):
    """Un export, l'exercice s'il n'en faut qu'un, et ses colonnes si leur nom n'est pas connu."""

    fichier = forms.FileField(
        label="L’export du portail",
        help_text="CSV, classeur XLSX ou JSON, tel que le portail le donne. 20 Mo au plus.",
        max_length=200,
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.json"}),
    )
    exercice = forms.IntegerField(
        label="Une seule année",
        help_text="Vide, toutes celles de l’export.",
        required=False,
        min_value=2000,
        max_value=2100,
    )
    numero = forms.CharField(
        label="Titre de la colonne du numéro",
        help_text="Seulement si le fichier en change. Il est gardé pour la fois suivante.",
        max_length=200,
        required=False,
    )
    statut = forms.CharField(label="Titre de la colonne du statut", max_length=200, required=False)
    vote = forms.CharField(
        label="Titre de la colonne du montant voté", max_length=200, required=False
    )

    def __init__(self, *args: Any, colonnes: Mapping[str, str], **kwargs: Any) -> None:
        depart = {fait: titre for fait, titre in colonnes.items() if fait in DITES}
        super().__init__(*args, initial=depart, **kwargs)
        self.gardees = dict(colonnes)

    @property
    def colonnes(self) -> dict[str, str]:
        """Rend la correspondance gardée, et ce que la personne vient d'en dire."""
        dites = {fait: self.cleaned_data[fait] for fait in DITES}
        return self.gardees | {fait: titre for fait, titre in dites.items() if titre}
