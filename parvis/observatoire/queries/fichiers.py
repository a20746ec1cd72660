"""Les fichiers de chiffres déposés, en attente d'être décrits et importés."""

from django.db.models import QuerySet

from parvis.observatoire.models import FichierDepose


def fichiers(contrat: str) -> QuerySet[FichierDepose]:
    """Rend les fichiers déposés d'un contrat, sans leur contenu."""
    return FichierDepose.objects.filter(contrat=contrat).defer("octets")


def fichier(contrat: str, pk: int) -> FichierDepose:
    """Rend un fichier déposé d'un contrat ; lève FichierDepose.DoesNotExist."""
    return FichierDepose.objects.get(contrat=contrat, pk=pk)
