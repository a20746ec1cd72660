"""Recevoir un dossier : vérifier ses points, le trancher, ou l'envoyer vers un autre appel."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.dossiers.actions.journal import noter_le_dossier
from parvis.dossiers.actions.reception import prevenir_le_porteur, tenir_le_dossier_recu
from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier, Guichet
from parvis.dossiers.models import Appel, Dossier, PointVerifie
from parvis.dossiers.rules.recevabilite import (
    Faits,
    motifs_empechant_de_trancher,
    motifs_empechant_le_point,
    points_de_controle,
)
from parvis.socle.refus import Refus, exiger
from parvis.socle.texte import en_paragraphes

_QUESTIONS = {point.code: point.question for point in points_de_controle(Faits())}


@transaction.atomic
def verifier_un_point(
    *, par: Acteur, dossier: Dossier, code: str, est_bon: bool, note: str = ""
) -> PointVerifie:
    """Juge un point de la liste de contrôle ; le juger de nouveau remplace ce qui en était dit.

    Lève Refus, et Dossier.DoesNotExist à qui ne reçoit pas ce dossier.
    """
    dossier = tenir_le_dossier_recu(par, dossier)
    note = en_paragraphes(note)[:1000]
    exiger(motifs_empechant_le_point(etat=dossier.etat, code=code, est_bon=est_bon, note=note))
    point, _ = PointVerifie.objects.update_or_create(
        dossier=dossier,
        code=code,
        defaults={
            "est_bon": est_bon,
            "note": note,
            "verifie_le": timezone.now(),
            "verifie_par": par.utilisateur_nom,
            "auteur": par.utilisateur_identifiant,
        },
    )
    verdict = "en règle" if est_bon else "à revoir"
    noter_le_dossier(
        par,
        "dossiers.verifier_un_point",
        dossier,
        {"point": _QUESTIONS[code], "verdict": verdict},
    )
    return point


@transaction.atomic
def trancher(
    *,
    par: Acteur,
    dossier: Dossier,
    vers: str,
    motif: str = "",
    maintenant: datetime | None = None,
) -> Dossier:
    """Dit un dossier recevable, ou irrecevable avec son motif ; le porteur en est prévenu."""
    dossier = tenir_le_dossier_recu(par, dossier)
    if vers not in (EtatDeDossier.RECEVABLE, EtatDeDossier.IRRECEVABLE):
        raise Refus(["Choisissez : recevable, ou irrecevable."])
    est_recevable = vers == EtatDeDossier.RECEVABLE
    _trancher(par, dossier, vers, motif, maintenant or timezone.now())
    if not est_recevable:
        _clore_les_demandes(dossier, EtatDeDemande.IRRECEVABLE)
    noter_le_dossier(
        par,
        "dossiers.trancher",
        dossier,
        {"etat": dossier.get_etat_display().lower(), "motif": dossier.motif},
    )
    texte = (
        "Votre dossier est recevable : il est complet, et les financeurs vont l’étudier. "
        "Ce n’est pas encore un accord."
        if est_recevable
        else f"Votre dossier n’est pas recevable. Motif : {dossier.motif}"
    )
    objet = f"Dossier {dossier.reference} : {dossier.get_etat_display().lower()}"
    prevenir_le_porteur(dossier, objet=objet, texte=texte)
    return dossier


@transaction.atomic
def envoyer_vers_un_autre_appel(
    *,
    par: Acteur,
    dossier: Dossier,
    appel: Appel,
    motif: str,
    maintenant: datetime | None = None,
) -> Dossier:
    """Met fin à un dossier et dit au porteur dans quel appel le reprendre ; il le reprend s'il veut.

    Lève Refus si l'appel est le même, d'un autre contrat, clos, ou n'a rien publié.
    """
    dossier = tenir_le_dossier_recu(par, dossier)
    if appel.pk == dossier.appel_id or appel.contrat_id != dossier.appel.contrat_id:
        raise Refus(["Choisissez un autre appel de ce contrat."])
    publiee = appel.versions.publiees().order_by("numero").last()
    if publiee is None:
        raise Refus(["Cet appel n’est pas publié : le porteur ne pourrait pas y répondre."])
    maintenant = maintenant or timezone.now()
    if publiee.ferme_le <= maintenant:
        raise Refus(["Cet appel est clos : le porteur ne pourrait plus y répondre."])
    dossier.reoriente_vers = appel
    _trancher(par, dossier, EtatDeDossier.REORIENTE, motif, maintenant)
    _clore_les_demandes(dossier, EtatDeDemande.RETIREE)
    noter_le_dossier(
        par,
        "dossiers.envoyer_vers_un_autre_appel",
        dossier,
        {"appel": publiee.titre, "motif": dossier.motif},
    )
    prevenir_le_porteur(
        dossier,
        objet=f"Dossier {dossier.reference} : un autre appel convient mieux",
        texte=f"Cet appel convient mieux à votre projet : « {publiee.titre} ».\n\n{dossier.motif}"
        "\n\nVotre texte et vos pièces sont gardés : ouvrez le dossier pour les y reprendre.",
    )
    return dossier


def _trancher(par: Acteur, dossier: Dossier, vers: str, motif: str, maintenant: datetime) -> None:
    motif = en_paragraphes(motif)[:2000]
    exiger(motifs_empechant_de_trancher(etat=dossier.etat, vers=vers, motif=motif))
    dossier.etat, dossier.motif = vers, motif
    dossier.tranche_le, dossier.tranche_par = maintenant, par.utilisateur_nom
    dossier.save(update_fields=["etat", "motif", "tranche_le", "tranche_par", "reoriente_vers"])


def _clore_les_demandes(dossier: Dossier, etat: str) -> None:
    """Met fin à ce qui était demandé ici ; une demande faite ailleurs suit son cours."""
    dossier.demandes.filter(etat=EtatDeDemande.DEMANDEE, guichet=Guichet.PLATEFORME).update(
        etat=etat
    )
