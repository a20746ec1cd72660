"""D'un fichier d'usager à son tableau : le format se reconnaît à son contenu, pas à son nom."""

from parvis.socle.refus import Refus
from parvis.socle.tableur.a_part import lire_a_part
from parvis.socle.tableur.dialecte import lire_csv
from parvis.socle.tableur.modele import Tableau

OCTETS_MAX = 20 * 1024 * 1024
_CONSEIL = "Ouvrez-le dans un tableur et enregistrez-le au format XLSX ou CSV."
_AUTRES_FORMATS = {
    b"\xd0\xcf\x11\xe0": "est un ancien classeur Excel (.xls), ou un classeur protégé par un mot de "
    "passe. Ouvrez-le dans un tableur et enregistrez-le sans mot de passe, au format XLSX ou CSV.",
    b"%PDF": "est un PDF, pas un tableau.",
    b"{\\rtf": "est un document RTF, pas un tableau.",
    b"\x89PNG": "est une image, pas un tableau.",
    b"\xff\xd8\xff": "est une image, pas un tableau.",
    b"\x1f\x8b": "est un fichier compressé. Décompressez-le, puis donnez le tableau qu’il contient.",
}
# Des logiciels enregistrent sous « .xls » une page web ou du XML, que les tableurs ouvrent.
_BALISES = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta")


def lire_tableau(octets: bytes, nom: str, *, lignes_max: int = 200_000) -> Tableau:
    """Rend le tableau d'un fichier CSV ou XLSX ; lève Refus, avec une phrase qui nomme la ligne."""
    if not octets:
        raise Refus([f"Le fichier « {nom} » est vide."])
    if len(octets) > OCTETS_MAX:
        taille = f"{len(octets) / 1048576:.1f}".replace(".", ",")
        raise Refus(
            [
                f"Le fichier « {nom} » est trop grand ({taille} Mo) : "
                f"la limite est de {OCTETS_MAX // 1048576} Mo."
            ]
        )
    for signature, phrase in _AUTRES_FORMATS.items():
        if octets.startswith(signature):
            raise Refus([f"Le fichier « {nom} » {phrase}"])
    debut = octets[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if debut.startswith(_BALISES):
        raise Refus([f"Le fichier « {nom} » est une page web ou du XML. {_CONSEIL}"])
    if octets.startswith(b"PK\x03\x04"):
        return lire_a_part(octets, lignes_max)
    return lire_csv(octets, lignes_max)
