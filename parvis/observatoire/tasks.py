"""Ce que l'observatoire fait tout seul."""

from parvis.observatoire.actions import oublier_les_fichiers_echus
from parvis.travaux.execution import Tache, inscrire_une_tache

UNE_HEURE = 3_600

inscrire_une_tache(
    "oublier les fichiers de chiffres",
    Tache(UNE_HEURE, lambda _: oublier_les_fichiers_echus()),
)
