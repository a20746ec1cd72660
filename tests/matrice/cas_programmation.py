"""Ce que chacun atteint du tableau de programmation : qui finance écrit sa colonne, le pilote lit."""

from typing import Any

from tests.fabriques.comptes import Monde
from tests.matrice.cas_instruction import FINANCE, PILOTE, _deporte, _recevable
from tests.matrice.outils import ABSENT, ECRITURE, LECTURE, LES_DEUX, PERSONNE, Cas, Objet


def _tableau(ouvert_a: frozenset[str], **autres: Any):
    def objets(monde: Monde) -> list[Objet]:
        _recevable(monde)
        return [
            Objet("du contrat", {"contrat": "tilleuls", **autres}, ouvert_a),
            Objet("d'un contrat absent", {"contrat": "absent", **autres}, PERSONNE),
        ]

    return objets


def _case(monde: Monde) -> list[Objet]:
    """La case de son service ; celle d'un autre, d'un brouillon, d'un dossier dont on s'est déporté."""
    from parvis.dossiers.models import Demande

    objets = _deporte(monde)
    dossiers = {objet.nom: objet.kwargs["pk"] for objet in objets}
    service = monde.acteurs["instructeur"].organisme

    def demande(dossier: int, **qui: Any) -> dict[str, Any]:
        siennes = Demande.objects.filter(dossier=dossier)
        une = siennes.filter(**qui).first() or siennes.first()
        return {"contrat": "tilleuls", "pk": une.pk}

    ici = demande(dossiers["recevable"], financeur=service)
    autre = Demande.objects.filter(dossier=dossiers["recevable"]).exclude(financeur=service).first()
    return [
        Objet("de son service", ici, FINANCE),
        Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
        Objet("d'un autre service", ici | {"pk": autre.pk}, PERSONNE),
        Objet("d'un brouillon", demande(dossiers["brouillon"]), PERSONNE),
        Objet("dont on s'est déporté", demande(dossiers["dont on s'est déporté"]), PERSONNE),
        Objet("absente", ici | {"pk": ABSENT}, PERSONNE),
    ]


CAS: dict[str, Cas] = {
    "espace_financeur:programmation": Cas(LECTURE, _tableau(FINANCE)),
    "espace_financeur:programmation_tableau": Cas(LECTURE, _tableau(FINANCE, extension="csv")),
    "espace_financeur:proposer_un_montant": Cas(
        LES_DEUX, _case, lambda monde: {"montant": "10", "rang": "0"}
    ),
    "espace_financeur:reprendre_la_programmation": Cas(LES_DEUX, _tableau(FINANCE)),
    "espace_financeur:ecrire_la_programmation": Cas(ECRITURE, _tableau(FINANCE)),
    "pilotage:programmation": Cas(LECTURE, _tableau(PILOTE)),
    "pilotage:programmation_tableau": Cas(LECTURE, _tableau(PILOTE, extension="csv")),
}
