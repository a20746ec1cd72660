"""Le budget d'un dossier relu en entier : ses totaux, exercice par exercice, et ce qui cloche."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from parvis.dossiers.enums import Guichet
from parvis.dossiers.models import Demande, Dossier, FinanceurDAppel
from parvis.dossiers.rules.budget import Bilan
from parvis.dossiers.rules.comptes import CompteInconnu, compte_du_financeur, plan_de_comptes
from parvis.dossiers.sections.budget import BudgetLu, ExerciceLu, lire_l_exercice
from parvis.organismes.models import Organisme

__all__ = [
    "BudgetLu",
    "ExerciceLu",
    "FinanceurPropose",
    "budget_de_l_an_dernier",
    "completer",
    "financeurs_proposes",
    "lire_le_budget",
    "reperes_du_budget",
]


@dataclass(frozen=True)
class FinanceurPropose:
    """Un financeur à qui demander : son compte, ce qu'il propose, et où il reçoit les demandes."""

    identifiant: str
    nom: str
    compte: str
    recoit_ici: bool
    portail: str = ""
    # Ses lignes de crédit, puis ce qu'il propose en nature.
    lignes: tuple[str, ...] = ()
    en_nature: tuple[str, ...] = ()
    # Une version passée de l'appel le proposait.
    est_de_l_appel: bool = True


def financeurs_proposes(dossier: Dossier) -> list[FinanceurPropose]:
    """Rend les financeurs de l'appel, puis ceux que le dossier nomme et que l'appel n'a plus."""
    prefetch_related_objects([dossier], *_qui_finance(), "version_d_appel__financeurs__lignes")
    de_l_appel = dossier.version_d_appel.financeurs.all()
    connus = {financeur.organisme_id for financeur in de_l_appel}
    autres = {
        demande.financeur_id: demande.financeur
        for demande in dossier.demandes.all()
        if demande.financeur is not None and demande.financeur_id not in connus
    }
    return [
        *(_propose(financeur) for financeur in de_l_appel),
        *(
            FinanceurPropose(str(o.pk), str(o), _compte(o), False, est_de_l_appel=False)
            for o in autres.values()
        ),
    ]


def _qui_finance() -> list[Prefetch]:
    """Rend de quoi charger, en deux requêtes, les financeurs d'un appel et ceux que le dossier nomme."""
    de_l_appel = FinanceurDAppel.objects.select_related("organisme")
    nommes = Demande.objects.select_related("financeur")
    return [
        Prefetch("version_d_appel__financeurs", queryset=de_l_appel),
        Prefetch("demandes", queryset=nommes),
    ]


def _propose(financeur: FinanceurDAppel) -> FinanceurPropose:
    lignes = financeur.lignes.all()
    return FinanceurPropose(
        str(financeur.organisme_id),
        str(financeur.organisme),
        _compte(financeur.organisme),
        financeur.recoit_ici,
        financeur.portail,
        tuple(ligne.libelle for ligne in lignes if not ligne.est_en_nature),
        tuple(ligne.libelle for ligne in lignes if ligne.est_en_nature),
    )


def _compte(organisme: Organisme) -> str:
    try:
        return compte_du_financeur(organisme.nature)
    except CompteInconnu:
        return ""


def completer(demande: Mapping[str, str], connus: Mapping[str, FinanceurPropose]) -> dict[str, str]:
    """Rend une demande avec ce que son financeur impose : son compte, et où il la reçoit."""
    dite = dict(demande)
    propose = connus.get(dite.get("financeur", ""))
    if propose is None:
        return dite | {"financeur": "", "guichet": Guichet.AILLEURS.value}
    dite |= {"nom": "", "compte": propose.compte}
    if not propose.recoit_ici:
        dite["guichet"] = Guichet.AILLEURS.value
        dite["lien"] = dite.get("lien", "").strip() or propose.portail
    return dite


def reperes_du_budget(dossier: Dossier) -> dict[str, Any]:
    """Rend ce qu'il faut pour juger le budget d'un dossier : ses exercices, qui il peut nommer.

    Se sert de ce qui est déjà chargé (`version_d_appel__financeurs__organisme`, `demandes__financeur`).
    """
    prefetch_related_objects([dossier], *_qui_finance())
    de_l_appel = dossier.version_d_appel.financeurs.all()
    nommes = [d.financeur for d in dossier.demandes.all() if d.financeur is not None]
    return {
        "annees": tuple(dossier.annees),
        "financeurs": {str(o.pk): str(o) for o in [*(f.organisme for f in de_l_appel), *nommes]},
        "recoivent_ici": frozenset(f.organisme_id for f in de_l_appel if f.recoit_ici),
    }


def lire_le_budget(dossier: Dossier, demandes: Iterable[Demande] | None = None) -> BudgetLu:
    """Rend le budget d'un dossier, en deux requêtes ; une seule si ses demandes sont déjà lues."""
    plan = plan_de_comptes()
    lignes = list(dossier.lignes_de_budget.all())
    if demandes is None:
        demandes = dossier.demandes.select_related("financeur")
    demandes = list(demandes)
    return BudgetLu(
        plan,
        [
            lire_l_exercice(
                annee,
                [ligne for ligne in lignes if ligne.exercice == annee],
                [demande for demande in demandes if demande.exercice == annee],
                plan,
                est_ferme=annee == dossier.exercice,
            )
            for annee in dossier.annees
        ],
    )


def budget_de_l_an_dernier(dossier: Dossier) -> Bilan | None:
    """Rend les totaux du premier exercice du dossier dont celui-ci est repris, s'il est d'une autre année."""
    if dossier.copie_de is None or dossier.copie_de.exercice == dossier.exercice:
        return None
    return lire_le_budget(dossier.copie_de).exercices[0].bilan
