"""Ce qui empêche de déposer un fichier, dit de façon à savoir quoi faire."""

from collections.abc import Collection

from parvis.documents.enums import Sorte
from parvis.documents.rules.formats import (
    FORMATS,
    HEIC,
    REFUS_D_UNE_EXTENSION,
    SORTE_D_UNE_EXTENSION,
    contenu_reconnu,
    est_un_heic,
    mots_des_sortes,
)
from parvis.documents.rules.noms import extension

MEGA = 1024 * 1024
TAILLE_MAX = 10 * MEGA
# Ce qu'il faut du début d'un fichier pour le reconnaître.
DEBUT = 32


def poids(taille: int) -> str:
    """Rend une taille en octets comme on la lit : « 340 ko », « 1,2 Mo »."""
    if taille < 1024:
        return f"{taille} octets"
    if taille < MEGA:
        return f"{taille // 1024} ko"
    return f"{taille / MEGA:.1f} Mo".replace(".", ",").replace(",0", "")


def sorte_annoncee(nom: str) -> Sorte | None:
    """Rend la sorte que dit l'extension, si elle est acceptée."""
    return SORTE_D_UNE_EXTENSION.get(extension(nom))


def motifs_de_taille(taille: int) -> list[str]:
    """Rend pourquoi un fichier de cette taille, en octets, ne peut pas être pris."""
    if taille <= 0:
        return ["Ce fichier est vide : enregistrez-le de nouveau, puis redonnez-le."]
    if taille > TAILLE_MAX:
        return [
            f"Ce fichier pèse {poids(taille)} ; la limite est de {poids(TAILLE_MAX)}. Enregistrez-le "
            "en PDF de taille réduite, numérisez-le moins finement (150 points par pouce), "
            "ou déposez-le en plusieurs fois."
        ]
    return []


def motifs_empechant_le_depot(
    *, nom: str, taille: int, debut: bytes, accepte: Collection[Sorte] | None = None
) -> list[str]:
    """Rend pourquoi un fichier ne peut pas être pris, d'après son nom et ses premiers octets."""
    acceptees = frozenset(Sorte) if accepte is None else frozenset(accepte)
    sorte = sorte_annoncee(nom)
    motifs = motifs_de_taille(taille)
    if sorte is None:
        return [*motifs, _extension_refusee(nom, debut, acceptees)]
    if sorte not in acceptees:
        motifs.append(
            f"Ici, un fichier {FORMATS[sorte].mot} ne convient pas : "
            f"donnez-le en {mots_des_sortes(acceptees)}."
        )
    if taille > 0 and not debut.startswith(FORMATS[sorte].signature):
        motifs.append(_contenu_refuse(sorte, extension(nom), debut))
    return motifs


def _extension_refusee(nom: str, debut: bytes, acceptees: frozenset[Sorte]) -> str:
    fin = extension(nom)
    if phrase := REFUS_D_UNE_EXTENSION.get(fin):
        return phrase
    if est_un_heic(debut):
        return HEIC
    liste = mots_des_sortes(acceptees)
    if not fin:
        return (
            "Le nom de ce fichier ne finit pas par son format (.pdf, .jpg…) : renommez-le, "
            f"ou enregistrez-le de nouveau en {liste}."
        )
    return f"Le format « .{fin} » n’est pas accepté : donnez ce document en {liste}."


def _contenu_refuse(sorte: Sorte, fin: str, debut: bytes) -> str:
    if est_un_heic(debut):
        return HEIC
    reconnu = contenu_reconnu(debut)
    if reconnu is None:
        return (
            f"Ce fichier finit par « .{fin} », mais ce n’est pas un {FORMATS[sorte].mot} lisible : "
            "il est abîmé, ou il a été renommé. Ouvrez-le, puis enregistrez-le de nouveau."
        )
    return f"Ce fichier finit par « .{fin} », mais son contenu est {reconnu.nom}. {reconnu.conseil}"
