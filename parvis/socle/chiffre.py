"""Chiffre ce que la base garde mais que personne n'a à y lire ; scelle ce que personne n'a à changer."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Illisible(ValueError):
    """Ce qui est chiffré ne s'ouvre pas : la clé a changé, ou il a été modifié."""


def _coffre(usage: str, cle: str) -> Fernet:
    """Rend le coffre d'un usage."""
    return Fernet(base64.urlsafe_b64encode(_deriver(usage, cle)))


def _deriver(usage: str, cle: str) -> bytes:
    """Rend la clé d'un usage : la clé secrète ne sert jamais deux fois sous la même forme."""
    return HKDF(SHA256(), 32, salt=None, info=f"parvis.{usage}".encode()).derive(cle.encode())


def _cles() -> list[str]:
    """Rend les clés secrètes, celle d'aujourd'hui d'abord."""
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


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
    for cle in _cles():
        try:
            return _coffre(usage, cle).decrypt(chiffres)
        except InvalidToken:
            continue
    raise Illisible("Ce qui est chiffré ne s'ouvre pas.")


def empreintes_des_cles() -> list[str]:
    """Rend de quoi reconnaître chaque clé secrète, celle d'aujourd'hui d'abord, sans pouvoir la refaire."""
    return [_deriver("empreinte", cle)[:8].hex() for cle in _cles()]


def sceller(usage: str, octets: bytes) -> str:
    """Rend un sceau : sans la clé secrète, personne ne le refait pour d'autres octets."""
    return _sceau(usage, octets, settings.SECRET_KEY)


def est_scelle(usage: str, octets: bytes, sceau: str) -> bool:
    """Dit si ce sceau est celui de ces octets, y compris sous une clé secrète d'avant."""
    return any(
        hmac.compare_digest(_sceau(usage, octets, cle).encode(), sceau.encode()) for cle in _cles()
    )


def _sceau(usage: str, octets: bytes, cle: str) -> str:
    return hmac.new(_deriver(usage, cle), octets, hashlib.sha256).hexdigest()
