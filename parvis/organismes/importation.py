"""Lire une liste d'organismes dans un fichier CSV ou YAML. Sans base."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from parvis.socle.refus import Refus

TEXTES = (
    *("nom", "nature", "sigle", "forme_juridique", "siren", "siret", "rna", "siege", "epci"),
    *("departement", "adresse", "courriel", "telephone", "site", "fin_le"),
)
LISTES = ("alias", "communes")
# Ce que l'on écrit pour soi dans le fichier, et qui ne s'importe pas.
POUR_SOI = ("a_verifier",)
COLONNES = (*TEXTES, *LISTES, *POUR_SOI)


@dataclass(frozen=True)
class LigneLue:
    """Un organisme décrit par un fichier : son numéro de ligne ou d'entrée, et ses valeurs."""

    numero: int
    valeurs: dict[str, Any]


def lire_organismes(fichier: Path) -> list[LigneLue]:
    """Rend les organismes d'un fichier ; une case vide ne dit rien. Lève Refus.

    CSV : première ligne de titres, « ; » ou « , », listes séparées par « | ». YAML : une liste
    sous `organismes`.
    """
    try:
        texte = fichier.read_text(encoding="utf-8-sig")
        lues = list(_du_yaml(texte) if fichier.suffix in (".yaml", ".yml") else _du_csv(texte))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, csv.Error) as erreur:
        raise Refus([f"Le fichier {fichier.name} ne se lit pas : {erreur}."]) from None
    motifs = [
        f"Ligne {ligne.numero} : la colonne « {colonne} » n’est pas attendue."
        for ligne in lues
        for colonne in ligne.valeurs
        if colonne not in COLONNES
    ]
    if not lues:
        motifs.append(f"Le fichier {fichier.name} ne décrit aucun organisme.")
    if motifs:
        raise Refus(motifs)
    return [LigneLue(ligne.numero, _pleines(ligne.valeurs)) for ligne in lues]


def _du_csv(texte: str) -> Iterator[LigneLue]:
    titres, _, _ = texte.partition("\n")
    separateur = ";" if ";" in titres else ","
    lecteur = csv.DictReader(
        io.StringIO(texte, newline=""), delimiter=separateur, restkey="en trop", strict=True
    )
    for cases in lecteur:
        propres = {(titre or "").strip(): case for titre, case in cases.items()}
        for liste in LISTES:
            propres[liste] = [m.strip() for m in (propres.get(liste) or "").split("|")]
        yield LigneLue(lecteur.line_num, propres)


def _du_yaml(texte: str) -> Iterator[LigneLue]:
    contenu = yaml.safe_load(texte)
    entrees = contenu.get("organismes") if isinstance(contenu, Mapping) else None
    if not isinstance(entrees, list) or not all(isinstance(e, Mapping) for e in entrees):
        raise Refus(["Le fichier n’a pas de liste « organismes »."])
    for numero, entree in enumerate(entrees, 1):
        yield LigneLue(numero, {str(champ): valeur for champ, valeur in entree.items()})


def _pleines(valeurs: Mapping[str, Any]) -> dict[str, Any]:
    """Rend les valeurs données, en textes et en listes de textes."""
    propres: dict[str, Any] = {}
    for champ, valeur in valeurs.items():
        if champ in LISTES:
            elements = valeur if isinstance(valeur, list) else [valeur or ""]
            propres[champ] = [str(e).strip() for e in elements if str(e).strip()]
        elif champ in TEXTES and valeur is not None:
            propres[champ] = str(valeur).strip()
    return {champ: valeur for champ, valeur in propres.items() if valeur}
