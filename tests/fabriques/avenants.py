"""Un avenant inventé au contrat livré : quelques fiches changent, une s'en va, une arrive."""

from copy import deepcopy
from pathlib import Path

import yaml

LIVRE = Path(__file__).parents[2] / "donnees" / "contrats" / "seine-amont-2015-2020.yaml"


def ecrire_un_avenant(dossier: Path) -> Path:
    """Écrit l'avenant dans ce dossier et rend son fichier ; il porte l'édition de mars 2021."""
    contrat = yaml.safe_load(LIVRE.read_text(encoding="utf-8"))
    contrat["edition"], contrat["prolonge_au"] = "2021-03", "2024-12-31"
    fiches = [enjeu["fiches"] for pilier in contrat["piliers"] for enjeu in pilier["enjeux"]]
    premieres = next(suite for suite in fiches if len(suite) > 1)
    premiere = premieres[0]
    nouvelle = deepcopy(premiere) | {"numero": "1-9", "titre": "Apprendre le français au travail"}
    premiere["echelle"] = "communes"
    premiere["descriptif"] = premiere["descriptif"].replace("compter, parler", "calculer, parler")
    premiere["operateurs"] = premiere["operateurs"][1:]
    attendu = premiere["types_d_action"][0]
    attendu["texte"] = attendu["texte"].replace("Apprendre ou réapprendre", "Réapprendre")
    premieres.append(nouvelle)
    next(suite for suite in reversed(fiches) if len(suite) > 1).pop()
    fichier = dossier / "avenant.yaml"
    fichier.write_text(yaml.safe_dump(contrat, allow_unicode=True), encoding="utf-8")
    return fichier
