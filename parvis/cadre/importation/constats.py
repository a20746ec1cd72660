"""Constats : phrases chiffrées (une entrée par chiffre) et constats du diagnostic sans chiffre."""

from __future__ import annotations

import re

from .fragments import Bloc
from .lexique import charger_lexique, motif
from .lieux_connus import Gazette
from .structure import Constat
from .texte import phrases, plier

_NOMBRE = r"(?<![\w°-])(\d{1,3}(?:[  ]\d{3})+|\d+(?:[.,]\d+)?)"
_SUR = re.compile(_NOMBRE + r" (\w+)(?: \w+){0,5}? sur (\d+)(?!\w)")
_POURCENT = re.compile(_NOMBRE + r"\s?(?:%|pour cent)")
_MILLIONS = re.compile(_NOMBRE + r" (millions?|milliards?) (?:de |d')(m²|\w+)")
_UNITE = re.compile(_NOMBRE + r" (m²|€|euros|[a-zœ]{4,})")
_PAREIL = re.compile(_NOMBRE + r"(?= a (?=[A-ZÀ-Þa-z])|,? en moyenne)")
_AVEC_ARTICLE = re.compile(r"\b(?:La|Le|Les) [A-ZÀ-Þ][\w'’]+(?:-[\w'’]+)*")  # « La Roseraie »
_ANNEE = re.compile(r"(?<![\d-])((?:19|20)\d{2})(?![\d-])")
_PAS_UNITES = frozenset(
    "ans mois jours semaines heures minutes demi fois eme annees fiches enjeux piliers janvier"
    " fevrier mars avril mai juin juillet aout septembre octobre novembre decembre pour dans avec"
    " sans sous entre comme ainsi contre".split()
)
_NATIONAL = re.compile(r"\b(?:nationale?s?|nationaux|france|ministere\w*|ministre\w*|zus|zup)\b")
_FACTEURS = {"million": 10**6, "millions": 10**6, "milliard": 10**9, "milliards": 10**9}


def lire_constats(blocs: list[Bloc], gazette: Gazette, territoire: str) -> tuple[Constat, ...]:
    """Rend les constats d'un descriptif, dans l'ordre."""
    resultat: list[Constat] = []
    for bloc in blocs:
        for phrase in phrases(bloc.texte):
            chiffres = _chiffres(phrase)
            if _est_un_but(phrase):
                continue
            if chiffres:
                resultat.extend(_un_par_chiffre(phrase, chiffres, bloc.ligne, gazette, territoire))
            elif _est_constat(plier(phrase)):
                lieu = _lieu(phrase, gazette) or _par_defaut(phrase, territoire)
                resultat.append(
                    Constat(phrase, None, None, None, lieu, _source(phrase), bloc.ligne)
                )
    return tuple(resultat)


def _est_constat(plie: str) -> bool:
    """Un constat n'est pas une attente : « les acteurs soulignent la nécessité de… » n'en est pas un."""
    if not motif("tournures", "verbes_de_constat").search(plie):
        return False
    return not motif("tournures", "attentes", "moyenne").search(plie)


def _est_un_but(phrase: str) -> bool:
    """« Ouvrir 24 places », « Création de 40 parcelles » : ce que l'on veut, et non ce que l'on voit."""
    return bool(motif("tournures", "debuts_de_but").match(plier(phrase)))


def _valeur(texte: str) -> float | int:
    nombre = float(re.sub(r"\s", "", texte).replace(",", "."))
    return int(nombre) if nombre == int(nombre) else nombre


def _chiffres(phrase: str) -> list[tuple[int, float | int, str]]:
    """Rend (position, valeur, unité) pour chaque chiffre de la phrase."""
    plie = plier(phrase)
    trouves: dict[int, tuple[float | int, str]] = {}
    sur = _SUR.search(plie)
    if sur is not None:
        unite = f"{sur.group(2)} sur {sur.group(3)}"
        trouves[sur.start()] = (_valeur(sur.group(1)), unite)
        for pareil in _PAREIL.finditer(plie, sur.end()):
            trouves[pareil.start()] = (_valeur(pareil.group(1)), unite)
    for pourcent in _POURCENT.finditer(plie):
        trouves[pourcent.start()] = (_valeur(pourcent.group(1)), "%")
    for million in _MILLIONS.finditer(plie):
        unite = phrase[million.start(3) : million.end(3)]
        trouves[million.start()] = (_valeur(million.group(1)) * _FACTEURS[million.group(2)], unite)
    for mesure in _UNITE.finditer(plie):
        if _est_mesure(mesure, trouves, sur):
            trouves[mesure.start()] = (
                _valeur(mesure.group(1)),
                phrase[mesure.start(2) : mesure.end(2)],
            )
    return [(position, *trouves[position]) for position in sorted(trouves)]


def _est_mesure(mesure: re.Match[str], trouves: dict, sur: re.Match[str] | None) -> bool:
    unite = mesure.group(2)
    if mesure.start() in trouves or unite in _PAS_UNITES or unite in _FACTEURS:
        return False
    if sur is not None and sur.start() <= mesure.start() < sur.end():
        return False
    return not _ANNEE.fullmatch(mesure.group(1))


def _un_par_chiffre(phrase, chiffres, ligne, gazette: Gazette, territoire: str) -> list[Constat]:
    resultat = []
    for rang, (position, valeur, unite) in enumerate(chiffres):
        fin = chiffres[rang + 1][0] if rang + 1 < len(chiffres) else len(phrase)
        apres = phrase[position:fin]
        lieu = (
            _lieu(apres, gazette)
            or (_lieu(phrase, gazette) if len(chiffres) == 1 else None)
            or _par_defaut(phrase, territoire)
        )
        annee = _annee(apres) or _annee(phrase[:position], derniere=True)
        resultat.append(Constat(phrase, valeur, unite, annee, lieu, _source(phrase), ligne))
    return resultat


def _par_defaut(phrase: str, territoire: str) -> str | None:
    """Rend le territoire du contrat, sauf si la phrase parle du pays ou cite un texte national."""
    return None if _NATIONAL.search(plier(phrase)) else territoire or None


def _annee(texte: str, derniere: bool = False) -> int | None:
    annees = _ANNEE.findall(texte)
    return int(annees[-1 if derniere else 0]) if annees else None


def _lieu(texte: str, gazette: Gazette) -> str | None:
    if re.search(r"(?:echelle|moyenne) nationale|en france\b", plier(texte)):
        return "France"
    noms = re.findall(r"[A-ZÀ-Þ][\w'’]+(?:-[\w'’]+)*", texte)
    communes = list(dict.fromkeys(nom for n in noms if (nom := gazette.commune(n))))
    entiers = [lieu[0] for nom in _AVEC_ARTICLE.findall(texte) if (lieu := gazette.trouver(nom))]
    if communes or entiers:
        return ", ".join(dict.fromkeys([*communes, *entiers]))
    if "quartiers prioritaires" in plier(texte):
        return "Quartiers prioritaires"
    return None


def _source(phrase: str) -> str:
    plie = plier(phrase)
    for connue in charger_lexique("tournures")["sources_de_constat"]:
        if re.search(connue["motif"], plie):
            return connue["source"]
    return "Contrat de ville"
