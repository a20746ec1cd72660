"""Ce que chacun atteint des indicateurs d'un contrat : son pilote, et lui seul."""

from typing import Any

from parvis.cadre.actions.indicateurs import ajouter_un_indicateur
from parvis.cadre.models import Contrat
from tests.fabriques.comptes import Monde
from tests.matrice.cas_pilotage import _dans_le_contrat, _du_contrat
from tests.matrice.outils import ECRITURE, LECTURE, LES_DEUX, Cas


def _indicateur(monde: Monde, contrat: str) -> dict[str, int]:
    propose = ajouter_un_indicateur(
        par=monde.acteurs["pilote" if contrat == "tilleuls" else "voisine"],
        contrat=Contrat.objects.get(code=contrat),
        fiche=None,
        nom="Arbres plantés",
    )
    return {"pk": propose.pk}


def _un_nom(monde: Monde) -> dict[str, Any]:
    return {"nom": "Arbres arrosés", "unite": "arbres", "source": ""}


CAS: dict[str, Cas] = {
    "pilotage:indicateurs": Cas(LECTURE, _du_contrat()),
    "pilotage:ajouter_un_indicateur": Cas(ECRITURE, _du_contrat(), _un_nom),
    "pilotage:modifier_un_indicateur": Cas(LES_DEUX, _dans_le_contrat(_indicateur), _un_nom),
    "pilotage:retirer_un_indicateur": Cas(ECRITURE, _dans_le_contrat(_indicateur)),
}
