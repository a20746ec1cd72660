"""La saisie d'une adresse à situer, d'un point, d'un tableau."""

from typing import Any

from django import forms

from parvis.territoires.rules.colonnes import lire_nombre
from parvis.territoires.rules.millesimes import VALIDITES

OCTETS_MAX = 20_000_000


class CoordonneeField(forms.Field):
    """Un nombre de degrés, point ou virgule."""

    def __init__(self, *, borne: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.borne = borne

    def to_python(self, valeur: Any) -> float | None:
        if not valeur:
            return None
        nombre = lire_nombre(str(valeur))
        if nombre is None or abs(nombre) > self.borne:
            raise forms.ValidationError(
                f"Écrivez un nombre de degrés entre -{self.borne} et {self.borne}, comme 48,81476."
            )
        return nombre


class AdresseForm(forms.Form):
    """Une adresse ; `choix` désigne une de celles qui ont été trouvées."""

    q = forms.CharField(
        label="Adresse", max_length=200, error_messages={"required": "Écrivez une adresse."}
    )
    choix = forms.IntegerField(min_value=0, max_value=20, required=False, widget=forms.HiddenInput)


class PointForm(forms.Form):
    """Un point, en degrés."""

    lat = CoordonneeField(
        label="Latitude", borne=90, error_messages={"required": "Donnez aussi la latitude."}
    )
    lon = CoordonneeField(
        label="Longitude", borne=180, error_messages={"required": "Donnez aussi la longitude."}
    )


class LotForm(forms.Form):
    """Un tableau d'adresses à situer."""

    fichier = forms.FileField(
        label="Le tableau (CSV ou XLSX)",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )
    millesimes = forms.TypedMultipleChoiceField(
        label="Générations de quartiers",
        coerce=int,
        choices=[(m, f"Quartiers {m}") for m in sorted(VALIDITES, reverse=True)],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins une génération de quartiers."},
    )

    def clean_fichier(self) -> Any:
        fichier = self.cleaned_data["fichier"]
        if fichier.size > OCTETS_MAX:
            raise forms.ValidationError("Ce fichier dépasse 20 Mo : coupez-le en plusieurs.")
        return fichier
