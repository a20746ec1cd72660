"""Ce que le pilote ajoute à un brouillon, et où il déplace ce qui y est."""

from typing import Any

from django import forms

from parvis.cadre.enums import TypeDeLieu
from parvis.cadre.models import Edition
from parvis.pilotage.queries.retouches import Places


class NouvelleFiche(forms.Form):
    """Une fiche à ajouter à la fin d'un enjeu du brouillon ; on l'écrit ensuite."""

    sorte = "fiche"
    enjeu = forms.ChoiceField(label="À la fin de")
    numero = forms.CharField(label="Numéro", max_length=20, help_text="Par exemple : 13-3.")
    titre = forms.CharField(label="Titre", max_length=500)

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **({"prefix": self.sorte} | kwargs))
        self.fields["enjeu"].choices = [
            (enjeu.numero, f"{edition.mot_enjeu.capitalize()} {enjeu.numero} : {enjeu.titre}")
            for enjeu in edition.enjeux.all()
        ]


class NouveauPilier(forms.Form):
    """Un pilier à ajouter à la fin du brouillon."""

    sorte = "pilier"
    titre = forms.CharField(label="Titre", max_length=300)

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **({"prefix": self.sorte} | kwargs))


class Deplacement(forms.Form):
    """La place où mettre un pilier, un enjeu ou une fiche ; le plan dit les places."""

    apres = forms.ChoiceField(label="Place")

    def __init__(self, *args: Any, places: Places, **kwargs: Any) -> None:
        super().__init__(*args, **({"initial": {"apres": places.actuelle}} | kwargs))
        self.fields["apres"].choices = places.choix


class Renumerotation(forms.Form):
    """Le nouveau numéro d'un enjeu ou d'une fiche."""

    numero = forms.CharField(
        label="Numéro",
        max_length=20,
        help_text="Les renvois suivent. Comparée à une autre édition, une fiche se reconnaît à son numéro.",
    )


class NouvelleDeclinaison(forms.Form):
    """Le lieu où une fiche du brouillon se dit autrement."""

    lieu = forms.CharField(
        label="Lieu",
        max_length=200,
        help_text="Une commune, un quartier…",
        widget=forms.TextInput(attrs={"list": "lieux-connus"}),
    )
    type = forms.ChoiceField(
        label="Sorte de lieu", choices=TypeDeLieu.choices, initial=TypeDeLieu.COMMUNE
    )


class NouvelEnjeu(forms.Form):
    """Un enjeu à ajouter à la fin d'un pilier du brouillon."""

    sorte = "enjeu"
    pilier = forms.TypedChoiceField(label="À la fin de", coerce=int)
    numero = forms.CharField(label="Numéro", max_length=20)
    titre = forms.CharField(label="Titre", max_length=500)

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **({"prefix": self.sorte} | kwargs))
        self.fields["pilier"].choices = [
            (pilier.rang, f"{edition.mot_pilier.capitalize()} {pilier.rang} : {pilier.titre}")
            for pilier in edition.piliers.all()
        ]
