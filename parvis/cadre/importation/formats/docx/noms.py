"""Noms du vocabulaire Word : mêmes noms pour le dialecte usuel et le dialecte strict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from lxml import etree

from parvis.cadre.importation.source import DocumentIllisible

_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_PREFIXES = {
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://purl.oclc.org/ooxml/drawingml/main": "a",
    "urn:schemas-microsoft-com:vml": "v",
}
_NON = frozenset(("0", "false", "off", "none"))
# Enveloppes sans texte propre : contrôles de contenu, balises métier, insertions acceptées.
ENVELOPPES = frozenset(
    ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "mc:AlternateContent")
)
PROFONDEUR_MAX = 40


@lru_cache(maxsize=4096)
def _nom(balise: str) -> str:
    espace, _, local = balise.rpartition("}")
    espace = espace[1:]
    return local if espace in _WORD else f"{_PREFIXES.get(espace, '?')}:{local}"


def nom(element: etree._Element) -> str:
    """Rend le nom d'un élément : « p » pour Word, « mc:Choice » pour un vocabulaire voisin."""
    balise = element.tag
    return _nom(balise) if isinstance(balise, str) else ""


@lru_cache(maxsize=256)
def _cles(local: str) -> tuple[str, ...]:
    return (*(f"{{{espace}}}{local}" for espace in _WORD), local)


def attribut(element: etree._Element | None, local: str = "val", defaut: str = "") -> str:
    """Rend un attribut Word d'un élément qui peut manquer."""
    if element is not None:
        for cle in _cles(local):
            valeur = element.get(cle)
            if valeur is not None:
                return valeur
    return defaut


def entier(element: etree._Element | None, local: str = "val") -> int | None:
    """Rend un attribut entier, ou rien s'il manque ou ne se lit pas."""
    valeur = attribut(element, local)
    if len(valeur) > 9:
        return None
    try:
        return int(valeur)
    except ValueError:
        return None


def enfant(element: etree._Element | None, *chemin: str) -> etree._Element | None:
    """Rend le premier descendant qui suit un chemin de noms."""
    for local in chemin:
        if element is None:
            return None
        element = next((e for e in element if nom(e) == local), None)
    return element


def bascule(element: etree._Element | None) -> bool | None:
    """Rend une propriété oui/non : vraie si elle est là, sauf valeur contraire ; rien si elle manque."""
    return None if element is None else attribut(element).lower() not in _NON


def branche(choix: etree._Element) -> etree._Element | None:
    """Rend la seule branche à lire d'un contenu imprimé sous plusieurs formes."""
    for voulue in ("mc:Choice", "mc:Fallback"):
        trouvee = enfant(choix, voulue)
        if trouvee is not None:
            return trouvee
    return None


def parcourir(elements: Iterable[etree._Element], *voulus: str) -> Iterator[etree._Element]:
    """Rend dans l'ordre les éléments voulus, à travers les enveloppes ; sans récursion."""
    pile = [iter(elements)]
    while pile:
        suivant = next(pile[-1], None)
        if suivant is None:
            pile.pop()
            continue
        nomme = nom(suivant)
        if nomme in voulus:
            yield suivant
        elif nomme in ENVELOPPES:
            if nomme == "mc:AlternateContent":
                suivant = branche(suivant)
            if suivant is not None:
                pile.append(iter(suivant))
                verifier_profondeur(len(pile))


def verifier_profondeur(profondeur: int) -> None:
    """Refuse un document emboîté sans fin."""
    if profondeur > PROFONDEUR_MAX:
        raise DocumentIllisible(
            f"le document est emboîté sur plus de {PROFONDEUR_MAX} niveaux : il n'est pas lu."
        )
