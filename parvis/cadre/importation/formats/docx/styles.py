"""Styles d'un document Word : titres, gras, texte caché, numérotation, hérités de style en style."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from parvis.cadre.importation.formats.docx.noms import attribut, bascule, enfant, entier, nom

_HERITAGES_MAX = 20
_TITRE = re.compile(
    r"(?:heading|titre|title|intertitre|überschrift|encabezado|título|titolo|kop)[\s_-]*([1-9])",
    re.IGNORECASE,
)
_TITRE_PRINCIPAL = re.compile(r"(?:title|titre(?: principal)?|titel|título|titolo)", re.IGNORECASE)
_LISTE = re.compile(r"(?:list|liste)\b.*?([2-5])", re.IGNORECASE)
_CORPS = 9  # niveau hiérarchique « corps de texte »


@dataclass(frozen=True, slots=True)
class Police:
    """Mise en forme d'un texte ; rien quand elle n'est pas dite."""

    gras: bool | None = None
    exposant: bool | None = None
    cache: bool | None = None
    capitales: bool | None = None


@dataclass(frozen=True, slots=True)
class Style:
    """Style résolu : ce qu'il dit et ce qu'il hérite."""

    police: Police = Police()
    niveau: int = 0  # 1 à 9 pour un titre
    num_id: str = ""
    ilvl: int | None = None
    lignee: tuple[str, ...] = ()  # identifiants, du style au plus ancien
    retrait: int = 0  # profondeur que dit le nom (« Liste à puces 2 »)


def police_de(proprietes: etree._Element | None) -> Police:
    """Rend la mise en forme que disent des propriétés de texte (`w:rPr`)."""
    if proprietes is None or not len(proprietes):
        return Police()
    par_nom = {nom(e): e for e in proprietes}
    exposant = None
    if "vertAlign" in par_nom:
        exposant = attribut(par_nom["vertAlign"]) == "superscript"
    elif "position" in par_nom:
        exposant = (entier(par_nom["position"]) or 0) >= 4
    return Police(
        bascule(par_nom.get("b")),
        exposant,
        bascule(par_nom.get("vanish")),
        bascule(par_nom.get("caps")),
    )


@dataclass(slots=True)
class Styles:
    """Les styles du document, résolus à la demande."""

    bruts: dict[str, etree._Element] = field(default_factory=dict)
    defaut: str = ""
    police: Police = Police()
    resolus: dict[str, Style] = field(default_factory=dict)

    def style(self, identifiant: str) -> Style:
        """Rend un style résolu ; un identifiant inconnu se lit comme un nom."""
        if identifiant not in self.resolus:
            self.resolus[identifiant] = self._resoudre(identifiant)
        return self.resolus[identifiant]

    def _resoudre(self, identifiant: str) -> Style:
        lignee = self._lignee(identifiant)
        elements = [self.bruts[i] for i in lignee if i in self.bruts]
        noms = [attribut(enfant(e, "name")) for e in elements] or [identifiant]
        polices = [police_de(enfant(e, "rPr")) for e in elements]
        num_id, ilvl = _numero(elements)
        return Style(
            Police(*(_premier(polices, champ) for champ in Police.__slots__)),
            _niveau(elements, noms, lignee),
            num_id,
            ilvl,
            lignee,
            _retrait(noms[0]),
        )

    def _lignee(self, identifiant: str) -> tuple[str, ...]:
        lignee: list[str] = []
        while identifiant and identifiant not in lignee and len(lignee) < _HERITAGES_MAX:
            lignee.append(identifiant)
            identifiant = attribut(enfant(self.bruts.get(identifiant), "basedOn"))
        return tuple(lignee)


def lire_styles(racine: etree._Element | None) -> Styles:
    """Rend les styles d'un document, qui peut n'en avoir aucun."""
    styles = Styles()
    if racine is None:
        return styles
    styles.police = police_de(enfant(racine, "docDefaults", "rPrDefault", "rPr"))
    for element in racine:
        if nom(element) != "style":
            continue
        identifiant = attribut(element, "styleId")
        styles.bruts.setdefault(identifiant, element)
        est_defaut = attribut(element, "default").lower() in ("1", "true", "on")
        if est_defaut and attribut(element, "type") == "paragraph":
            styles.defaut = identifiant
    return styles


def niveau_hierarchique(proprietes: etree._Element | None) -> int | None:
    """Rend le niveau de titre que disent des propriétés de paragraphe ; 0 pour du corps de texte."""
    niveau = entier(enfant(proprietes, "outlineLvl"))
    if niveau is None:
        return None
    return niveau + 1 if 0 <= niveau < _CORPS else 0


def _niveau(elements: list[etree._Element], noms: list[str], lignee: tuple[str, ...]) -> int:
    if not elements:
        return _niveau_du_nom(lignee[0]) if lignee else 0
    for element, imprime in zip(elements, noms, strict=True):
        dit = niveau_hierarchique(enfant(element, "pPr"))
        if dit is not None:
            return dit
        if niveau := _niveau_du_nom(imprime):
            return niveau
    return 0


def _niveau_du_nom(imprime: str) -> int:
    trouve = _TITRE.fullmatch(imprime.strip())
    if trouve is not None:
        return int(trouve.group(1))
    return 1 if _TITRE_PRINCIPAL.fullmatch(imprime.strip()) else 0


def _retrait(imprime: str) -> int:
    trouve = _LISTE.match(imprime)
    return int(trouve.group(1)) - 1 if trouve else 0


def _numero(elements: list[etree._Element]) -> tuple[str, int | None]:
    num_id, ilvl = "", None
    for element in elements:
        numero = enfant(element, "pPr", "numPr")
        num_id = num_id or attribut(enfant(numero, "numId"))
        ilvl = entier(enfant(numero, "ilvl")) if ilvl is None else ilvl
    return num_id, ilvl


def _premier(polices: list[Police], champ: str) -> bool | None:
    return next((v for p in polices if (v := getattr(p, champ)) is not None), None)
