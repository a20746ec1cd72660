"""Les dossiers que l'on étudie : ceux de son service, et ceux sur lesquels on est consulté."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.dossiers.enums import EtatDeDemande, Guichet
from parvis.dossiers.models import Demande, Dossier
from parvis.instruction.enums import Qualite
from parvis.instruction.models import Avis, Consultation
from parvis.instruction.permissions import peut_financer, qualites
from parvis.instruction.queries.deports import hors_des_deports
from parvis.organismes.queries import membres_a_lire


def demandes_du_service(acteur: Acteur) -> QuerySet[Demande]:
    """Rend les demandes faites ici au service de l'acteur ; jamais celles d'un brouillon."""
    assert acteur.organisme is not None
    return Demande.objects.filter(
        financeur__in=membres_a_lire(acteur.organisme), guichet=Guichet.PLATEFORME
    ).exclude(etat=EtatDeDemande.PREPAREE)


def consultations_ouvertes(acteur: Acteur, contrat: str) -> QuerySet[Consultation]:
    """Rend ce que l'on demande à l'acteur hors de ses financements, dans ce contrat.

    Un délégué du préfet répond pour l'État, un expert pour lui-même : son adresse le désigne.
    """
    siennes = Q(pk__in=[])
    for qualite in qualites(acteur, contrat):
        if qualite == Qualite.DELEGUE_DU_PREFET:
            siennes |= Q(qualite=qualite)
        elif qualite == Qualite.EXPERT:
            assert acteur.utilisateur is not None
            siennes |= Q(qualite=qualite, courriel=acteur.utilisateur.courriel)
        elif qualite != Qualite.FINANCEUR:
            assert acteur.organisme is not None
            siennes |= Q(qualite=qualite, organisme__in=membres_a_lire(acteur.organisme))
    return Consultation.objects.filter(
        siennes, close_le__isnull=True, dossier__appel__contrat__code=contrat
    )


def dossiers_a_etudier(
    acteur: Acteur, contrat: Contrat, *, avec_les_deports: bool = False
) -> QuerySet[Dossier]:
    """Rend les dossiers déposés que l'acteur étudie dans ce contrat ; rien à tout autre.

    Ni un brouillon, ni un dossier dont il s'est déporté.
    """
    titres = qualites(acteur, contrat.code)
    if not titres:
        return Dossier.objects.none()
    siens = Q(pk__in=consultations_ouvertes(acteur, contrat.code).values("dossier"))
    if Qualite.FINANCEUR in titres:
        siens |= Q(pk__in=demandes_du_service(acteur).values("dossier"))
    etudies = Dossier.objects.deposes().filter(siens, appel__contrat=contrat)
    return etudies if avec_les_deports else etudies.filter(hors_des_deports(acteur))


def contrats_a_etudier(acteur: Acteur) -> QuerySet[Contrat]:
    """Rend les contrats où l'acteur a un dossier à étudier, ou celui de son rôle."""
    if not acteur.etudie_des_dossiers:
        return Contrat.objects.none()
    assert acteur.rattachement is not None and acteur.organisme is not None
    if acteur.rattachement.contrat:
        return Contrat.objects.filter(code=acteur.rattachement.contrat)
    consultations = Consultation.objects.filter(
        qualite=Qualite.COMMUNE,
        organisme__in=membres_a_lire(acteur.organisme),
        close_le__isnull=True,
    )
    return Contrat.objects.filter(
        Q(pk__in=demandes_du_service(acteur).values("dossier__appel__contrat"))
        | Q(pk__in=consultations.values("dossier__appel__contrat"))
    )


def dossier_a_etudier(acteur: Acteur, contrat: Contrat, pk: int) -> Dossier:
    """Rend un dossier que l'acteur étudie ; lève Dossier.DoesNotExist pour tout autre."""
    return (
        dossiers_a_etudier(acteur, contrat)
        .select_related(
            "projet__porteur__fusionne_dans",
            "projet__porteur__siege",
            "projet__structure_porteuse__fusionne_dans",
            "appel__contrat",
            "version_d_appel",
            "copie_de",
        )
        .get(pk=pk)
    )


@dataclass(frozen=True)
class Titre:
    """À quel titre on étudie un dossier : en financeur, ou parce que l'on est consulté."""

    qualite: Qualite
    consultation: Consultation | None = None


def titre_sur(acteur: Acteur, dossier: Dossier) -> Titre:
    """Rend à quel titre l'acteur étudie ce dossier : financeur d'abord.

    Lève Dossier.DoesNotExist s'il n'en a aucun.
    """
    contrat = dossier.appel.contrat.code
    if (
        Qualite.FINANCEUR in qualites(acteur, contrat)
        and demandes_du_service(acteur).filter(dossier=dossier).exists()
    ):
        return Titre(Qualite.FINANCEUR)
    consultation = consultations_ouvertes(acteur, contrat).filter(dossier=dossier).first()
    if consultation is None:
        raise Dossier.DoesNotExist
    return Titre(Qualite(consultation.qualite), consultation)


def finance_lu(acteur: Acteur, dossier: Dossier) -> Dossier:
    """Rend un dossier que l'acteur étudie en financeur ; lève Dossier.DoesNotExist à qui est consulté."""
    if titre_sur(acteur, dossier).qualite != Qualite.FINANCEUR:
        raise Dossier.DoesNotExist
    return dossier


def avis_du_titre(acteur: Acteur, dossier: Dossier, titre: Titre) -> QuerySet[Avis]:
    """Rend les avis que l'acteur a donnés à ce titre, ou son service ; le dernier d'abord."""
    assert acteur.organisme is not None
    siens = (
        Q(consultation=titre.consultation)
        if titre.consultation
        else Q(consultation__isnull=True, organisme__in=membres_a_lire(acteur.organisme))
    )
    return Avis.objects.filter(siens, dossier=dossier).order_by("-rang")


def demandes_a_juger(acteur: Acteur, dossier: Dossier) -> list[Demande]:
    """Rend les demandes du premier exercice dont le service propose le montant ; aucune à qui est consulté.

    Lève Dossier.DoesNotExist à qui n'étudie pas ce dossier.
    """
    if titre_sur(acteur, dossier).qualite != Qualite.FINANCEUR:
        return []
    siennes = demandes_du_service(acteur).filter(
        dossier=dossier, exercice=dossier.exercice, etat=EtatDeDemande.DEMANDEE
    )
    return list(siennes.select_related("financeur"))


def invitations_d_experts(acteur: Acteur, dossier: Dossier) -> QuerySet[Consultation]:
    """Rend les experts que le service de l'acteur a invités sur ce dossier, et attend ; rien aux autres."""
    if not peut_financer(acteur):
        return Consultation.objects.none()
    assert acteur.organisme is not None
    return Consultation.objects.filter(
        dossier=dossier,
        qualite=Qualite.EXPERT,
        organisme__in=membres_a_lire(acteur.organisme),
        close_le__isnull=True,
    )
