"""Le budget d'un brouillon raconté : un élément par exercice, les financeurs par leur nom."""

from collections.abc import Mapping, Sequence
from typing import Any

from parvis.dossiers.models import Dossier
from parvis.dossiers.queries.budget import completer, financeurs_proposes
from parvis.dossiers.sections.propres import CHAMPS_DE_LIGNE, garder_le_budget


def chiffrer(dossier: Dossier, exercices: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Rend un budget tel qu'il se garde, à partir du premier exercice ; lève KeyError d'un nom inconnu."""
    par_nom = {f.nom: f for f in financeurs_proposes(dossier)}
    return garder_le_budget(
        {
            str(dossier.exercice + rang): {
                "lignes": [
                    dict(zip(CHAMPS_DE_LIGNE, ligne, strict=True)) for ligne in dit["lignes"]
                ],
                "demandes": [_demande(demande, par_nom) for demande in dit["demandes"]],
            }
            for rang, dit in enumerate(exercices)
        }
    )


def _demande(dite: Mapping[str, Any], par_nom: Mapping[str, Any]) -> dict[str, str]:
    saisie = {champ: str(texte) for champ, texte in dite.items() if champ != "en_nature"}
    saisie["saisie"] = saisie.pop("combien")
    if dite.get("en_nature"):
        saisie["nature"] = "nature"
    if "a" in saisie:
        saisie["financeur"] = par_nom[saisie.pop("a")].identifiant
    return completer(saisie, {f.identifiant: f for f in par_nom.values()})
