"""Ce que chacun atteint des postes aidés d'un contrat : son pilote, et lui seul."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.fabriques.comptes import Monde
from tests.fabriques.postes import CODE, JUMEAU, fichier
from tests.matrice.cas_pilotage import _du_contrat
from tests.matrice.outils import ECRITURE, LECTURE, LES_DEUX, Cas


def _un_code(monde: Monde) -> dict[str, Any]:
    return {"code": CODE}


def _un_fichier(monde: Monde) -> dict[str, Any]:
    return {"fichier": SimpleUploadedFile("fonjep.csv", fichier(*JUMEAU))}


CAS: dict[str, Cas] = {
    "pilotage:postes": Cas(LECTURE, _du_contrat()),
    "pilotage:postes_tableau": Cas(LECTURE, _du_contrat(extension="csv")),
    "pilotage:code_national": Cas(ECRITURE, _du_contrat(), _un_code),
    "pilotage:importer_les_postes": Cas(LES_DEUX, _du_contrat(), _un_fichier),
    "pilotage:ecrire_les_postes": Cas(ECRITURE, _du_contrat()),
}
