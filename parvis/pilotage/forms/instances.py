"""Une instance, un mandat, une réunion, et qui y est."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from parvis.comptes.models import Utilisateur
from parvis.instances.enums import EtatDePresence, SorteDInstance, Voix
from parvis.instances.queries import Appel
from parvis.instances.rules import Venue

_JOUR = {"type": "date"}
_ILLISIBLE = "Écrivez une date, par exemple 15/03/2027."


class FormulaireDInstance(forms.Form):
    """Le nom d'une instance, ce à quoi elle sert, et son quorum."""

    nom = forms.CharField(
        label="Nom", max_length=150, error_messages={"required": "Donnez un nom à l’instance."}
    )
    sorte = forms.ChoiceField(label="Sorte", choices=SorteDInstance.choices)
    quorum = forms.IntegerField(
        label="Quorum, en pour cent",
        help_text="La part des voix délibératives qui doit être présente ou représentée. Zéro : "
        "aucun quorum.",
        initial=0,
        min_value=0,
        max_value=100,
        error_messages={
            "invalid": "Écrivez un nombre, de 0 à 100.",
            "min_value": "Le quorum est une part, de 0 à 100 pour cent.",
            "max_value": "Le quorum est une part, de 0 à 100 pour cent.",
        },
    )


class FormulaireDeMandat(forms.Form):
    """Qui siège, pour qui, avec quelle voix, et depuis quand."""

    personne = forms.ChoiceField(
        label="Une personne qui a un compte",
        help_text="Ceux qui tiennent un rôle dans le contrat, et les instructeurs.",
        required=False,
    )
    nom = forms.CharField(
        label="Ou le nom de quelqu’un qui n’en a pas", required=False, max_length=150
    )
    fonction = forms.CharField(
        label="Fonction",
        help_text="Par exemple « adjointe au maire », « directeur de l’agence ».",
        required=False,
        max_length=150,
    )
    voix = forms.ChoiceField(label="Voix", choices=Voix.choices)
    debut_le = forms.DateField(
        label="Siège depuis le",
        widget=forms.DateInput(attrs=_JOUR, format="%Y-%m-%d"),
        error_messages={"invalid": _ILLISIBLE, "required": "Dites depuis quand."},
    )

    def __init__(self, *args: Any, personnes: Sequence[Utilisateur], **options: Any) -> None:
        super().__init__(*args, **options)
        self.personnes = {str(une.pk): une for une in personnes}
        champ = self.fields["personne"]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = [("", "Choisir"), *((pk, str(une)) for pk, une in self.personnes.items())]

    @property
    def mandat(self) -> dict[str, Any]:
        """Rend ce que l'action attend."""
        lu = dict(self.cleaned_data)
        return {"utilisateur": self.personnes.get(lu.pop("personne")), **lu}


class FormulaireDeReunion(forms.Form):
    """Quand, où, pourquoi, et dans quel ordre."""

    objet = forms.CharField(
        label="Objet",
        max_length=200,
        error_messages={"required": "Dites l’objet de la réunion."},
    )
    commence_le = forms.DateTimeField(
        label="Jour et heure",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M", "%d/%m/%Y %Hh%M"],
        error_messages={
            "invalid": "Écrivez un jour et une heure, par exemple 15/03/2027 14:00.",
            "required": "Dites quand la réunion commence.",
        },
    )
    lieu = forms.CharField(
        label="Lieu", max_length=300, error_messages={"required": "Dites où l’on se réunit."}
    )
    ordre_du_jour = forms.CharField(
        label="Ordre du jour",
        help_text="Un point par ligne.",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class Annulation(forms.Form):
    """Pourquoi une réunion n'a pas lieu."""

    motif = forms.CharField(
        label="Pourquoi l’annuler",
        max_length=300,
        error_messages={"required": "Dites pourquoi la réunion est annulée."},
    )


def venues(envoi: QueryDict, appels: Iterable[Appel]) -> dict[int, Venue]:
    """Rend ce qu'un envoi dit de la présence de chacun ; qui n'y a rien de coché n'y est pas."""
    dites = {}
    for appel in appels:
        pk = appel.mandat.pk
        etat, par = envoi.get(f"presence-{pk}", ""), envoi.get(f"par-{pk}", "")
        if etat:
            dites[pk] = Venue(etat, int(par) if par.isascii() and par.isdigit() else None)
    return dites


def en_lignes(appels: Sequence[Appel], dites: Mapping[int, Venue]) -> list[dict[str, Any]]:
    """Rend la feuille de présence à écrire : ce qui vient d'être coché, à défaut ce qui est noté."""
    lignes = []
    for appel in appels:
        venue = dites.get(appel.mandat.pk)
        if venue is None and appel.presence:
            venue = Venue(appel.presence.etat, appel.presence.represente_par_id)
        lignes.append(
            {
                "mandat": appel.mandat,
                "etat": venue.etat if venue else "",
                "par": venue.par if venue else None,
                "autres": [a.mandat for a in appels if a.mandat.pk != appel.mandat.pk],
                "choix": EtatDePresence.choices,
            }
        )
    return lignes
