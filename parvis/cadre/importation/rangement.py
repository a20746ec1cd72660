"""Rangement des lignes d'une fiche sous ses rubriques, d'après les libellés reconnus."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from rapidfuzz import fuzz

from . import rubriques
from .blocs import Rangee, Tableau, ajouter
from .fragments import Bloc, blocs_de, texte_de
from .numeros import rang_final
from .ouvertures import ouvrir_fiche
from .plan import EnjeuBrut, FicheBrute, Plan
from .rubriques import AMBIGU, Libelle
from .structure import Rubrique
from .texte import cle, collapser

_NOMS = ("financeurs", "operateurs")
_PLUSIEURS = 3
_MEME_LIBELLE = 70  # « Description » et « Modalités de mise en œuvre » sont d'une même fiche


def sans_dieses(texte: str) -> str:
    """Rend le texte d'un titre qui n'ouvre aucun niveau."""
    return re.sub(r"^\s*#{1,6}\s+", "", texte)


def fiche_sans_titre(plan: Plan, enjeu: EnjeuBrut, rangee: Rangee) -> None:
    """Ouvre une fiche dont le titre manque, numérotée après la précédente."""
    rang = (rang_final(enjeu.fiches[-1].numero) or 0) if enjeu.fiches else 0
    numero = f"{enjeu.numero}{plan.niveaux.separateur}{rang + 1}"
    plan.signaler(rangee.numero, "fiche_sans_titre", f"fiche sans titre, lue comme la {numero}")
    ouvrir_fiche(plan, numero, "", rangee.numero)
    ranger_dans_fiche(plan, plan.ouverte, rangee)


def ranger_un_tableau(plan: Plan, tableau: Tableau) -> None:
    """Garde les faits d'un tableau avec ce qui est ouvert : une fiche, un enjeu, ou le préambule."""
    ou = plan.fiche or plan.enjeu or plan
    ou.tableaux[tableau.code] = ou.tableaux.get(tableau.code, ()) + tableau.faits


def ranger_des_connaissances(plan: Plan, tableau: Tableau) -> None:
    """Garde ce qu'une annexe sait des partenaires ou des dispositifs du contrat."""
    connus = plan.connaissances.get(tableau.code, ())
    plan.connaissances[tableau.code] = connus + tableau.faits


def ranger_dans_fiche(plan: Plan, fiche: FicheBrute, rangee: Rangee) -> None:
    """Ouvre la rubrique que la ligne annonce, ou continue celle qui est ouverte."""
    if rangee.libelle is not None:
        lu = rangee.libelle
        _ouvrir_rubrique(plan, fiche, lu.libelle, lu.imprime, lu.contenu, rangee)
        return
    if rangee.est_suite:
        _continuer(plan, fiche, rangee.contenu, rangee.numero)
        return
    seul = not rangee.contenu
    imprime = texte_de(rangee.cellules[0]) if len(rangee.cellules[0]) < 400 else ""
    libelle = rubriques.reconnaitre(imprime, seuil=92 if seul else 78) if imprime else None
    un_mot = seul and len(cle(imprime).split()) < 2 and not rangee.est_tableau
    if libelle is not None and not un_mot:
        _ouvrir_rubrique(plan, fiche, libelle, imprime, rangee.contenu, rangee)
        return
    if seul and rangee.est_tableau and fiche.contenu and (devine := rubriques.deviner(imprime)):
        # une case vide en face d'un libellé que l'on devine : une rubrique à remplir
        _ouvrir_rubrique(plan, fiche, devine, imprime, "", rangee)
        return
    if seul:
        _continuer(plan, fiche, sans_dieses(" ".join(rangee.cellules)), rangee.numero)
        return
    if imprime and (imprime[:1].islower() or not fiche.courante) and fiche.contenu:
        plan.signaler(
            rangee.numero, "libelle_coupe", f"libellé « {imprime} » pris pour la suite du précédent"
        )
        _continuer(plan, fiche, rangee.contenu, rangee.numero)
    else:
        devine = rubriques.deviner(imprime) or Libelle("autre")
        _ouvrir_rubrique(plan, fiche, devine, imprime, rangee.contenu, rangee)


def _ouvrir_rubrique(
    plan: Plan, fiche: FicheBrute, libelle: Libelle, imprime: str, contenu: str, rangee: Rangee
) -> None:
    code = libelle.code
    if _commence_une_autre_fiche(fiche, code, imprime):
        fiche_sans_titre(plan, fiche.enjeu, rangee)
        return
    if libelle.ecart:
        plan.ecarts.append((code, cle(imprime), rangee.numero, libelle))
    if code == "autre":
        plan.signaler(rangee.numero, "rubrique_inconnue", f"rubrique inconnue « {imprime or '…'} »")
    memes = [
        rang
        for rang, r in enumerate(fiche.libelles)
        if r.code == code and cle(r.imprime) == cle(imprime)
    ]
    if memes:
        texte = f"libellé « {imprime} » répété dans la fiche {fiche.numero}"
        plan.signaler(rangee.numero, "libelle_repete", texte)
        _reprendre(fiche, memes[0])
    else:
        _ajouter_un_libelle(fiche, Rubrique(code, collapser(imprime), rangee.numero))
    _remplir(fiche, blocs_de(contenu, rangee.numero, reprise=bool(memes)))


def _commence_une_autre_fiche(fiche: FicheBrute, code: str, imprime: str) -> bool:
    """Dit si un libellé est le premier d'une fiche sans titre : celle-ci l'a déjà, et ses suites aussi."""
    premiere, *suites = rubriques.principales()
    if code != premiere or not any(c in fiche.contenu for c in suites):
        return False
    dits = [cle(r.imprime) for r in fiche.libelles if r.code == code and r.imprime]
    return any(fuzz.ratio(dit, cle(imprime)) >= _MEME_LIBELLE for dit in dits)


def _ajouter_un_libelle(fiche: FicheBrute, rubrique: Rubrique) -> None:
    fiche.libelles.append(rubrique)
    fiche.textes.append([])
    _reprendre(fiche, len(fiche.libelles) - 1)


def _reprendre(fiche: FicheBrute, rang: int) -> None:
    """Rouvre un libellé de la fiche : ce qui suit est à lui."""
    rubrique = fiche.libelles[rang]
    fiche.rang = rang
    fiche.courante = f"autre:{rubrique.imprime}" if rubrique.code == "autre" else rubrique.code
    fiche.contenu.setdefault(fiche.courante, [])


def _remplir(fiche: FicheBrute, blocs: list[Bloc]) -> None:
    """Ajoute des blocs à la rubrique ouverte, et à ce que dit son libellé."""
    noms = fiche.courante in (*_NOMS, AMBIGU)
    ajouter(fiche.contenu[fiche.courante], blocs, noms)
    ajouter(fiche.textes[fiche.rang], blocs, noms)


def trancher_les_libelles(plan: Plan) -> None:
    """Donne à chaque libellé ambigu (« Partenaires ») le rôle que disent les autres rubriques.

    Un contrat qui dit ailleurs d'où vient l'argent nomme ici ceux qui portent les projets ; une fiche
    qui a déjà ses opérateurs, dans un contrat qui ne l'écrit ainsi que là, nomme ses financeurs.
    """
    ambigues = [fiche for fiche in plan.fiches if AMBIGU in fiche.contenu]
    finances = {id(f) for f in plan.fiches if _codes(f) & rubriques.de_financement()}
    ensemble = any(id(fiche) in finances for fiche in ambigues)
    for fiche in ambigues:
        elimination = finances and not ensemble and "operateurs" in fiche.contenu
        _trancher(plan, fiche, "financeurs" if elimination else "operateurs")


def _codes(fiche: FicheBrute) -> set[str]:
    return {rubrique.code for rubrique in fiche.libelles}


def _trancher(plan: Plan, fiche: FicheBrute, code: str) -> None:
    del fiche.contenu[AMBIGU]
    for rang, rubrique in enumerate(fiche.libelles):
        if rubrique.code == AMBIGU:
            libelle = rubriques.trancher(rubrique.imprime, code)
            ligne = rubrique.ligne or fiche.ligne
            plan.signaler(ligne, libelle.nature or "", f"libellé {libelle.ecart}")
            fiche.libelles[rang] = replace(rubrique, code=code)
            fiche.contenu[code] = fiche.contenu.get(code, []) + fiche.textes[rang]


def _continuer(plan: Plan, fiche: FicheBrute, contenu: str, ligne: int) -> None:
    if not fiche.courante:
        plan.signaler(
            ligne, "rubrique_sans_libelle", f"texte sans libellé dans la fiche {fiche.numero}"
        )
        _ajouter_un_libelle(fiche, Rubrique(rubriques.principales()[0], "", ligne))
    _remplir(fiche, blocs_de(contenu, ligne, reprise=True))


def signaler_les_ecarts(plan: Plan) -> None:
    """Signale un libellé abîmé ou raccourci, sauf si c'est ainsi que ce document l'écrit toujours."""
    usages = Counter((r.code, cle(r.imprime)) for fiche in plan.fiches for r in fiche.libelles)
    for code, imprime, ligne, libelle in plan.ecarts:
        habituel = max(nombre for (autre, _), nombre in usages.items() if autre == code)
        if usages[code, imprime] * 2 <= habituel or len(plan.fiches) < _PLUSIEURS:
            plan.signaler(ligne, libelle.nature or "libelle", f"libellé {libelle.ecart}")
