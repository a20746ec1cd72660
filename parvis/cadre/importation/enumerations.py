"""Énumérations de partenaires : virgules, « et », articles ; une liste de noms en autant de noms."""

from __future__ import annotations

import re

from .lexique import mots_imprimes, repertoire
from .texte import cle_souple, hors_parentheses

ARTICLE = re.compile(r"^(?:(?:les|le|la|des|du)\s+|l['’]\s*)", re.IGNORECASE)
_PREPOSITION = re.compile(
    r"^(?:d['’]|de\s|du\s|des\s|en\s|pour\s|à\s|au\s|aux\s|dans\s|et\s)", re.IGNORECASE
)
_SUITE_DE_LISTE = re.compile(r"^et\s+")
_BARRES = re.compile(r"\s+[/+|]\s+")
_ET = re.compile(r"\s+et\s+")
_VILLES = re.compile(
    r"^(?P<mot>Ville|Commune)s?\s+(?P<noms>(?:de\s|d['’]|du\s).+?\s+et\s+(?:de\s|d['’]|du\s).+)$"
)
_MOTS_D_UN_NOM = 8


def enumerer(texte: str) -> list[str]:
    """Rend les noms d'une énumération (« l'État, la Région et le Département »), ou le texte seul."""
    par_barres = _BARRES.split(texte)
    if len(par_barres) > 1 and all(texte.count("(") == texte.count(")") for texte in par_barres):
        return [nom for morceau in par_barres if morceau.strip() for nom in enumerer(morceau)]
    par_virgules = hors_parentheses(texte, ",")
    connus = [m for m in par_virgules if repertoire().trouver(ARTICLE.sub("", m))]
    if len(par_virgules) > 1 and (connus or all(_est_un_nom(m) for m in par_virgules)):
        *debuts, dernier = par_virgules
        return [*debuts, *_autour_du_et(_SUITE_DE_LISTE.sub("", dernier))]
    return _autour_du_et(texte)


def _est_un_nom(morceau: str) -> bool:
    """Dit si un morceau peut être un nom entier, et non la suite du précédent (« d'appui »)."""
    return len(morceau.split()) <= _MOTS_D_UN_NOM and not _PREPOSITION.match(morceau)


def _autour_du_et(texte: str) -> list[str]:
    """Sépare « l'Agglomération et le FSE » : deux articles, ou deux noms connus, font deux noms."""
    if repertoire().trouver(texte) is not None:
        return [texte]
    for lien in _ET.finditer(texte):
        avant, apres = texte[: lien.start()], texte[lien.end() :]
        if avant.count("(") > avant.count(")"):
            continue
        noms = [ARTICLE.sub("", morceau.strip()) for morceau in (avant, apres)]
        deux_articles = ARTICLE.match(apres) and all(repertoire().trouver(nom) for nom in noms)
        if deux_articles or (_commence_connu(noms[0]) and _est_un_nom_propre(noms[1])):
            return [avant, *_autour_du_et(apres)]
    villes = _VILLES.match(texte)
    if villes is not None:
        return [f"{villes['mot']} {nom}" for nom in re.split(r"\s*,\s*|\s+et\s+", villes["noms"])]
    return [texte]


def _commence_connu(nom: str) -> bool:
    suite = mots_imprimes(nom)
    return bool(suite) and repertoire().au_debut(suite, 0) is not None


def _est_un_nom_propre(nom: str) -> bool:
    """Dit si un nom inconnu est fait de plusieurs mots, tous en capitale : « Chantiers Navals Bélanais »."""
    mots = [m for m in re.split(r"[\s'’]+", nom) if cle_souple(m)]
    return (
        len(mots) > 1
        and all(m[:1].isupper() for m in mots)
        and repertoire().trouver(nom) is None  # deux noms connus se séparent au lexique
    )
