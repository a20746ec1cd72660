"""Les actes sur les postes aidés d'un contrat, chacun fait une fois pour de vrai."""

from types import SimpleNamespace

from parvis.cadre.actions.contrats import noter_le_code_national
from parvis.programmation.actions.postes import importer_les_postes
from parvis.programmation.enums import DispositifDePoste
from parvis.socle.auteur import Machine
from tests.fabriques.cadre import contrat_publie
from tests.fabriques.postes import CODE, lus

MACHINE = Machine("essai")


def _noter_le_code(m: SimpleNamespace) -> None:
    contrat = contrat_publie("tilleuls").contrat
    noter_le_code_national(par=MACHINE, contrat=contrat, code=CODE)


def _importer(m: SimpleNamespace) -> None:
    importer_les_postes(
        par=MACHINE,
        contrat=contrat_publie("tilleuls").contrat,
        dispositif=DispositifDePoste.FONJEP,
        lus=lus(),
        source="postes-fonjep.csv",
    )


DES_POSTES = {
    "cadre.noter_le_code_national": _noter_le_code,
    "programmation.importer_les_postes": _importer,
}
