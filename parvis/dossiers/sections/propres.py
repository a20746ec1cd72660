"""Garder ce que disent les sections qui ont leur page à elles : fiches, lieux, budget."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from parvis.dossiers.enums import EchelleDeProjet, Guichet, NatureDeDemande
from parvis.socle.texte import en_une_ligne

FICHES_MAX = 10
LIEUX_MAX = 100
# Bien plus que le plus long des budgets : au-delà, ce n'est plus une saisie.
LIGNES_MAX = 300
SIGNES = 200
CHAMPS_DE_LIGNE = ("compte", "libelle", "saisie")
CHAMPS_DE_DEMANDE = (
    "financeur",
    "nom",
    "compte",
    "ligne",
    "nature",
    "guichet",
    "lien",
    "numero",
    "saisie",
)
_LONGUEURS = {"lien": 500, "compte": 20, "numero": 60, "financeur": 12}


def garder_les_fiches(
    numeros: Iterable[str], principale: str, types: Mapping[str, Iterable[str]]
) -> dict[str, Any]:
    """Rend les fiches choisies, la principale, et les types de projet de chacune.

    Sans principale désignée, la première choisie l'est.
    """
    choisies = list(dict.fromkeys(numeros))[:FICHES_MAX]
    if not choisies:
        return {}
    return {
        "principale": principale if principale in choisies else choisies[0],
        "fiches": {numero: list(types.get(numero, ())) for numero in choisies},
    }


def garder_les_lieux(
    echelle: str, communes: Sequence[str], quartiers: Sequence[str], ailleurs: str = ""
) -> dict[str, Any]:
    """Rend l'échelle du projet et ses lieux ; ceux d'une autre échelle restent, sans compter.

    `ailleurs` nomme une commune que le contrat ne couvre peut-être pas.
    """
    garde = {
        "echelle": echelle if echelle in EchelleDeProjet.values else "",
        "communes": list(dict.fromkeys(communes))[:LIEUX_MAX],
        "quartiers": list(dict.fromkeys(quartiers))[:LIEUX_MAX],
        "ailleurs": en_une_ligne(ailleurs)[:SIGNES],
    }
    return {nom: dit for nom, dit in garde.items() if dit}


def garder_le_budget(exercices: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Rend le budget de chaque exercice : ses lignes et ses demandes, sans les vides.

    Ce qui ne se calcule pas se garde tel quel : la faute se dit, le texte reste.
    """
    gardes = {
        annee: {
            "lignes": _lignes(budget.get("lignes", ()), CHAMPS_DE_LIGNE, ("libelle", "saisie")),
            "demandes": [
                _demande(x)
                for x in _lignes(
                    budget.get("demandes", ()),
                    CHAMPS_DE_DEMANDE,
                    ("financeur", "nom", "ligne", "saisie"),
                )
            ],
        }
        for annee, budget in exercices.items()
    }
    remplis = {a: b for a, b in gardes.items() if b["lignes"] or b["demandes"]}
    return {"exercices": remplis} if remplis else {}


def _lignes(
    brutes: Iterable[Mapping[str, str]], champs: Sequence[str], parlants: Sequence[str]
) -> list[dict[str, str]]:
    """Rend les lignes où quelque chose est dit ; un compte seul est une ligne proposée, et vide."""
    gardees = []
    for brute in brutes:
        ligne = {
            champ: en_une_ligne(str(brute.get(champ, "")))[: _LONGUEURS.get(champ, SIGNES)]
            for champ in champs
        }
        if any(ligne[champ] for champ in parlants):
            gardees.append({champ: texte for champ, texte in ligne.items() if texte})
    return gardees[:LIGNES_MAX]


def _demande(ligne: dict[str, str]) -> dict[str, str]:
    """Rend une demande dont la nature et le guichet sont connus."""
    ligne["nature"] = _connu(ligne.get("nature"), NatureDeDemande.values, "numeraire")
    ligne["guichet"] = _connu(ligne.get("guichet"), Guichet.values, "plateforme")
    return ligne


def _connu(valeur: str | None, valeurs: Sequence[str], defaut: str) -> str:
    return valeur if valeur in valeurs else defaut
