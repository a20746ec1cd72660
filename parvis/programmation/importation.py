"""Lire un fichier de postes aidés : un tableau (CSV, XLSX), tel qu'il est publié ou compressé."""

import gzip
import io
import zlib

from parvis.dossiers.rules.exports import LigneBrute
from parvis.programmation.rules.postes import LIGNES_MAX, reconnaitre_les_colonnes
from parvis.socle.refus import Refus, exiger
from parvis.socle.tableur import lire_tableau
from parvis.socle.tableur.lecture import OCTETS_MAX

_GZIP = b"\x1f\x8b"


def lire_les_lignes(octets: bytes, nom: str) -> list[LigneBrute]:
    """Rend les lignes d'un fichier telles qu'écrites ; lève Refus, illisible ou sans une colonne."""
    if octets.startswith(_GZIP):
        octets = _decompresser(octets, nom)
    tableau = lire_tableau(octets, nom, lignes_max=LIGNES_MAX)
    rangs, motifs = reconnaitre_les_colonnes(tableau.colonnes)
    exiger(motifs)
    return [
        LigneBrute(
            tableau.premiere_ligne + place,
            {fait: str(ligne[rang]) for fait, rang in rangs.items()},
        )
        for place, ligne in enumerate(tableau.lignes)
        if ligne
    ]


def _decompresser(octets: bytes, nom: str) -> bytes:
    """Rend un fichier décompressé ; un octet de trop suffit à dire qu'il est trop grand."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(octets)) as ouvert:
            return ouvert.read(OCTETS_MAX + 1)
    except (OSError, EOFError, zlib.error):
        raise Refus([f"Le fichier « {nom} » est compressé, et ne se décompresse pas."]) from None
