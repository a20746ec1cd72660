"""Chiffre ce que la base garde mais que personne n'a à y lire."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Illisible(ValueError):
    """Ce qui est chiffré ne s'ouvre pas : la clé a changé, ou il a été modifié."""


def _coffre(usage: str, cle: str) -> Fernet:
    """Rend le coffre d'un usage : la clé secrète ne sert jamais deux fois sous la même forme."""
    derivee = HKDF(SHA256(), 32, salt=None, info=f"parvis.{usage}".encode()).derive(cle.encode())
    return Fernet(base64.urlsafe_b64encode(derivee))


def chiffrer(usage: str, texte: str) -> str:
    """Chiffre un texte pour un usage ; un autre usage ne saurait pas l'ouvrir."""
    return chiffrer_octets(usage, texte.encode()).decode()


def dechiffrer(usage: str, chiffre: str) -> str:
    """Ouvre un texte chiffré, y compris avec une clé secrète d'avant ; lève Illisible."""
    return dechiffrer_octets(usage, chiffre.encode()).decode()


def chiffrer_octets(usage: str, octets: bytes) -> bytes:
    """Chiffre des octets pour un usage ; un tiers plus longs, et lisibles nulle part ailleurs."""
    return _coffre(usage, settings.SECRET_KEY).encrypt(octets)


def dechiffrer_octets(usage: str, chiffres: bytes) -> bytes:
    """Ouvre des octets chiffrés, y compris avec une clé secrète d'avant ; lève Illisible."""
    for cle in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        try:
            return _coffre(usage, cle).decrypt(chiffres)
        except InvalidToken:
            continue
    raise Illisible("Ce qui est chiffré ne s'ouvre pas.")
