"""La recevabilité : ce que le pilote vérifie, ce qu'il demande, ce qu'il peut décider."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from parvis.dossiers.enums import EtatDeDossier

DELAI_PROPOSE = timedelta(days=15)
DELAI_AU_MOINS = timedelta(days=2)


@dataclass(frozen=True)
class PointDeControle:
    """Un point que le pilote vérifie, et ce que la plateforme en sait déjà."""

    code: str
    question: str
    constat: str
    # None : c'est à une personne de le dire.
    est_bon: bool | None


def motifs_empechant_le_complement(
    *, etat: str, section: str, sections: Collection[str], texte: str, echeance: date, jour: date
) -> list[str]:
    """Rend pourquoi un complément ne peut pas être demandé."""
    motifs = []
    if etat not in (EtatDeDossier.DEPOSE, EtatDeDossier.A_COMPLETER):
        motifs.append("Un complément se demande sur un dossier déposé, avant de trancher.")
    if section not in sections:
        motifs.append("Choisissez la section à compléter.")
    if not any(signe.isalnum() for signe in texte):
        motifs.append("Dites ce qu’il faut compléter.")
    if echeance < jour + DELAI_AU_MOINS:
        motifs.append("Laissez au moins deux jours pour répondre.")
    return motifs


def motifs_empechant_de_trancher(*, etat: str, vers: str, motif: str) -> list[str]:
    """Rend pourquoi un dossier ne peut pas être déclaré recevable, irrecevable ou envoyé ailleurs."""
    motifs = []
    if etat not in (EtatDeDossier.DEPOSE, EtatDeDossier.A_COMPLETER):
        motifs.append("Ce dossier est déjà tranché, ou retiré.")
    if vers != EtatDeDossier.RECEVABLE and not any(signe.isalnum() for signe in motif):
        motifs.append("Écrivez le motif : le porteur le lira.")
    return motifs


def est_en_retard(*, echeance: date, repondu_le: datetime | None, jour: date) -> bool:
    """Dit si un complément n'a pas sa réponse et que son échéance est passée."""
    return repondu_le is None and echeance < jour
