"""Ce que chacun atteint de la couverture et du tableau de bord d'un contrat : son pilote, et lui seul."""

from typing import Any

from tests.fabriques.comptes import Monde
from tests.matrice.cas_instruction import PILOTE
from tests.matrice.outils import LECTURE, PERSONNE, Cas, Objet


def _page(**autres: Any):
    def objets(monde: Monde) -> list[Objet]:
        return [
            Objet("du contrat", {"contrat": "tilleuls", **autres}, PILOTE),
            Objet("d'un autre contrat", {"contrat": "voisin", **autres}, frozenset({"voisine"})),
            Objet("d'un contrat absent", {"contrat": "absent", **autres}, PERSONNE),
        ]

    return objets


CAS: dict[str, Cas] = {
    "pilotage:couverture": Cas(LECTURE, _page()),
    "pilotage:couverture_lieux": Cas(LECTURE, _page()),
    "pilotage:couverture_publics": Cas(LECTURE, _page()),
    "pilotage:couverture_droit_commun": Cas(LECTURE, _page()),
    "pilotage:couverture_sujets": Cas(LECTURE, _page()),
    "pilotage:tableau_de_bord": Cas(LECTURE, _page()),
    "pilotage:tableau_de_bord_annees": Cas(LECTURE, _page(extension="csv")),
    "pilotage:couverture_tableau": Cas(LECTURE, _page(tableau="fiches", extension="csv")),
}
