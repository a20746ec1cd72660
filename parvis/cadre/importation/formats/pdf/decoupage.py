"""D'une page lue à ce qu'elle donne à lire, de haut en bas : texte courant et tableaux."""

from __future__ import annotations

from .caracteres import Mot
from .colonnes import en_colonnes
from .filets import Filet
from .grilles import Cellule, Grille
from .lignes import assembler
from .marges import Page
from .regions import Contenu, Rangee, Region, Tableau
from .tableaux_larges import Familiers

ETIQUETTE_MINIMALE = 15.0  # une colonne plus étroite n'est qu'un double filet


def decouper_la_page(page: Page, corps: float, connus: Familiers) -> Contenu:
    """Rend les éléments d'une page dans l'ordre de lecture."""
    libres: list[Mot] = []
    for grille in page.grilles:
        for vide in grille.cellules:
            vide.mots = []
    for mot in page.mots:
        cellule = _cellule_de(page.grilles, (mot.x0 + mot.x1) / 2, mot.base + 0.25 * mot.corps)
        if cellule is None:
            libres.append(mot)
        else:
            cellule.mots.append(mot)
    contenu = Contenu(page.numero, notes=page.notes)
    lignes = assembler(libres)
    gauche = min((ligne.x0 for ligne in lignes), default=0.0)
    droite = max(page.largeur - gauche, max((ligne.x1 for ligne in lignes), default=0.0))
    horizontaux = [f for f in page.filets if not f.vertical]
    for suivante in [*page.grilles, None]:
        plancher = suivante.haut if suivante else float("-inf")
        dessus = [ligne for ligne in lignes if ligne.base + 0.25 * ligne.corps > plancher]
        lignes = lignes[len(dessus) :]
        contenu.elements += en_colonnes(
            dessus, gauche, droite, page.numero, horizontaux, corps, connus
        )
        if suivante is not None:
            tableau = _tableau(suivante, page)
            if tableau.rangees:
                contenu.elements.append(tableau)
    return contenu


def _cellule_de(grilles: list[Grille], x: float, y: float) -> Cellule | None:
    for grille in grilles:
        cellule = grille.cellule_de(x, y)
        if cellule is not None:
            return cellule
    return None


def _tableau(grille: Grille, page: Page) -> Tableau:
    largeur = len(grille.xs) - 1
    rangees: dict[int, list[Cellule]] = {}
    for cellule in grille.cellules:
        rangees.setdefault(cellule.rangee, []).append(cellule)
    occupees = [c for c in grille.cellules if c.mots]
    premiere = {0} if grille.xs[1] - grille.xs[0] > ETIQUETTE_MINIMALE else set()
    colonnes = sorted({c.colonne for c in occupees if c.colonnes < largeur} | premiere)
    resultat = []
    for rang in sorted(rangees):
        cellules = sorted(rangees[rang], key=lambda c: c.colonne)
        if not any(c.mots for c in cellules):
            continue
        seule = len(cellules) == 1 and cellules[0].colonnes == largeur
        regions = _regions(cellules, seule, colonnes, page.numero)
        tracee = _tracee(page.filets, cellules[0], cellules[0].haut)
        fermee = _tracee(page.filets, cellules[0], cellules[0].bas)
        resultat.append(Rangee(regions, cellules[0].haut, tracee, fermee))
    return Tableau(resultat, grille.haut, 1 if len(colonnes) < 2 and largeur < 2 else 2)


def _regions(
    cellules: list[Cellule], seule: bool, colonnes: list[int], page: int
) -> list[Region | None]:
    """Rend une région par colonne occupée ; une colonne sans cellule neuve vaut `None`."""
    if seule:
        return [_region(cellules[0], True, page)]
    par_colonne = {c.colonne: c for c in cellules}
    # dans un tableau de plusieurs colonnes, une cellule vide tient la place de la sienne
    entiere = len(colonnes) > 2 and all(c in par_colonne for c in colonnes)
    utiles = (
        colonnes
        if entiere
        else [
            c for c in colonnes if c not in par_colonne or par_colonne[c].mots or c == colonnes[0]
        ]
    )
    resultat: list[Region | None] = []
    for colonne in utiles:
        cellule = par_colonne.get(colonne)
        if cellule is None and resultat and _couverte(cellules, colonne):
            continue
        resultat.append(_region(cellule, False, page) if cellule and cellule.mots else None)
    return resultat


def _couverte(cellules: list[Cellule], colonne: int) -> bool:
    return any(c.colonne < colonne < c.colonne + c.colonnes for c in cellules)


def _region(cellule: Cellule, etalee: bool, page: int) -> Region:
    lignes = assembler(cellule.mots)
    marge = max(0.0, min(ligne.x0 for ligne in lignes) - cellule.x0)
    # un texte centré ou en retrait ne dit pas la marge de sa cellule
    marge = min(marge, 12.0)
    cle = ("cellule", round(cellule.x0 / 3), round(cellule.x1 / 3))
    return Region(lignes, cellule.x0 + marge, cellule.x1 - marge, cle, True, etalee, page)


def _tracee(filets: list[Filet], cellule: Cellule, place: float) -> bool:
    return any(
        not f.vertical
        and abs(f.place - place) < 4
        and f.debut < cellule.x0 + 4
        and f.fin > cellule.x1 - 4
        for f in filets
    )
