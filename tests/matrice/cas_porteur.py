"""Ce que chacun atteint d'un projet et de ses brouillons : ceux du porteur, et nul autre."""

from collections.abc import Callable
from typing import Any

from parvis.cadre.models import Contrat
from parvis.dossiers.actions.commentaires import commenter
from parvis.dossiers.models import Dossier
from parvis.dossiers.queries.dossiers import sections
from tests.fabriques import dossiers
from tests.fabriques.comptes import Monde
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

LISENT = frozenset({"gestionnaire", "signataire", "contributeur", "lecteur"})
ECRIVENT = LISENT - {"lecteur"}
CALENDRIER = {"debut_le": "01/02/2027", "fin_le": "", "etapes": "", "rythme": "", "complet": "oui"}
Suite = Callable[[Monde, Dossier], dict[str, Any]]


def _rien(monde: Monde, dossier: Dossier) -> dict[str, Any]:
    return {}


def _brouillons(ouvert_a: frozenset[str], suite: Suite = _rien, *, est_projet: bool = False):
    """Rend le brouillon du Verger, celui de qui attend, celui du Moulin, le croisé et l'absent."""

    def objets(monde: Monde) -> list[Objet]:
        contrats = {code: Contrat.objects.get(code=code) for code in ("tilleuls", "voisin")}
        appels = {
            code: dossiers.appel_ouvert(
                monde.acteurs["pilote" if code == "tilleuls" else "voisine"], contrat
            ).appel
            for code, contrat in contrats.items()
        }

        def de(nom: str, contrat: str = "tilleuls") -> dict[str, Any]:
            dossier = dossiers.brouillon(monde.acteurs[nom], appels[contrat], f"De {nom}")
            pk = dossier.projet_id if est_projet else dossier.pk
            return {"contrat": contrat, "pk": pk, **suite(monde, dossier)}

        sien, autre = de("gestionnaire"), de("meuniere")
        attend = de("attente")
        return [
            Objet("du Verger", sien, ouvert_a),
            Objet("de qui attend", attend, ouvert_a | {"attente"}),
            Objet("du Moulin", autre, frozenset({"meuniere"})),
            Objet("du voisin", de("meuniere", "voisin"), frozenset({"meuniere"})),
            Objet("croisé", sien | {"contrat": "voisin"}, PERSONNE),
            Objet("absent", sien | {"pk": ABSENT}, PERSONNE),
        ]

    return objets


def _dans_une_section(monde: Monde, dossier: Dossier) -> dict[str, Any]:
    return {"code": "calendrier"}


def _une_remarque(monde: Monde, dossier: Dossier) -> dict[str, Any]:
    par = next(a for a in monde.acteurs.values() if a.utilisateur_identifiant == dossier.auteur)
    section = sections(dossier)["calendrier"]
    remarque = commenter(par=par, dossier=dossier, section=section, texte="En mai ?")
    return {"code": "calendrier", "commentaire": remarque.pk}


def _par_contrat(monde: Monde) -> list[Objet]:
    return [
        Objet("du contrat", {"contrat": "tilleuls"}, CONNECTES),
        Objet("absent", {"contrat": "absent"}, PERSONNE),
    ]


CAS: dict[str, Cas] = {
    "espace_porteur:tous": Cas(LECTURE, lambda monde: [Objet("la page", {}, CONNECTES)]),
    "espace_porteur:projets": Cas(LECTURE, _par_contrat),
    "espace_porteur:nouveau": Cas(LES_DEUX, _par_contrat),
    "espace_porteur:projet": Cas(LECTURE, _brouillons(LISENT, est_projet=True)),
    "espace_porteur:dossier": Cas(LECTURE, _brouillons(LISENT)),
    "espace_porteur:suivre": Cas(ECRITURE, _brouillons(ECRIVENT)),
    "espace_porteur:exercices": Cas(
        ECRITURE, _brouillons(ECRIVENT), lambda monde: {"exercices": "1"}
    ),
    "espace_porteur:jeter": Cas(ECRITURE, _brouillons(ECRIVENT)),
    "espace_porteur:emporter": Cas(
        LES_DEUX, _brouillons(ECRIVENT, lambda monde, dossier: {"vers": "voisin"})
    ),
    # Qui lit sans écrire et envoie quand même retrouve son texte à l'écran : la page lui répond.
    "espace_porteur:section": Cas(
        LES_DEUX, _brouillons(LISENT, _dans_une_section), lambda monde: CALENDRIER
    ),
    "espace_porteur:reprendre": Cas(
        ECRITURE, _brouillons(ECRIVENT, lambda monde, dossier: {"code": "projet", "numero": 1})
    ),
    "espace_porteur:remarquer": Cas(
        ECRITURE, _brouillons(ECRIVENT, _dans_une_section), lambda monde: {"texte": "En mai ?"}
    ),
    "espace_porteur:regler": Cas(ECRITURE, _brouillons(ECRIVENT, _une_remarque)),
}
