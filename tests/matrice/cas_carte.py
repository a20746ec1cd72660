"""Ce que chacun atteint des tableaux d'adresses : les siens, et nul autre."""

import uuid

from parvis.cadre.models import Contrat
from parvis.carte.actions.lots import deposer_un_lot
from tests.fabriques.cadre import contrat_publie
from tests.fabriques.comptes import Monde
from tests.matrice.outils import CONNECTES, ECRITURE, LECTURE, LES_DEUX, PERSONNE, Cas, Objet

TABLEAU = b"latitude;longitude\n48,8;2,38\n"


def _lot(monde: Monde, nom: str, contrat: Contrat) -> uuid.UUID:
    return deposer_un_lot(
        par=monde.acteurs[nom],
        contrat=contrat,
        nom="adherents.csv",
        octets=TABLEAU,
        millesimes=[2024],
    ).identifiant


def _contrat(code: str = "tilleuls") -> Contrat:
    return Contrat.objects.filter(code=code).first() or contrat_publie(code).contrat


def _la_page(monde: Monde) -> list[Objet]:
    return [
        Objet("du contrat", {"contrat": _contrat().code}, CONNECTES),
        Objet("absent", {"contrat": "lune"}, PERSONNE),
    ]


def _les_lots(monde: Monde) -> list[Objet]:
    ici, ailleurs = _contrat(), _contrat("brune")
    sien = {"contrat": ici.code, "identifiant": _lot(monde, "lecteur", ici)}
    autre = {"contrat": ici.code, "identifiant": _lot(monde, "meuniere", ici)}
    return [
        Objet("le sien", sien, frozenset({"lecteur"})),
        Objet("d'un autre", autre, frozenset({"meuniere"})),
        Objet("croisé", sien | {"contrat": ailleurs.code}, PERSONNE),
        Objet("absent", sien | {"identifiant": uuid.UUID(int=7)}, PERSONNE),
    ]


CAS: dict[str, Cas] = {
    "carte:lots": Cas(LES_DEUX, _la_page),
    "carte:lot": Cas(LECTURE, _les_lots),
    "carte:telecharger": Cas(ECRITURE, _les_lots),
    "carte:recommencer": Cas(ECRITURE, _les_lots),
    "carte:effacer": Cas(ECRITURE, _les_lots),
}
