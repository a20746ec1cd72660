"""Fermer un compte et ses sessions, le rouvrir."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.actions.annonces import annoncer_le_depart_de
from parvis.comptes.enums import EtatDInvitation, Role
from parvis.comptes.models import Invitation, Rattachement, Utilisateur
from parvis.courriels.actions import deposer
from parvis.courriels.enums import Sujet
from parvis.journal.actions import noter, tenir_la_chaine
from parvis.organismes.models import Organisme
from parvis.pilotage import rules
from parvis.socle.refus import exiger


@transaction.atomic
def fermer_le_compte(*, par: Acteur, utilisateur: Utilisateur, motif: str) -> None:
    """Ferme un compte, ses sessions et les invitations qu'il a envoyées ; lève Refus.

    Ses rôles restent : rouvrir le compte les rend.
    """
    # L'un après l'autre : deux administrateurs ne se ferment pas l'un l'autre au même instant.
    tenir_la_chaine("instance")
    personne = Utilisateur.objects.select_for_update().get(pk=utilisateur.pk)
    administrateurs = Rattachement.objects.confirmes(timezone.localdate()).filter(
        role=Role.ADMINISTRATEUR
    )
    exiger(
        rules.motifs_empechant_de_fermer(
            est_soi_meme=par.utilisateur is not None and par.utilisateur.pk == personne.pk,
            est_ouvert=personne.is_active,
            peut_encore=par.utilisateur is None
            or administrateurs.filter(utilisateur=par.utilisateur).exists(),
            motif=motif,
        )
    )
    tenus = list(Rattachement.objects.confirmes(timezone.localdate()).filter(utilisateur=personne))
    personne.is_active = False
    personne.save(update_fields=["is_active"])
    _fermer_les_sessions(personne)
    Invitation.objects.filter(
        invite_par__utilisateur=personne, etat=EtatDInvitation.ENVOYEE
    ).update(etat=EtatDInvitation.ANNULEE, close_le=timezone.now())
    _noter_et_ecrire(par, "pilotage.fermer_le_compte", personne, motif, "est fermé")
    for organisme in Organisme.objects.filter(rattachements__in=tenus).distinct():
        annoncer_le_depart_de(personne, organisme)


@transaction.atomic
def rouvrir_le_compte(*, par: Acteur, utilisateur: Utilisateur, motif: str) -> None:
    """Rouvre un compte fermé ; lève Refus."""
    personne = Utilisateur.objects.select_for_update().get(pk=utilisateur.pk)
    exiger(rules.motifs_empechant_de_rouvrir(est_ouvert=personne.is_active, motif=motif))
    personne.is_active = True
    personne.save(update_fields=["is_active"])
    _noter_et_ecrire(par, "pilotage.rouvrir_le_compte", personne, motif, "est rouvert")


def _fermer_les_sessions(personne: Utilisateur) -> None:
    """Efface les sessions de cette personne : rouvrir le compte ne les rendra pas."""
    ouvertes = Session.objects.filter(expire_date__gt=timezone.now())
    siennes = [
        session.pk
        for session in ouvertes.iterator()
        if session.get_decoded().get(SESSION_KEY) == str(personne.pk)
    ]
    Session.objects.filter(pk__in=siennes).delete()


def _noter_et_ecrire(
    par: Acteur, action: str, personne: Utilisateur, motif: str, etat: str
) -> None:
    noter(
        par=par,
        contrat="instance",
        action=action,
        objet=f"utilisateur:{personne.pk}",
        objet_nom=f"Compte n° {personne.pk}",
        details={"personne": str(personne), "motif": motif.strip()},
    )
    deposer(
        destinataire=personne.courriel,
        sujet=Sujet.SECURITE,
        objet=f"Votre compte {etat}",
        texte=f"Un administrateur de la plateforme l’a décidé : votre compte {etat}. "
        f"Motif : {motif.strip()}",
    )
