"""Tableaux à plusieurs colonnes : une fiche par rangée (plan d'actions), ou une rubrique par colonne."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from .blocs import Rangee, Titre
from .fragments import texte_de
from .lexique import charger_lexique
from .numeros import cle_de_numero, normaliser, numero_nu
from .rubriques import Libelle, LibelleImprime, deviner, reconnaitre
from .texte import cle, plier
from .titres import mot_de_niveau, titre_du_texte

_COLONNES_MIN = 3
_SEUIL = 92
_EN_TETE_MAX = 70
_CELLULE_MAX = 400
_ORDRE = {"pilier": 0, "intermediaire": 1, "enjeu": 2}
# « N° de l'enjeu », « Titre de l'action » : ce que la colonne dit du niveau qu'elle nomme
_TETE = re.compile(
    r"\s*(?P<quoi>N°|Numéro|Titre|Intitulé|Nom)\s*(?:du\s|de\sla\s|de\sl['’]|des?\s|d['’])?\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Colonne:
    """Une colonne : le niveau dont elle donne le titre ou le numéro, ou la rubrique qu'elle remplit."""

    imprime: str
    niveau: str = ""  # pilier | enjeu | fiche
    mot: str = ""  # clé du mot de niveau de l'en-tête
    est_numero: bool = False
    libelle: Libelle | None = None


@dataclass(frozen=True, slots=True)
class Entete:
    """Les colonnes d'un tableau."""

    colonnes: tuple[Colonne, ...]
    une_fiche_par_rangee: bool


def entete_de_fiches(rangee: Rangee, sous_un_pilier: bool = False) -> Entete | None:
    """Rend l'en-tête d'un tableau dont chaque rangée est une fiche, sinon rien."""
    textes = _textes_courts(rangee)
    if textes is None or len([t for t in textes if t]) < _COLONNES_MIN:
        return None
    colonnes = _completer([_colonne(texte) for texte in textes], sous_un_pilier)
    nomme = [c for c in colonnes if c.niveau == "fiche" and not c.est_numero]
    rubriques = [c for c in colonnes if c.libelle is not None and c.libelle.code != "autre"]
    connues = len([c for c in colonnes if c.niveau]) + len(rubriques)
    if len(nomme) != 1 or not rubriques or connues * 2 < len([t for t in textes if t]):
        return None
    return Entete(tuple(colonnes), une_fiche_par_rangee=True)


def _textes_courts(rangee: Rangee) -> list[str] | None:
    """Rend le texte des cellules, ou rien si l'une est trop longue pour un en-tête."""
    if any(len(cellule) > _CELLULE_MAX for cellule in rangee.cellules):
        return None
    textes = [texte_de(cellule) for cellule in rangee.cellules]
    return textes if all(len(texte) <= _EN_TETE_MAX for texte in textes) else None


def entete_de_rubriques(rangee: Rangee) -> Entete | None:
    """Rend l'en-tête d'une rangée de rubriques côte à côte (« Financeurs | Opérateurs »), sinon rien."""
    textes = _textes_courts(rangee)
    if textes is None or len(textes) < 2 or not all(textes):
        return None
    colonnes = [_colonne(texte, large=False) for texte in textes]
    if any(c.libelle is None or c.libelle.code in ("autre", "titre", "numero") for c in colonnes):
        return None
    return Entete(tuple(colonnes), une_fiche_par_rangee=False)


def _colonne(texte: str, large: bool = True) -> Colonne:
    """Rend ce que dit un en-tête ; `large` : accepte un libellé que rien ne donne au mot près."""
    clef = cle(texte)
    tete = _TETE.match(texte)
    est_numero = bool(tete and plier(tete["quoi"]).startswith("n"))
    nu = texte[tete.end() :] if tete else texte.strip(" :")
    niveau, mot, fin = mot_de_niveau(nu)
    if clef in _cles_de("numero"):
        return Colonne(texte, "fiche", mot, est_numero=True)
    if clef in _cles_de("titre") and not texte.endswith("s"):
        return Colonne(texte, "fiche", mot)
    # « Objectifs » ouvre une rubrique, « Objectif » nomme le niveau
    if niveau and fin == len(nu) and not nu.endswith("s"):
        return Colonne(texte, niveau, mot, est_numero)
    if niveau and cle(nu[fin:]) in ("numero", "titre", "intitule"):
        return Colonne(texte, niveau, mot, est_numero=cle(nu[fin:]) == "numero")
    connue = reconnaitre(texte, seuil=_SEUIL) or (deviner(texte) if large else None)
    return Colonne(texte, libelle=connue or Libelle("autre"))


def _cles_de(code: str) -> frozenset[str]:
    return frozenset(cle(mot) for mot in charger_lexique("rubriques")["rubriques"][code])


def _completer(colonnes: list[Colonne], sous_un_pilier: bool) -> list[Colonne]:
    """Rend les colonnes, leurs niveaux dans l'ordre où elles les nomment : du plus large au plus fin.

    Sans colonne de titre de fiche, le mot le plus fin (« Objectif ») nomme la fiche. Sous un titre
    de pilier (« Axe 1 », au-dessus du tableau), aucune colonne n'en nomme un autre.
    """
    titres = [c for c in colonnes if c.niveau and not c.est_numero]
    fiche = next((c for c in titres if c.niveau == "fiche"), titres[-1] if titres else None)
    larges = [c for c in titres if c is not fiche]
    niveaux = {c.mot: c.niveau for c in larges}
    if sous_un_pilier and niveaux:
        niveaux = {**dict.fromkeys(niveaux, "intermediaire"), list(niveaux)[-1]: "enjeu"}
    elif len(niveaux) > 1:
        premier, *_, dernier = niveaux
        niveaux = {**dict.fromkeys(niveaux, "intermediaire"), premier: "pilier", dernier: "enjeu"}
    if fiche is not None and fiche.mot:
        niveaux[fiche.mot] = "fiche"
    resultat = []
    for c in colonnes:
        niveau = "fiche" if c is fiche else niveaux.get(c.mot, c.niveau) if c.niveau else ""
        resultat.append(replace(c, niveau=niveau))
    return resultat


def deplier_un_tableau(entete: Entete, rangees: list[Rangee]) -> Iterator[Rangee]:
    """Rend une ligne par titre et par rubrique de chaque rangée du tableau."""
    if not entete.une_fiche_par_rangee:
        for rangee in rangees:
            yield from _rubriques(entete, rangee)
        return
    ouverts: dict[str, str] = {}
    for rangee in rangees:
        textes = [texte_de(cellule) for cellule in rangee.cellules]
        if [cle(t) for t in textes] == [cle(c.imprime) for c in entete.colonnes]:
            continue  # l'en-tête, répété en haut de page
        yield from _parents(entete, rangee, textes, ouverts)
        titre = _titre(entete, "fiche", textes)
        if titre is not None:
            yield Rangee(rangee.numero, (titre.texte,), titre=titre)
        yield from _rubriques(entete, rangee)


def _parents(
    entete: Entete, rangee: Rangee, textes: list[str], ouverts: dict[str, str]
) -> Iterator[Rangee]:
    for niveau in sorted({c.niveau for c in entete.colonnes} & set(_ORDRE), key=_ORDRE.get):
        titre = _titre(entete, niveau, textes)
        if titre is None:
            continue
        clef = f"{cle_de_numero(titre.numero)} {cle(titre.texte)}"
        if ouverts.get(niveau) != clef:
            ouverts[niveau] = clef
            for fin in [n for n in _ORDRE if _ORDRE[n] > _ORDRE[niveau]]:
                ouverts.pop(fin, None)
            yield Rangee(rangee.numero, (titre.texte,), titre=titre)


def _titre(entete: Entete, niveau: str, textes: list[str]) -> Titre | None:
    """Rend le titre d'un niveau dans une rangée : sa colonne, et son numéro s'il a la sienne."""
    numero = texte = mot = ""
    for colonne, cellule in zip(entete.colonnes, textes, strict=False):
        if colonne.niveau == niveau and cellule:
            mot = colonne.mot or mot
            if colonne.est_numero:
                numero = normaliser(numero_nu(f"{cellule} x")[0] or cellule)
            else:
                texte = cellule
    if not texte and not (numero and niveau == "fiche"):
        return None
    lu = titre_du_texte(texte)
    if lu is not None and lu.mot and lu.numero:
        numero, texte, mot = numero or lu.numero, lu.texte, lu.mot
    elif not numero:
        numero, texte = numero_nu(texte)
    return Titre(niveau, numero, texte, mot=mot)


def _rubriques(entete: Entete, rangee: Rangee) -> Iterator[Rangee]:
    for colonne, cellule in zip(entete.colonnes, rangee.cellules, strict=False):
        if colonne.libelle is not None and texte_de(cellule):
            libelle = LibelleImprime(colonne.libelle, colonne.imprime, cellule)
            yield Rangee(rangee.numero, (colonne.imprime, cellule), libelle=libelle)
