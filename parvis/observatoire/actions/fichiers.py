"""Garder un fichier de chiffres le temps de le décrire, puis l'oublier."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from parvis.observatoire.models import FichierDepose
from parvis.socle.auteur import Auteur
from parvis.socle.tableur import lire_tableau

# Le temps de retrouver ce que veut dire une colonne.
DUREE_DE_GARDE = timedelta(days=7)


@transaction.atomic
def deposer_un_fichier(*, par: Auteur, contrat: str, nom: str, octets: bytes) -> FichierDepose:
    """Garde un fichier de chiffres d'un contrat ; lève Refus s'il ne se lit pas."""
    lire_tableau(octets, nom)
    return FichierDepose.objects.create(
        contrat=contrat,
        nom=nom[-200:],
        octets=octets,
        depose_le=timezone.now(),
        depose_par=par.utilisateur_nom[:200],
    )


def jeter_un_fichier(*, fichier: FichierDepose) -> None:
    """Oublie un fichier déposé ; ce qui en a été importé reste."""
    FichierDepose.objects.filter(pk=fichier.pk).delete()


def oublier_les_fichiers_echus() -> int:
    """Oublie les fichiers que personne n'a importés ; rend leur nombre."""
    echus = FichierDepose.objects.filter(depose_le__lt=timezone.now() - DUREE_DE_GARDE)
    return echus.delete()[0]
