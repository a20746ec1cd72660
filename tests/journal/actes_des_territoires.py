"""Les actes sur les territoires, et ceux de la carte, chacun fait une fois pour de vrai."""

from types import SimpleNamespace

from shapely.geometry import box

from parvis.carte.actions.lots import deposer_un_lot
from parvis.comptes.acteur import Acteur
from parvis.territoires.actions import (
    charger_territoire,
    importer_adresses,
    importer_communes,
    importer_correspondances,
    importer_epci,
    importer_quartiers,
)
from parvis.territoires.importation.adresses import LigneDAdresse
from parvis.territoires.importation.communes import CommuneLue, EpciLu
from parvis.territoires.importation.quartiers import QuartierLu, QuartiersLus, SuiteLue
from tests.fabriques.cadre import contrat_publie

EXPLOITANT = Acteur.machine("Exploitation")


def _communes(m: SimpleNamespace) -> None:
    importer_communes(
        par=EXPLOITANT,
        lues=[CommuneLue("Ligne 2", "94041", "Port-Tilleul")],
        source="communes.csv",
        ecrire=True,
    )


def _quartiers(m: SimpleNamespace, millesime: int = 2024, code: str = "QN09401M") -> None:
    lu = QuartierLu("Objet 1", code, "Le Verger", {"94041": "Port-Tilleul"}, box(2, 48, 2.1, 48.1))
    importer_quartiers(
        par=EXPLOITANT,
        lus=QuartiersLus([lu], [], True),
        millesime=millesime,
        source="quartiers.geojson",
        ecrire=True,
    )


def _correspondances(m: SimpleNamespace) -> None:
    _quartiers(m)
    _quartiers(m, 2015, "QP094001")
    importer_correspondances(
        par=EXPLOITANT,
        avant=2015,
        apres=2024,
        suites=[SuiteLue("Ligne 2", "QP094001", "QN09401M", "MODIFIE")],
        source="suites.csv",
        ecrire=True,
    )


def _epci(m: SimpleNamespace) -> None:
    _communes(m)
    importer_epci(
        par=EXPLOITANT,
        lus=[EpciLu("200000000", "Agglomération des Tilleuls", ("94041",))],
        source="epci.csv",
        ecrire=True,
    )


ADRESSE = LigneDAdresse(
    2, "94041_0010_00012", "94041", "Port-Tilleul", 12, "", "Rue des Tilleuls", "94980", 2.38, 48.8
)

DES_TERRITOIRES = {
    "territoires.charger": lambda m: charger_territoire(
        par=EXPLOITANT,
        source="val",
        donnees={
            "nom": "Val-des-Tilleuls",
            "communes": [{"insee": "94041", "nom": "Port-Tilleul"}],
            "quartiers": {"2015": []},
        },
    ),
    "territoires.importer_communes": _communes,
    "territoires.importer_epci": _epci,
    "territoires.importer_quartiers": _quartiers,
    "territoires.importer_correspondances": _correspondances,
    "territoires.importer_adresses": lambda m: importer_adresses(
        par=EXPLOITANT, lignes=[ADRESSE], source="adresses.csv", ecrire=True
    ),
    "carte.deposer_un_lot": lambda m: deposer_un_lot(
        par=m.acteur,
        contrat=contrat_publie().contrat,
        nom="adherents.csv",
        octets=b"latitude;longitude\n48,8;2,38\n",
        millesimes=[2024],
    ),
}
