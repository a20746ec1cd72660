"""Ce que chacun atteint des scénarios d'un financeur : son service, et lui seul."""

from typing import Any

from parvis.cadre.models import Contrat
from parvis.dossiers.models import Demande
from parvis.programmation.actions.scenarios import faire_un_scenario
from parvis.programmation.models import Scenario
from parvis.programmation.rules.scenarios import Regle
from tests.fabriques import depots, instruction
from tests.fabriques.comptes import Monde
from tests.matrice.outils import ABSENT, ECRITURE, LECTURE, LES_DEUX, PERSONNE, Cas, Objet

SERVICE = frozenset({"instructeur"})


def _le_contrat(monde: Monde) -> list[Objet]:
    return [
        Objet("du contrat", {"contrat": "tilleuls"}, SERVICE),
        Objet("d'un contrat absent", {"contrat": "absent"}, PERSONNE),
    ]


def _un(monde: Monde) -> list[Objet]:
    contrat, qui = Contrat.objects.get(code="tilleuls"), monde.acteurs["instructeur"]
    ici = depots.lieux(monde, contrat)
    dossier = instruction.recevable(ici)
    Demande.objects.filter(dossier=dossier, financeur=ici.caisse).update(financeur=qui.organisme)
    regle = Regle("taux", taux=50)
    sien = faire_un_scenario(
        par=qui, contrat=contrat, exercice=dossier.exercice, nom="Moitié", regle=regle
    )
    etranger = Scenario.objects.create(
        contrat=contrat,
        financeur=monde.agglo,
        exercice=dossier.exercice,
        nom="Un autre",
        partage="taux",
        priorite="avis",
        taux=10,
        cree_le=sien.cree_le,
        cree_par="x",
    )
    ici_ = {"contrat": "tilleuls", "pk": sien.pk}
    return [
        Objet("le sien", ici_, SERVICE),
        Objet("d'un autre service", ici_ | {"pk": etranger.pk}, PERSONNE),
        Objet("d'un autre contrat", ici_ | {"contrat": "voisin"}, PERSONNE),
        Objet("absent", ici_ | {"pk": ABSENT}, PERSONNE),
    ]


def _une_regle(monde: Monde) -> dict[str, Any]:
    regle = {"partage": "taux", "taux": "5", "priorite": "avis", "arrondi": "100"}
    return regle | {"nom": "Cinq", "exercice": "2027"}


CAS: dict[str, Cas] = {
    "espace_financeur:scenarios": Cas(LECTURE, _le_contrat),
    "espace_financeur:faire_un_scenario": Cas(LES_DEUX, _le_contrat, _une_regle),
    "espace_financeur:appliquer_le_scenario": Cas(LES_DEUX, _un),
    "espace_financeur:jeter_le_scenario": Cas(ECRITURE, _un),
}
