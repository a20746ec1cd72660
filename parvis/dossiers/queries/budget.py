"""Le budget d'un dossier relu en entier : ses totaux, exercice par exercice, et ce qui cloche."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from parvis.dossiers.models import Demande, Dossier, LigneDeBudget
from parvis.dossiers.rules import budget as loi
from parvis.dossiers.rules.budget import Bilan
from parvis.dossiers.rules.comptes import PlanDeComptes, plan_de_comptes
from parvis.dossiers.rules.depot import DemandeLue


@dataclass(frozen=True)
class ExerciceLu:
    """Le budget d'un exercice : ses lignes, ses demandes, ses totaux, ce qui empêche et avertit."""

    annee: int
    est_ferme: bool
    lignes: list[LigneDeBudget]
    demandes: list[Demande]
    bilan: Bilan
    motifs: list[str]
    avertissements: list[str]


@dataclass(frozen=True)
class BudgetLu:
    """Le budget d'un dossier : un exercice ferme, puis ceux qui sont prévus."""

    plan: PlanDeComptes
    exercices: list[ExerciceLu]

    @property
    def motifs(self) -> list[str]:
        """Rend ce qui empêche de déposer ; l'exercice se nomme quand il y en a plusieurs."""
        return [m for e in self.exercices for m in self._nommer(e, e.motifs)]

    @property
    def avertissements(self) -> list[str]:
        """Rend ce qui mérite un regard, sans empêcher de déposer."""
        return [m for e in self.exercices for m in self._nommer(e, e.avertissements)]

    def _nommer(self, exercice: ExerciceLu, phrases: list[str]) -> Iterable[str]:
        if len(self.exercices) == 1:
            return phrases
        return (f"{exercice.annee} : {phrase}" for phrase in phrases)

    @property
    def demandes_lues(self) -> list[DemandeLue]:
        """Rend les demandes de tous les exercices, telles que la loi du dépôt les juge."""
        return [
            DemandeLue(
                demande.financeur_id,
                demande.nom_du_financeur,
                demande.guichet,
                demande.saisie,
                demande.montant_demande is not None,
                demande.montant_demande == 0,
            )
            for exercice in self.exercices
            for demande in exercice.demandes
        ]


def lire_le_budget(dossier: Dossier) -> BudgetLu:
    """Rend le budget d'un dossier, en deux requêtes."""
    plan = plan_de_comptes()
    lignes = list(dossier.lignes_de_budget.all())
    demandes = list(dossier.demandes.select_related("financeur"))
    return BudgetLu(
        plan,
        [
            _exercice(
                dossier,
                annee,
                [ligne for ligne in lignes if ligne.exercice == annee],
                [demande for demande in demandes if demande.exercice == annee],
                plan,
            )
            for annee in dossier.annees
        ],
    )


def _exercice(
    dossier: Dossier,
    annee: int,
    lignes: list[LigneDeBudget],
    demandes: list[Demande],
    plan: PlanDeComptes,
) -> ExerciceLu:
    connues = [ligne for ligne in lignes if ligne.compte in plan]
    lu = loi.bilan(
        (
            loi.LigneDeBudget(ligne.compte, ligne.montant or Decimal(0), ligne.libelle)
            for ligne in connues
        ),
        (_au_budget(demande, plan) for demande in demandes),
        plan,
    )
    illisibles = [
        f"« {ligne.libelle or plan.compte(ligne.compte).libelle} » : "
        + (f"« {ligne.saisie} » ne se calcule pas." if ligne.saisie else "le montant manque.")
        for ligne in connues
        if ligne.montant is None
    ]
    sans_compte = [
        f"« {ligne.libelle or ligne.saisie} » : choisissez un compte."
        for ligne in lignes
        if ligne.compte not in plan
    ]
    return ExerciceLu(
        annee,
        annee == dossier.exercice,
        lignes,
        demandes,
        lu,
        [*illisibles, *sans_compte, *loi.motifs_budget(lu)],
        loi.avertissements(lu),
    )


def _au_budget(demande: Demande, plan: PlanDeComptes) -> loi.DemandeAuBudget:
    return loi.DemandeAuBudget(
        financeur=demande.nom_du_financeur,
        ligne=demande.ligne,
        nature=demande.nature,
        montant=demande.montant_demande or Decimal(0),
        exercice=demande.exercice,
        compte=demande.compte if demande.compte in plan else "",
    )


def budget_de_l_an_dernier(dossier: Dossier) -> Bilan | None:
    """Rend les totaux du premier exercice du dossier dont celui-ci est repris, s'il y en a un."""
    if dossier.copie_de is None:
        return None
    return lire_le_budget(dossier.copie_de).exercices[0].bilan
