"""Ce que partagent les tests des comptes."""

from parvis.comptes.actions import rattachements
from parvis.comptes.enums import Role
from parvis.comptes.models import Rattachement
from parvis.courriels.models import Courriel
from parvis.journal.models import Evenement
from tests.decors import decor
from tests.fabriques.comptes import Monde, monde


@decor
def lieux() -> Monde:
    return monde()


def courriels(adresse: str) -> list[str]:
    return list(Courriel.objects.filter(destinataire=adresse).values_list("objet", flat=True))


def actes(action: str) -> list[Evenement]:
    return list(Evenement.objects.filter(action=f"comptes.{action}"))


def revendiquer(lieux: Monde, nom: str = "inscrit", **autres) -> Rattachement:
    valeurs = {"organisme": lieux.verger, "role": Role.SIGNATAIRE}
    return rattachements.revendiquer(par=lieux.acteurs[nom], **(valeurs | autres))
