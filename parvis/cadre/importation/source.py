"""De l'octet à la ligne numérotée : taille, encodage, fichiers binaires, lignes démesurées."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from .structure import Anomalie

LIMITE_OCTETS = 20 * 1024 * 1024
LIMITE_LIGNE = 200_000
LIMITE_PARAGRAPHE = 20_000
_SIGNATURES = {
    b"%PDF": "un fichier PDF",
    b"PK\x03\x04": "un fichier compressé (DOCX, XLSX ou ZIP)",
    b"\xd0\xcf\x11\xe0": "un ancien fichier Word ou Excel",
    b"\x89PNG": "une image",
    b"\xff\xd8\xff": "une image",
    b"\x1f\x8b": "un fichier compressé",
}
_RTF = b"{\\rtf"
ANCIEN_OFFICE = b"\xd0\xcf\x11\xe0"
_CONTROLES = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
# Marques internes du lecteur (gras) : neutralisées à l'entrée pour qu'un document ne les forge pas.
_USAGE_PRIVE = re.compile("[\ue000-\uf8ff\ufeff\u200b\u00ad]")


class DocumentIllisible(ValueError):
    """Document que le lecteur refuse, avec une phrase en français et la ligne en cause.

    `ligne` vaut 0 quand rien n'a pu être ouvert : la phrase n'en nomme alors aucune.
    """

    def __init__(self, texte: str, ligne: int = 1):
        phrase = f"Ligne {ligne} : {texte}" if ligne else texte[:1].upper() + texte[1:]
        super().__init__(phrase)
        self.texte = texte
        self.ligne = ligne


def charger(chemin: str | Path) -> tuple[list[str], list[Anomalie]]:
    """Lit un fichier et rend ses lignes et les anomalies d'encodage.

    Lève DocumentIllisible (fichier absent, vide, trop grand, binaire, indécodable).
    """
    chemin = Path(chemin)
    try:
        taille = chemin.stat().st_size
        if taille > LIMITE_OCTETS:
            raise DocumentIllisible(_trop_grand(taille))
        with chemin.open("rb") as flux:
            octets = flux.read(LIMITE_OCTETS + 1)
    except OSError as erreur:
        raise DocumentIllisible(fermeture(chemin, erreur), 0) from erreur
    return decouper_octets(octets)


def fermeture(chemin: Path, erreur: OSError) -> str:
    """Rend la phrase qui dit pourquoi un fichier ne s'ouvre pas."""
    raisons = {
        FileNotFoundError: "n'existe pas",
        IsADirectoryError: "est un dossier",
        PermissionError: "ne se laisse pas lire : il manque le droit de lecture",
    }
    raison = raisons.get(type(erreur), "ne se laisse pas lire")
    return f"le fichier « {chemin} » {raison}."


def decouper_octets(octets: bytes) -> tuple[list[str], list[Anomalie]]:
    """Décode des octets (UTF-8, UTF-16 avec indicateur, Windows-1252) et les découpe en lignes."""
    if len(octets) > LIMITE_OCTETS:
        raise DocumentIllisible(_trop_grand(len(octets)))
    for signature, quoi in _SIGNATURES.items():
        if octets.startswith(signature):
            raise DocumentIllisible(f"ce n'est pas un texte mais {quoi}.")
    if octets[:64].lstrip().startswith(_RTF):
        raise DocumentIllisible("c'est un document RTF : enregistrez-le en .docx.")
    texte, anomalies = _decoder(octets)
    return decouper_texte(texte), anomalies


def decouper_texte(texte: str) -> list[str]:
    """Découpe un texte en lignes normalisées ; lève DocumentIllisible si rien n'est lisible."""
    if len(texte) > LIMITE_OCTETS:
        raise DocumentIllisible(_trop_grand(len(texte)))
    nul = texte.find("\0")
    if nul >= 0:
        raise DocumentIllisible(
            "octet nul : ce fichier n'est pas un texte.", texte.count("\n", 0, nul) + 1
        )
    if not texte.strip():
        raise DocumentIllisible("le document est vide.")
    if len(_CONTROLES.findall(texte)) > max(20, len(texte) // 50):
        raise DocumentIllisible("trop de caractères de contrôle : ce fichier n'est pas un texte.")
    texte = unicodedata.normalize("NFC", texte).replace("\r\n", "\n").replace("\r", "\n")
    texte = _USAGE_PRIVE.sub("", _CONTROLES.sub(" ", texte)).replace("\f", " ").replace("\v", " ")
    lignes = texte.split("\n")
    for numero, ligne in enumerate(lignes, 1):
        if len(ligne) > LIMITE_LIGNE:
            raise DocumentIllisible(
                f"ligne de {len(ligne)} caractères (limite {LIMITE_LIGNE}).", numero
            )
    return lignes


def _trop_grand(taille: int) -> str:
    return (
        f"le document est trop grand ({taille / 1048576:.1f} Mo) : "
        f"la limite est de {LIMITE_OCTETS // 1048576} Mo.".replace(".", ",", 1)
    )


def _decoder(octets: bytes) -> tuple[str, list[Anomalie]]:
    for indicateur, codage in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if octets.startswith(indicateur):
            return _decoder_utf16(octets, codage)
    nul = octets.find(b"\0")
    if nul >= 0:
        raise DocumentIllisible(
            "octet nul : ce fichier n'est pas un texte.", octets.count(b"\n", 0, nul) + 1
        )
    try:
        return octets.decode("utf-8-sig"), []
    except UnicodeDecodeError as erreur:
        return _decoder_abime(octets, erreur)


def _decoder_utf16(octets: bytes, codage: str) -> tuple[str, list[Anomalie]]:
    """Décode de l'UTF-16 ; un dernier caractère coupé est signalé, pas refusé."""
    tolerant = octets.decode(codage, errors="replace")
    perdus = tolerant.count("\ufffd")
    if perdus > 1 + len(tolerant) // 100:
        raise DocumentIllisible("texte UTF-16 abîmé.")
    ligne = tolerant.count("\n", 0, tolerant.find("\ufffd")) + 1 if perdus else 1
    texte = f"{perdus} caractère(s) illisible(s) en UTF-16, le premier à la ligne {ligne}"
    return tolerant, [Anomalie(ligne, "encodage", texte)] if perdus else []


def _decoder_abime(octets: bytes, erreur: UnicodeDecodeError) -> tuple[str, list[Anomalie]]:
    ligne = octets.count(b"\n", 0, erreur.start) + 1
    tolerant = octets.decode("utf-8", errors="replace")
    perdus = tolerant.count("\ufffd")
    accentues = sum(1 for caractere in tolerant if caractere > "\x7f") - perdus
    if (
        perdus * 2 <= accentues
    ):  # surtout de l'UTF-8 valide : coupé en fin de fichier ou abîmé par endroits
        texte = f"{perdus} caractère(s) illisible(s) en UTF-8, le premier à la ligne {ligne}"
        return tolerant, [Anomalie(ligne, "encodage", texte)]
    texte = octets.decode("cp1252", errors="replace")
    return texte, [Anomalie(ligne, "encodage", "lu comme Windows-1252")]
