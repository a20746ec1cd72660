"""Les contrats qu'un acteur conduit, ou dont il peut donner les rôles."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from parvis.cadre.models import Contrat, Edition
from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.comptes.models import Rattachement
from parvis.pilotage.permissions import peut_administrer, peut_piloter


def contrat_pilote(acteur: Acteur, code: str) -> Contrat:
    """Rend le contrat que l'acteur conduit ; lève Contrat.DoesNotExist pour tout autre, ou aucun."""
    if not peut_piloter(acteur, code):
        raise Contrat.DoesNotExist
    publiees = Edition.objects.publiees().filter(contrat=OuterRef("pk"))
    conduit = Contrat.objects.annotate(est_publie=Exists(publiees)).get(code=code)
    conduit.est_lisible = conduit.est_publie
    return conduit


def contrats(acteur: Acteur) -> QuerySet[Contrat]:
    """Rend les contrats dont l'acteur peut donner les rôles : tous pour l'administrateur, ou le sien."""
    if peut_administrer(acteur):
        return Contrat.objects.all()
    code = acteur.rattachement.contrat if acteur.a_le_role(Role.PILOTE) else ""  # type: ignore[union-attr]
    return Contrat.objects.filter(code=code)


def contrats_sans_pilote(acteur: Acteur, *, jour: date) -> QuerySet[Contrat]:
    """Rend les contrats que personne ne conduit ce jour-là."""
    pilotes = Rattachement.objects.confirmes(jour).filter(
        role=Role.PILOTE, contrat=OuterRef("code")
    )
    return contrats(acteur).filter(~Exists(pilotes))
