"""L'archive des pièces d'un dossier : des noms de fichiers sûrs et clairs, et son sommaire."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from parvis.socle.templatetags.socle import jour
from parvis.socle.texte import LIGATURES

SOMMAIRE = "00 - Sommaire.txt"
# Ce qui n'y est pas, et pourquoi.
RESERVEE = "joint au dossier ; seuls l’ouvrent ceux qui signent pour l’organisme et ceux qui paient"
ILLISIBLE = "joint au dossier ; le site n’a pas pu relire ce fichier, prévenez qui le tient"
_LONGUEURS = (70, 40)
_ETRANGERS = re.compile(r"[^A-Za-z0-9 ()+,=_-]+")


@dataclass(frozen=True)
class PieceAEmporter:
    """Un fichier joint : de quelle pièce, sous quel nom, et si ce lecteur peut l'ouvrir."""

    cle: str
    libelle: str
    nom_d_origine: str
    extension: str
    poids: str
    empreinte: str
    valable_jusqu_au: date | None = None
    est_lisible: bool = True


@dataclass(frozen=True)
class PieceAttendue:
    """Une pièce que l'appel demande à ce porteur."""

    cle: str
    libelle: str
    est_obligatoire: bool


def en_nom_sur(texte: str, longueur: int) -> str:
    """Rend un morceau de nom de fichier en ASCII, que tous les systèmes acceptent ; jamais vide.

    Un point, une barre ou un deux-points y devient une espace : ni chemin, ni seconde extension.
    """
    decompose = unicodedata.normalize("NFKD", texte.translate(LIGATURES).replace("'", " "))
    sans_accents = "".join(c for c in decompose if not unicodedata.combining(c))
    propre = " ".join(_ETRANGERS.sub(" ", sans_accents).split())
    return propre[:longueur].strip(" -") or "sans nom"


def noms_des_pieces(porteur: str, pieces: Sequence[PieceAEmporter]) -> list[str]:
    """Rend le nom de chaque fichier dans l'archive : « 03 - Statuts - Les Amis du Verger.pdf ».

    Le rang vient d'abord : deux fichiers n'ont jamais le même nom, et ils se lisent dans l'ordre.
    """
    chiffres = max(2, len(str(len(pieces))))
    libelle, nom = _LONGUEURS
    qui = en_nom_sur(porteur, nom)
    return [
        f"{rang:0{chiffres}d} - {en_nom_sur(piece.libelle, libelle)} - {qui}.{piece.extension}"
        for rang, piece in enumerate(pieces, 1)
    ]


def rang_des_pieces(attendues: Sequence[PieceAttendue]) -> Callable[[PieceAEmporter], int]:
    """Rend de quoi trier les pièces dans l'ordre où l'appel les demande, les autres à la fin."""
    rangs = {attendue.cle: rang for rang, attendue in enumerate(attendues)}
    return lambda piece: rangs.get(piece.cle, len(rangs))


def ce_qui_manque(
    pieces: Iterable[PieceAEmporter], attendues: Iterable[PieceAttendue], le: date
) -> list[str]:
    """Rend les pièces demandées que rien ne donne, ou que plus rien ne donne ce jour-là, en phrases."""
    fins: dict[str, list[date | None]] = {}
    for piece in pieces:
        fins.setdefault(piece.cle, []).append(piece.valable_jusqu_au)
    manquent = []
    for attendue in attendues:
        quoi = f"{attendue.libelle} ({'il la faut' if attendue.est_obligatoire else 'facultative'})"
        siennes = fins.get(attendue.cle)
        if siennes is None:
            manquent.append(f"{quoi} : rien n’est joint.")
        elif all(fin is not None and fin < le for fin in siennes):
            manquent.append(f"{quoi} : ce qui est joint ne vaut plus.")
    return manquent


def sommaire(
    tete: Sequence[str],
    fichiers: Sequence[tuple[str, PieceAEmporter]],
    manquent: Sequence[str],
    absents: Sequence[tuple[PieceAEmporter, str]],
) -> str:
    """Rend le sommaire d'une archive, en texte ; `absents` dit pourquoi une pièce n'y est pas."""
    lignes = [*tete, "", "LES FICHIERS", ""]
    for nom, piece in fichiers:
        fin = piece.valable_jusqu_au
        lignes += [
            nom,
            f"    {piece.libelle}. Joint sous le nom « {piece.nom_d_origine} », {piece.poids}.",
            *([f"    Vaut jusqu’au {jour(fin)}."] if fin else []),
            f"    SHA-256 : {piece.empreinte}",
            "",
        ]
    if not fichiers:
        lignes += ["Aucun.", ""]
    if absents:
        lignes += ["CE QUI N’EST PAS DANS CETTE ARCHIVE", ""]
        lignes += [f"- {piece.libelle} : {pourquoi}." for piece, pourquoi in absents]
        lignes.append("")
    lignes += ["CE QUI MANQUE AU DOSSIER", ""]
    lignes += [f"- {phrase}" for phrase in manquent] or ["Rien de ce que l’appel demande."]
    # Le bloc-notes de Windows attend ses fins de ligne.
    return "\r\n".join([*lignes, ""])
