"""Plusieurs dispositifs sur une ligne : « Contrat local de santé (ARS), PRE (Ville) et CLAS »."""

from __future__ import annotations

import re
from functools import cache

from .enumerations import ARTICLE
from .lexique import charger_lexique, mots_imprimes, repertoire, sigles_connus
from .texte import cle, hors_parentheses, plier

_RESPONSABLE_FINAL = re.compile(r"\((?P<qui>[^()]{2,80})\)$")
_ET = re.compile(r"\s+et\s+(?!\W)")
_SUITE = re.compile(r"^(?:et|ou|puis|ainsi que)\s+", re.IGNORECASE)
_BARRE = re.compile(r"\s+[/+|]\s+|\s+[–—]\s+(?=[A-ZÀ-ÖØ-Þ])")
_SIGLE = re.compile(r"^[A-ZÀ-Þ][A-ZÀ-Þ0-9.&'’/-]{1,9}$")
# Ce qui suit une virgule ainsi continue le nom : « Réseau d'écoute, d'appui et d'accompagnement ».
_CONTINUE = re.compile(
    r"^(?:d['’]|de\s|du\s|des\s|en\s|pour\s|a\s|au\s|aux\s|dans\s|sur\s|par\s|avec\s|sous\s|dont\s|qui\s)"
)
_MOTS_MAX = 12
_MOTS_COURTS = 3


def separer_les_noms(texte: str) -> list[str]:
    """Rend chaque nom d'une énumération de dispositifs, ou le texte seul si c'est un nom ou une phrase."""
    noms = [_SUITE.sub("", nom) for nom in _rassembler(hors_parentheses(texte, ","))]
    if len(noms) == 1 and len(barres := _BARRE.split(texte)) > 1:
        noms = barres if all(map(_est_un_nom, barres)) else noms
    noms = [*noms[:-1], *_autour_du_et(noms[-1], len(noms) > 1)] if noms else []
    return noms if len(noms) > 1 and all(map(_est_court, noms)) else [texte]


def peut_en_tenir_plusieurs(nom: str) -> bool:
    """Dit si un nom garde une virgule, ou un responsable en son milieu, que rien n'a su séparer."""
    suites = hors_parentheses(nom, ",")[1:]
    dedans = re.search(r"\(([^()]{2,80})\)\s*[\w«]", nom)
    return any(not _CONTINUE.match(plier(suite)) for suite in suites) or bool(
        dedans and _est_un_responsable(dedans.group(1))
    )


def _rassembler(morceaux: list[str]) -> list[str]:
    """Recolle les morceaux qui continuent le nom précédent au lieu d'en commencer un."""
    noms: list[str] = []
    for morceau in morceaux:
        if noms and not (_commence_un_nom(morceau) or _finit_par_un_responsable(noms[-1], morceau)):
            noms[-1] = f"{noms[-1]}, {morceau}"
        else:
            noms.append(morceau)
    return noms


def _commence_un_nom(morceau: str) -> bool:
    """Dit si un morceau commence un nom : capitale, sigle, ou article devant un nom de dispositif."""
    nu = _SUITE.sub("", morceau)
    sans = ARTICLE.sub("", nu)
    if _CONTINUE.match(plier(nu)) or (sans != nu and _commence_par_un_partenaire(sans)):
        return False  # « porté par la CAF, le Département » : encore un responsable
    return sans[:1].isupper() or _est_connu(sans)


def _commence_par_un_partenaire(texte: str) -> bool:
    suite = mots_imprimes(texte)
    return bool(suite) and repertoire().au_debut(suite, 0) is not None


def _finit_par_un_responsable(nom: str, suite: str = "") -> bool:
    trouve = _RESPONSABLE_FINAL.search(nom)
    continue_ = bool(suite) and _CONTINUE.match(plier(suite)) is not None
    return trouve is not None and _est_un_responsable(trouve["qui"]) and not continue_


def _est_un_responsable(texte: str) -> bool:
    return repertoire().trouver(ARTICLE.sub("", texte)) is not None


def _autour_du_et(nom: str, en_liste: bool) -> list[str]:
    """Sépare « PRE et CLAS », « A (ARS) et B (Ville) » ; un « et » de nom commun reste dans le nom."""
    for lien in _ET.finditer(nom):
        avant, apres = nom[: lien.start()], nom[lien.end() :]
        if avant.count("(") > avant.count(")"):
            continue
        tete, suivant = ARTICLE.sub("", avant), ARTICLE.sub("", apres)
        if _CONTINUE.match(plier(apres)):
            continue
        nomme = _est_connu(suivant) or _finit_par_un_responsable(suivant)
        propre = nomme or suivant[:1].isupper()
        if (
            (_finit_par_un_responsable(avant) and propre)
            or (_est_connu(tete) and (nomme or en_liste))
            or (en_liste and propre and len(tete.split()) <= _MOTS_COURTS)
        ):
            return [avant, *_autour_du_et(apres, en_liste)]
    return [nom]


def _est_un_nom(texte: str) -> bool:
    sans = ARTICLE.sub("", texte.strip())
    return _est_connu(sans) or sans[:1].isupper()


def _est_court(nom: str) -> bool:
    """Un nom n'est ni long ni une phrase : « La Région finance le permis, l'État le complète »."""
    return len(nom.split()) <= _MOTS_MAX and not _verbe().search(plier(nom))


def _est_connu(nom: str) -> bool:
    """Dit si un nom est un sigle, ou le nom développé d'un sigle du lexique."""
    nu = _RESPONSABLE_FINAL.sub("", nom).strip()
    return bool(_SIGLE.match(nu)) or cle(nu) in _developpes()


@cache
def _developpes() -> frozenset[str]:
    return frozenset(cle(sigle["developpe"]) for sigle in sigles_connus())


@cache
def _verbe() -> re.Pattern[str]:
    return re.compile(rf"\s{charger_lexique('tournures')['verbes_de_phrase']}\b")
