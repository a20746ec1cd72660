"""Qui étudie un dossier, qui s'en est déporté, et les liens que l'on a déclarés."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.comptes.models import Rattachement
from parvis.dossiers.models import Dossier, Projet, VersionDeposee
from parvis.instruction.models import Deport, DerniereLecture, LienDeclare, PriseEnCharge
from parvis.instruction.permissions import peut_consulter, peut_decider, peut_financer
from parvis.instruction.queries.deports import hors_des_deports
from parvis.instruction.queries.dossiers import demandes_du_service, dossiers_a_etudier
from parvis.organismes.models import Organisme
from parvis.organismes.queries import membres_a_lire


@dataclass(frozen=True)
class LienConnu:
    """Ce qui lie la personne au porteur d'un dossier : déclaré, ou connu de la plateforme."""

    organisme: str
    lien: str


def prise_du_service(acteur: Acteur, dossier: Dossier) -> PriseEnCharge | None:
    """Rend qui étudie ce dossier dans le service de l'acteur ; rien si personne."""
    return prises_du_service(acteur).filter(dossier=dossier).select_related("agent").first()


def prises_du_service(acteur: Acteur) -> QuerySet[PriseEnCharge]:
    """Rend ce que les agents du service de l'acteur étudient, tant qu'ils en sont ; rien à qui est consulté.

    Un expert invité par le service n'en est pas : il ne sait pas qui y travaille.
    """
    if not peut_financer(acteur) or acteur.organisme is None:
        return PriseEnCharge.objects.none()
    siens = membres_a_lire(acteur.organisme)
    agents = Rattachement.objects.confirmes(timezone.localdate()).filter(organisme__in=siens)
    return PriseEnCharge.objects.filter(
        organisme__in=siens, rendue_le__isnull=True, agent__in=agents.values("utilisateur")
    )


def derniere_lecture(acteur: Acteur, dossier: Dossier) -> VersionDeposee | None:
    """Rend la dernière version que l'acteur a dit avoir lue ; rien s'il n'en a lu aucune."""
    lecture = (
        DerniereLecture.objects.filter(dossier=dossier, utilisateur=acteur.utilisateur)
        .select_related("version")
        .first()
    )
    return lecture.version if lecture else None


def liens_avec_le_porteur(acteur: Acteur, dossier: Dossier) -> list[LienConnu]:
    """Rend ce qui lie l'acteur au porteur d'un dossier qu'il étudie : de quoi se déporter.

    Les liens qu'il a déclarés, et les organismes pour lesquels il agit déjà.
    """
    porteurs = {dossier.projet.porteur.retenu, dossier.projet.structure_porteuse}
    retenus = [porteur.retenu.pk for porteur in porteurs if porteur]
    siens = Q(organisme__in=retenus) | Q(organisme__fusionne_dans__in=retenus)
    declares = LienDeclare.objects.filter(
        siens, utilisateur=acteur.utilisateur, fini_le__isnull=True
    )
    agit = Rattachement.objects.en_cours(timezone.localdate()).filter(
        siens, utilisateur=acteur.utilisateur
    )
    return [
        *(LienConnu(str(d.organisme), d.lien) for d in declares.select_related("organisme")),
        *(
            LienConnu(str(r.organisme), f"vous y êtes {r.get_role_display().lower()}")
            for r in agit.select_related("organisme")
        ),
    ]


def liens_declares(acteur: Acteur) -> list[LienDeclare]:
    """Rend les liens que l'acteur a déclarés et qui durent."""
    return list(
        LienDeclare.objects.filter(
            utilisateur=acteur.utilisateur, fini_le__isnull=True
        ).select_related("organisme__fusionne_dans")
    )


def deports(acteur: Acteur, dossier: Dossier) -> list[Deport]:
    """Rend qui s'est déporté d'un dossier, à son pilote ; rien à tout autre."""
    if not peut_consulter(acteur, dossier.appel.contrat.code):
        return []
    return list(
        dossier.deports.filter(leve_le__isnull=True).select_related("utilisateur", "organisme")
    )


def deport_a_lever(acteur: Acteur, dossier: Dossier, pk: int) -> Deport:
    """Rend un déport de ce dossier que son pilote lève ; jamais le sien. Lève Deport.DoesNotExist."""
    if not peut_consulter(acteur, dossier.appel.contrat.code):
        raise Deport.DoesNotExist
    return (
        dossier.deports.filter(leve_le__isnull=True)
        .exclude(utilisateur=acteur.utilisateur)
        .get(pk=pk)
    )


def lien_a_finir(acteur: Acteur, pk: int) -> LienDeclare:
    """Rend un lien que l'acteur a déclaré ; lève LienDeclare.DoesNotExist pour celui d'un autre."""
    siens = LienDeclare.objects.filter(utilisateur=acteur.utilisateur, fini_le__isnull=True)
    return siens.select_related("organisme__fusionne_dans").get(pk=pk)


def porteurs(acteur: Acteur, contrat: Contrat) -> list[Organisme]:
    """Rend les organismes qui portent un dossier qui atteint l'acteur, même s'il s'en est déporté."""
    projets = Projet.objects.filter(
        dossiers__in=dossiers_qui_atteignent(acteur, contrat).values("pk")
    )
    lus = Organisme.objects.filter(
        Q(pk__in=projets.values("porteur")) | Q(pk__in=projets.values("structure_porteuse"))
    ).select_related("fusionne_dans")
    retenus = {organisme.retenu for organisme in lus}
    return sorted(retenus, key=lambda organisme: (organisme.cle_de_tri, organisme.pk))


def dossiers_qui_atteignent(acteur: Acteur, contrat: Contrat) -> QuerySet[Dossier]:
    """Rend les dossiers dont l'acteur peut se déporter : il les étudie, en décide, ou les reçoit."""
    etudies = dossiers_a_etudier(acteur, contrat, avec_les_deports=True)
    if peut_consulter(acteur, contrat.code):
        return Dossier.objects.deposes().filter(appel__contrat=contrat)
    if not peut_decider(acteur):
        return etudies
    demandes = demandes_du_service(acteur).filter(dossier__appel__contrat=contrat)
    return Dossier.objects.deposes().filter(
        Q(pk__in=etudies.values("pk")) | Q(pk__in=demandes.values("dossier"))
    )


def dossier_qui_atteint(acteur: Acteur, contrat: Contrat, pk: int) -> Dossier:
    """Rend un dossier dont l'acteur ne s'est pas déporté ; lève Dossier.DoesNotExist pour tout autre."""
    siens = dossiers_qui_atteignent(acteur, contrat).filter(hors_des_deports(acteur))
    return siens.select_related(
        "projet__porteur__fusionne_dans",
        "projet__structure_porteuse__fusionne_dans",
        "appel__contrat",
        "version_d_appel",
    ).get(pk=pk)
