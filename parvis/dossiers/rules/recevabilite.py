"""La recevabilité : ce que le pilote vérifie, ce qu'il demande, ce qu'il peut décider."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from parvis.dossiers.enums import EtatDeDossier
from parvis.dossiers.rules.dossiers import motifs_empechant_le_passage

DELAI_PROPOSE = timedelta(days=15)
DELAI_AU_MOINS = timedelta(days=2)
# Une attestation se signe sur tout le dossier : c'est une autre section que l'on fait corriger.
SANS_COMPLEMENT = frozenset({"attestations"})


@dataclass(frozen=True)
class PointDeControle:
    """Un point que le pilote vérifie, et ce que la plateforme en sait déjà."""

    code: str
    question: str
    constat: str
    # None : c'est à une personne de le dire.
    est_bon: bool | None


@dataclass(frozen=True)
class Faits:
    """Ce que la plateforme constate d'un dossier déposé : des phrases, vides quand tout va bien."""

    retard: str = ""
    pieces: Sequence[str] = ()
    budget: Sequence[str] = ()
    fiches: Sequence[str] = ()
    lieux: Sequence[str] = ()
    # Ce que le même projet a déposé pour l'exercice d'avant.
    an_dernier: Sequence[str] = ()
    # Les autres dossiers du même porteur dans cet appel.
    autres: Sequence[str] = ()


def points_de_controle(faits: Faits) -> list[PointDeControle]:
    """Rend la liste de contrôle d'un dossier, ce qui est constaté d'abord."""
    constates = (
        ("delai", "Le dossier est arrivé à temps", [faits.retard] if faits.retard else []),
        ("pieces", "Les pièces obligatoires sont jointes, et valent encore", faits.pieces),
        ("budget", "Le budget est équilibré", faits.budget),
        ("fiches", "Les fiches choisies sont celles de l’appel", faits.fiches),
        ("lieux", "Le projet se passe dans le territoire du contrat", faits.lieux),
    )
    avant = " ".join(faits.an_dernier) or "Aucun dossier de ce projet pour l’exercice d’avant."
    autres = " ".join(faits.autres) or "Aucun autre dossier de ce porteur dans cet appel."
    return [
        *(
            PointDeControle(code, question, " ".join(motifs) or "Oui.", not motifs)
            for code, question, motifs in constates
        ),
        PointDeControle("an_dernier", "L’an dernier est en ordre : bilan rendu", avant, None),
        PointDeControle("doublon", "Ce dossier ne fait pas double emploi", autres, None),
        PointDeControle(
            "porteur", "Le porteur peut recevoir l’argent, et qui a signé l’engage", "", None
        ),
        PointDeControle("pieces_lues", "Chaque pièce est la bonne : elle a été ouverte", "", None),
        PointDeControle("objet", "Le projet répond à l’appel", "", None),
    ]


CODES_DES_POINTS = frozenset(point.code for point in points_de_controle(Faits()))


def motifs_empechant_le_point(*, etat: str, code: str, est_bon: bool, note: str) -> list[str]:
    """Rend pourquoi un point de la liste de contrôle ne peut pas être jugé ainsi."""
    motifs = []
    if etat not in (EtatDeDossier.DEPOSE, EtatDeDossier.A_COMPLETER):
        motifs.append("Ce dossier est déjà tranché, ou retiré : sa liste ne change plus.")
    if code not in CODES_DES_POINTS:
        motifs.append("Choisissez un point de la liste.")
    if not est_bon and not _dit_quelque_chose(note):
        motifs.append("Dites ce qui ne va pas : une phrase suffit.")
    return motifs


def motifs_empechant_le_complement(
    *, etat: str, section: str, sections: Collection[str], texte: str, echeance: date, jour: date
) -> list[str]:
    """Rend pourquoi un complément ne peut pas être demandé."""
    motifs = []
    if etat not in (EtatDeDossier.DEPOSE, EtatDeDossier.A_COMPLETER):
        motifs.append("Un complément se demande sur un dossier déposé, avant de trancher.")
    if section not in sections or section in SANS_COMPLEMENT:
        motifs.append("Choisissez la section à compléter.")
    if not _dit_quelque_chose(texte):
        motifs.append("Dites ce qu’il faut compléter.")
    if echeance < jour + DELAI_AU_MOINS:
        motifs.append("Laissez au moins deux jours pour répondre.")
    return motifs


def motifs_empechant_de_trancher(*, etat: str, vers: str, motif: str) -> list[str]:
    """Rend pourquoi un dossier ne peut pas être déclaré recevable, irrecevable ou envoyé ailleurs."""
    motifs = []
    if motifs_empechant_le_passage(etat, vers):
        motifs.append("Ce dossier est déjà tranché, ou retiré.")
    if vers != EtatDeDossier.RECEVABLE and not _dit_quelque_chose(motif):
        motifs.append("Écrivez le motif : le porteur le lira.")
    return motifs


def _dit_quelque_chose(texte: str) -> bool:
    return any(signe.isalnum() for signe in texte)


def est_en_retard(*, echeance: date, repondu_le: datetime | None, jour: date) -> bool:
    """Dit si un complément n'a pas sa réponse et que son échéance est passée."""
    return repondu_le is None and echeance < jour
