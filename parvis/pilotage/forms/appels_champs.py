"""Les champs des appels à projets : un instant, des textes un par ligne."""

from typing import Any

from django import forms

_LONG = 8000


class ChampInstant(forms.DateTimeField):
    """Un jour et une heure, à l'heure de Paris, avec le calendrier du navigateur."""

    def __init__(self, **kwargs: Any) -> None:
        attributs = {"type": "datetime-local", "step": "60"}
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs=attributs)
        super().__init__(widget=widget, **kwargs)


class ChampARemplir(forms.CharField):
    """Un texte qu'il faut pour publier, et que l'on peut laisser vide en enregistrant."""

    def validate(self, value: Any) -> None:
        """Accepte un texte vide : ce qui manque se dit avant de publier."""


def texte_a_remplir(label: str, rangees: int, longueur: int, **kwargs: Any) -> ChampARemplir:
    """Rend un texte de plusieurs lignes qu'il faut pour publier."""
    widget = forms.Textarea(attrs={"rows": rangees})
    return ChampARemplir(label=label, max_length=longueur, widget=widget, **kwargs)


class ChampLignes(forms.CharField):
    """Plusieurs textes, un par ligne."""

    def __init__(self, rangees: int = 4, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rangees})
        super().__init__(widget=widget, required=False, max_length=4000, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        """Rend un texte par ligne, sans ligne vide."""
        lignes = (" ".join(ligne.split()) for ligne in super().clean(value).splitlines())
        return [ligne for ligne in lignes if ligne]


class ChampLignesARemplir(ChampLignes):
    """Plusieurs textes qu'il faut pour publier, et que l'on peut laisser vides en enregistrant."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.required = True

    def validate(self, value: Any) -> None:
        """Accepte une liste vide : ce qui manque se dit avant de publier."""


def champ_de_texte(
    label: str, rangees: int, longueur: int = _LONG, **kwargs: Any
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rangees})
    return forms.CharField(
        label=label, max_length=longueur, required=False, widget=widget, **kwargs
    )
