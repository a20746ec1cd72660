"""Inviter, accepter, décliner ; confirmer par un code envoyé à l'organisme."""

import hashlib
import secrets
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.actions.annonces import annoncer_l_arrivee
from parvis.comptes.actions.journal import noter_pour
from parvis.comptes.actions.rattachements import confirmer, ouvrir
from parvis.comptes.enums import EtatDeRattachement, EtatDInvitation, Preuve, Role
from parvis.comptes.models import CodeDOrganisme, Invitation, Rattachement
from parvis.comptes.queries.membres import a_un_gestionnaire, de_l_organisme
from parvis.comptes.rules import invitations as rules
from parvis.comptes.rules.rattachements import motifs_empechant_de_passer
from parvis.courriels.actions import deposer
from parvis.courriels.enums import Sujet
from parvis.journal.actions import tenir_la_chaine
from parvis.organismes.models import Organisme
from parvis.socle.refus import Refus, exiger
from parvis.socle.templatetags.socle import de

# Sans lettres ni chiffres que l'on confond à la lecture.
SIGNES_DU_CODE = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def empreinte_du_jeton(jeton: str) -> str:
    """Rend l'empreinte gardée d'un jeton d'invitation."""
    return hashlib.sha256(jeton.encode()).hexdigest()


@transaction.atomic
def inviter(
    *,
    par: Acteur,
    organisme: Organisme,
    courriel: str,
    role: str,
    contrat: str = "",
    fin_le: date | None = None,
) -> Invitation:
    """Invite une adresse à un rôle et lui écrit ; lève Refus.

    La réponse est la même que l'adresse ait un compte ou non. Une invitation
    déjà envoyée pour le même rôle est remplacée.
    """
    assert par.rattachement is not None
    # La chaîne d'abord : deux clics ne font pas deux invitations.
    tenir_la_chaine(contrat or "instance")
    courriel = courriel.strip().lower()
    exiger(
        _motifs_empechant_d_inviter(
            par, organisme, courriel=courriel, role=role, contrat=contrat, fin_le=fin_le
        )
    )
    return _envoyer(par, organisme, courriel, role, contrat, fin_le)


@transaction.atomic
def inviter_un_expert(*, par: Acteur, courriel: str, contrat: str) -> Invitation | None:
    """Invite une adresse à être expert auprès du service de l'acteur ; rien si elle l'est déjà.

    La pièce appelante a vérifié que l'acteur étudie le dossier. Lève Refus s'il s'invite lui-même, ou a
    trop invité.
    """
    assert par.organisme is not None
    tenir_la_chaine(contrat)
    courriel = courriel.strip().lower()
    exiger(
        _motifs_empechant_d_inviter_encore(par, par.organisme, courriel)
        + rules.motifs_empechant_de_s_inviter(
            Role.EXPERT,
            donneur=par.role,
            est_soi_meme=par.utilisateur is not None and courriel == par.utilisateur.courriel,
        )
    )
    deja = Rattachement.objects.confirmes(timezone.localdate()).filter(
        de_l_organisme(par.organisme),
        utilisateur__courriel=courriel,
        role=Role.EXPERT,
        contrat=contrat,
    )
    if deja.exists():
        return None
    return _envoyer(par, par.organisme, courriel, Role.EXPERT, contrat, None)


def _envoyer(
    par: Acteur, organisme: Organisme, courriel: str, role: str, contrat: str, fin_le: date | None
) -> Invitation:
    """Remplace l'invitation en cours pour ce rôle, et écrit à l'adresse."""
    assert par.rattachement is not None
    maintenant = timezone.now()
    Invitation.objects.filter(
        organisme=organisme,
        courriel=courriel,
        role=role,
        contrat=contrat,
        etat=EtatDInvitation.ENVOYEE,
    ).update(etat=EtatDInvitation.ANNULEE, close_le=maintenant)
    jeton = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organisme=organisme,
        courriel=courriel,
        role=role,
        contrat=contrat,
        fin_le=fin_le,
        empreinte=empreinte_du_jeton(jeton),
        invite_par=par.rattachement,
        cree_le=maintenant,
        expire_le=maintenant + rules.DUREE_D_INVITATION,
    )
    noter_pour("comptes.inviter", par=par, rattachement=invitation)
    _ecrire_l_invitation(invitation, par, jeton)
    return invitation


def _motifs_empechant_d_inviter(
    par: Acteur,
    organisme: Organisme,
    *,
    courriel: str,
    role: str,
    contrat: str,
    fin_le: date | None,
) -> list[str]:
    assert par.rattachement is not None
    motifs = rules.motifs_empechant_de_donner(
        role,
        donneur=par.role if par.est_confirme else "",
        contrat_du_donneur=par.rattachement.contrat,
        nature=organisme.nature,
        contrat=contrat,
    )
    if fin_le is not None and fin_le < timezone.localdate():
        motifs.append("La fin du rôle ne peut pas être dans le passé.")
    motifs += _motifs_empechant_d_inviter_encore(par, organisme, courriel)
    return motifs + rules.motifs_empechant_de_s_inviter(
        role,
        donneur=par.role,
        est_soi_meme=par.utilisateur is not None and courriel == par.utilisateur.courriel,
    )


def _motifs_empechant_d_inviter_encore(
    par: Acteur, organisme: Organisme, courriel: str
) -> list[str]:
    du_jour = Invitation.objects.filter(cree_le__gt=timezone.now() - timedelta(days=1))
    return rules.motifs_empechant_d_inviter_encore(
        envoyees=du_jour.filter(invite_par__utilisateur=par.utilisateur).count(),
        a_cette_adresse=du_jour.filter(organisme=organisme, courriel=courriel).count(),
    )


def _ecrire_l_invitation(invitation: Invitation, par: Acteur, jeton: str) -> None:
    adresse = settings.ADRESSE + reverse("comptes:invitation", args=(jeton,))
    nom = invitation.organisme.nom
    deposer(
        destinataire=invitation.courriel,
        sujet=Sujet.INVITATION,
        objet=f"{par.utilisateur_nom} vous invite à agir pour {nom}",
        texte=f"{par.utilisateur_nom} vous propose le rôle de "
        f"{invitation.get_role_display().lower()} pour {nom}.\n\n"
        f"Répondez ici, avec un compte à cette adresse : {adresse}\n\n"
        f"L’invitation vaut jusqu’au {timezone.localtime(invitation.expire_le):%d/%m/%Y}.",
    )


@transaction.atomic
def accepter_l_invitation(*, par: Acteur, invitation: Invitation) -> Rattachement:
    """Ouvre le rattachement proposé ; lève Refus si l'invitation ne vaut plus.

    Un rôle que l'on tient jusqu'à une date peut ainsi être prolongé.
    """
    assert par.utilisateur is not None
    recue = _verrouiller(invitation)
    jour = timezone.localdate()
    siens = Rattachement.objects.filter(
        de_l_organisme(recue.organisme),
        utilisateur=par.utilisateur,
        role=recue.role,
        contrat=recue.contrat,
    )
    exiger(
        rules.motifs_empechant_l_invitation(recue.etat)
        or rules.motifs_empechant_d_accepter(
            est_echue=recue.expire_le <= timezone.now(),
            l_invitant_agit=Rattachement.objects.confirmes(jour)
            .filter(pk=recue.invite_par_id)
            .exists(),
            organisme_fini_le=recue.organisme.fin_le,
            jour=jour,
            fins_tenues=list(siens.confirmes(jour).values_list("fin_le", flat=True)),
            fin_proposee=recue.fin_le,
            la_porte_est_tenue=recue.role == Role.GESTIONNAIRE
            and recue.invite_par.role in (Role.PILOTE, Role.ADMINISTRATEUR)
            and a_un_gestionnaire(recue.organisme, jour=jour),
        )
    )
    _clore(recue, EtatDInvitation.ACCEPTEE)
    attente = siens.filter(etat=EtatDeRattachement.EN_ATTENTE).first()
    if attente is not None:
        attente.fin_le = recue.fin_le
        attente.save(update_fields=["fin_le"])
        return confirmer(par=par, rattachement=attente, preuve=Preuve.INVITATION)
    rattachement = ouvrir(
        utilisateur=par.utilisateur,
        organisme=recue.organisme.retenu,
        role=recue.role,
        contrat=recue.contrat,
        fin_le=recue.fin_le,
        preuve=Preuve.INVITATION,
        precision=f"invitation de {recue.invite_par.utilisateur}",
    )
    noter_pour("comptes.accepter", par=par, rattachement=rattachement)
    annoncer_l_arrivee(rattachement)
    return rattachement


@transaction.atomic
def decliner_l_invitation(*, par: Acteur, invitation: Invitation) -> None:
    """Décline une invitation reçue ; lève Refus si elle est déjà close."""
    recue = _verrouiller(invitation)
    exiger(rules.motifs_empechant_l_invitation(recue.etat))
    _clore(recue, EtatDInvitation.DECLINEE)
    noter_pour("comptes.decliner", par=par, rattachement=recue)


@transaction.atomic
def annuler_l_invitation(*, par: Acteur, invitation: Invitation) -> None:
    """Annule une invitation envoyée ; lève Refus si elle est déjà close."""
    envoyee = _verrouiller(invitation)
    exiger(rules.motifs_empechant_l_invitation(envoyee.etat))
    _clore(envoyee, EtatDInvitation.ANNULEE)
    noter_pour("comptes.annuler_l_invitation", par=par, rattachement=envoyee)


@transaction.atomic
def envoyer_un_code(*, par: Acteur, rattachement: Rattachement) -> CodeDOrganisme:
    """Envoie un code à l'adresse connue de l'organisme ; lève Refus s'il n'y en a pas, ou trop souvent."""
    tenir_la_chaine(rattachement.contrat or "instance")
    demande = Rattachement.objects.select_for_update(of=("self",)).get(pk=rattachement.pk)
    organisme, maintenant = demande.organisme.retenu, timezone.now()
    motifs = motifs_empechant_de_passer(demande.etat, EtatDeRattachement.CONFIRME)
    if not organisme.courriel:
        motifs.append("Parvis ne connaît pas l’adresse de courriel de cet organisme.")
    # Une demande retirée puis refaite n'en donne pas trois de plus.
    recents = CodeDOrganisme.objects.filter(
        Q(rattachement__organisme=organisme) | Q(rattachement__utilisateur=demande.utilisateur),
        envoye_le__gt=maintenant - timedelta(days=1),
    )
    if recents.count() >= rules.CODES_PAR_JOUR:
        motifs.append("Trois codes sont déjà partis aujourd’hui. Attendez demain.")
    exiger(motifs)
    code = "".join(secrets.choice(SIGNES_DU_CODE) for _ in range(8))
    envoye = CodeDOrganisme.objects.create(
        rattachement=demande,
        empreinte=make_password(code),
        envoye_le=maintenant,
        expire_le=maintenant + rules.DUREE_DU_CODE,
    )
    noter_pour("comptes.envoyer_un_code", par=par, rattachement=demande)
    deposer(
        destinataire=organisme.courriel,
        sujet=Sujet.SECURITE,
        objet=f"Code pour confirmer un membre {de(organisme.nom)}",
        texte=f"{demande.utilisateur} demande à agir pour {organisme.nom} sur Parvis, comme "
        f"{demande.get_role_display().lower()}.\n\nSi c’est bien voulu, donnez-lui ce code : "
        f"{code[:4]} {code[4:]}\n\nSinon, ne le donnez à personne : rien ne se fera.",
    )
    return envoye


def confirmer_par_code(*, par: Acteur, rattachement: Rattachement, code: str) -> Rattachement:
    """Confirme la demande si le code est le bon ; lève Refus sinon, et compte l'essai."""
    with transaction.atomic():
        est_bon, motifs = _essayer(rattachement, code)
        if est_bon:
            return confirmer(par=par, rattachement=rattachement, preuve=Preuve.CODE)
    # L'essai raté est compté : la transaction est close avant de refuser.
    raise Refus(motifs)


def _essayer(rattachement: Rattachement, code: str) -> tuple[bool, list[str]]:
    # Seul compte le dernier code envoyé.
    envoye = rattachement.codes_envoyes.select_for_update().first()
    if envoye is None:
        return False, ["Demandez d’abord un code."]
    motifs = rules.motifs_empechant_le_code(
        essais=envoye.essais,
        est_echu=envoye.expire_le <= timezone.now(),
        est_utilise=envoye.utilise_le is not None,
    )
    if motifs:
        return False, motifs
    envoye.essais += 1
    saisi = "".join(code.split()).upper()
    if check_password(saisi, envoye.empreinte):
        envoye.utilise_le = timezone.now()
    envoye.save(update_fields=["essais", "utilise_le"])
    restants = rules.ESSAIS_DU_CODE - envoye.essais
    return envoye.utilise_le is not None, [
        f"Ce code n’est pas le bon. Essais restants : {restants}."
    ]


def _verrouiller(invitation: Invitation) -> Invitation:
    tenir_la_chaine(invitation.contrat or "instance")
    lignes = Invitation.objects.select_for_update(of=("self",))
    return lignes.select_related("organisme", "invite_par__utilisateur").get(pk=invitation.pk)


def _clore(invitation: Invitation, etat: str) -> None:
    invitation.etat, invitation.close_le = etat, timezone.now()
    invitation.save(update_fields=["etat", "close_le"])
