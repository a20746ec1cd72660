"""Contrôles d'ensemble d'un contrat lu : rubriques absentes ou vides, fautes de numéro, troncature."""

from __future__ import annotations

import re
from collections import Counter

from . import rubriques
from .numeros import Numero, cle_de_numero, rang_final
from .plan import FicheBrute, Plan
from .structure import Anomalie, Fiche

_PLUSIEURS = 3


def controler_fiches(plan: Plan) -> list[Anomalie]:
    """Rend les rubriques absentes ou vides de chaque fiche.

    Une rubrique qu'aucune fiche n'a n'est pas du vocabulaire de ce contrat : elle se dit une fois.
    """
    fiches = plan.fiches
    resultat = []
    for code in rubriques.principales():
        libelle = rubriques.attendu(code)
        absentes = [f for f in fiches if not _a_la_rubrique(f, code)]
        if len(absentes) == len(fiches) >= _PLUSIEURS:
            texte = f"aucune fiche n'a de rubrique « {libelle} »"
            resultat.append(Anomalie(fiches[0].ligne, "rubrique_absente", texte))
            continue
        for fiche in absentes:
            texte = f"fiche {fiche.numero} : rubrique « {libelle} » absente"
            resultat.append(Anomalie(fiche.ligne, "rubrique_absente", texte))
        for fiche in fiches:
            if code in fiche.contenu and not fiche.contenu[code]:
                ligne = next((r.ligne for r in fiche.libelles if r.code == code), fiche.ligne)
                texte = f"fiche {fiche.numero} : rubrique « {libelle} » vide"
                resultat.append(Anomalie(ligne, "rubrique_vide", texte))
    return resultat


def _a_la_rubrique(fiche: FicheBrute, code: str) -> bool:
    """Dit si une fiche a une rubrique ; tout ce qui la décrit vaut descriptif."""
    codes = rubriques.descriptives() if code == "descriptif" else (code,)
    return any(c in fiche.contenu or c in fiche.tableaux for c in codes)


def controler_numeros(plan: Plan) -> list[Anomalie]:
    """Rend les trous et les désordres de la numérotation des fiches d'un enjeu."""
    resultat = []
    if not plan.numerotation.fiches_sous_leur_enjeu:
        return []
    for pilier in plan.piliers:
        for enjeu in pilier.enjeux:
            # « 3 bis » n'a pas de rang : il s'intercale
            rangs = [r for f in enjeu.fiches if (r := rang_final(f.numero)) is not None]
            if rangs and rangs != list(range(1, len(rangs) + 1)):
                numeros = ", ".join(fiche.numero for fiche in enjeu.fiches)
                texte = f"numérotation des fiches de l'enjeu n°{enjeu.numero} : {numeros}"
                resultat.append(Anomalie(enjeu.ligne, "numerotation", texte))
    return resultat


def titres_absents(plan: Plan) -> list[Anomalie]:
    """Rend les fiches sans titre que l'assemblage n'a pas déjà dites."""
    dites = {a.ligne for a in plan.anomalies if a.nature == "fiche_sans_titre"}
    return [
        Anomalie(f.ligne, "fiche_sans_titre", f"la fiche {f.numero} n'a pas de titre")
        for f in plan.fiches
        if f.ligne not in dites and not any(signe.isalnum() for signe in f.titre)
    ]


def numeros_isoles(fiches: list[Fiche]) -> list[Anomalie]:
    """Rend les noms qui ne diffèrent que par un numéro d'un nom bien plus fréquent (« FACE 95 »)."""
    emplois: list[tuple[str, int]] = []
    for fiche in fiches:
        emplois += [(p.nom, p.ligne or 0) for p in (*fiche.financeurs, *fiche.operateurs)]
        emplois += [(nom, d.ligne or 0) for d in fiche.dispositifs for nom in d.porteurs]
    familles: dict[str, Counter[str]] = {}
    for nom, _ in emplois:
        if trouve := re.fullmatch(r"(.+) \d+", nom):
            familles.setdefault(trouve.group(1), Counter())[nom] += 1
    resultat = []
    for comptes in familles.values():
        (frequent, nombre), *autres = comptes.most_common()
        for nom, emploi in autres:
            if emploi < nombre:
                ligne = next(ligne for autre, ligne in emplois if autre == nom)
                texte = (
                    f"« {nom} » : peut-être « {frequent} », nommé {nombre} fois dans le document"
                )
                resultat.append(Anomalie(ligne, "faute_probable", texte))
    return resultat


def troncature(plan: Plan, lignes: list[str]) -> list[Anomalie]:
    """Dit à quelle ligne le document semble coupé : dernière fiche incomplète, balise ou phrase ouverte."""
    if not plan.enjeux_vus or plan.etat == "annexe":
        return []  # ce qui suit la dernière fiche prouve qu'elle n'est pas coupée
    derniere = next((ligne for ligne in reversed(lignes) if ligne.strip()), "")
    fiche = plan.ouverte
    incomplete = fiche is not None and bool(_manques(plan, fiche))
    balise = derniere.rfind("<") > derniere.rfind(">") or derniere.count("<p>") > derniere.count(
        "</p>"
    )
    annonces = _annonces_apres_le_dernier(plan)
    if not (incomplete or balise or annonces):
        return []
    raisons = []
    if incomplete:
        raisons.append(f"la fiche {fiche.numero} est incomplète")
    if balise:
        raisons.append("la dernière ligne s'arrête au milieu d'une balise ou d'un paragraphe")
    if annonces:
        raisons.append(f"{len(annonces)} enjeu(x) annoncé(s) manquent ensuite")
    texte = f"le document semble coupé à la ligne {plan.derniere_ligne} : {', '.join(raisons)}"
    return [Anomalie(plan.derniere_ligne, "document_tronque", texte)]


def _manques(plan: Plan, fiche: FicheBrute) -> list[str]:
    """Rend les rubriques principales que toutes les autres fiches ont, et que la coupure lui a ôtées.

    Une coupure ôte la fin : une fiche qui a ce que les autres impriment après n'est pas coupée.
    """
    autres = [f for f in plan.fiches if f is not fiche]
    return [
        code
        for code in rubriques.principales()
        if autres
        and not _a_la_rubrique(fiche, code)
        and all(_a_la_rubrique(f, code) and not _a_la_suite(fiche, f, code) for f in autres)
    ]


def _a_la_suite(fiche: FicheBrute, autre: FicheBrute, code: str) -> bool:
    """Dit si une fiche a l'une des rubriques qu'une autre imprime après celle-ci."""
    codes = [r.code for r in autre.libelles]
    apres = codes[len(codes) - codes[::-1].index(code) :] if code in codes else []
    return any(r.code in apres for r in fiche.libelles)


def _annonces_apres_le_dernier(plan: Plan) -> list[Numero]:
    """Rend les enjeux que la table des matières annonce après le dernier du document."""
    annonces = list(plan.sommaire.enjeux)
    vus = [rang for rang, n in enumerate(annonces) if cle_de_numero(n) in plan.enjeux_vus]
    return annonces[max(vus, default=-1) + 1 :]
