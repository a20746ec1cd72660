"""Le client de clamd : un fichier, un verdict, dans un délai ; sans verdict, jamais un « sain »."""

import contextlib
import logging
import socket
import struct
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

from parvis.connecteurs import appel
from parvis.connecteurs.antivirus.reponse import LONGUEUR_MAXIMALE, TropGrand, Verdict, lire

logger = logging.getLogger(__name__)

EN_PANNE = "antivirus:en-panne"
DELAI_TOTAL = 30.0
PORT = 3310
MORCEAU = 64 * 1024
# Le « z » demande des échanges finis par un octet nul.
_COMMANDE = b"zINSTREAM\x00"
_LONGUEUR = struct.Struct("!I")
_FIN_DU_FLUX = _LONGUEUR.pack(0)


class AntivirusIndisponible(Exception):
    """L'antivirus n'a pas rendu de verdict ; le message dit que le fichier ne peut pas être pris."""


def est_regle() -> bool:
    """Dit si ce site a un antivirus (PARVIS_ANTIVIRUS)."""
    return bool(settings.ANTIVIRUS)


def examiner(octets: bytes) -> Verdict:
    """Rend ce que l'antivirus dit de ces octets ; lève AntivirusIndisponible."""
    adresse = settings.ANTIVIRUS
    if not adresse:
        raise AntivirusIndisponible("Aucun antivirus n’est réglé sur ce site.")
    try:
        verdict = appel.obtenir(
            lambda fin: _demander(adresse, octets, fin), en_panne=EN_PANNE, delai=DELAI_TOTAL
        )
    except appel.ServiceMuet:
        logger.error("l'antivirus ne rend pas de verdict")
        raise AntivirusIndisponible(
            "L’antivirus du site ne répond pas : aucun fichier n’est accepté sans lui. "
            "Réessayez dans quelques minutes."
        ) from None
    if verdict is None:
        logger.error("flux plus long que StreamMaxLength", extra={"taille": len(octets)})
        raise AntivirusIndisponible(
            "Ce fichier est trop grand pour l’antivirus du site. Donnez un fichier plus petit, "
            "ou prévenez la personne qui tient le site."
        )
    return verdict


def _demander(adresse: str, octets: bytes, fin: float) -> Verdict | None:
    """Rend le verdict, ou None si le flux est plus long que clamd ne l'accepte."""
    try:
        with _joindre(adresse, fin) as prise:
            # clamd dit qu'un flux est trop long sans en attendre la fin, puis ferme : l'envoi casse,
            # mais sa raison est déjà là.
            with contextlib.suppress(ConnectionError):
                _envoyer(prise, octets, fin)
            return lire(_recevoir(prise, fin))
    except TropGrand:
        return None
    except OSError:
        raise appel.ReponseIllisible from None


def _joindre(adresse: str, fin: float) -> socket.socket:
    lue = urlsplit(adresse)
    if lue.scheme == "tcp":
        return socket.create_connection(
            (lue.hostname or "", lue.port or PORT), timeout=appel.DELAI_DE_CONNEXION
        )
    prise = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        prise.settimeout(_reste(fin))
        prise.connect(lue.path)
    except OSError:
        prise.close()
        raise
    return prise


def _envoyer(prise: socket.socket, octets: bytes, fin: float) -> None:
    prise.settimeout(_reste(fin))
    prise.sendall(_COMMANDE)
    for morceau in _morceaux(octets):
        prise.settimeout(_reste(fin))
        prise.sendall(_LONGUEUR.pack(len(morceau)) + bytes(morceau))
    prise.sendall(_FIN_DU_FLUX)


def _morceaux(octets: bytes) -> Iterator[memoryview]:
    vue = memoryview(octets)
    return (vue[debut : debut + MORCEAU] for debut in range(0, len(octets), MORCEAU))


def _recevoir(prise: socket.socket, fin: float) -> bytes:
    """Rend la réponse, jusqu'à son octet nul, la fermeture ou la longueur permise."""
    corps = bytearray()
    while not corps.endswith(b"\x00") and len(corps) <= LONGUEUR_MAXIMALE:
        prise.settimeout(_reste(fin))
        morceau = prise.recv(LONGUEUR_MAXIMALE)
        if not morceau:
            break
        corps += morceau
    return bytes(corps)


def _reste(fin: float) -> float:
    """Rend les secondes qui restent ; lève TimeoutError quand il n'en reste pas."""
    reste = fin - time.monotonic()
    if reste <= 0:
        raise TimeoutError
    return reste
