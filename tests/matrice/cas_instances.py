"""Ce que chacun atteint des instances d'un contrat : son pilote ; à un membre, ses réunions."""

from typing import Any

from django.utils import timezone

from parvis.cadre.models import Contrat
from tests.fabriques import instances
from tests.fabriques.comptes import Monde
from tests.matrice.cas_pilotage import _du_contrat
from tests.matrice.outils import (
    ABSENT,
    CONNECTES,
    ECRITURE,
    LECTURE,
    LES_DEUX,
    PERSONNE,
    Cas,
    Objet,
)

PILOTE = frozenset({"pilote"})


def _instance(monde: Monde) -> list[Objet]:
    contrat = Contrat.objects.get(code="tilleuls")
    cree = instances.instance(monde.acteurs["pilote"], contrat)
    ici = {"contrat": "tilleuls", "pk": cree.pk}
    return [
        Objet("du contrat", ici, PILOTE),
        Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
        Objet("absente", ici | {"pk": ABSENT}, PERSONNE),
    ]


def _mandat(monde: Monde) -> list[Objet]:
    pilote, contrat = monde.acteurs["pilote"], Contrat.objects.get(code="tilleuls")
    cree = instances.instance(pilote, contrat)
    mandat = instances.membre(pilote, cree, "Mme Dupré")
    autre = instances.instance(pilote, contrat, nom="Autre")
    ici = {"contrat": "tilleuls", "pk": cree.pk, "mandat": mandat.pk}
    return [
        Objet("de l'instance", ici, PILOTE),
        Objet("d'une autre instance", ici | {"pk": autre.pk}, PERSONNE),
        Objet("absent", ici | {"mandat": ABSENT}, PERSONNE),
    ]


def _reunion(monde: Monde) -> list[Objet]:
    pilote, contrat = monde.acteurs["pilote"], Contrat.objects.get(code="tilleuls")
    cree = instances.instance(pilote, contrat)
    instances.membre(pilote, cree, monde.acteurs["elu"])
    reunion = instances.reunion(pilote, cree)
    ici = {"contrat": "tilleuls", "pk": reunion.pk}
    return [
        Objet("du contrat", ici, PILOTE),
        Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
        Objet("absente", ici | {"pk": ABSENT}, PERSONNE),
    ]


def _une_instance(monde: Monde) -> dict[str, Any]:
    return {"nom": "Comité technique", "sorte": "technique", "quorum": "0"}


def _un_membre(monde: Monde) -> dict[str, Any]:
    jour = timezone.localdate().isoformat()
    return {"nom": "M. Faure", "voix": "deliberative", "debut_le": jour}


def _quand(monde: Monde) -> dict[str, Any]:
    return {"objet": "Point", "commence_le": "2030-01-07T14:00", "lieu": "Mairie"}


CAS: dict[str, Cas] = {
    "pilotage:instances": Cas(LES_DEUX, _du_contrat(), _une_instance),
    "pilotage:instance": Cas(LECTURE, _instance),
    "pilotage:modifier_une_instance": Cas(LES_DEUX, _instance, _une_instance),
    "pilotage:clore_une_instance": Cas(ECRITURE, _instance),
    "pilotage:nommer_un_membre": Cas(ECRITURE, _instance, _un_membre),
    "pilotage:finir_un_mandat": Cas(ECRITURE, _mandat),
    "pilotage:prevoir_une_reunion": Cas(LES_DEUX, _instance, _quand),
    "pilotage:reunion": Cas(LECTURE, _reunion),
    "pilotage:modifier_une_reunion": Cas(LES_DEUX, _reunion, _quand),
    "pilotage:convoquer": Cas(ECRITURE, _reunion),
    "pilotage:noter_les_presences": Cas(ECRITURE, _reunion),
    "pilotage:tenir_une_reunion": Cas(ECRITURE, _reunion),
    "pilotage:annuler_une_reunion": Cas(ECRITURE, _reunion, lambda monde: {"motif": "Salle."}),
    "espace_financeur:reunions": Cas(
        LECTURE,
        lambda monde: [
            Objet("du contrat", {"contrat": "tilleuls"}, CONNECTES),
            Objet("d'un contrat absent", {"contrat": "absent"}, PERSONNE),
        ],
    ),
}
