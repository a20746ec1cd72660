"""Recevoir un dossier : demander des compléments, y répondre, trancher, l'envoyer ailleurs."""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.queries.membres import membres_confirmes
from parvis.comptes.rules.roles import ECRIVENT
from parvis.courriels.actions import deposer
from parvis.courriels.enums import Sujet
from parvis.dossiers.actions.journal import noter_le_dossier
from parvis.dossiers.actions.sections import tenir_le_dossier
from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier, Guichet
from parvis.dossiers.models import Appel, Complement, Dossier, VersionDeposee
from parvis.dossiers.permissions import peut_recevoir_les_dossiers
from parvis.dossiers.queries.controle import empreinte_du_dossier
from parvis.dossiers.queries.depot import contenu_a_deposer
from parvis.dossiers.queries.dossiers import sections
from parvis.dossiers.rules.dossiers import motifs_empechant_le_passage
from parvis.dossiers.rules.recevabilite import (
    motifs_empechant_de_trancher,
    motifs_empechant_le_complement,
)
from parvis.socle.refus import Refus, exiger
from parvis.socle.templatetags.socle import jour as en_clair


def _tenir(par: Acteur, dossier: Dossier) -> Dossier:
    """Rend le dossier verrouillé ; lève Dossier.DoesNotExist à qui ne le reçoit pas."""
    tenu = (
        Dossier.objects.select_for_update(of=("self",))
        .deposes()
        .select_related("projet__porteur__fusionne_dans", "appel__contrat", "version_d_appel")
        .get(pk=dossier.pk)
    )
    if not peut_recevoir_les_dossiers(par, tenu.appel.contrat.code):
        raise Dossier.DoesNotExist
    return tenu


@transaction.atomic
def demander_un_complement(
    *, par: Acteur, dossier: Dossier, section: str, texte: str, echeance: date, piece: str = ""
) -> Complement:
    """Demande au porteur de compléter une section ou une pièce avant une date ; lève Refus.

    La section s'ouvre de nouveau à l'écriture, et elle seule ; ce qui était déposé reste.
    """
    dossier = _tenir(par, dossier)
    connues = sections(dossier)
    texte = texte.strip()[:2000]
    exiger(
        motifs_empechant_le_complement(
            etat=dossier.etat,
            section=section,
            sections=connues,
            texte=texte,
            echeance=echeance,
            jour=timezone.localdate(),
        )
    )
    complement = Complement.objects.create(
        dossier=dossier,
        section=section,
        piece=piece if section == "pieces" else "",
        texte=texte,
        demande_le=timezone.now(),
        demande_par=par.utilisateur_nom,
        auteur=par.utilisateur_identifiant,
        echeance_le=echeance,
    )
    if dossier.etat == EtatDeDossier.DEPOSE:
        dossier.etat = EtatDeDossier.A_COMPLETER
        dossier.save(update_fields=["etat"])
    titre = connues[section].titre
    noter_le_dossier(
        par,
        "dossiers.demander_un_complement",
        dossier,
        {"section": titre, "echeance": echeance.isoformat()},
    )
    _prevenir_le_porteur(
        dossier,
        f"Dossier {dossier.reference} : un complément est demandé",
        f"« {titre} » : {texte}\n\nÀ rendre avant le {en_clair(echeance)}. "
        "Le reste de votre dossier ne change pas.",
    )
    return complement


@transaction.atomic
def repondre_aux_complements(
    *, par: Acteur, dossier: Dossier, reponses: dict[int, str]
) -> VersionDeposee:
    """Rend un dossier complété : une nouvelle version déposée, et les compléments répondus.

    `reponses` donne une phrase par complément, qui peut être vide. Lève Refus s'il n'y en a pas.
    """
    dossier = tenir_le_dossier(par, dossier)
    exiger(motifs_empechant_le_passage(dossier.etat, EtatDeDossier.DEPOSE))
    ouverts = list(dossier.complements.filter(repondu_le__isnull=True))
    if not ouverts:
        raise Refus(["Aucun complément n’attend de réponse."])
    maintenant = timezone.now()
    for complement in ouverts:
        complement.repondu_le, complement.repondu_par = maintenant, par.utilisateur_nom
        complement.reponse = reponses.get(complement.pk, "").strip()[:2000]
    Complement.objects.bulk_update(ouverts, ["repondu_le", "repondu_par", "reponse"])
    dossier.etat = EtatDeDossier.DEPOSE
    dossier.save(update_fields=["etat"])
    dernier = dossier.versions_deposees.aggregate(dernier=Max("numero"))["dernier"] or 0
    version = VersionDeposee.objects.create(
        dossier=dossier,
        numero=dernier + 1,
        contenu=contenu_a_deposer(dossier),
        empreinte=empreinte_du_dossier(dossier),
        deposee_le=maintenant,
        auteur=par.utilisateur_identifiant,
        deposee_par=par.utilisateur_nom,
    )
    noter_le_dossier(par, "dossiers.repondre_aux_complements", dossier, {"version": version.numero})
    return version


@transaction.atomic
def trancher(*, par: Acteur, dossier: Dossier, vers: str, motif: str = "") -> Dossier:
    """Dit un dossier recevable, ou irrecevable avec son motif ; le porteur en est prévenu."""
    dossier = _tenir(par, dossier)
    if vers not in (EtatDeDossier.RECEVABLE, EtatDeDossier.IRRECEVABLE):
        raise Refus(["Choisissez : recevable, ou irrecevable."])
    _trancher(par, dossier, vers, motif)
    if vers == EtatDeDossier.IRRECEVABLE:
        dossier.demandes.filter(etat=EtatDeDemande.DEMANDEE, guichet=Guichet.PLATEFORME).update(
            etat=EtatDeDemande.IRRECEVABLE
        )
    noter_le_dossier(
        par, "dossiers.trancher", dossier, {"etat": dossier.get_etat_display(), "motif": motif}
    )
    texte = (
        "Votre dossier est recevable : les financeurs vont l’étudier. Ce n’est pas encore un accord."
        if vers == EtatDeDossier.RECEVABLE
        else f"Votre dossier n’est pas recevable. Motif : {dossier.motif}"
    )
    objet = f"Dossier {dossier.reference} : {dossier.get_etat_display().lower()}"
    _prevenir_le_porteur(dossier, objet, texte)
    return dossier


@transaction.atomic
def envoyer_vers_un_autre_appel(
    *, par: Acteur, dossier: Dossier, appel: Appel, motif: str
) -> Dossier:
    """Met fin à un dossier et dit au porteur dans quel appel le reprendre ; il le reprend s'il veut."""
    dossier = _tenir(par, dossier)
    if appel.pk == dossier.appel_id or appel.contrat_id != dossier.appel.contrat_id:
        raise Refus(["Choisissez un autre appel de ce contrat."])
    dossier.reoriente_vers = appel
    _trancher(par, dossier, EtatDeDossier.REORIENTE, motif)
    dossier.demandes.filter(etat=EtatDeDemande.DEMANDEE, guichet=Guichet.PLATEFORME).update(
        etat=EtatDeDemande.RETIREE
    )
    noter_le_dossier(
        par,
        "dossiers.envoyer_vers_un_autre_appel",
        dossier,
        {"appel": appel.adresse, "motif": motif},
    )
    _prevenir_le_porteur(
        dossier,
        f"Dossier {dossier.reference} : un autre appel convient mieux",
        f"{dossier.motif}\n\nVotre texte et vos pièces sont gardés : ouvrez le dossier pour les "
        "reprendre dans cet appel.",
    )
    return dossier


def _trancher(par: Acteur, dossier: Dossier, vers: str, motif: str) -> None:
    motif = motif.strip()[:2000]
    exiger(motifs_empechant_de_trancher(etat=dossier.etat, vers=vers, motif=motif))
    dossier.etat, dossier.motif = vers, motif
    dossier.tranche_le, dossier.tranche_par = timezone.now(), par.utilisateur_nom
    dossier.save(update_fields=["etat", "motif", "tranche_le", "tranche_par", "reoriente_vers"])


def _prevenir_le_porteur(dossier: Dossier, objet: str, texte: str) -> None:
    membres = membres_confirmes(dossier.projet.porteur, jour=timezone.localdate())
    chemin = reverse("espace_porteur:dossier", args=[dossier.appel.contrat.code, dossier.pk])
    lien = f"« {dossier.projet.titre} » : {settings.ADRESSE}{chemin}"
    for courriel in sorted({m.utilisateur.courriel for m in membres.filter(role__in=ECRIVENT)}):
        deposer(destinataire=courriel, sujet=Sujet.DEPOT, objet=objet, texte=f"{texte}\n\n{lien}")
