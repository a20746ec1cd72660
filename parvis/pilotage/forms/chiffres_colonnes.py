"""Une colonne d'un fichier de chiffres : ce qu'on en devine, ce qu'une personne en dit."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from django import forms
from django.forms.utils import ErrorDict, flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from parvis.observatoire.actions import SerieDecrite
from parvis.observatoire.enums import Niveau, Remontee, Unite
from parvis.observatoire.rules.lecture import CaseIllisible, lire_une_case
from parvis.socle.tableur import Tableau

LIGNES_D_ESSAI = 500
PLUSIEURS = 0.5
QUARTIER_2015, QUARTIER_2024 = re.compile(r"QP[0-9A-Z]{6}"), re.compile(r"QN[0-9A-Z]{6}")
COMMUNE = re.compile(r"(?:\d\d|2[AB])\d{3}")
EPCI = re.compile(r"2\d{8}")
CODES = (
    (QUARTIER_2024, Niveau.QUARTIER, 2024),
    (QUARTIER_2015, Niveau.QUARTIER, 2015),
    (EPCI, Niveau.EPCI, None),
    (COMMUNE, Niveau.COMMUNE, None),
)
# Un nombre entier compte des personnes, sauf si son titre dit autre chose : mieux vaut taire de trop
# que montrer un petit nombre de gens.
CHOSES = re.compile(
    r"ecole|école|coll|lyc|etab|étab|logement|entrepr|euro|revenu|disp|serv", re.IGNORECASE
)


def deviner_le_territoire(tableau: Tableau) -> tuple[int, str, int | None]:
    """Rend la colonne qui porte des codes de territoire, son échelle et sa génération ; sinon la première."""
    for forme, niveau, millesime in CODES:
        for rang in range(len(tableau.colonnes)):
            valeurs = [valeur.upper() for valeur in _remplies(tableau, rang)]
            reconnues = sum(forme.fullmatch(valeur) is not None for valeur in valeurs)
            # Un revenu a cinq chiffres comme une commune : lui se répète, ou n'est pas seul.
            if reconnues and reconnues > len(valeurs) * PLUSIEURS and _est_un_code(valeurs, niveau):
                return rang, niveau, millesime
    return 0, Niveau.QUARTIER, None


def _est_un_code(valeurs: Sequence[str], niveau: str) -> bool:
    return niveau != Niveau.COMMUNE or len(set(valeurs)) == len(valeurs)


def deviner_l_unite(titre: str, tableau: Tableau, rang: int) -> str:
    """Rend l'unité que laissent penser le titre d'une colonne et ses valeurs."""
    nombres = list(_nombres(_remplies(tableau, rang)))
    if any(nombre % 1 for nombre in nombres):
        est_une_part = all(0 <= nombre <= 100 for nombre in nombres)
        return Unite.POURCENT if est_une_part else Unite.NOMBRE
    return Unite.NOMBRE if CHOSES.search(titre) else Unite.PERSONNES


def est_de_nombres(tableau: Tableau, rang: int) -> bool:
    """Dit si les valeurs d'une colonne se lisent toutes comme des nombres, ou se taisent."""
    remplies = list(_remplies(tableau, rang))
    try:
        lues = [lire_une_case(valeur, frozenset()) for valeur in remplies]
    except CaseIllisible:
        return False
    return any(valeur is not None for _, valeur in lues)


def exemples(tableau: Tableau, rang: int) -> list[str]:
    """Rend les trois premières valeurs d'une colonne."""
    return [valeur[:40] for valeur in islice(_remplies(tableau, rang), 3)]


def _remplies(tableau: Tableau, rang: int) -> Iterable[str]:
    cases = (ligne[rang].strip() for ligne in tableau.lignes[:LIGNES_D_ESSAI] if ligne)
    return (case for case in cases if case)


def _nombres(valeurs: Iterable[str]) -> Iterable[Decimal]:
    for valeur in valeurs:
        try:
            lu = lire_une_case(valeur, frozenset())[1]
        except CaseIllisible:
            continue
        if lu is not None:
            yield lu


class ListeDeColonnes(forms.Select):
    """La liste des colonnes du fichier, écrite d'un trait : il y en a deux par colonne."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        choisie = "" if value is None else str(value)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((v, " selected" if str(v) == choisie else "", texte) for v, texte in self.choices),
        )
        attributs = self.build_attrs(self.attrs, attrs)
        return format_html('<select name="{}"{}>{}</select>', name, flatatt(attributs), options)


class ColonneALire(forms.Form):
    """Une colonne d'un fichier, et ce qu'elle mesure ; elle ne compte que si on la lit."""

    use_required_attribute = False
    lire = forms.BooleanField(label="Lire", required=False)
    libelle = forms.CharField(label="Libellé", max_length=300)
    definition = forms.CharField(
        label="Définition",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    unite = forms.ChoiceField(label="Unité", choices=Unite.choices)
    remontee = forms.ChoiceField(
        label="Dans un ensemble", choices=Remontee.choices, initial=Remontee.AUCUNE
    )
    poids = forms.ChoiceField(label="Pondérée par", required=False, widget=ListeDeColonnes)
    partie_de = forms.ChoiceField(label="Partie de", required=False, widget=ListeDeColonnes)
    decoupage = forms.CharField(label="Découpage", max_length=60, required=False)

    def __init__(
        self, *args: Any, titre: str, exemples: Sequence[str], colonnes: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.titre, self.exemples = titre, exemples
        for nom in ("poids", "partie_de"):
            champ: Any = self.fields[nom]
            champ.choices = colonnes
        for champ in self.fields.values():
            champ.label = f"{champ.label} de « {titre[:60]} »"

    @property
    def est_lue(self) -> bool:
        """Dit si la colonne est cochée."""
        return bool(self["lire"].value())

    def full_clean(self) -> None:
        """Ne juge que les colonnes à lire."""
        if self.is_bound and not self.est_lue:
            self._errors, self.cleaned_data = ErrorDict(), {}
            return
        super().full_clean()

    def decrite(self, titres: Sequence[str]) -> SerieDecrite:
        """Rend ce que l'action attend ; les colonnes s'y nomment par leur titre."""
        lu = self.cleaned_data
        est_moyenne = lu["remontee"] == Remontee.MOYENNE
        return SerieDecrite(
            colonne=self.titre,
            libelle=lu["libelle"],
            unite=lu["unite"],
            remontee=lu["remontee"],
            poids=titres[int(lu["poids"])] if est_moyenne and lu["poids"] else "",
            partie_de=titres[int(lu["partie_de"])] if lu["partie_de"] else "",
            decoupage=lu["decoupage"] if lu["partie_de"] else "",
            definition=lu["definition"],
        )


@dataclass(frozen=True)
class Resume:
    """Les erreurs d'une description et de ses colonnes, comme celles d'un seul formulaire."""

    errors: bool
    non_field_errors: list[str]
    visible_fields: list[forms.BoundField]
