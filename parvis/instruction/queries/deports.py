"""Ce qu'un déport ferme : la même condition partout, pour que rien n'en échappe."""

from django.db.models import Q, QuerySet

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.dossiers.models import Dossier
from parvis.dossiers.queries.recevabilite import dossiers_recus
from parvis.instruction.models import Deport


def hors_des_deports(acteur: Acteur, chemin: str = "pk") -> Q:
    """Rend la condition des lignes dont l'acteur ne s'est pas déporté ; `chemin` y mène au dossier."""
    siens = Deport.objects.filter(utilisateur=acteur.utilisateur, leve_le__isnull=True)
    return ~Q(**{f"{chemin}__in": siens.values("dossier")}) if acteur.utilisateur else Q()


def dossiers_du_pilote(acteur: Acteur, contrat: Contrat) -> QuerySet[Dossier]:
    """Rend les dossiers que l'acteur reçoit, sans ceux dont il s'est déporté ; rien à tout autre."""
    return dossiers_recus(acteur, contrat).filter(hors_des_deports(acteur))


def dossiers_deportes(acteur: Acteur) -> list[str]:
    """Rend comment le journal nomme les dossiers dont l'acteur s'est déporté : il n'en lit plus rien."""
    siens = Deport.objects.filter(utilisateur=acteur.utilisateur, leve_le__isnull=True)
    return [f"dossier:{pk}" for pk in siens.values_list("dossier", flat=True)]
