"""Qui se parle d'un dossier : ses financeurs et son pilote, son porteur pour ce qu'on lui demande."""

from collections.abc import Callable

from parvis.dossiers.models import Dossier
from parvis.instruction.actions.echanges import repondre
from tests.fabriques.comptes import Monde
from tests.fabriques.echanges import au_porteur, aux_services
from tests.matrice.cas_instruction import FINANCE, PILOTE, _deporte, _dossier, _recevable
from tests.matrice.cas_suites import ECRIVENT
from tests.matrice.outils import ABSENT, ECRITURE, LES_DEUX, PERSONNE, Cas, Objet

Objets = Callable[[Monde], list[Objet]]


def _a_interroger(ouvert_a: frozenset[str]) -> Objets:
    """Rend un dossier qui s'étudie, et ceux où l'on n'a rien à demander, un déport compris."""

    def objets(monde: Monde) -> list[Objet]:
        if ouvert_a == PILOTE:
            return [o for o in _dossier(PILOTE)(monde) if o.nom != "brouillon"]
        *communs, deporte = _deporte(monde)
        return [Objet(o.nom, o.kwargs, ouvert_a & o.ouvert_a) for o in communs] + [deporte]

    return objets


def _questions(par: str, au_porteur_ouvert: frozenset[str], entre: frozenset[str]) -> Objets:
    """Rend une question au porteur, une entre services, et ce qui n'en est pas une ici."""

    def objets(monde: Monde) -> list[Objet]:
        dossier: Dossier = _recevable(monde)
        qui = monde.acteurs[par]
        question, cachee = au_porteur(qui, dossier), aux_services(qui, dossier)
        reponse = repondre(par=monde.acteurs["gestionnaire"], question=question, texte="Oui.")
        ici = {"contrat": "tilleuls", "pk": dossier.pk, "question": question.pk}
        return [
            Objet("au porteur", ici, au_porteur_ouvert),
            Objet("entre services", ici | {"question": cachee.pk}, entre),
            Objet("une réponse", ici | {"question": reponse.pk}, PERSONNE),
            Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
            Objet("d'un dossier absent", ici | {"pk": ABSENT}, PERSONNE),
            Objet("absente", ici | {"question": ABSENT}, PERSONNE),
        ]

    return objets


def _une_question(monde: Monde) -> dict[str, str]:
    return {"sorte": "avec_le_porteur", "texte": "Qui arrose au mois d’août ?"}


def _un_texte(monde: Monde) -> dict[str, str]:
    return {"texte": "Les voisins."}


CAS: dict[str, Cas] = {
    "espace_financeur:poser_une_question": Cas(LES_DEUX, _a_interroger(FINANCE), _une_question),
    "espace_financeur:repondre_a_une_question": Cas(
        LES_DEUX, _questions("pilote", FINANCE, FINANCE), _un_texte
    ),
    "espace_financeur:clore_une_question": Cas(
        ECRITURE, _questions("instructeur", FINANCE, FINANCE)
    ),
    "pilotage:poser_une_question": Cas(LES_DEUX, _a_interroger(PILOTE), _une_question),
    "pilotage:repondre_a_une_question": Cas(
        LES_DEUX, _questions("instructeur", PILOTE, PILOTE), _un_texte
    ),
    "pilotage:clore_une_question": Cas(ECRITURE, _questions("pilote", PILOTE, PILOTE)),
    "espace_porteur:repondre_a_une_question": Cas(
        LES_DEUX, _questions("instructeur", ECRIVENT, PERSONNE), _un_texte
    ),
}
