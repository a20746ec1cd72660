"""Des demandes en plus chez la caisse, et les décisions qui y répondent : de quoi prendre plusieurs actes."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.conventions.actions.actes import preparer_les_actes
from parvis.conventions.models import Acte
from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier
from parvis.dossiers.models import Demande, Projet
from parvis.organismes.models import Organisme
from parvis.programmation.actions.decisions import Dit, publier_la_decision, repondre
from parvis.programmation.enums import Resultat
from parvis.programmation.models import Decision
from tests.fabriques import actes, decisions, depots, projets
from tests.fabriques.cadre import contrat_publie

REFUSE = Dit(Resultat.REFUSE, motif="Hors des priorités.")


def site(montant: int = 500_000) -> actes.Site:
    """Rend de quoi prendre des actes de plus de 23 000 €."""
    return actes.site(decisions.vote(montant=montant))


def demande(
    lieu: actes.Site,
    montant: str = "40000",
    *,
    porteur: Organisme | None = None,
    structure: Organisme | None = None,
    titre: str = "Le potager",
    nature: str = "numeraire",
    exercices: int = 1,
    version: Any = None,
) -> Demande:
    """Rend une demande de plus à la caisse, dans un dossier recevable."""
    ici = lieu.vote.etude.ici
    dossier = projets.projet(
        version or ici.version,
        porteur or ici.monde.verger,
        titre,
        etat=EtatDeDossier.RECEVABLE,
        exercices=exercices,
    )
    if structure is not None:
        Projet.objects.filter(pk=dossier.projet_id).update(structure_porteuse=structure)
    return demander(dossier, lieu.samia.organisme, montant, nature=nature)


def demander(dossier: Any, financeur: Organisme, montant: str, **autres: Any) -> Demande:
    """Rend une demande de ce dossier à ce financeur."""
    valeurs = {
        "exercice": dossier.exercice,
        "rang": dossier.demandes.count() + 1,
        "etat": EtatDeDemande.DEMANDEE,
        "demande_le": timezone.now(),
    }
    return Demande.objects.create(
        dossier=dossier,
        financeur=financeur,
        montant_demande=Decimal(montant),
        **(valeurs | autres),
    )


def decider(
    lieu: actes.Site, reponses: Mapping[Demande, str | Dit], numero: str = "20", **autres: Any
) -> Decision:
    """Rend une décision publiée : un montant accorde, un `Dit` dit autre chose."""
    decision = lieu.vote.decision(numero=numero, **autres)
    dites = {
        une.pk: dit
        if isinstance(dit, Dit)
        else Dit(Resultat.ACCORDE, Decimal(dit), lieu.vote.enveloppe.pk)
        for une, dit in reponses.items()
    }
    repondre(par=lieu.samia, decision=decision, reponses=dites)
    return publier_la_decision(par=lieu.samia, decision=decision)


def preparer(lieu: actes.Site, decision: Decision, **sortes: str) -> list[Acte]:
    """Prépare tous les actes qu'une décision appelle, chacun de la sorte que dit le calcul."""
    choisis = {p.cle: sortes.get(p.choix.sorte, p.choix.sorte) for p in lieu.proposes(decision)}
    return preparer_les_actes(par=lieu.samia, decision=decision, choisis=choisis)


def signer(lieu: actes.Site, decision: Decision, **sortes: str) -> list[Acte]:
    """Prépare, compose et signe tous les actes qu'une décision appelle."""
    return lieu.signer([lieu.compose(acte) for acte in preparer(lieu, decision, **sortes)])


def ailleurs(lieu: actes.Site) -> tuple[Contrat, Any]:
    """Rend un autre contrat de la même caisse, et la version de son appel ouvert."""
    monde, autre = lieu.vote.etude.ici.monde, contrat_publie("voisin").contrat
    pilote = monde.acteurs["pilote"]
    monde.acteurs["pilote"] = monde.acteurs["voisine"]
    try:
        return autre, depots.lieux(monde, autre).version
    finally:
        monde.acteurs["pilote"] = pilote
