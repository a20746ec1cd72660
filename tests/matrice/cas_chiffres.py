"""Ce que chacun atteint des chiffres d'un contrat : son pilote, et lui seul."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from parvis.observatoire.actions import (
    SerieDecrite,
    attendre_une_livraison,
    decrire_un_fichier,
    deposer_un_fichier,
)
from tests.fabriques.comptes import Monde
from tests.matrice.cas_pilotage import _dans_le_contrat, _du_contrat
from tests.matrice.outils import ECRITURE, LECTURE, LES_DEUX, Cas

TABLEAU = b"code;habitants\nQN94001M;120\n"


def _fichier(monde: Monde, contrat: str) -> dict[str, int]:
    pilote = monde.acteurs["pilote" if contrat == "tilleuls" else "voisine"]
    depose = deposer_un_fichier(par=pilote, contrat=contrat, nom="gens.csv", octets=TABLEAU)
    return {"pk": depose.pk}


def _attente(monde: Monde, contrat: str) -> dict[str, int]:
    attendue = attendre_une_livraison(
        par=monde.acteurs["pilote" if contrat == "tilleuls" else "voisine"],
        contrat=contrat,
        jeu="Demandeurs d’emploi",
        fournisseur="France Travail",
        frequence="annuelle",
        prochaine_le=date(2026, 1, 1),
    )
    return {"pk": attendue.pk}


def _serie(monde: Monde, contrat: str) -> dict[str, int]:
    decrit = decrire_un_fichier(
        par=monde.acteurs["pilote" if contrat == "tilleuls" else "voisine"],
        contrat=contrat,
        source="Enquête",
        producteur="Les Veilleurs",
        nom="Gens",
        niveau="quartier",
        millesime=2024,
        colonne_du_territoire="code",
        series=[SerieDecrite("habitants", "Habitants", "personnes", "somme")],
    )
    return {"pk": decrit.source.series.get().pk}


def _une_correction(monde: Monde) -> dict[str, Any]:
    return {"libelle": "Habitants du quartier", "definition": "", "unite": "personnes"}


def _un_depot(monde: Monde) -> dict[str, Any]:
    return {"fichier": SimpleUploadedFile("gens.csv", TABLEAU)}


def _une_attente(monde: Monde) -> dict[str, Any]:
    return {
        "jeu": "Allocataires",
        "fournisseur": "Caf",
        "frequence": "annuelle",
        "prochaine_le": "2026-06-01",
    }


CAS: dict[str, Cas] = {
    "pilotage:chiffres": Cas(LECTURE, _du_contrat()),
    "pilotage:chiffres_recues": Cas(LECTURE, _du_contrat()),
    "pilotage:chiffres_series": Cas(LECTURE, _du_contrat()),
    "pilotage:chiffres_serie": Cas(LES_DEUX, _dans_le_contrat(_serie), _une_correction),
    "pilotage:chiffres_deposer": Cas(ECRITURE, _du_contrat(), _un_depot),
    "pilotage:chiffres_fichier": Cas(LECTURE, _dans_le_contrat(_fichier)),
    "pilotage:chiffres_importer": Cas(ECRITURE, _dans_le_contrat(_fichier)),
    "pilotage:chiffres_decrire": Cas(ECRITURE, _dans_le_contrat(_fichier)),
    "pilotage:chiffres_jeter": Cas(ECRITURE, _dans_le_contrat(_fichier)),
    "pilotage:chiffres_attendre": Cas(ECRITURE, _du_contrat(), _une_attente),
    "pilotage:chiffres_attente": Cas(LES_DEUX, _dans_le_contrat(_attente), _une_attente),
    "pilotage:chiffres_clore": Cas(ECRITURE, _dans_le_contrat(_attente)),
}
