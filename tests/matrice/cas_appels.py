"""Ce que chacun atteint des appels : le pilote de son contrat ; être prévenu, chaque personne connectée."""

from typing import Any

from parvis.cadre.models import Contrat
from parvis.dossiers.actions import sections_d_appel as sections
from tests.fabriques import appels as fabrique
from tests.fabriques.comptes import Monde
from tests.matrice.cas_pilotage import DES_DEUX, _dans_le_contrat, _du_contrat
from tests.matrice.outils import CONNECTES, ECRITURE, LECTURE, LES_DEUX, PERSONNE, Cas, Objet


def _pilote(monde: Monde, contrat: str) -> Any:
    return monde.acteurs["pilote" if contrat == "tilleuls" else "voisine"]


def _appels(*, est_publie: bool = False, **autres: Any):
    """Rend l'appel de chaque contrat, sous une adresse à lui, celui d'un autre, et l'absent."""

    def objets(monde: Monde) -> list[Objet]:
        siens = {}
        for contrat in DES_DEUX:
            creer = fabrique.publie if est_publie else fabrique.brouillon
            vise = Contrat.objects.get(code=contrat)
            version = creer(_pilote(monde, contrat), vise, titre=f"Appel de {contrat}")
            siens[contrat] = version.appel.adresse
        return [
            *(
                Objet(f"de {c}", {"contrat": c, "adresse": siens[c], **autres}, a)
                for c, a in DES_DEUX.items()
            ),
            Objet(
                "croisé", {"contrat": "tilleuls", "adresse": siens["voisin"], **autres}, PERSONNE
            ),
            Objet("absent", {"contrat": "tilleuls", "adresse": "absent", **autres}, PERSONNE),
        ]

    return objets


def _ligne(monde: Monde, contrat: str) -> dict[str, Any]:
    pilote = _pilote(monde, contrat)
    version = fabrique.brouillon(pilote, Contrat.objects.get(code=contrat), titre="Appel")
    piece = sections.ajouter_une_piece(par=pilote, version=version, valeurs={"libelle": "Plan"})
    return {"adresse": version.appel.adresse, "section": "pieces", "pk": piece.pk}


def _ailleurs(monde: Monde, contrat: str) -> dict[str, int]:
    trouve = fabrique.ailleurs(_pilote(monde, contrat), Contrat.objects.get(code=contrat))
    return {"pk": trouve.pk}


CAS: dict[str, Cas] = {
    "accueil:alertes": Cas(
        LES_DEUX,
        lambda monde: [
            Objet("un contrat", {"contrat": "tilleuls"}, CONNECTES),
            Objet("absent", {"contrat": "absent"}, PERSONNE),
        ],
    ),
    "pilotage:appels": Cas(LECTURE, _du_contrat()),
    "pilotage:nouvel_appel": Cas(LES_DEUX, _du_contrat()),
    "pilotage:appels_ailleurs": Cas(LECTURE, _du_contrat()),
    "pilotage:nouvel_appel_ailleurs": Cas(LES_DEUX, _du_contrat()),
    "pilotage:appel_ailleurs": Cas(LES_DEUX, _dans_le_contrat(_ailleurs)),
    "pilotage:retirer_appel_ailleurs": Cas(ECRITURE, _dans_le_contrat(_ailleurs)),
    "pilotage:appel": Cas(LECTURE, _appels()),
    "pilotage:apercu_d_appel": Cas(LECTURE, _appels()),
    "pilotage:publier_appel": Cas(LES_DEUX, _appels()),
    "pilotage:preparer_une_version": Cas(ECRITURE, _appels(est_publie=True)),
    "pilotage:jeter_appel": Cas(ECRITURE, _appels()),
    "pilotage:reprendre_appel": Cas(
        ECRITURE, _appels(est_publie=True), lambda monde: {"exercice": "2030"}
    ),
    "pilotage:section_d_appel": Cas(LES_DEUX, _appels(section="presentation")),
    "pilotage:proposer_la_grille": Cas(ECRITURE, _appels()),
    "pilotage:ligne_d_appel": Cas(LES_DEUX, _dans_le_contrat(_ligne)),
    "pilotage:retirer_ligne_d_appel": Cas(ECRITURE, _dans_le_contrat(_ligne)),
    "pilotage:monter_ligne_d_appel": Cas(ECRITURE, _dans_le_contrat(_ligne)),
}
