"""La loi d'un bilan : ses passages, le jour où il est dû, ce qui empêche de le rendre ou de l'accepter."""

from collections.abc import Collection
from datetime import date

from parvis.dossiers.enums import EtatDeDossier, SorteDeBilan
from parvis.dossiers.rules.recepisse import apres_des_mois
from parvis.evaluation.enums import EtatDeBilan, Issue

PASSAGES: dict[str, tuple[str, ...]] = {
    EtatDeBilan.BROUILLON: (EtatDeBilan.RENDU,),
    # Accorder plus de temps rouvre le bilan, avec un autre jour.
    EtatDeBilan.RENDU: (
        EtatDeBilan.A_COMPLETER,
        EtatDeBilan.ACCEPTE,
        EtatDeBilan.NON_REALISE,
        EtatDeBilan.BROUILLON,
    ),
    EtatDeBilan.A_COMPLETER: (EtatDeBilan.RENDU,),
    EtatDeBilan.ACCEPTE: (),
    EtatDeBilan.NON_REALISE: (),
}
S_ECRIVENT = (EtatDeBilan.BROUILLON, EtatDeBilan.A_COMPLETER)
CLOS = (EtatDeBilan.ACCEPTE, EtatDeBilan.NON_REALISE)
FORMULAIRE = "CERFA n° 15059*02"
ISSUES = {
    SorteDeBilan.INTERMEDIAIRE: (Issue.EN_COURS, Issue.PAS_COMMENCE, Issue.REALISE),
    SorteDeBilan.DEFINITIF: (
        Issue.REALISE,
        Issue.EN_PARTIE,
        Issue.PAS_REALISE,
        Issue.PLUS_DE_TEMPS,
    ),
}
# Sans argent dépensé ni habitant touché, il n'y a qu'à dire pourquoi.
SANS_RECIT = (Issue.PAS_REALISE, Issue.PLUS_DE_TEMPS, Issue.PAS_COMMENCE)
TEXTE_AU_PLUS = 2000
# On ne repousse pas un bilan de plus loin : au-delà, c'est une autre convention.
REPORT_AU_PLUS = 24
NOM_AU_PLUS = 200


def motifs_empechant_le_passage(depuis: str, vers: str) -> list[str]:
    """Rend pourquoi un bilan ne peut pas changer d'état ; vide s'il le peut."""
    if vers in PASSAGES[depuis]:
        return []
    return [f"Ce bilan est « {EtatDeBilan(depuis).label.lower()} » : cela ne se fait plus."]


def motifs_empechant_d_ouvrir(*, etat_du_dossier: str, est_attendu: bool) -> list[str]:
    """Rend pourquoi un bilan ne s'ouvre pas ; vide si rien ne s'oppose."""
    if etat_du_dossier == EtatDeDossier.RETIRE and not est_attendu:
        return ["Ce dossier est retiré : il n’a pas de bilan à rendre."]
    if not est_attendu:
        return ["Aucun financeur n’a encore voté d’argent pour cet exercice : rien n’est à rendre."]
    return []


def motifs_empechant_d_ecrire(*, etat: str, section: str, demandees: Collection[str]) -> list[str]:
    """Rend pourquoi une section ne s'écrit pas : rendu, seul un complément demandé la rouvre."""
    if etat == EtatDeBilan.BROUILLON or (etat == EtatDeBilan.A_COMPLETER and section in demandees):
        return []
    if etat == EtatDeBilan.A_COMPLETER:
        return ["Seules s’écrivent les sections que le service demande de compléter."]
    return ["Ce bilan est rendu : il ne change plus."]


def fin_accordee(exercice: int, fin: date) -> date:
    """Rend le jour dont part le délai d'un bilan repoussé : jamais avant la fin de son exercice."""
    return max(fin, date(exercice, 12, 31))


def motifs_de_la_fin_demandee(
    *, fin: date | None, prevue: date | None, jour: date, fin_du_projet: date | None = None
) -> list[str]:
    """Rend ce qui cloche dans la nouvelle date de fin d'un projet qui demande plus de temps.

    `fin_du_projet` est celle d'un projet qui continue après cet exercice : elle ne se déplace pas d'ici.
    """
    if fin is None:
        return ["Dites quand le projet finira."]
    if fin <= jour:
        return ["La nouvelle date de fin est à venir."]
    if prevue is not None and fin <= prevue:
        return ["La nouvelle date de fin vient après celle qui était prévue."]
    if fin_du_projet is not None and fin > fin_du_projet:
        return [
            "La nouvelle date de fin ne dépasse pas celle du projet : au-delà, le temps se demande dans le "
            "bilan de sa dernière année."
        ]
    if fin > apres_des_mois(jour, REPORT_AU_PLUS):
        return [f"La nouvelle date de fin est dans {REPORT_AU_PLUS // 12} ans au plus."]
    return []


def motifs_de_la_signature(*, nom: str, qualite: str, certifie: bool) -> list[str]:
    """Rend ce qui manque à la signature d'un bilan."""
    motifs = []
    if not nom:
        motifs.append("Écrivez le nom de qui signe.")
    if not qualite:
        motifs.append("Écrivez à quel titre cette personne signe : présidente, trésorier, maire…")
    if not certifie:
        motifs.append("Cochez la case : qui signe certifie que ce bilan est exact.")
    return motifs


def motifs_empechant_le_complement(
    *, etat: str, section: str, sections: Collection[str], texte: str, echeance: date, jour: date
) -> list[str]:
    """Rend pourquoi un complément ne se demande pas ainsi : tous les motifs à la fois."""
    if etat not in (EtatDeBilan.RENDU, EtatDeBilan.A_COMPLETER):
        return motifs_empechant_le_passage(etat, EtatDeBilan.A_COMPLETER)
    motifs = []
    if section not in sections:
        motifs.append("Choisissez la section à compléter.")
    if not texte:
        motifs.append("Dites ce qu’il faut compléter.")
    if echeance <= jour:
        motifs.append("Laissez au moins un jour pour répondre.")
    return motifs


def motifs_empechant_d_accorder_du_temps(*, etat: str, issue: str) -> list[str]:
    """Rend pourquoi l'on n'accorde pas plus de temps : il faut que le porteur l'ait demandé."""
    if etat == EtatDeBilan.RENDU and issue != Issue.PLUS_DE_TEMPS:
        return ["Ce bilan ne demande pas plus de temps."]
    return motifs_empechant_le_passage(etat, EtatDeBilan.BROUILLON)


def motifs_empechant_d_accepter(*, etat: str, issue: str) -> list[str]:
    """Rend pourquoi un bilan ne s'accepte pas."""
    if etat == EtatDeBilan.RENDU and issue == Issue.PLUS_DE_TEMPS:
        return ["Le porteur demande plus de temps : accordez-le, ou demandez-lui un complément."]
    return motifs_empechant_le_passage(etat, EtatDeBilan.ACCEPTE)


def etat_d_un_bilan_accepte(issue: str) -> str:
    """Rend l'état d'un bilan que le service accepte : celui d'un projet qui n'a pas eu lieu le dit."""
    return EtatDeBilan.NON_REALISE if issue == Issue.PAS_REALISE else EtatDeBilan.ACCEPTE
