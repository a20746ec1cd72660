"""Combien de temps une session vit, et combien de temps un texte refusé est gardé."""

from datetime import datetime, timedelta

# Assez court pour un poste partagé, assez long pour se reconnecter sans hâte.
DUREE_DE_GARDE = timedelta(hours=1)
# Assez pour dix formulaires ouverts dans plusieurs onglets ; une borne contre l'abus.
ENVOIS_GARDES = 50
# Où la session garde l'heure de son ouverture.
OUVERTE = "ouverte_le"
# Ouverte depuis moins longtemps, une session prouve encore qui est là.
PREUVE_RECENTE = timedelta(minutes=10)
# On n'écrit pas l'heure de la dernière page à chaque page.
PAS_D_ACTIVITE = timedelta(minutes=1)


def est_finie(
    *,
    ouverte_le: datetime,
    vue_le: datetime,
    maintenant: datetime,
    inactivite: timedelta,
    duree: timedelta,
) -> bool:
    """Dit si une session a dépassé son temps d'inactivité, ou sa durée totale."""
    return maintenant - vue_le > inactivite or maintenant - ouverte_le > duree
