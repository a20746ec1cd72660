"""Décrire un fichier de chiffres, l'importer, tenir le calendrier des livraisons."""

from parvis.observatoire.actions.attentes import attendre_une_livraison, clore_l_attente
from parvis.observatoire.actions.descriptions import SerieDecrite, decrire_un_fichier
from parvis.observatoire.actions.fichiers import (
    deposer_un_fichier,
    jeter_un_fichier,
    oublier_les_fichiers_echus,
)
from parvis.observatoire.actions.importer import ImportDeChiffres, importer_chiffres
from parvis.observatoire.actions.series import corriger_une_serie

__all__ = [
    "ImportDeChiffres",
    "SerieDecrite",
    "attendre_une_livraison",
    "clore_l_attente",
    "corriger_une_serie",
    "decrire_un_fichier",
    "deposer_un_fichier",
    "importer_chiffres",
    "jeter_un_fichier",
    "oublier_les_fichiers_echus",
]
