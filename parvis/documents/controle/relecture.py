"""L'appel du lecteur qui convient, hors de ce processus : un fichier hostile n'y fait rien tomber."""

import json

from parvis.socle.a_part import LectureTombee, mener_a_part
from parvis.socle.refus import Refus

SECONDES_MAX = 60
ILLISIBLE = (
    "La lecture de ce fichier échoue ou demande trop de mémoire : ouvrez-le avec le logiciel qui l’a "
    "fait, puis enregistrez-le de nouveau en PDF."
)


def relire(sorte: str, octets: bytes) -> bytes:
    """Rend les octets à garder d'un fichier de cette sorte ; lève Refus s'il est illisible ou piégé."""
    try:
        rendu = mener_a_part(__name__, octets, sorte, secondes=SECONDES_MAX)
    except LectureTombee:
        raise Refus([ILLISIBLE]) from None
    entete, _, contenu = rendu.partition(b"\n")
    if motifs := json.loads(entete):
        raise Refus(motifs)
    return contenu


def lire_ici(octets: bytes, sorte: str) -> bytes:
    """Rend les motifs du refus en JSON sur une ligne, puis les octets à garder."""
    # Chaque lecteur charge sa bibliothèque : ici seulement, jamais dans le site.
    try:
        if sorte == "pdf":
            from parvis.documents.controle.pdf import relire_un_pdf

            contenu = relire_un_pdf(octets)
        elif sorte in ("jpeg", "png"):
            from parvis.documents.controle.images import relire_une_image

            contenu = relire_une_image(octets, sorte)
        else:
            from parvis.documents.controle.bureau import relire_un_document

            contenu = relire_un_document(octets, sorte)
    except Refus as refus:
        return json.dumps(refus.motifs).encode() + b"\n"
    return b"[]\n" + contenu
