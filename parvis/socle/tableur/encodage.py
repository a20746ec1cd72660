"""Des octets au texte : UTF-8, UTF-16 avec sa marque, Windows-1252 ; jamais un fichier binaire."""

import re

from parvis.socle.refus import Refus

# Sans sa marque, un texte encodé se lirait ailleurs comme autre chose.
MARQUES = {
    "utf-8-sig": b"\xef\xbb\xbf",
    "utf-16-le": b"\xff\xfe",
    "utf-16-be": b"\xfe\xff",
}
_CONTROLES = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
_BINAIRE = "ce fichier n’est pas un texte. Donnez un tableau au format CSV ou XLSX."


def decoder(octets: bytes) -> tuple[str, str]:
    """Rend le texte et son encodage ; lève Refus si ce n'est pas un texte.

    Un texte sans accent est dit « ascii » : les accents qu'on y ajoute demanderont la marque.
    """
    encodage = next((nom for nom, m in MARQUES.items() if octets.startswith(m)), "")
    if encodage:
        texte = _selon(octets[len(MARQUES[encodage]) :], encodage)
    elif b"\0" in octets:
        ligne = octets.count(b"\n", 0, octets.index(b"\0")) + 1
        raise Refus([f"Ligne {ligne} : {_BINAIRE}"])
    else:
        texte, encodage = _sans_marque(octets)
    nul = texte.find("\0")
    if nul >= 0:
        raise Refus([f"Ligne {_ligne(texte, nul)} : {_BINAIRE}"])
    if sum(1 for _ in _CONTROLES.finditer(texte)) > max(20, len(texte) // 50):
        raise Refus([f"Ligne 1 : {_BINAIRE}"])
    return texte, encodage


def encoder(texte: str, encodage: str) -> bytes:
    """Rend les octets d'un texte ; ce que l'encodage n'a pas le fait passer en UTF-8 avec marque."""
    nu = "utf-8" if encodage == "utf-8-sig" else encodage
    try:
        return MARQUES.get(encodage, b"") + texte.encode(nu)
    except UnicodeEncodeError:
        return MARQUES["utf-8-sig"] + texte.encode()


def _selon(octets: bytes, encodage: str) -> str:
    nu = "utf-8" if encodage == "utf-8-sig" else encodage
    try:
        return octets.decode(nu)
    except UnicodeDecodeError as erreur:
        ligne = _ligne(octets[: erreur.start].decode(nu, "ignore"))
        raise Refus(
            [f"Ligne {ligne} : un caractère ne se lit pas, le fichier est abîmé."]
        ) from None


def _sans_marque(octets: bytes) -> tuple[str, str]:
    if octets.isascii():
        return octets.decode("ascii"), "ascii"
    try:
        return octets.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as erreur:
        ligne = _ligne(octets[: erreur.start].decode("utf-8", "ignore"))
    tolerant = octets.decode("utf-8", "replace")
    perdus = tolerant.count("\ufffd")
    accentues = len(tolerant) - len(re.sub(r"[^\x00-\x7f]", "", tolerant)) - perdus
    if perdus * 2 <= accentues:  # de l'UTF-8 abîmé : lu autrement, tous ses accents seraient faux
        raise Refus(
            [f"Ligne {ligne} : un caractère est abîmé. Corrigez-le, puis enregistrez en UTF-8."]
        )
    try:
        return octets.decode("cp1252"), "cp1252"
    except UnicodeDecodeError as erreur:
        ligne = _ligne(octets[: erreur.start].decode("latin-1"))
        raise Refus(
            [
                f"Ligne {ligne} : un caractère ne se lit pas. "
                "Enregistrez le fichier de nouveau, en UTF-8 ou au format XLSX."
            ]
        ) from None


def _ligne(texte: str, fin: int | None = None) -> int:
    """Rend le numéro de la ligne où le texte s'arrête, quelles que soient les fins de ligne."""
    return len(re.findall(r"\r\n|\r|\n", texte[:fin])) + 1
