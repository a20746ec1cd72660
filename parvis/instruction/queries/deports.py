"""Ce qu'un déport ferme : la même condition partout, pour que rien n'en échappe."""

from django.db.models import Q

from parvis.comptes.acteur import Acteur
from parvis.instruction.models import Deport


def hors_des_deports(acteur: Acteur, chemin: str = "pk") -> Q:
    """Rend la condition des lignes dont l'acteur ne s'est pas déporté ; `chemin` y mène au dossier."""
    siens = Deport.objects.filter(utilisateur=acteur.utilisateur, leve_le__isnull=True)
    return ~Q(**{f"{chemin}__in": siens.values("dossier")}) if acteur.utilisateur else Q()
