"""Le calendrier des livraisons : ce qui est attendu, de qui, et quand."""

from datetime import date

from django.db import transaction

from parvis.journal.actions import noter
from parvis.observatoire.models import Description, LivraisonAttendue
from parvis.socle.auteur import Auteur
from parvis.socle.refus import exiger


@transaction.atomic
def attendre_une_livraison(
    *,
    par: Auteur,
    contrat: str,
    jeu: str,
    fournisseur: str,
    frequence: str,
    prochaine_le: date,
    description: Description | None = None,
    note: str = "",
    attente: LivraisonAttendue | None = None,
) -> LivraisonAttendue:
    """Inscrit une livraison au calendrier d'un contrat, ou change celle-là ; lève Refus si elle est close."""
    ligne = (
        LivraisonAttendue.objects.select_for_update().get(pk=attente.pk)
        if attente
        else LivraisonAttendue(contrat=contrat)
    )
    exiger(["Cette livraison est close."] if ligne.est_close else [])
    est_nouvelle = ligne.pk is None
    ligne.jeu, ligne.fournisseur, ligne.frequence = jeu, fournisseur, frequence
    ligne.prochaine_le, ligne.description, ligne.note = prochaine_le, description, note
    ligne.full_clean()
    ligne.save()
    noter(
        par=par,
        contrat=contrat,
        action="observatoire.attendre_une_livraison",
        objet=f"attente:{ligne.pk}",
        objet_nom=jeu,
        details={
            "fournisseur": fournisseur,
            "prochaine_le": prochaine_le.isoformat(),
            "est_nouvelle": est_nouvelle,
        },
    )
    return ligne


@transaction.atomic
def clore_l_attente(*, par: Auteur, attente: LivraisonAttendue) -> None:
    """N'attend plus une livraison ; sans effet si elle est déjà close."""
    a_jour = LivraisonAttendue.objects.select_for_update().get(pk=attente.pk)
    if a_jour.est_close:
        return
    a_jour.est_close = True
    a_jour.save(update_fields=["est_close"])
    noter(
        par=par,
        contrat=a_jour.contrat,
        action="observatoire.clore_l_attente",
        objet=f"attente:{a_jour.pk}",
        objet_nom=a_jour.jeu,
        details={},
    )
