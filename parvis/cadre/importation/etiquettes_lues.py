"""Étiquettes de niveau imprimées dans les fiches : rangées « Axe | Emploi », lignes « Axe 1 : Emploi »."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache

from .blocs import Rangee
from .fragments import texte_de
from .lexique import charger_lexique
from .niveaux import Niveaux, code_de_la_rangee, ouvre_une_rubrique
from .numeros import normaliser, numero_apres_un_mot, numero_nu
from .texte import cle
from .titres import mot_de_niveau, titre_de, titre_du_texte

_CELLULE_MAX = 600
_TETE_MAX = 60
_LIGNE_MAX = 250
_ETIQUETTE = re.compile(
    r"^\s*(?:<p>\s*)?(?:<(?:b|strong)>|\*\*)?(?P<tete>[^<>*:|]{2,60}?)\s*(?:</(?:b|strong)>|\*\*)?\s*:"
    r"(?P<valeur>.*)$",
    re.DOTALL | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Etiquette:
    """Niveau que nomme une ligne d'une fiche ; `devant` : elle précède le titre de sa fiche."""

    mot: str  # clé du mot de niveau
    niveau: str  # niveau habituel du mot
    numero: str
    texte: str
    est_titre: bool = False  # hors d'une fiche, la même ligne ouvrirait un niveau
    dieses: int = 0
    devant: bool = False


def lire_les_etiquettes(rangees: list[Rangee], niveaux: Niveaux) -> dict[int, Etiquette]:
    """Rend les étiquettes des fiches, par rang de ligne."""
    lues = [_etiquette(rangee, niveaux) for rangee in rangees]
    resultat: dict[int, Etiquette] = {}
    fiche = _Fiche()
    rang = 0
    while rang < len(rangees):
        if _ouvre_une_fiche(rangees[rang], niveaux):
            titre = niveaux.titre_de(rangees[rang])
            fiche.dans, fiche.tete, fiche.dieses = True, True, titre.dieses if titre else 0
            rang += 1
            continue
        fin = rang
        while fin < len(rangees) and lues[fin] is not None:
            fin += 1
        groupe = {n: e for n in range(rang, fin) if (e := lues[n]) is not None}
        if groupe:
            resultat |= _retenues(groupe, rangees, fin, fiche, niveaux)
        else:
            fiche.tete = False
        rang = max(fin, rang + 1)
    return resultat


@dataclass
class _Fiche:
    """Où l'on est : dans une fiche, juste sous son titre, et d'une mise en page qui étiquette devant."""

    dans: bool = False
    tete: bool = False
    dieses: int = 0
    devant: bool = False


def _retenues(
    groupe: dict[int, Etiquette], rangees: list[Rangee], fin: int, fiche: _Fiche, niveaux: Niveaux
) -> dict[int, Etiquette]:
    """Rend, d'étiquettes qui se suivent, celles qui sont bien d'une fiche."""
    suite = rangees[fin] if fin < len(rangees) else None
    avant_une_fiche = suite is not None and _ouvre_une_fiche(suite, niveaux)
    fiche.devant = fiche.devant or (avant_une_fiche and not fiche.dans)
    if avant_une_fiche and (fiche.devant or not fiche.dans):
        return {n: replace(e, devant=True) for n, e in groupe.items() if not e.est_titre}
    if not fiche.dans or (avant_une_fiche and any(e.est_titre for e in groupe.values())):
        return {}
    # une fiche n'est que d'un objectif : plusieurs du même mot sont une liste des siens
    comptes = Counter(e.mot for e in groupe.values())
    suivie = suite is not None and _est_de_la_fiche(suite)
    return {
        n: e
        for n, e in groupe.items()
        if comptes[e.mot] == 1 and _est_a_sa_place(rangees[n], e, fiche, suivie)
    }


def _est_a_sa_place(rangee: Rangee, etiquette: Etiquette, fiche: _Fiche, suivie: bool) -> bool:
    """Dit si une étiquette est dans le tableau de sa fiche, ou entre son titre et ses rubriques."""
    if etiquette.est_titre:
        plus_bas = not etiquette.dieses or etiquette.dieses > fiche.dieses > 0
        return suivie and plus_bas and (fiche.tete or rangee.est_tableau)
    return rangee.est_tableau or fiche.tete or suivie


def _est_de_la_fiche(rangee: Rangee) -> bool:
    return ouvre_une_rubrique(rangee) or (rangee.est_tableau and bool(rangee.contenu))


def _ouvre_une_fiche(rangee: Rangee, niveaux: Niveaux) -> bool:
    titre = niveaux.titre_de(rangee)
    return (titre is not None and titre.niveau == "fiche") or code_de_la_rangee(rangee) == "titre"


def _etiquette(rangee: Rangee, niveaux: Niveaux) -> Etiquette | None:
    """Rend l'étiquette que serait une ligne dans une fiche, sinon rien."""
    if rangee.titre is not None or rangee.tableau is not None:
        return None
    if any(len(cellule) > _CELLULE_MAX for cellule in rangee.cellules):
        return None
    titre = titre_de(rangee)
    if titre is not None and titre.mot:
        if titre.niveau == "fiche" or niveaux.mots.get(titre.mot) == "fiche" or not titre.texte:
            return None
        lu = (titre.mot, titre.niveau, titre.numero, titre.texte)
        return Etiquette(*lu, est_titre=True, dieses=titre.dieses)
    tete, valeur = _tete_et_valeur(rangee)
    return _lire(tete, valeur, niveaux) if tete and valeur else None


def _tete_et_valeur(rangee: Rangee) -> tuple[str, str]:
    """Rend le libellé et la valeur d'une rangée, ou d'une ligne « libellé : valeur »."""
    if rangee.est_tableau:
        tete, valeur = texte_de(rangee.cellules[0]), texte_de(rangee.contenu)
        return tete.rstrip(" :"), valeur
    if rangee.libelle is not None:
        # « Objectif : … » reste une rubrique ; « Objectif opérationnel : … » dit où est la fiche
        connu = rangee.libelle.libelle
        if (
            connu.ecart is None
            and connu.code != "autre"
            and len(rangee.libelle.imprime.split()) < 2
        ):
            return "", ""
        return rangee.libelle.imprime, texte_de(rangee.libelle.contenu)
    trouve = _ETIQUETTE.match(rangee.cellules[0]) if len(rangee.cellules[0]) < _LIGNE_MAX else None
    return (texte_de(trouve["tete"]), texte_de(trouve["valeur"])) if trouve else ("", "")


def _lire(tete: str, valeur: str, niveaux: Niveaux) -> Etiquette | None:
    niveau, mot, fin = mot_de_niveau(tete)
    # « Objectifs » ouvre une rubrique, « Objectif » dit sous quel objectif est la fiche
    if not mot or len(tete) > _TETE_MAX or tete[:fin].endswith("s"):
        return None
    if niveau == "fiche" or niveaux.mots.get(mot) == "fiche":
        return None
    reste = tete[fin:].strip()
    numerote = numero_apres_un_mot(reste) if reste else None
    if reste and cle(reste) not in _precisions() and (numerote is None or numerote.texte):
        return None
    numero = numerote.numero if numerote is not None and cle(reste) not in _precisions() else ""
    lu = titre_du_texte(valeur)
    if lu is not None and lu.mot and lu.numero:
        return Etiquette(mot, niveau, lu.numero, lu.texte)
    seul = numero_apres_un_mot(valeur)
    if seul is not None and not seul.texte and not numero:
        return Etiquette(mot, niveau, seul.numero, "")
    nu, texte = numero_nu(valeur)
    return Etiquette(mot, niveau, numero or normaliser(nu), texte if nu else valeur)


@cache
def _precisions() -> frozenset[str]:
    """Rend les clés de ce qui suit le mot d'une étiquette (« Axe concerné », « Pilier du contrat »)."""
    return frozenset(cle(mots) for mots in charger_lexique("rubriques")["precisions_de_niveau"])
