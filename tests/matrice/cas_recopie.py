"""Ce que chacun atteint d'un dossier à recopier sur un portail."""

from typing import Any

from parvis.dossiers.queries.portails import a_recopier
from tests.fabriques import portails
from tests.fabriques.comptes import Monde
from tests.matrice.cas_pilotage import _du_contrat
from tests.matrice.cas_suites import (
    ECRIVENT,
    LISENT,
    PILOTE,
    _depose,
    _dossier_en_brouillon,
)
from tests.matrice.outils import ABSENT, ECRITURE, LECTURE, LES_DEUX, PERSONNE, Cas, Objet


def _dossier(ouvert_a: frozenset[str]):
    """Rend un dossier à recopier pour l'État ; sans demande à la caisse, son portail n'existe pas."""

    def objets(monde: Monde) -> list[Objet]:
        recu = _depose(monde)
        portails.demande_a_l_etat(recu)
        ici = {"contrat": "tilleuls", "pk": recu.pk, "portail": "dauphin"}
        return [
            Objet("déposé", ici, ouvert_a),
            Objet("un portail où rien ne se demande", ici | {"portail": "caf"}, PERSONNE),
            Objet("un portail inconnu", ici | {"portail": "rien"}, PERSONNE),
            Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
            Objet("absent", ici | {"pk": ABSENT}, PERSONNE),
        ]

    return objets


def _pour_le_pilote(monde: Monde) -> list[Objet]:
    objets = _dossier(PILOTE)(monde)
    (brouillon,) = _dossier_en_brouillon(monde)
    return [*objets, Objet("brouillon", brouillon.kwargs | {"portail": "dauphin"}, PERSONNE)]


def _un_champ(monde: Monde) -> dict[str, Any]:
    recu = portails.prefecture().demandes_recues.latest("pk").dossier
    page = a_recopier(monde.acteurs["gestionnaire"], recu, "dauphin")
    lue = page.champs["projet-titre"].empreinte
    return {"champ": "projet-titre", "recopie": "oui", "lue": lue, "limite": "200"}


def _un_numero(monde: Monde) -> dict[str, Any]:
    demande = portails.prefecture().demandes_recues.latest("pk")
    return {"demande": demande.pk, "numero": "DA01234567"}


CAS: dict[str, Cas] = {
    "espace_porteur:recopier": Cas(LECTURE, _dossier(LISENT)),
    "espace_porteur:marquer_un_champ": Cas(ECRITURE, _dossier(ECRIVENT), _un_champ),
    "espace_porteur:dire_la_limite": Cas(ECRITURE, _dossier(ECRIVENT), _un_champ),
    "espace_porteur:noter_le_numero": Cas(ECRITURE, _dossier(ECRIVENT), _un_numero),
    "pilotage:exports": Cas(LES_DEUX, _du_contrat()),
    "pilotage:reprendre_un_export": Cas(ECRITURE, _du_contrat()),
    "pilotage:recopier": Cas(LECTURE, _pour_le_pilote),
}
