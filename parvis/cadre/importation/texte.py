"""Outils de texte : pliage sans accents, clés de comparaison, découpage en phrases."""

from __future__ import annotations

import re
import unicodedata

_MOT = re.compile(r"[a-z0-9œæ]+")
_MOTS_VIDES = frozenset("de des du d l le la les en et aux au a".split())
_FIN_DE_PHRASE = re.compile(r"[.!?]+[»)\"]?\s+(?=[«(\"]?\s?[A-ZÀ-ÖØ-Þ0-9])")
_ABREGE = re.compile(r"(?:\b(?:cf|ex|etc|art|n|p|M|Mme|St|Ste)|\b[A-Z])\.$")


class _Pliage(dict):
    """Table de `str.translate` : un caractère donne un seul caractère, les positions sont gardées."""

    def __missing__(self, code: int) -> str:
        caractere = chr(code)
        if caractere in "’‘ʼ`´":
            plie = "'"
        elif caractere in "‐‑‒–—―−":
            plie = "-"
        elif caractere.isspace():
            plie = " "
        else:
            plie = unicodedata.normalize("NFD", caractere)[0].lower()[0]
        self[code] = plie
        return plie


_PLIAGE = _Pliage()


def plier(texte: str) -> str:
    """Rend le texte en minuscules sans accents, de même longueur que l'original."""
    return texte.translate(_PLIAGE)


def collapser(texte: str) -> str:
    """Rend le texte avec des espaces simples."""
    return " ".join(texte.split())


def _singulier(mot: str) -> str:
    if len(mot) > 3 and mot[-1] in "sx" and not mot.endswith("ss"):
        return mot[:-1]
    return mot


def mots(texte: str) -> list[str]:
    """Rend les mots pliés, au singulier."""
    plie = plier(texte).replace("œ", "oe").replace("æ", "ae")
    return [_singulier(mot) for mot in _MOT.findall(plie)]


def cle(texte: str) -> str:
    """Rend la clé de comparaison stricte : accents, casse, pluriels et ponctuation ignorés."""
    return " ".join(mots(texte))


def cle_souple(texte: str) -> str:
    """Rend la clé sans les mots vides (articles, « de », « et »)."""
    return " ".join(mot for mot in mots(texte) if mot not in _MOTS_VIDES)


def est_mot_vide(mot: str) -> bool:
    """Dit si un mot plié est un mot vide."""
    return mot in _MOTS_VIDES


def phrases(texte: str) -> list[str]:
    """Découpe un paragraphe en phrases, sans couper après « ex. » ou une initiale."""
    resultat, debut = [], 0
    for trouve in _FIN_DE_PHRASE.finditer(texte):
        avant = texte[debut : trouve.end()].rstrip()
        if _ABREGE.search(avant[-6:]) or avant.count("«") > avant.count("»"):
            continue
        resultat.append(avant)
        debut = trouve.end()
    reste = texte[debut:].strip()
    return [*resultat, reste] if reste else resultat


def majuscule(texte: str) -> str:
    """Rend le texte avec une capitale initiale."""
    return texte[:1].upper() + texte[1:]


def hors_parentheses(texte: str, separateurs: str) -> list[str]:
    """Découpe sur des séparateurs d'un caractère, sauf à l'intérieur des parenthèses et guillemets."""
    morceaux, courant, profondeur = [], [], 0
    for caractere in texte:
        if caractere in "(«":
            profondeur += 1
        elif caractere in ")»":
            profondeur = max(0, profondeur - 1)
        if caractere in separateurs and profondeur == 0:
            morceaux.append("".join(courant))
            courant = []
        else:
            courant.append(caractere)
    morceaux.append("".join(courant))
    return [morceau.strip() for morceau in morceaux if morceau.strip()]
