"""Ce que dit un dossier, écrit comme on le colle dans les champs du portail d'un financeur."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from parvis.dossiers.rules.cerfa import frequence
from parvis.dossiers.rules.comptes import Compte, PlanDeComptes
from parvis.dossiers.sections.budget import DemandeDite, ExerciceLu, lire_la_saisie
from parvis.dossiers.sections.declaration import Champ, Section
from parvis.dossiers.sections.jugement import Reperes
from parvis.dossiers.sections.textes import en_texte

SENS = {"charge": "Dépenses", "produit": "Recettes"}


@dataclass(frozen=True)
class Source:
    """Un dossier d'où recopier : ses sections, ce qu'elles disent, et l'organisme qui le porte."""

    sections: Mapping[str, Section]
    valeurs: Mapping[str, Any]
    porteur: Mapping[str, str]
    reperes: Reperes


@dataclass(frozen=True)
class CaseDeBudget:
    """Une case du budget d'un portail : son poste, son compte, son montant en chiffres."""

    code: str
    poste: str
    libelle: str
    valeur: str


@dataclass(frozen=True)
class BudgetARecopier:
    """Le budget d'un exercice, côté par côté, dans l'ordre des postes du formulaire."""

    annee: int
    cotes: tuple[tuple[str, tuple[CaseDeBudget, ...]], ...]
    # Ce qui est écrit et ne se calcule pas : la case manque, et on le dit.
    fautes: tuple[str, ...]


def valeur_de(source: str, dossier: Source) -> str:
    """Rend ce qui est à coller dans un champ ; vide si le dossier n'en dit rien.

    Lève KeyError d'une source qui n'existe pas.
    """
    groupe, _, code = source.partition(".")
    if groupe == "porteur":
        return dossier.porteur.get(code, "")
    if source == "demandes.periode":
        return "Pluriannuelle" if len(dossier.reperes.annees) > 1 else "Ponctuelle"
    section = dossier.sections[groupe]
    dite = dossier.valeurs.get(groupe, {})
    if code == "texte":
        return _EN_TEXTE.get(groupe, _de_la_section)(section, dite, dossier)
    if source == "projet.frequence":
        return frequence(dite.get(code, ""))
    champ = next((c for c in section.champs if c.code == code), None)
    # Un champ d'une autre nature d'organisme : le formulaire ne le demande pas à celui-ci.
    return _dire(champ, dite.get(code, "")) if champ else ""


def _dire(champ: Champ, texte: str) -> str:
    return dict(champ.choix).get(texte, texte)


def _de_la_section(section: Section, dite: Any, dossier: Source) -> str:
    return en_texte(section, dite, dossier.reperes) if dite else ""


def _des_publics(section: Section, dite: Mapping[str, str], dossier: Source) -> str:
    """Rend la description d'abord, puis chaque nombre sur sa ligne."""
    autres = (c for c in section.champs if c.code != "description" and dite.get(c.code))
    lignes = [dite.get("description", ""), *(f"{c.libelle} : {dite[c.code]}" for c in autres)]
    return "\n".join(ligne for ligne in lignes if ligne)


_EN_TEXTE: dict[str, Callable[[Section, Any, Source], str]] = {"publics": _des_publics}


def budgets_a_recopier(dossier: Source, annees: Iterable[int]) -> list[BudgetARecopier]:
    """Rend le budget de chaque exercice demandé, compte par compte, les demandes une par financeur."""
    voulues = set(annees)
    valeur = dossier.valeurs.get("budget", {})
    lu = lire_la_saisie(valeur, dossier.reperes.annees, dossier.reperes.financeurs)
    return [
        BudgetARecopier(
            exercice.annee,
            tuple((nom, tuple(_cases(exercice, lu.plan, sens))) for sens, nom in SENS.items()),
            tuple(exercice.fautes),
        )
        for exercice in lu.exercices
        if exercice.annee in voulues
    ]


def _cases(exercice: ExerciceLu, plan: PlanDeComptes, sens: str) -> Iterable[CaseDeBudget]:
    par_compte = exercice.bilan.par_compte
    for compte in plan.comptes:
        if compte.sens != sens:
            continue
        if plan.compte(compte.poste).est_demande:
            yield from _demandes(exercice, plan, compte)
        elif par_compte.get(compte.code):
            yield _case(exercice.annee, compte, plan, par_compte[compte.code])


def _demandes(exercice: ExerciceLu, plan: PlanDeComptes, compte: Compte) -> Iterable[CaseDeBudget]:
    """Rend une case par demande en argent de ce compte, son financeur nommé."""
    for demande in exercice.demandes:
        sien = demande.compte if demande.compte in plan else compte.poste
        if demande.nature == "nature" or sien != compte.code or not demande.montant_demande:
            continue
        nom = " · ".join(dit for dit in (demande.nom_du_financeur, demande.ligne) if dit)
        yield _case(exercice.annee, compte, plan, demande.montant_demande, nom, _cle(demande))


def _case(
    annee: int, compte: Compte, plan: PlanDeComptes, montant: Decimal, nom: str = "", cle: str = ""
) -> CaseDeBudget:
    poste = plan.compte(compte.poste)
    numero = f"{poste.code} " if poste.code.isdigit() else ""
    libelle = compte.libelle if compte is not poste else "Total du poste"
    return CaseDeBudget(
        f"budget-{annee}-{compte.code}{cle and f'-{cle}'}",
        f"{numero}{poste.libelle}",
        f"{libelle} : {nom}" if nom else libelle,
        _en_chiffres(montant),
    )


def _cle(demande: DemandeDite) -> str:
    """Rend de quoi distinguer deux demandes d'un même compte."""
    dits = [str(demande.financeur_id or ""), demande.nom_du_financeur, demande.ligne]
    return hashlib.sha256("\n".join(dits).encode()).hexdigest()[:12]


def _en_chiffres(montant: Decimal) -> str:
    """Rend un montant tel qu'un champ de nombre le prend : sans espace ni monnaie."""
    texte = f"{montant:.2f}".replace(".", ",")
    return texte.removesuffix(",00")
