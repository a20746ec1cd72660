"""La forme d'une page d'organisme : la créer, la tenir à jour sans effacer le travail d'un autre."""

from typing import Any

from django import forms

from parvis.comptes.acteur import Acteur
from parvis.comptes.forms.comptes import ChampCourriel, ChampDepart
from parvis.comptes.queries.organismes import communes, etat_de
from parvis.organismes.enums import Nature
from parvis.organismes.models import Organisme
from parvis.organismes.queries.formes import formes_juridiques


def _numero(label: str, aide: str) -> forms.CharField:
    champ = forms.CharField(label=label, required=False, max_length=30, help_text=aide)
    champ.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}
    return champ


class _Identite(forms.Form):
    """Ce qui dit de quel organisme on parle."""

    nom = forms.CharField(
        label="Nom", max_length=300, help_text="Tel que dans les statuts, ou dans l’usage."
    )
    sigle = forms.CharField(label="Sigle", max_length=60, required=False)
    nature = forms.ChoiceField(label="Nature", choices=[("", "Choisissez"), *Nature.choices])
    siret = _numero("Numéro Siret", "14 chiffres, avec ou sans espaces. Il dit aussi le Siren.")
    siren = _numero("Numéro Siren", "9 chiffres, si vous n’avez pas le Siret sous la main.")
    rna = _numero("Numéro RNA", "Pour une association : W et 9 signes. Aucun en Alsace-Moselle.")
    siege = forms.ModelChoiceField(
        label="Commune du siège", queryset=None, required=False, empty_label="Ailleurs, ou inconnue"
    )
    adresse = forms.CharField(
        label="Adresse postale",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
    )

    def __init__(self, *args: Any, acteur: Acteur, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for champ in ("siege", "communes"):
            if champ in self.fields:
                self.fields[champ].queryset = communes(acteur)


class NouvelOrganisme(_Identite):
    """Créer la page d'un organisme que personne n'a encore créée."""

    est_different = forms.BooleanField(
        label="Ce n’est aucun de ceux-ci : créer la page", required=False
    )

    def valeurs(self) -> dict[str, Any]:
        """Rend ce que l'action attend."""
        return {c: v for c, v in self.cleaned_data.items() if c != "est_different"}

    def identite(self) -> dict[str, Any]:
        """Rend de quoi chercher les organismes qui ressemblent à celui-ci."""
        return {**self.valeurs(), "courriel": ""}


class PageDOrganisme(_Identite):
    """Tenir la page à jour. Le formulaire sait d'où il est parti : deux écritures se réunissent."""

    communes = forms.ModelMultipleChoiceField(
        label="Communes où il agit",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    alias = forms.CharField(
        label="Autres noms",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Un par ligne : ancien nom, nom d’usage, sigle courant.",
    )
    forme_juridique = forms.ChoiceField(label="Forme juridique", required=False)
    courriel = ChampCourriel(
        label="Courriel de l’organisme",
        required=False,
        help_text="Un code y est envoyé quand une personne demande à agir pour l’organisme.",
    )
    telephone = forms.CharField(label="Téléphone", max_length=30, required=False)
    site = forms.URLField(label="Site", required=False, assume_scheme="https")
    depart = ChampDepart("parvis.comptes.page-d-organisme")

    def __init__(self, *args: Any, acteur: Acteur, organisme: Organisme, **kwargs: Any) -> None:
        initial = a_montrer(etat_de(organisme))
        super().__init__(*args, acteur=acteur, initial=initial, **kwargs)
        formes = sorted(formes_juridiques().items(), key=lambda forme: forme[1])
        self.fields["forme_juridique"].choices = [("", "Inconnue"), *formes]

    def saisie(self) -> dict[str, Any]:
        """Rend ce qui est saisi, sous la forme d'un état."""
        lu = self.cleaned_data
        noms = [" ".join(nom.split()) for nom in lu["alias"].splitlines()]
        return {
            **{c: v for c, v in lu.items() if c != "depart"},
            "siege": lu["siege"].pk if lu["siege"] else None,
            "communes": sorted(commune.pk for commune in lu["communes"]),
            "alias": [nom for nom in noms if nom],
        }


def a_montrer(etat: dict[str, Any], depart: dict[str, Any] | None = None) -> dict[str, Any]:
    """Rend les valeurs d'un formulaire pour cet état, qui est aussi son point de départ."""
    return {**etat, "alias": "\n".join(etat["alias"]), "depart": depart or etat}
