"""Un classeur se lit dans un autre processus ; qui l'attend reçoit un tableau, ou une phrase."""

import json

from parvis.socle.a_part import LectureTombee, mener_a_part
from parvis.socle.refus import Refus
from parvis.socle.tableur.modele import Nombre, Tableau

TROP_LOURD = (
    "La lecture de ce classeur échoue ou demande trop de mémoire. "
    "Enregistrez sa première feuille au format CSV, puis donnez ce fichier."
)


def lire_a_part(octets: bytes, lignes_max: int) -> Tableau:
    """Rend le tableau d'un classeur lu dans un autre processus ; lève Refus."""
    try:
        rendu = json.loads(mener_a_part(__name__, octets, str(lignes_max)))
    except (LectureTombee, ValueError):
        raise Refus([TROP_LOURD]) from None
    if "refus" in rendu:
        raise Refus(rendu["refus"])
    lignes = [[_cellule(cellule) for cellule in ligne] for ligne in rendu["lignes"]]
    return Tableau(rendu["colonnes"], lignes, "xlsx", premiere_ligne=rendu["premiere_ligne"])


def lire_ici(octets: bytes, lignes_max: str) -> bytes:
    """Rend en JSON le tableau d'un classeur, ou son refus."""
    return json.dumps(_lire(octets, int(lignes_max))).encode()


def _lire(octets: bytes, lignes_max: int) -> dict:
    from parvis.socle.tableur.classeur import lire_xlsx

    try:
        tableau = lire_xlsx(octets, lignes_max)
    except Refus as refus:
        return {"refus": refus.motifs}
    except MemoryError:
        return {"refus": [TROP_LOURD]}
    return {
        "colonnes": tableau.colonnes,
        "lignes": [[[c] if isinstance(c, Nombre) else c for c in li] for li in tableau.lignes],
        "premiere_ligne": tableau.premiere_ligne,
    }


def _cellule(recue: str | list[str]) -> str:
    """Rend une cellule transmise ; une liste d'un texte est un nombre du classeur."""
    return recue if isinstance(recue, str) else Nombre(recue[0])
