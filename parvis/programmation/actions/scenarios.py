"""Faire un scénario, le jeter, l'appliquer : tous ses montants deviennent ce que le service propose."""

from collections import defaultdict
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.dossiers.models import Demande
from parvis.instruction.actions.montants import Changement, proposer_des_montants
from parvis.instruction.permissions import peut_financer
from parvis.instruction.queries.montants import demandes_a_proposer
from parvis.journal.actions import noter
from parvis.programmation.models import LigneDeScenario, Scenario
from parvis.programmation.queries.scenarios import (
    Change,
    changements,
    demandes_a_servir,
    scenarios,
)
from parvis.programmation.rules import scenarios as rules
from parvis.programmation.rules.scenarios import Regle, partager
from parvis.socle.refus import Refus, exiger
from parvis.socle.texte import en_une_ligne
from parvis.socle.validation import motifs_de_validation


@transaction.atomic
def faire_un_scenario(
    *, par: Acteur, contrat: Contrat, exercice: int, nom: str, regle: Regle
) -> Scenario:
    """Calcule et garde ce que donnerait une règle ; rien n'en est proposé. Lève Refus.

    Lève Scenario.DoesNotExist à qui ne propose pour aucun financeur.
    """
    if not peut_financer(par) or par.organisme is None:
        raise Scenario.DoesNotExist
    nom, siens = en_une_ligne(nom)[:100], scenarios(par, contrat).filter(exercice=exercice)
    exiger(rules.motifs_empechant_le_scenario(nom=nom, regle=regle, deja=siens.count()))
    demandes = demandes_a_servir(par, contrat, exercice)
    exiger([] if demandes else [f"Aucune demande de {exercice} n’attend votre proposition."])
    scenario = Scenario(
        contrat=contrat,
        financeur=par.organisme,
        exercice=exercice,
        nom=nom,
        cree_le=timezone.now(),
        cree_par=par.utilisateur_nom,
        **vars(regle),
    )
    exiger(motifs_de_validation(scenario, avec_contraintes=True))
    scenario.save(force_insert=True)
    LigneDeScenario.objects.bulk_create(
        LigneDeScenario(scenario=scenario, demande_id=pk, montant=montant)
        for pk, montant in partager(regle, demandes).items()
    )
    _noter(par, "programmation.faire_un_scenario", scenario)
    return scenario


@transaction.atomic
def jeter_le_scenario(*, par: Acteur, scenario: Scenario) -> None:
    """Jette un scénario et ses lignes ; ce qu'il a fait proposer reste proposé."""
    tenu = _tenir(par, scenario)
    _noter(par, "programmation.jeter_le_scenario", tenu)
    tenu.delete()


@transaction.atomic
def appliquer_le_scenario(*, par: Acteur, scenario: Scenario) -> int:
    """Propose d'un geste tous les montants d'un scénario, ou aucun ; rend combien changent.

    Une demande à qui il ne donne rien n'a plus de proposition ; celle qui ne s'étudie plus, ou dont
    l'acteur s'est déporté, reste comme elle est. Lève Refus, avec le motif de chaque ligne refusée.
    """
    tenu = _tenir(par, scenario)
    voulus = changements(par, tenu)
    exiger([] if voulus else ["Ce scénario ne change rien à ce que vous proposez."])
    if len(voulus) > rules.CHANGEMENTS_AU_PLUS:
        raise Refus(
            [
                f"Ce scénario change {len(voulus)} montants : {rules.CHANGEMENTS_AU_PLUS} au plus à la fois."
            ]
        )
    demandes = demandes_a_proposer(par, tenu.contrat, [un.demande for un in voulus])
    nombre = proposer_des_montants(par=par, changements=_a_proposer(voulus, demandes))
    tenu.applique_le, tenu.applique_par = timezone.now(), par.utilisateur_nom
    tenu.save(update_fields=["applique_le", "applique_par"])
    _noter(par, "programmation.appliquer_le_scenario", tenu, nombre=nombre)
    return nombre


def _a_proposer(voulus: list[Change], demandes: Mapping[int, Demande]) -> list[Changement]:
    """Rend ces montants à proposer : deux demandes d'un même dossier font deux avis, l'un après l'autre."""
    deja: dict[int, int] = defaultdict(int)
    rendus = []
    for un in sorted(voulus, key=lambda change: change.demande):
        if un.demande in demandes:
            rang = un.rang + deja[un.dossier]
            rendus.append(Changement(demandes[un.demande], un.apres, rang, un.titre))
            deja[un.dossier] += 1
    return rendus


def _tenir(par: Acteur, scenario: Scenario) -> Scenario:
    """Rend le scénario, verrouillé ; lève Scenario.DoesNotExist à un autre service."""
    visibles = scenarios(par, scenario.contrat).values("pk")
    tenus = Scenario.objects.select_for_update(of=("self",)).select_related("contrat")
    return tenus.filter(pk__in=visibles).get(pk=scenario.pk)


def _noter(par: Acteur, action: str, scenario: Scenario, **details: int) -> None:
    noter(
        par=par,
        contrat=scenario.contrat.code,
        action=action,
        objet=f"scenario:{scenario.pk}",
        objet_nom=str(scenario),
        details=details,
    )
