"""Où les octets sont rangés : le stockage de Django, chiffrés, sous un nom tiré au hasard."""

import contextlib
import logging
import re
import uuid
from collections.abc import Iterator
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from parvis.socle.chiffre import chiffrer_octets, dechiffrer_octets
from parvis.socle.refus import Refus

logger = logging.getLogger(__name__)

# Le nôtre dans le stockage : ce qu'une autre pièce y rangerait n'est jamais pris pour un orphelin.
DOSSIER = "documents"
_USAGE = "fichier"
_CLE = re.compile(rf"{DOSSIER}/([0-9a-f]{{2}})/\1[0-9a-f]{{30}}")
PLUS_DE_PLACE = (
    "Le site n’a pas pu garder ce fichier : la place manque, ou le rangement est en panne. Rien d’autre "
    "n’est perdu. Réessayez plus tard, et prévenez la personne qui tient le site."
)


class FichierPerdu(Exception):
    """Des octets manquent dans la réserve, ou ne s'ouvrent plus."""


def deposer(octets: bytes) -> str:
    """Chiffre et range des octets ; rend leur clé. Lève Refus si la place manque, sans rien laisser."""
    tiree = uuid.uuid4().hex
    cle = f"{DOSSIER}/{tiree[:2]}/{tiree}"
    try:
        return default_storage.save(cle, ContentFile(chiffrer_octets(_USAGE, octets)))
    except Exception:  # un stockage lointain a ses propres erreurs
        logger.exception("un fichier ne peut pas être gardé", extra={"taille": len(octets)})
        retirer(cle)
        raise Refus([PLUS_DE_PLACE]) from None


def octets_ranges(cle: str) -> bytes:
    """Rend les octets tels qu'ils sont rangés, chiffrés ; lève FichierPerdu."""
    try:
        with default_storage.open(cle) as range_ici:
            return range_ici.read()
    except Exception as erreur:
        raise FichierPerdu(f"{cle} : {type(erreur).__name__}") from None


def est_une_cle(cle: str) -> bool:
    """Dit si cette clé a la forme de celles que `deposer` tire : elle ne mène jamais hors de la réserve."""
    return _CLE.fullmatch(cle) is not None


def ouvrir(cle: str) -> bytes:
    """Rend les octets rangés sous cette clé ; lève FichierPerdu."""
    try:
        with default_storage.open(cle) as range_ici:
            return dechiffrer_octets(_USAGE, range_ici.read())
    except Exception as erreur:
        raise FichierPerdu(f"{cle} : {type(erreur).__name__}") from None


def retirer(cle: str) -> None:
    """Efface ce qui est rangé sous cette clé ; si cela échoue, les orphelins s'effacent chaque jour."""
    with contextlib.suppress(Exception):
        default_storage.delete(cle)


def cles_par_tiroir() -> Iterator[list[str]]:
    """Rend les clés rangées, un tiroir à la fois : la réserve ne tient jamais entière en mémoire."""
    for tiroir in _liste(DOSSIER)[0]:
        yield [f"{DOSSIER}/{tiroir}/{nom}" for nom in _liste(f"{DOSSIER}/{tiroir}")[1]]


def est_plus_ancien(cle: str, limite: datetime) -> bool:
    """Dit si ce qui est rangé sous cette clé l'était avant cette date."""
    try:
        return default_storage.get_modified_time(cle) < limite
    except OSError:
        return False


def _liste(dossier: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(dossier)
    except FileNotFoundError:
        return [], []
