"""Les vues qu'une personne a gardées."""

from parvis.comptes.acteur import Acteur
from parvis.espace_financeur.models import VueEnregistree


def vues_de(acteur: Acteur, contrat: str) -> list[VueEnregistree]:
    """Rend les vues de l'acteur dans ce contrat, par nom."""
    return list(VueEnregistree.objects.filter(utilisateur=acteur.utilisateur, contrat=contrat))


def vue_a_oublier(acteur: Acteur, contrat: str, pk: int) -> VueEnregistree:
    """Rend une vue de l'acteur ; lève VueEnregistree.DoesNotExist pour celle d'un autre."""
    return VueEnregistree.objects.get(utilisateur=acteur.utilisateur, contrat=contrat, pk=pk)
