"""Les actes sur les scénarios d'un service, chacun fait une fois pour de vrai."""

from types import SimpleNamespace

from parvis.programmation.actions import scenarios
from parvis.programmation.models import Scenario
from parvis.programmation.rules.scenarios import Regle
from tests.fabriques import instruction


def _faire(m: SimpleNamespace) -> Scenario:
    m.etude = instruction.etude()
    return scenarios.faire_un_scenario(
        par=m.etude.samia,
        contrat=m.etude.ici.contrat,
        exercice=m.etude.dossier.exercice,
        nom="Moitié pour tous",
        regle=Regle("taux", taux=50),
    )


def _jeter(m: SimpleNamespace) -> None:
    scenario = _faire(m)
    scenarios.jeter_le_scenario(par=m.etude.samia, scenario=scenario)


def _appliquer(m: SimpleNamespace) -> None:
    scenario = _faire(m)
    scenarios.appliquer_le_scenario(par=m.etude.samia, scenario=scenario)


DES_SCENARIOS = {
    "programmation.faire_un_scenario": _faire,
    "programmation.jeter_le_scenario": _jeter,
    "programmation.appliquer_le_scenario": _appliquer,
}
