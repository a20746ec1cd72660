"""Territoires qu'une rubrique nomme à la suite : « Les Sablons ; La Roseraie à Lormeville »."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from .fragments import Bloc
from .lexique import charger_lexique
from .lieux_connus import Gazette, jamais_lieux
from .plan import FicheBrute
from .texte import cle, collapser, hors_parentheses, majuscule, plier

_PROPRE = r"[A-ZÀ-ÖØ-Þ][\w'’]*(?:[-–][\w'’]+)*"
_ARTICLE = r"(?:(?:[Ll]es?|[Ll]a)\s+|[Ll]['’]\s?)"
_NOM = re.compile(
    rf"{_ARTICLE}?{_PROPRE}(?:[\s–-]+{_ARTICLE}?(?:(?:de la|de l['’]|de|du|des|d['’]|et|sur|sous|en)[\s-]*)?"
    rf"(?:{_PROPRE}|\d+|ville|ensemble|centre|nord|sud|est|ouest))*"
)
_GENRE = re.compile(
    r"^(?:(?:le|la|les)\s+)?(?P<mot>quartiers?|qpv|cites?|residences?|secteurs?|communes?|villes?)\b"
    r"(?:\s+prioritaires?)?\s*:?\s*"
)
_LIEN = re.compile(r"^(?:de la |de l['’]|de |du |des |d['’])")
_COMMUNE_DITE = re.compile(rf"^(?P<nom>.+?)\s+à\s+(?P<commune>{_PROPRE}(?: {_PROPRE})*)$")
_ENTRE_PARENTHESES = re.compile(r"^(?P<nom>[^()]+?)\s*\((?P<commune>[^()]+)\)$")
_ET = re.compile(rf"\s+et\s+(?={_ARTICLE}?[A-ZÀ-ÖØ-Þ]|quartier|cité|ville)")
_DANS_LE_NOM = ("cite", "residence")
_MOTS_DE_SORTE = (
    (r"[Qq]uartiers?|[Cc]ité|[Rr]ésidence", "quartier"),
    (r"[Vv]ille|[Cc]ommune", "commune"),
)
_TYPES = {"commune": "commune", "ville": "commune"}


@dataclass(frozen=True, slots=True)
class Nomme:
    """Un lieu nommé par une rubrique : sa commune et sa sorte quand elle les dit."""

    nom: str
    commune: str | None
    type: str | None


def lieux_nommes(fiches: Iterable[FicheBrute]) -> list[Nomme]:
    """Rend ce que nomment les rubriques de territoires de toutes les fiches."""
    resultat = []
    for fiche in fiches:
        quartiers = any(
            r.code == "territoires_vises" and "quartier" in plier(r.imprime) for r in fiche.libelles
        )
        for bloc in fiche.contenu.get("territoires_vises", []):
            for nomme in noms_de(bloc):
                defaut = nomme.type or ("quartier" if quartiers else None)
                resultat.append(Nomme(nomme.nom, nomme.commune, defaut))
    return resultat


def noms_de(bloc: Bloc) -> Iterator[Nomme]:
    """Rend les lieux d'un bloc dont chaque morceau est un nom ; une phrase n'en nomme aucun ainsi."""
    for segment in bloc.segments or (bloc.texte,):
        genre: str | None = None
        for morceau in hors_parentheses(segment, ",;/"):
            for partie in _ET.split(morceau):
                nomme = _lire(partie.strip(" .:–-"), genre)
                if nomme is not None:
                    genre = nomme.type  # « quartiers Bellevue et Les Sablons »
                    yield nomme


def ajouter_les_nommes(gazette: Gazette, nommes: Iterable[Nomme], texte: str) -> None:
    """Ajoute à une gazette les lieux que des rubriques nomment, d'une sorte que le document dit."""
    for nomme in nommes:
        type_ = nomme.type or _type_dit(nomme.nom, texte)
        territoire = nomme.nom if type_ == "commune" else nomme.commune
        gazette.ajouter(nomme.nom, nomme.nom, territoire, type_)
        if (
            "-" in nomme.nom
        ):  # « la Pointe-aux-Joncs », sans son article, ne se prend pas pour un mot
            gazette.ajouter(_sans_article(nomme.nom), nomme.nom, territoire, type_)


def _lire(morceau: str, genre: str | None) -> Nomme | None:
    dit = _GENRE.match(plier(morceau))
    reste = morceau[dit.end() :] if dit else morceau
    if dit:
        mot = dit["mot"].rstrip("s")
        genre = _TYPES.get(mot, "quartier")
        # « cité Jean-Bart » est le nom entier ; « quartier des Vignes » dit une sorte, puis un nom
        reste = morceau if mot in _DANS_LE_NOM else _LIEN.sub("", reste)
    situe = _ENTRE_PARENTHESES.match(reste) or _COMMUNE_DITE.match(reste)
    nom = collapser(situe["nom"] if situe else reste)
    commun = genre == "quartier" and cle(nom) in _communs()
    if not _NOM.fullmatch(majuscule(nom)) or (not commun and _premier_mot(nom) in _jamais()):
        return None
    if commun:  # « quartiers Nord et Sud » : le mot fait partie du nom, qui sans lui ne dit rien
        nom = f"Quartier {_lien(morceau, nom)}{nom}"
    commune = situe["commune"] if situe and _NOM.fullmatch(situe["commune"]) else None
    return Nomme(majuscule(nom), commune, "quartier" if commune and genre is None else genre)


def _lien(morceau: str, nom: str) -> str:
    """Rend « de la » de « quartier de la Gare »."""
    mots = morceau[: morceau.rfind(nom)].split()
    return "".join(f"{mot} " for mot in mots if plier(mot) in ("de", "la", "du", "des"))


@cache
def _communs() -> frozenset[str]:
    return frozenset(map(cle, charger_lexique("lieux")["noms_communs"]))


def _sans_article(nom: str) -> str:
    return re.sub(rf"^{_ARTICLE}", "", nom)


def _premier_mot(nom: str) -> str:
    sans = _sans_article(nom)
    return cle(sans.split()[0].split("-")[0]) if sans.split() else ""


@cache
def _jamais() -> frozenset[str]:
    tout = frozenset(map(cle, charger_lexique("lieux")["tout_le_territoire"]))
    return tout | jamais_lieux()


def _type_dit(nom: str, texte: str) -> str:
    """Rend la sorte d'un lieu d'après le mot qui le précède ailleurs dans le document."""
    sans = re.escape(_sans_article(nom))
    for mots, type_ in _MOTS_DE_SORTE:
        if re.search(rf"\b(?:{mots})\s+(?:de la |de l['’]|de |du |des |d['’])?{sans}\b", texte):
            return type_
    return (
        "commune" if re.search(rf"\b[àÀ] {re.escape(nom)}\b", texte) and " " not in nom else "autre"
    )
