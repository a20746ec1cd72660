"""Une section telle qu'elle se lira toujours : ses mots, sans les listes qui pourraient changer."""

from collections.abc import Iterable, Mapping
from typing import Any

from parvis.dossiers.rules.comptes import PlanDeComptes
from parvis.dossiers.sections.budget import DemandeDite, ExerciceLu, LigneDite, lire_la_saisie
from parvis.dossiers.sections.declaration import Champ, Section, Valeur
from parvis.dossiers.sections.jugement import Reperes
from parvis.dossiers.sections.textes import en_texte
from parvis.socle.montants import ecrire_montant


def figer(section: Section, valeur: Valeur, reperes: Reperes) -> dict[str, Any]:
    """Rend ce que dit une section, prêt à lire : des champs, un tableau, un budget ou un texte."""
    if section.code == "budget":
        return {"exercices": _le_budget(valeur, reperes)}
    if section.est_propre:
        return {"texte": en_texte(section, valeur, reperes)}
    if section.est_liste:
        return {
            "colonnes": [champ.libelle for champ in section.champs],
            "lignes": [
                [_dit(c, ligne.get(c.code, "")) for c in section.champs] for ligne in valeur
            ],
        }
    dits = [(c, valeur[c.code]) for c in section.champs if valeur.get(c.code)]
    return {
        "champs": [[champ.libelle, _dit(champ, texte)] for champ, texte in dits],
        # Deux champs ont parfois le même libellé : le document imprimé les place par leur nom.
        "codes": [champ.code for champ, _ in dits],
    }


def _dit(champ: Champ, texte: str) -> str:
    if champ.sorte == "case":
        return "Oui" if texte else "Non"
    return dict(champ.choix).get(texte, texte)


def _le_budget(valeur: Mapping[str, Any], reperes: Reperes) -> list[dict[str, Any]]:
    lu = lire_la_saisie(valeur, reperes.annees, reperes.financeurs)
    return [_un_exercice(exercice, lu.plan) for exercice in lu.exercices]


def _un_exercice(exercice: ExerciceLu, plan: PlanDeComptes) -> dict[str, Any]:
    bilan = exercice.bilan
    produits = [
        *_lignes(exercice.lignes, plan, "produit"),
        *(_demande(demande) for demande in exercice.demandes),
    ]
    return {
        "annee": exercice.annee,
        "charges": _lignes(exercice.lignes, plan, "charge"),
        "produits": produits,
        "total_charges": ecrire_montant(bilan.charges_avec_valorisation),
        "total_produits": ecrire_montant(bilan.produits_avec_valorisation),
    }


def _lignes(lignes: Iterable[LigneDite], plan: PlanDeComptes, sens: str) -> list[list[str]]:
    siennes = [x for x in lignes if x.compte in plan and plan.compte(x.compte).sens == sens]
    ordre = {compte.code: rang for rang, compte in enumerate(plan.comptes)}
    return [
        [plan.compte(x.compte).libelle, x.libelle, ecrire_montant(x.montant or 0)]
        for x in sorted(siennes, key=lambda x: ordre[x.compte])
    ]


def _demande(demande: DemandeDite) -> list[str]:
    ligne = f", {demande.ligne}" if demande.ligne else ""
    nature = "Demandé en nature" if demande.nature == "nature" else "Subvention demandée"
    montant = ecrire_montant(demande.montant_demande or 0)
    return [nature, f"{demande.nom_du_financeur}{ligne}", montant]
