"""Quand rappeler un bilan : avant son jour, le lendemain, puis deux fois encore, un mois après l'autre."""

from datetime import date

# En jours avant l'échéance ; négatifs, après elle. Ces étapes sont les nôtres.
ETAPES = (60, 30, 7, -1, -31, -61)
# Un bilan plus en retard que cela ne se rappelle plus par courriel : la liste du service le montre.
DERNIERE = ETAPES[-1] - 30


def etape_due(attendu_le: date, jour: date) -> int | None:
    """Rend l'étape à rappeler ce jour-là ; rien trop tôt, ni bien après la dernière.

    Le site était arrêté : c'est la dernière étape passée que l'on rappelle, et elle seule.
    """
    reste = (attendu_le - jour).days
    if reste <= DERNIERE:
        return None
    passees = [etape for etape in ETAPES if etape >= reste]
    return passees[-1] if passees else None
