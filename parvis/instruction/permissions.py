"""Qui étudie les dossiers, et à quel titre."""

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.instruction.enums import Qualite
from parvis.organismes.enums import Nature

# Un instructeur étudie pour son service : en financeur, ou pour sa commune si on la consulte.
QUALITES: dict[str, tuple[Qualite, ...]] = {
    Role.INSTRUCTEUR: (Qualite.FINANCEUR, Qualite.COMMUNE),
    Role.DELEGUE_DU_PREFET: (Qualite.DELEGUE_DU_PREFET,),
    Role.CONSEILLER_CITOYEN: (Qualite.CONSEIL_CITOYEN,),
    Role.EXPERT: (Qualite.EXPERT,),
}


def qualites(acteur: Acteur, contrat: str) -> tuple[Qualite, ...]:
    """Rend à quels titres l'acteur peut étudier les dossiers d'un contrat ; vide s'il n'en étudie pas.

    Un rôle qui vaut pour un contrat ne vaut que pour lui.
    """
    if not acteur.est_confirme or acteur.role not in QUALITES:
        return ()
    assert acteur.rattachement is not None and acteur.organisme is not None
    if acteur.rattachement.contrat and acteur.rattachement.contrat != contrat:
        return ()
    if acteur.role == Role.INSTRUCTEUR and acteur.organisme.nature != Nature.COMMUNE:
        return (Qualite.FINANCEUR,)
    return QUALITES[acteur.role]


def peut_financer(acteur: Acteur) -> bool:
    """Dit si l'acteur étudie les demandes adressées à son service, et en propose le montant."""
    return acteur.a_le_role(Role.INSTRUCTEUR)


def peut_decider(acteur: Acteur) -> bool:
    """Dit si l'acteur prépare et publie les décisions de son organisme, parce que celui-ci finance."""
    return acteur.tient_des_enveloppes


def se_deporte(acteur: Acteur, contrat: str | None = None) -> bool:
    """Dit si un dossier peut atteindre l'acteur : il l'étudie, en décide, ou le reçoit.

    Le pilote ne reçoit que les dossiers de son contrat, si l'on en donne un.
    """
    return (
        acteur.etudie_des_dossiers
        or peut_decider(acteur)
        or acteur.a_le_role(Role.PILOTE, contrat=contrat)
    )


def peut_consulter(acteur: Acteur, contrat: str) -> bool:
    """Dit si l'acteur demande l'avis d'une commune, d'un délégué, d'un conseil citoyen : le pilote."""
    return acteur.a_le_role(Role.PILOTE, contrat=contrat)
