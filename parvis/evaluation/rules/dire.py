"""Où en est un bilan, en une phrase pour chacun, et qui tient la plume."""

from parvis.dossiers.enums import SorteDeBilan
from parvis.evaluation.enums import EtatDeBilan, Issue

FORMULE = (
    "Le coût prévu est ramené à ce qui a été obtenu : ce qui a été refusé ne s’y compte pas. La part d’un "
    "financeur est ce qu’il a voté, multiplié par le coût réel, divisé par ce coût prévu, et jamais plus "
    "que ce qu’il a voté. Ce qu’il a versé au-delà n’est pas dépensé."
)
LA_CONVENTION_DECIDE = (
    "C’est un calcul, pas une décision : la convention, ou la décision de chaque financeur, dit ce qui se "
    "rend et ce qui peut se garder."
)


def dire_l_etat_au_porteur(
    *, etat: str, issue: str, service: str, attendu: str, est_en_retard: bool, sorte: str
) -> str:
    """Rend où en est un bilan pour qui l'écrit ; `etat` est vide tant qu'il n'est pas ouvert."""
    if etat in ("", EtatDeBilan.BROUILLON):
        if sorte == SorteDeBilan.INTERMEDIAIRE:
            return "Il accompagne votre nouvelle demande : rendez-le avant de la déposer."
        if est_en_retard:
            return f"Il était attendu le {attendu} : rendez-le, ou dites-y qu’il vous faut plus de temps."
        return f"Vous tenez la plume : il est attendu le {attendu}."
    if etat == EtatDeBilan.A_COMPLETER:
        return f"Vous tenez la plume : un complément est attendu le {attendu}."
    if etat == EtatDeBilan.RENDU:
        quoi = "dire si ce temps vous est laissé" if issue == Issue.PLUS_DE_TEMPS else "le lire"
        return f"{service[:1].upper()}{service[1:]} tient la plume : {quoi}, au nom de tous les financeurs."
    if etat == EtatDeBilan.NON_REALISE:
        return "Le service a pris acte que le projet n’a pas eu lieu."
    return f"Il est accepté. {suite_de_l_acceptation(sorte)}"


def suite_de_l_acceptation(sorte: str) -> str:
    """Rend ce qu'il reste à faire une fois un bilan accepté : après l'intermédiaire, le définitif."""
    if sorte == SorteDeBilan.INTERMEDIAIRE:
        return "Le bilan définitif reste à rendre, une fois l’exercice fini."
    return "Rien d’autre n’est attendu de vous pour cet exercice."


def dire_le_temps(*, fin: str, attendu: str, exercice: int, fin_du_projet: str) -> str:
    """Rend ce que fait le temps laissé à un projet ; `fin_du_projet`, s'il continue après cet exercice."""
    if fin_du_projet:
        quoi = (
            f"Ce qui était prévu pour {exercice} peut finir le {fin}. La fin du projet, le "
            f"{fin_du_projet}, ne change pas."
        )
    else:
        quoi = f"Le projet peut finir le {fin}."
    return f"{quoi} Le bilan {exercice} est attendu le {attendu}."


def dire_l_etat_au_service(*, etat: str, issue: str, porteur: str) -> str:
    """Rend où en est un bilan rendu pour qui le reçoit, ou le lit."""
    if etat == EtatDeBilan.RENDU:
        if issue == Issue.PLUS_DE_TEMPS:
            return f"{porteur} demande plus de temps : le service du contrat répond pour tous."
        return "Le service du contrat tient la plume : l’accepter, ou demander un complément, pour tous."
    if etat == EtatDeBilan.A_COMPLETER:
        return f"{porteur} tient la plume : un complément lui est demandé."
    if etat == EtatDeBilan.BROUILLON:
        return f"{porteur} a obtenu plus de temps, et le rendra de nouveau."
    if etat == EtatDeBilan.NON_REALISE:
        return "Le service a constaté que le projet n’a pas eu lieu."
    return "Le service l’a accepté pour tous les financeurs."
