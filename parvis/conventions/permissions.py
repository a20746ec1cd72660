"""Qui prend les actes d'un financeur, et qui les lit."""

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.comptes.permissions import agit_pour
from parvis.organismes.models import Organisme
from parvis.programmation.permissions import a_des_enveloppes


def prend_des_actes(acteur: Acteur) -> bool:
    """Dit si l'acteur prépare les actes de son organisme : qui en tient les enveloppes, et lui seul."""
    return a_des_enveloppes(acteur)


def peut_recevoir_les_actes(acteur: Acteur, titulaire: Organisme) -> bool:
    """Dit si l'acteur lit les actes notifiés à cet organisme : il en est membre confirmé.

    Un expert est invité par un service pour un dossier : il n'en est pas membre.
    """
    est_membre = acteur.est_confirme and acteur.role != Role.EXPERT
    return est_membre and agit_pour(acteur, titulaire.retenu)


def peut_lire_les_comptes(acteur: Acteur) -> bool:
    """Dit si l'acteur emporte en clair les IBAN de qui son service paie : qui en tient l'argent."""
    return prend_des_actes(acteur)
