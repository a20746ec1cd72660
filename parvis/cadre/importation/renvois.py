"""Renvois d'un texte vers une fiche, un enjeu, un pilier du contrat ou un texte extérieur."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from rapidfuzz import fuzz

from .lexique import charger_lexique, motif
from .numeros import Numero
from .structure import Renvoi
from .texte import cle, collapser, plier

_TITRE_CITE = r"(?:\s*:?\s*«\s*([^«»]{3,300}?)\s*»)?"
_ENJEU = re.compile(
    r"(?:fiches? operationnelles? (?:de |du )?l?'?\s*)?\benjeux? (?:strategiques? )?n\s?°\s?(\d{1,3})"
    + _TITRE_CITE
)
_FICHE = re.compile(r"\bfiches? (?:operationnelles? )?n\s?°\s?(\d{1,3}[-.]\d{1,3})" + _TITRE_CITE)
_FICHE_CITEE = re.compile(r"\bfiches? (?:operationnelles? )?«\s*([^«»]{3,300}?)\s*»")
_PILIER = re.compile(r"\bpiliers?\s+((?:«[^«»]{3,200}»(?:\s*(?:,|et|ou|mais egalement)\s*)*)+)")
_CITE = re.compile(r"«\s*([^«»]{3,200}?)\s*»")
_SEUIL = 80
_TITRES_MAX = 1000  # un contrat en a moins de cent ; borne le coût d'un document hostile


@dataclass(frozen=True, slots=True)
class Cibles:
    """Titres du document vers lesquels un renvoi peut pointer."""

    piliers: tuple[str, ...]
    enjeux: dict[Numero, str]
    fiches: dict[str, str]


def lire_renvois(texte: str, ligne: int | None, cibles: Cibles) -> list[Renvoi]:
    """Rend les renvois d'un paragraphe ; chacun dit s'il ne convient pas à ce qu'il nomme."""
    plie = plier(texte)
    resultat: list[tuple[int, Renvoi]] = []
    for trouve in _ENJEU.finditer(plie):
        resultat.append((trouve.start(), _vers_enjeu(texte, plie, trouve, ligne, cibles)))
    for trouve in _FICHE.finditer(plie):
        resultat.append((trouve.start(), _vers_fiche(texte, plie, trouve, ligne, cibles)))
    for trouve in _FICHE_CITEE.finditer(plie):
        resultat.append((trouve.start(), _vers_fiche_citee(texte, plie, trouve, ligne, cibles)))
    for trouve in _PILIER.finditer(plie):
        for cite in _CITE.finditer(texte, trouve.start(1), trouve.end(1)):
            resultat.append(
                (cite.start(), _vers_pilier(texte, plie, cite, trouve.start(), ligne, cibles))
            )
    for trouve in motif("tournures", "textes_externes").finditer(plie):
        imprime = collapser(texte[trouve.start() : trouve.end()])
        resultat.append((trouve.start(), Renvoi(imprime, imprime, "texte_externe", None, ligne)))
    return [renvoi for _, renvoi in sorted(resultat, key=lambda paire: paire[0])]


def _nature(plie: str, debut: int, fin: int) -> str:
    autour = plie[max(0, debut - 160) : fin + 60]
    for nature in charger_lexique("tournures")["natures_de_renvoi"]:
        if motif("tournures", "natures_de_renvoi", nature).search(autour):
            return nature
    return "voir_aussi"


def _meilleur(cite: str, titres: dict) -> tuple[object, float]:
    """Rend la clé du titre le plus proche et sa ressemblance (0 à 100)."""
    cherche = cle(cite)
    notes = [
        (fuzz.ratio(cherche, cle(titre)), numero)
        for numero, titre in islice(titres.items(), _TITRES_MAX)
    ]
    note, numero = max(notes, default=(0, None), key=lambda paire: paire[0])
    return numero, note


def _vers_enjeu(texte, plie, trouve, ligne, cibles: Cibles) -> Renvoi:
    numero = int(trouve.group(1))
    imprime = collapser(texte[trouve.start() : trouve.end()])
    cite = texte[trouve.start(2) : trouve.end(2)] if trouve.group(2) else ""
    anomalie = None
    if numero not in cibles.enjeux:
        anomalie = f"l'enjeu n°{numero} n'existe pas dans le document"
    if cite:
        proche, note = _meilleur(cite, cibles.enjeux)
        exact = (
            numero in cibles.enjeux and fuzz.ratio(cle(cite), cle(cibles.enjeux[numero])) >= _SEUIL
        )
        if not exact and note >= _SEUIL:
            anomalie = f"le titre cité est celui de l'enjeu n°{proche}, pas de l'enjeu n°{numero}"
        elif not exact:
            anomalie = anomalie or f"le titre cité n'est pas celui de l'enjeu n°{numero}"
    return Renvoi(
        imprime, f"enjeu {numero}", _nature(plie, trouve.start(), trouve.end()), anomalie, ligne
    )


def _vers_fiche(texte, plie, trouve, ligne, cibles: Cibles) -> Renvoi:
    numero = trouve.group(1).replace(".", "-")
    imprime = collapser(texte[trouve.start() : trouve.end()])
    anomalie = (
        None if numero in cibles.fiches else f"la fiche {numero} n'existe pas dans le document"
    )
    if trouve.group(2) and numero in cibles.fiches:
        cite = texte[trouve.start(2) : trouve.end(2)]
        proche, note = _meilleur(cite, cibles.fiches)
        if proche != numero and note >= _SEUIL:
            anomalie = f"le titre cité est celui de la fiche {proche}, pas de la fiche {numero}"
    return Renvoi(
        imprime, f"fiche {numero}", _nature(plie, trouve.start(), trouve.end()), anomalie, ligne
    )


def _vers_fiche_citee(texte, plie, trouve, ligne, cibles: Cibles) -> Renvoi:
    imprime = collapser(texte[trouve.start() : trouve.end()])
    cite = texte[trouve.start(1) : trouve.end(1)]
    proche, note = _meilleur(cite, cibles.fiches)
    nature = _nature(plie, trouve.start(), trouve.end())
    if note < _SEUIL:
        return Renvoi(
            imprime,
            f"fiche « {collapser(cite)} »",
            nature,
            "aucune fiche du document n'a ce titre",
            ligne,
        )
    return Renvoi(imprime, f"fiche {proche}", nature, None, ligne)


def _vers_pilier(texte, plie, cite, debut, ligne, cibles: Cibles) -> Renvoi:
    nom = collapser(cite.group(1))
    imprime = f"pilier « {nom} »"
    proche, note = _meilleur(nom, dict(enumerate(cibles.piliers)))
    nature = _nature(plie, debut, cite.end())
    if note < _SEUIL and not _debut_de_titre(nom, cibles.piliers):
        return Renvoi(
            imprime, f"pilier {nom}", nature, "aucun pilier du document ne porte ce titre", ligne
        )
    if note < _SEUIL:
        proche = next(i for i, titre in enumerate(cibles.piliers) if _debut_de_titre(nom, (titre,)))
    return Renvoi(imprime, f"pilier {cibles.piliers[proche]}", nature, None, ligne)


def _debut_de_titre(nom: str, piliers: tuple[str, ...]) -> bool:
    """« Cadre de vie et renouvellement » abrège « Cadre de vie et renouvellement urbain »."""
    return len(cle(nom)) > 8 and any(cle(titre).startswith(cle(nom)) for titre in piliers)
