"""Relire un fichier. Aucun droit n'est regardé ici : la pièce propriétaire l'a fait."""

import hashlib
from dataclasses import dataclass

from parvis.connecteurs import antivirus
from parvis.documents import reserve
from parvis.documents.enums import Sorte
from parvis.documents.models import Fichier
from parvis.documents.reserve import FichierPerdu
from parvis.documents.rules.formats import FORMATS


@dataclass(frozen=True)
class FichierAServir:
    """Les octets d'un fichier, son type MIME, et le nom sous lequel il s'enregistre."""

    octets: bytes
    sorte: str
    nom: str


def contenu(fichier: Fichier) -> bytes:
    """Rend les octets d'un fichier.

    Lève Fichier.DoesNotExist s'il est effacé, FichierPerdu si la réserve ne l'a plus, ou en rend un autre.
    """
    if fichier.est_efface:
        raise Fichier.DoesNotExist
    octets = reserve.ouvrir(fichier.cle)
    if hashlib.sha256(octets).hexdigest() != fichier.empreinte:
        raise FichierPerdu(f"{fichier.cle} : l'empreinte ne correspond pas")
    return octets


def a_servir(fichier: Fichier) -> FichierAServir:
    """Rend de quoi servir un fichier à qui en a le droit ; lève comme `contenu`."""
    return FichierAServir(contenu(fichier), FORMATS[Sorte(fichier.sorte)].media, fichier.nom)


def antivirus_regle() -> bool:
    """Dit si un antivirus examine les fichiers : sinon, les écrans du pilote le disent."""
    return antivirus.est_regle()
