"""Ce que chacun atteint des projets d'un organisme : ses gens, et tout pilote ; nul autre."""

from tests.fabriques.comptes import Monde
from tests.matrice.outils import ABSENT, LECTURE, PERSONNE, Cas, Objet

DU_VERGER = frozenset({"attente", "gestionnaire", "signataire", "contributeur", "lecteur"})
PILOTES = frozenset({"pilote", "voisine"})


def _organismes(monde: Monde) -> list[Objet]:
    return [
        Objet("le Verger", {"organisme": monde.verger.pk}, DU_VERGER | PILOTES),
        Objet("le Moulin", {"organisme": monde.moulin.pk}, frozenset({"meuniere"}) | PILOTES),
        Objet("absent", {"organisme": ABSENT}, PERSONNE),
    ]


CAS: dict[str, Cas] = {"espace_porteur:organisme": Cas(LECTURE, _organismes)}
