"""Demander un rattachement, le confirmer, le refuser, le finir, passer la main."""

from contextlib import suppress
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.actions.annonces import (
    PLUS_DE_GESTIONNAIRE,
    annoncer,
    annoncer_l_arrivee,
    prevenir_la_plateforme,
)
from parvis.comptes.actions.journal import noter_pour
from parvis.comptes.enums import EtatDeRattachement, EtatDInvitation, Preuve, Role
from parvis.comptes.models import Invitation, Rattachement, Utilisateur
from parvis.comptes.queries.membres import a_un_gestionnaire, de_l_organisme, membres_confirmes
from parvis.comptes.queries.rattachements import demandes_du_jour
from parvis.comptes.rules import rattachements as rules
from parvis.journal.actions import tenir_la_chaine
from parvis.organismes.actions.acte import tenir
from parvis.organismes.models import Organisme
from parvis.socle.refus import Refus, exiger


@transaction.atomic
def ouvrir(
    *,
    utilisateur: Utilisateur,
    organisme: Organisme,
    role: str,
    preuve: str = "",
    contrat: str = "",
    fin_le: date | None = None,
    precision: str = "",
) -> Rattachement:
    """Écrit un rattachement : confirmé s'il y a une preuve, en attente sinon. Ne note rien."""
    return Rattachement.objects.create(
        utilisateur=utilisateur,
        organisme=organisme,
        role=role,
        contrat=contrat,
        debut_le=timezone.localdate(),
        fin_le=fin_le,
        etat=EtatDeRattachement.CONFIRME if preuve else EtatDeRattachement.EN_ATTENTE,
        preuve=preuve,
        precision=precision,
        confirme_le=timezone.now() if preuve else None,
    )


@transaction.atomic
def revendiquer(*, par: Acteur, organisme: Organisme, role: str, message: str = "") -> Rattachement:
    """Demande un rattachement à un organisme qui existe ; lève Refus.

    La demande permet d'écrire tout de suite ; elle ne laisse ni déposer ni lire le passé avant
    d'être confirmée par un gestionnaire, par un code ou par le pilote.
    """
    assert par.utilisateur is not None
    (organisme,) = tenir(organisme)
    jour = timezone.localdate()
    tenus = Rattachement.objects.en_cours(jour).filter(
        de_l_organisme(organisme), utilisateur=par.utilisateur
    )
    exiger(
        rules.motifs_empechant_de_revendiquer(
            role,
            tenus=list(tenus.values_list("role", flat=True)),
            organisme_fini_le=organisme.fin_le,
            demandes_du_jour=demandes_du_jour(par.utilisateur, jour=jour),
            jour=jour,
        )
    )
    demande = ouvrir(utilisateur=par.utilisateur, organisme=organisme, role=role, precision=message)
    noter_pour("comptes.revendiquer", par=par, rattachement=demande, message=message)
    personne, nom = par.utilisateur_nom, organisme.nom
    annoncer(
        organisme,
        objet=f"{personne} demande à agir pour {nom}",
        texte=f"{personne} demande le rôle de {demande.get_role_display().lower()} pour {nom}. "
        "Un gestionnaire doit confirmer ou refuser, depuis la page de l’organisme. "
        "En attendant, cette personne ne dépose rien et ne lit rien du passé.",
    )
    if not a_un_gestionnaire(organisme, jour=jour):
        prevenir_la_plateforme(
            objet=f"{nom} : une demande attend, sans gestionnaire pour décider",
            texte=f"{personne} demande à agir pour {nom}, qui n’a plus de gestionnaire. "
            "Confirmez après avoir vu une pièce qui le prouve, ou refusez.",
        )
    return demande


@transaction.atomic
def confirmer(
    *, par: Acteur, rattachement: Rattachement, preuve: str, precision: str = ""
) -> Rattachement:
    """Confirme une demande et l'annonce ; lève Refus si elle n'attend plus, ou sans pièce nommée."""
    demande = _verrouiller(rattachement)
    motifs = (
        []
        if demande.est_a_reconfirmer
        else rules.motifs_empechant_de_passer(demande.etat, EtatDeRattachement.CONFIRME)
    )
    if preuve == Preuve.PIECE and not precision.strip():
        motifs.append("Dites quelle pièce vous avez vue, et sa date.")
    exiger(motifs)
    demande.etat = EtatDeRattachement.CONFIRME
    # Sans pièce à nommer, ce que la personne disait d'elle reste.
    demande.preuve, demande.precision = preuve, precision.strip() or demande.precision
    demande.confirme_le = timezone.now()
    demande.save(update_fields=["etat", "preuve", "precision", "confirme_le"])
    noter_pour(
        "comptes.confirmer",
        par=par,
        rattachement=demande,
        preuve=demande.get_preuve_display(),
        precision=demande.precision,
    )
    annoncer_l_arrivee(demande)
    return demande


@transaction.atomic
def refuser(*, par: Acteur, rattachement: Rattachement, motif: str) -> Rattachement:
    """Refuse une demande et dit pourquoi à la personne ; lève Refus si elle n'attend plus, ou sans motif."""
    demande = _verrouiller(rattachement)
    if demande.est_a_reconfirmer:
        return terminer(par=par, rattachement=demande, motif=motif)
    motifs = rules.motifs_empechant_de_passer(demande.etat, EtatDeRattachement.REFUSE)
    if not motif.strip():
        motifs.append("Dites pourquoi : la personne lira ce motif.")
    exiger(motifs)
    _clore(demande, EtatDeRattachement.REFUSE)
    noter_pour("comptes.refuser", par=par, rattachement=demande, motif=motif.strip())
    annoncer(
        demande.organisme,
        objet=f"La demande de {demande.utilisateur} est refusée",
        texte=f"La demande de {demande.utilisateur} pour {demande.organisme.nom} est refusée. "
        f"Motif : {motif.strip()}",
        aussi=[demande.utilisateur.courriel],
    )
    return demande


@transaction.atomic
def terminer(*, par: Acteur, rattachement: Rattachement, motif: str = "") -> Rattachement:
    """Met fin aujourd'hui à un rattachement, ou retire une demande ; lève Refus s'il est déjà clos.

    Les invitations que la personne a reçues pour cet organisme, ou envoyées, tombent avec lui.
    Le dernier gestionnaire peut partir : la porte des demandes reste ouverte, et c'est annoncé.
    """
    ancien = _verrouiller(rattachement)
    exiger(
        rules.motifs_empechant_de_passer(ancien.etat, EtatDeRattachement.TERMINE)
        or rules.motifs_empechant_le_depart(
            ancien.role, en_reste_t_il=_autres_administrateurs(ancien).exists()
        )
    )
    etait_confirme = ancien.est_confirme
    _clore(ancien, EtatDeRattachement.TERMINE)
    _annuler_les_invitations(ancien)
    noter_pour("comptes.terminer", par=par, rattachement=ancien, motif=motif.strip())
    if etait_confirme:
        _annoncer_le_depart(ancien)
    return ancien


def finir_les_roles_echus() -> int:
    """Clôt les rôles dont le dernier jour est passé, et l'annonce ; rend leur nombre."""
    echus = Rattachement.objects.filter(
        etat__in=[EtatDeRattachement.EN_ATTENTE, EtatDeRattachement.CONFIRME],
        fin_le__lt=timezone.localdate(),
    )
    finis = 0
    for rattachement in echus:
        # Le dernier administrateur garde son rôle au journal, même échu : il n'ouvre plus rien.
        with suppress(Refus):
            terminer(par=Acteur.machine("fin prévue"), rattachement=rattachement)
            finis += 1
    return finis


@transaction.atomic
def passer_la_main(*, par: Acteur, successeur: Rattachement, fin_le: date) -> Rattachement:
    """Fait d'un membre un gestionnaire, et fixe le dernier jour de celui qui part ; lève Refus."""
    assert par.rattachement is not None and par.organisme is not None
    # Toujours dans le même ordre : deux passations croisées ne s'attendent pas l'une l'autre.
    lignes = {r.pk: r for r in sorted((par.rattachement, successeur), key=lambda r: r.pk)}
    verrouilles = {pk: _verrouiller(ligne) for pk, ligne in lignes.items()}
    partant, suivant = verrouilles[par.rattachement.pk], verrouilles[successeur.pk]
    jour = timezone.localdate()
    confirmes = membres_confirmes(par.organisme, jour=jour)
    exiger(
        rules.motifs_empechant_la_passation(
            role=partant.role if partant.est_confirme else "",
            est_membre=confirmes.filter(pk=suivant.pk).exists(),
            est_soi_meme=suivant.utilisateur_id == partant.utilisateur_id,
            fin_le=fin_le,
            fin_prevue_le=partant.fin_le,
            jour=jour,
        )
    )
    nouveau = _faire_gestionnaire(suivant.utilisateur, partant)
    partant.fin_le = fin_le
    partant.save(update_fields=["fin_le"])
    noter_pour(
        "comptes.passer_la_main", par=par, rattachement=nouveau, depart_le=fin_le.isoformat()
    )
    nom = partant.organisme.nom
    annoncer(
        partant.organisme,
        objet=f"{nom} : {suivant.utilisateur} prend la suite de {partant.utilisateur}",
        texte=f"{suivant.utilisateur} est gestionnaire de {nom}. "
        f"{partant.utilisateur} quitte ce rôle le {fin_le:%d/%m/%Y}.",
    )
    return nouveau


@transaction.atomic
def nommer(
    *, par: Acteur, utilisateur: Utilisateur, organisme: Organisme, role: str, contrat: str = ""
) -> Rattachement:
    """Donne un rôle sans invitation ; lève Refus s'il est déjà tenu.

    Réservé à l'exploitant de la plateforme, par une commande.
    """
    deja = Rattachement.objects.en_cours(timezone.localdate()).filter(
        de_l_organisme(organisme), utilisateur=utilisateur, role=role, contrat=contrat
    )
    if deja.exists():
        raise Refus([f"{utilisateur} a déjà ce rôle dans cet organisme, ou le demande."])
    rattachement = ouvrir(
        utilisateur=utilisateur,
        organisme=organisme,
        role=role,
        contrat=contrat,
        preuve=Preuve.NOMINATION,
        precision=par.utilisateur_nom,
    )
    noter_pour("comptes.nommer", par=par, rattachement=rattachement)
    return rattachement


def _faire_gestionnaire(personne: Utilisateur, partant: Rattachement) -> Rattachement:
    """Rend le rôle de gestionnaire de cette personne : celui qu'elle a, demandait, ou un neuf."""
    siens = Rattachement.objects.en_cours(timezone.localdate()).filter(
        de_l_organisme(partant.organisme),
        utilisateur=personne,
        role=Role.GESTIONNAIRE,
        fin_le=None,
    )
    sien = siens.select_related("utilisateur", "organisme").order_by("pk").first()
    preuve, precision = Preuve.GESTIONNAIRE, f"passation de {partant.utilisateur}"
    if sien is None:
        return ouvrir(
            utilisateur=personne,
            organisme=partant.organisme.retenu,
            role=Role.GESTIONNAIRE,
            preuve=preuve,
            precision=precision,
        )
    if not sien.est_confirme:
        sien.etat, sien.preuve = EtatDeRattachement.CONFIRME, preuve
        sien.precision, sien.confirme_le = precision, timezone.now()
        sien.save(update_fields=["etat", "preuve", "precision", "confirme_le"])
    return sien


def _autres_administrateurs(ancien: Rattachement) -> QuerySet[Rattachement]:
    """Rend ceux qui tiendraient encore la plateforme sans ce rôle."""
    confirmes = Rattachement.objects.confirmes(timezone.localdate())
    return confirmes.filter(role=Role.ADMINISTRATEUR).exclude(pk=ancien.pk)


def _verrouiller(rattachement: Rattachement) -> Rattachement:
    """Rend la ligne tenue jusqu'à la fin de l'acte.

    La chaîne d'abord, comme partout : deux actes croisés ne s'attendent pas l'un l'autre.
    """
    tenir_la_chaine(rattachement.contrat or "instance")
    lignes = Rattachement.objects.select_for_update(of=("self",))
    return lignes.select_related("utilisateur", "organisme").get(pk=rattachement.pk)


def _clore(rattachement: Rattachement, etat: str) -> None:
    """Clôt un rattachement aujourd'hui, ou à la fin qu'il avait déjà."""
    jour = timezone.localdate()
    rattachement.etat, rattachement.clos_le = etat, timezone.now()
    rattachement.fin_le = min(jour, rattachement.fin_le or jour)
    rattachement.save(update_fields=["etat", "clos_le", "fin_le"])


def _annuler_les_invitations(ancien: Rattachement) -> None:
    """Une vieille invitation ne fait pas revenir qui est parti, ni ceux qu'il invitait."""
    recues = Invitation.objects.filter(
        de_l_organisme(ancien.organisme), courriel=ancien.utilisateur.courriel
    )
    for invitations in (recues, ancien.invitations_envoyees.all()):
        invitations.filter(etat=EtatDInvitation.ENVOYEE).update(
            etat=EtatDInvitation.ANNULEE, close_le=timezone.now()
        )


def _annoncer_le_depart(ancien: Rattachement) -> None:
    personne, nom = str(ancien.utilisateur), ancien.organisme.retenu.nom
    texte = f"{personne} n’est plus {ancien.get_role_display().lower()} de {nom}."
    orphelin = ancien.role == Role.GESTIONNAIRE and not a_un_gestionnaire(
        ancien.organisme, jour=timezone.localdate()
    )
    if orphelin:
        texte += PLUS_DE_GESTIONNAIRE
        prevenir_la_plateforme(objet=f"{nom} n’a plus de gestionnaire", texte=texte)
    annoncer(
        ancien.organisme,
        objet=f"{personne} n’agit plus pour {nom}",
        texte=texte,
        aussi=[ancien.utilisateur.courriel],
    )
