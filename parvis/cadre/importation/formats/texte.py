"""Texte suivi : les lignes coupées à une largeur fixe redeviennent des paragraphes."""

from __future__ import annotations

import re
from itertools import pairwise

from parvis.cadre.importation.rubriques import reconnaitre
from parvis.cadre.importation.titres import mot_de_niveau, titre_du_texte

_LARGEUR_MAX = 140  # au-delà, une ligne est un paragraphe entier
_LARGEUR_MIN = 45
_LIGNES_MIN = 20
_SUITES_MIN = (
    0.4  # part des lignes pleines que suit une minuscule, quand c'est la largeur qui coupe
)
_LIBELLE_MAX = 70
_PARAGRAPHE_MAX = 8_000  # au-delà, ce n'est plus un paragraphe : borne le coût d'un texte sans fin
_STRUCTURE = re.compile(
    r"[\t|]|</?(?:p|ul|ol|li|table|tr|td|h[1-6])\b|^\s*#|^\s*\[\^|^\s*[-_=*]{3,}\s*$"
)
_PUCE = re.compile(r"^\s*(?:[•●▪■◦‣·∙➢✓→–—*-]|\d{1,2}[.)]|o(?=\s+[A-ZÀ-Þ]))\s+")
_LIBELLE = re.compile(r"^\s*(?:\*\*|<b>)?[A-ZÀ-Þ][^:.]{1,50}\s:(?:\s|$)|^\s*\*\*[^*]+\*\*\s*:?")
_FIN_VOULUE = re.compile(r"(?:  |\\|[.…]{3,}\s*\d*)$")


def recoller(lignes: list[str]) -> list[str]:
    """Rend les lignes, celles d'un même paragraphe réunies sur la première ; le compte est gardé."""
    largeur = _largeur(lignes)
    if largeur is None:
        return lignes
    resultat: list[str] = []
    tete: int | None = None
    for rang, ligne in enumerate(lignes):
        court = tete is not None and len(resultat[tete]) < _PARAGRAPHE_MAX
        if tete is not None and court and _continue(lignes[rang - 1], ligne, largeur):
            resultat[tete] = f"{resultat[tete].rstrip()} {ligne.strip()}"
            resultat.append("")
            continue
        resultat.append(ligne)
        tete = rang if ligne.strip() and not _STRUCTURE.search(ligne) else None
    return resultat


def _largeur(lignes: list[str]) -> int | None:
    """Rend la largeur à laquelle le document est coupé, ou rien s'il ne l'est pas."""
    suivies = sorted(
        len(avant.rstrip())
        for avant, apres in pairwise(lignes)
        if avant.strip() and apres.strip() and not _STRUCTURE.search(avant + apres)
    )
    if len(suivies) < _LIGNES_MIN:
        return None
    largeur = suivies[int(len(suivies) * 0.98)]
    if not _LARGEUR_MIN <= largeur <= _LARGEUR_MAX:
        return None
    return largeur if _coupe_les_phrases(lignes, largeur) else None


def _coupe_les_phrases(lignes: list[str], largeur: int) -> bool:
    """Dit si les lignes pleines sont coupées au milieu d'une phrase : la suivante la continue.

    Un document enregistré en texte par un traitement de texte a un paragraphe par ligne.
    """
    suites = [a.strip() for avant, a in pairwise(lignes) if _continue(avant, a, largeur)]
    return sum(suite[0].islower() for suite in suites) >= _SUITES_MIN * len(suites) > 0


def _continue(avant: str, ligne: str, largeur: int) -> bool:
    """Dit si une ligne continue la précédente : son premier mot n'y aurait pas tenu."""
    if not ligne.strip() or _STRUCTURE.search(ligne) or _FIN_VOULUE.search(avant):
        return False
    if _PUCE.match(ligne) or _LIBELLE.match(ligne) or _ouvre(ligne.strip()):
        return False
    mot = ligne.split(None, 1)[0]
    return len(avant.rstrip()) + 1 + len(mot) > largeur - 1


def _ouvre(ligne: str) -> bool:
    """Dit si une ligne ouvre un niveau (« Fiche 2 : … ») ou une rubrique (« Échéancier »)."""
    if not ligne[0].isupper():
        return False
    if mot_de_niveau(ligne)[0] and (titre := titre_du_texte(ligne)) is not None and titre.mot:
        return True
    tete = ligne[: _LIBELLE_MAX + 1].partition(":")[0].strip()
    return len(tete) <= _LIBELLE_MAX and reconnaitre(tete, seuil=100) is not None
