"""Ce que chacun atteint des décisions d'un financeur : son service, et lui seul."""

from typing import Any

from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.dossiers.models import Demande
from parvis.programmation.actions.decisions import (
    Dit,
    modifier_la_decision,
    preparer_une_decision,
    repondre,
)
from parvis.programmation.models import Decision
from tests.fabriques import depots, fichiers, instruction
from tests.fabriques.comptes import Monde
from tests.matrice.outils import ABSENT, ECRITURE, LECTURE, LES_DEUX, PERSONNE, Cas, Objet

SERVICE = frozenset({"instructeur"})


def _decision(monde: Monde) -> Decision:
    """Rend une décision du service de l'instructeur, qui refuse une demande."""
    contrat = Contrat.objects.get(code="tilleuls")
    ici = depots.lieux(monde, contrat)
    dossier = instruction.recevable(ici)
    qui = monde.acteurs["instructeur"]
    Demande.objects.filter(dossier=dossier, financeur=ici.caisse).update(financeur=qui.organisme)
    decision = preparer_une_decision(
        par=qui,
        contrat=contrat,
        exercice=dossier.exercice,
        sorte="conseil",
        prise_le=timezone.localdate(),
        numero="12",
    )
    demande = dossier.demandes.get(financeur=qui.organisme)
    repondre(
        par=qui,
        decision=decision,
        reponses={demande.pk: Dit("refuse", motif="Hors priorité.", a_qui="Nour Haddad")},
    )
    return decision


def _le_contrat(**autres: Any):
    def objets(monde: Monde) -> list[Objet]:
        return [
            Objet("du contrat", {"contrat": "tilleuls", **autres}, SERVICE),
            Objet("d'un contrat absent", {"contrat": "absent", **autres}, PERSONNE),
        ]

    return objets


def _une(monde: Monde) -> list[Objet]:
    decision = _decision(monde)
    etrangere = Decision.objects.create(
        contrat=decision.contrat,
        financeur=monde.agglo,
        exercice=decision.exercice,
        sorte="arrete",
        prise_le=timezone.localdate(),
        preparee_le=timezone.now(),
        preparee_par="x",
    )
    ici = {"contrat": "tilleuls", "pk": decision.pk}
    return [
        Objet("la sienne", ici, SERVICE),
        Objet("d'un autre service", ici | {"pk": etrangere.pk}, PERSONNE),
        Objet("d'un autre contrat", ici | {"contrat": "voisin"}, PERSONNE),
        Objet("absente", ici | {"pk": ABSENT}, PERSONNE),
    ]


def _avec_fichier(monde: Monde) -> list[Objet]:
    objets = _une(monde)
    decision = Decision.objects.get(pk=objets[0].kwargs["pk"])
    modifier_la_decision(
        par=monde.acteurs["instructeur"],
        decision=decision,
        sorte="conseil",
        prise_le=decision.prise_le,
        numero="12",
        fichier=fichiers.controle("deliberation.pdf", fichiers.pdf()),
    )
    return objets


def _reponse(monde: Monde) -> list[Objet]:
    decision = _decision(monde)
    ici = {"contrat": "tilleuls", "pk": decision.pk, "ligne": decision.lignes.get().pk}
    return [
        Objet("la sienne", ici, SERVICE),
        Objet("absente", ici | {"ligne": ABSENT}, PERSONNE),
        Objet("d'une décision absente", ici | {"pk": ABSENT}, PERSONNE),
    ]


def _un_acte(monde: Monde) -> dict[str, Any]:
    jour = timezone.localdate()
    return {"exercice": jour.year, "sorte": "conseil", "prise_le": jour.isoformat()}


def _un_refus(monde: Monde) -> dict[str, Any]:
    return {"resultat": "refuse", "motif": "Hors priorité."}


CAS: dict[str, Cas] = {
    "espace_financeur:decisions": Cas(LECTURE, _le_contrat()),
    "espace_financeur:nouvelle_decision": Cas(LES_DEUX, _le_contrat(), _un_acte),
    "espace_financeur:decision": Cas(LECTURE, _une),
    "espace_financeur:modifier_la_decision": Cas(LES_DEUX, _une, _un_acte),
    "espace_financeur:publier_la_decision": Cas(LES_DEUX, _une),
    "espace_financeur:jeter_la_decision": Cas(ECRITURE, _une),
    "espace_financeur:fichier_de_decision": Cas(LECTURE, _avec_fichier),
    "espace_financeur:accorder": Cas(ECRITURE, _une),
    "espace_financeur:refuser": Cas(ECRITURE, _une),
    "espace_financeur:reponse": Cas(LES_DEUX, _reponse, _un_refus),
    "espace_financeur:retirer_une_reponse": Cas(ECRITURE, _reponse),
}
