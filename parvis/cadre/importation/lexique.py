"""Lexiques de `donnees/lexiques/` et `donnees/territoires/`, chargés une fois par processus."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz.distance import DamerauLevenshtein

from .texte import cle, cle_souple, est_mot_vide, mots

DONNEES = Path(__file__).resolve().parents[3] / "donnees"
_CHARGEUR = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOT_IMPRIME = re.compile(r"[^\W_]+", re.UNICODE)


@cache
def charger_lexique(nom: str) -> dict[str, Any]:
    """Rend le contenu d'un lexique (`partenaires`, `rubriques`, `publics`, `lieux`, `tournures`…)."""
    return _lire(DONNEES / "lexiques" / f"{nom}.yaml")


def sigles_connus() -> list[dict[str, str]]:
    """Rend les sigles du lexique : `sigle`, `developpe`, `explication`."""
    connus: Any = charger_lexique("sigles")  # ce lexique est une liste
    return connus


def _lire(chemin: Path) -> dict[str, Any]:
    with chemin.open(encoding="utf-8") as flux:
        return yaml.load(flux, Loader=_CHARGEUR) or {}  # noqa: S506 — chargeur sûr, version C


@cache
def charger_territoires() -> tuple[dict[str, Any], ...]:
    """Rend les territoires livrés (communes, quartiers par millésime)."""
    dossier = DONNEES / "territoires"
    lus = [_lire(chemin) for chemin in sorted(dossier.glob("*.yaml"))]
    return tuple(lu for lu in lus if isinstance(lu, dict) and "communes" in lu)


@cache
def motif(nom: str, *chemin: str) -> re.Pattern[str]:
    """Rend l'expression régulière faite des formes d'une liste d'un lexique (texte plié)."""
    valeur: Any = charger_lexique(nom)
    for etape in chemin:
        valeur = valeur[etape]
    return re.compile("|".join(f"(?:{forme})" for forme in valeur))


@dataclass(frozen=True, slots=True)
class Entree:
    """Partenaire du lexique."""

    nom: str
    sigle: str | None
    parent: str | None
    nature: str
    prefixe: bool = False


@dataclass(frozen=True, slots=True)
class Forme:
    """Graphie connue d'un partenaire ; `faute` quand elle est une erreur d'impression connue."""

    entree: Entree
    mots: tuple[str, ...]
    faute: bool = False
    adjectif: bool = False
    graphie: str = ""


@dataclass(frozen=True, slots=True)
class Trouve:
    """Partenaire reconnu : entrée, nom (avec son numéro éventuel), certitude, écart à signaler."""

    entree: Entree
    nom: str
    confiance: float = 1.0
    ecart: str | None = None


@dataclass(frozen=True, slots=True)
class MotImprime:
    """Mot d'un texte, avec sa forme comparable et sa place."""

    comparable: str
    debut: int
    fin: int


class Repertoire:
    """Index des graphies de partenaires : exactes, sans mots vides, et par premier mot."""

    def __init__(self, partenaires: list[dict[str, Any]]):
        self.exactes: dict[str, Forme] = {}
        self.souples: dict[str, Forme] = {}
        self.par_premier_mot: dict[str, list[Forme]] = {}
        self.entrees: dict[str, Entree] = {}
        self.graphies: dict[str, tuple[str, ...]] = {}
        for brut in partenaires:
            entree = Entree(
                brut["nom"],
                brut.get("sigle"),
                brut.get("parent"),
                brut["nature"],
                brut.get("prefixe", False),
            )
            self.entrees[entree.nom] = entree
            graphies = [
                entree.nom,
                *([entree.sigle] if entree.sigle else []),
                *brut.get("alias", []),
            ]
            for graphie in graphies:
                mots_pleins = tuple(cle_souple(graphie).split())
                self._ajouter(Forme(entree, mots_pleins, graphie=graphie), graphie)
                souple = " ".join(mots_pleins)
                self.graphies[souple] = (*self.graphies.get(souple, ()), graphie)
            for graphie in brut.get("fautes", []):
                self._ajouter(
                    Forme(entree, tuple(cle_souple(graphie).split()), faute=True), graphie
                )
            for graphie in brut.get("adjectifs", []):
                self._ajouter(
                    Forme(entree, tuple(cle_souple(graphie).split()), adjectif=True), graphie
                )
        for formes in self.par_premier_mot.values():
            formes.sort(key=lambda forme: -len(forme.mots))

    def _ajouter(self, forme: Forme, graphie: str) -> None:
        self.exactes.setdefault(cle(graphie), forme)
        souple = " ".join(forme.mots)
        if souple not in self.souples:
            self.souples[souple] = forme
            if forme.mots:
                self.par_premier_mot.setdefault(forme.mots[0], []).append(forme)

    def trouver(self, graphie: str, adjectifs: bool = False) -> Trouve | None:
        """Rend le partenaire dont c'est une graphie connue, sinon rien."""
        forme = self.exactes.get(cle(graphie)) or self.souples.get(cle_souple(graphie))
        if forme is None or (forme.adjectif and not adjectifs):
            return self._numerote(graphie)
        ecart = f"graphie fautive connue de « {forme.entree.nom} »" if forme.faute else None
        return Trouve(forme.entree, forme.entree.nom, 0.85 if forme.faute else 1.0, ecart)

    def _numerote(self, graphie: str) -> Trouve | None:
        tete, _, numero = graphie.strip().rpartition(" ")
        if not numero.isdigit() or not tete:
            return None
        forme = self.souples.get(cle_souple(tete))
        if forme is None or not forme.entree.prefixe:
            return None
        return Trouve(forme.entree, f"{forme.entree.nom} {numero}")

    def commence_un_nom(self, texte: str) -> bool:
        """Dit si un texte est le début d'une graphie connue, sans être cette graphie entière."""
        mots_pleins = tuple(cle_souple(texte).split())
        formes = self.par_premier_mot.get(mots_pleins[0], ()) if mots_pleins else ()
        return any(forme.mots[: len(mots_pleins)] == mots_pleins for forme in formes)

    def trouver_approche(self, graphie: str) -> Trouve | None:
        """Rend le partenaire dont la graphie est une faute d'impression probable."""
        cherche = cle_souple(graphie)
        chiffres = re.findall(r"\d+", cherche)
        if len(cherche) < 4 or cherche in self.souples:
            return None
        meilleure: tuple[int, Forme] | None = None
        tolere = 1 if len(cherche) < 12 else 2 if len(cherche) < 24 else 3
        for connue, forme in self.souples.items():
            if (
                forme.adjectif
                or abs(len(connue) - len(cherche)) > tolere
                or re.findall(r"\d+", connue) != chiffres
            ):
                continue
            ecart = DamerauLevenshtein.distance(cherche, connue, score_cutoff=tolere)
            # un sigle court qui change d'une lettre est un autre sigle ; il peut en perdre ou en gagner une
            if (
                ecart > tolere
                or (len(connue) <= 5 and len(connue) == len(cherche))
                or len(connue) < 4
            ):
                continue
            if meilleure is None or ecart < meilleure[0]:
                meilleure = (ecart, forme)
        if meilleure is None:
            return None
        entree = meilleure[1].entree
        return Trouve(entree, entree.nom, 0.75, f"faute probable pour « {entree.nom} »")

    def au_debut(
        self, suite: list[MotImprime], depart: int, adjectifs: bool = False
    ) -> tuple[Trouve, int] | None:
        """Rend le plus long partenaire qui commence au mot `depart`, et le rang du mot suivant."""
        for forme in self.par_premier_mot.get(suite[depart].comparable, ()):
            if forme.adjectif and not adjectifs:
                continue
            fin = suivre(suite, depart, forme.mots)
            if fin is None:
                continue
            nom = forme.entree.nom
            if forme.entree.prefixe and fin < len(suite) and suite[fin].comparable.isdigit():
                nom, fin = f"{nom} {suite[fin].comparable}", fin + 1
            ecart = f"graphie fautive connue de « {nom} »" if forme.faute else None
            return Trouve(forme.entree, nom, 0.85 if forme.faute else 1.0, ecart), fin
        return None


def suivre(suite: list[MotImprime], depart: int, attendus: tuple[str, ...]) -> int | None:
    """Rend le rang du mot qui suit `attendus` à partir de `depart`, mots vides enjambés, sinon rien."""
    rang = depart
    for attendu in attendus:
        while rang < len(suite) and rang > depart and est_mot_vide(suite[rang].comparable):
            rang += 1
        if rang >= len(suite) or suite[rang].comparable != attendu:
            return None
        rang += 1
    return rang


def mots_imprimes(texte: str) -> list[MotImprime]:
    """Rend les mots d'un texte imprimé avec leur place."""
    resultat = []
    for trouve in _MOT_IMPRIME.finditer(texte):
        comparable = _comparable(trouve.group())
        if comparable:
            resultat.append(MotImprime(comparable, trouve.start(), trouve.end()))
    return resultat


@lru_cache(maxsize=20_000)
def _comparable(mot: str) -> str:
    return next(iter(mots(mot)), "")


@cache
def repertoire() -> Repertoire:
    """Rend l'index des partenaires du lexique."""
    return Repertoire(charger_lexique("partenaires")["partenaires"])
