"""Les passages permis d'un travail, et la durée de son bail."""

from datetime import timedelta

from parvis.travaux.enums import Etat

# Un exécutant qui ne donne plus signe de vie pendant ce temps perd le travail.
DUREE_DU_BAIL = timedelta(minutes=2)

PASSAGES: dict[str, tuple[str, ...]] = {
    Etat.EN_ATTENTE: (Etat.EN_COURS, Etat.ANNULE),
    Etat.EN_COURS: (Etat.TERMINE, Etat.ECHOUE, Etat.ANNULE, Etat.EN_ATTENTE),
    Etat.TERMINE: (),
    Etat.ECHOUE: (Etat.EN_ATTENTE,),
    Etat.ANNULE: (),
}


def peut_passer(depuis: str, vers: str) -> bool:
    """Dit si un travail peut passer d'un état à l'autre."""
    return vers in PASSAGES[depuis]


class TravailPerdu(Exception):
    """L'exécutant n'a plus le bail : un autre a repris le travail, ou il est clos."""


class TravailAnnule(Exception):
    """Quelqu'un a demandé l'annulation : l'exécutant s'arrête sans rien écrire de plus."""
