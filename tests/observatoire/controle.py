"""Le contrôle du secret : des tableaux tirés au sort, et ce qu'un lecteur en retrouve, par une autre méthode.

Les bornes viennent de la programmation linéaire (scipy) ; les cellules rendues, d'une recherche à la main.
"""

import math
import random
from itertools import combinations, product

import numpy as np
from scipy import linalg, optimize, sparse

from parvis.observatoire.rules.secret import (
    SEUIL,
    Motif,
    Tableau,
)

# Des tableaux


def avec_totaux(parts, ligne, colonne, caches=(), manque=()):
    """Rend le tableau de ces parts, avec les totaux demandés ; `manque` : les cellules sans nombre."""
    lignes = [list(rang) + ([sum(rang)] if ligne else []) for rang in parts]
    if colonne:
        lignes.append([sum(c) for c in zip(*lignes, strict=True)])
    return tableau_de(lignes, ligne, colonne, caches, manque)


def tableau_de(lignes, ligne, colonne, caches=(), manque=()):
    valeurs = [
        [None if (i, j) in manque else v for j, v in enumerate(rang)]
        for i, rang in enumerate(lignes)
    ]
    return Tableau(
        len(valeurs), len(valeurs[0]), tuple(map(tuple, valeurs)), ligne, colonne, frozenset(caches)
    )


def tirer(graine, arrondi=0):
    """Rend un tableau tiré au sort : creux ou dense, avec ou sans totaux, à trous ou non."""
    hasard = random.Random(graine)
    lignes, colonnes = hasard.randint(2, 12), hasard.randint(2, 6)
    ligne, colonne = hasard.random() < 0.75, hasard.random() < 0.75
    zeros, haut = hasard.choice([0, 0.1, 0.4, 0.7]), hasard.choice([8, 20, 60, 400])
    parts = [
        [0 if hasard.random() < zeros else hasard.randint(1, haut) for _ in range(colonnes)]
        for _ in range(lignes)
    ]
    plein = avec_totaux(parts, ligne, colonne)
    valeurs = [list(rang) for rang in plein.valeurs]
    if arrondi:
        valeurs = [[arrondi * round(v / arrondi) for v in rang] for rang in valeurs]
    cellules = plein.cellules()
    part = hasard.choice([0, 0, 0.05, 0.15])
    caches = [c for c in cellules if hasard.random() < part]
    tus = [c for c in caches if hasard.random() < 0.5]
    trous = [c for c in cellules if part and hasard.random() < 0.04]
    return tableau_de(valeurs, ligne, colonne, caches, {*tus, *trous})


# Le contrôle


def egalites(tableau):
    """Rend les égalités du tableau : pour chacune, le signe de chaque cellule."""
    m, n = tableau.lignes, tableau.colonnes
    lues = []
    if tableau.a_total_de_ligne:
        lues += [{(i, j): 1 if j < n - 1 else -1 for j in range(n)} for i in range(m)]
    if tableau.a_total_de_colonne:
        lues += [{(i, j): 1 if i < m - 1 else -1 for i in range(m)} for j in range(n)]
    return lues


def systeme_du_lecteur(tableau, inconnues):
    """Rend la matrice et le second membre : ce que les inconnues doivent faire, d'après le publié."""
    rangs = {c: k for k, c in enumerate(sorted(inconnues))}
    matrice, membre = [], []
    for egalite in egalites(tableau):
        if any(c in rangs for c in egalite):
            ligne = np.zeros(len(rangs))
            for cellule, signe in egalite.items():
                if cellule in rangs:
                    ligne[rangs[cellule]] = signe
            matrice.append(ligne)
            membre.append(-sum(s * tableau.valeur(c) for c, s in egalite.items() if c not in rangs))
    return np.array(matrice).reshape(len(matrice), len(rangs)), np.array(membre, dtype=float)


def plus_petit_ecart(matrice, membre):
    """Rend le plus petit écart entier qui accorde les égalités."""
    un = np.ones((len(matrice), 1))
    large = np.vstack([np.hstack([matrice, -un]), np.hstack([-matrice, -un])])
    objectif = np.zeros(matrice.shape[1] + 1)
    objectif[-1] = 1
    lu = optimize.linprog(
        objectif,
        A_ub=large,
        b_ub=np.concatenate([membre, -membre]),
        bounds=(0, None),
        method="highs",
    )
    return math.ceil(lu.fun - 1e-6)


def bornes_par_programmation(matrice, membre, libre=1e8):
    """Rend le plus petit et le plus grand de chaque inconnue, None au-delà de tout ce qui se publie.

    Autant de copies du problème que d'inconnues, chacune visant la sienne : un seul appel par côté.
    """
    copies = matrice.shape[1]
    if not copies or not len(matrice):
        return [(0, None)] * copies
    ecart = plus_petit_ecart(matrice, membre)
    tout, cote = sparse.kron(sparse.eye(copies), matrice), np.tile(membre, copies)
    if ecart:
        contraintes = {
            "A_ub": sparse.vstack([tout, -tout]),
            "b_ub": np.concatenate([cote + ecart, ecart - cote]),
        }
    else:
        contraintes = {"A_eq": tout, "b_eq": cote}
    vise = np.eye(copies).ravel()
    lus = []
    for signe in (1, -1):
        lu = optimize.linprog(signe * vise, bounds=(0, libre), method="highs", **contraintes)
        assert lu.status == 0, lu.message
        lus.append([round(v) for v in lu.x.reshape(copies, copies).diagonal()])
    return [(bas, haut if haut < libre / 1000 else None) for bas, haut in zip(*lus, strict=True)]


def bornes_du_controle(tableau, inconnues):
    """Rend les bornes de chaque inconnue, par programmation linéaire."""
    systeme = systeme_du_lecteur(tableau, inconnues)
    return dict(zip(sorted(inconnues), bornes_par_programmation(*systeme), strict=True))


def rendues_par_peu(tableau, inconnues, combien=3):
    """Rend les cellules cachées égales, quels que soient les nombres, à ± trois publiées au plus.

    Deux formes sont égales quels que soient les nombres quand elles le sont sur un tableau tiré au
    sort parmi ceux qui respectent les égalités (modulo 2⁶⁴), à des nombres où rien ne coïncide.
    """
    hasard = random.Random(0)
    m = tableau.lignes - tableau.a_total_de_colonne
    n = tableau.colonnes - tableau.a_total_de_ligne
    parts = [[hasard.getrandbits(64) for _ in range(n)] for _ in range(m)]
    essai = avec_totaux(parts, tableau.a_total_de_ligne, tableau.a_total_de_colonne)
    vues = {c: essai.valeur(c) % 2**64 for c in tableau.cellules()}
    cachees = {vues[c]: c for c in inconnues}
    publiees = np.array([vues[c] for c in vues if c not in inconnues], dtype=np.uint64)
    trouvees = set()
    for taille in range(1, combien + 1):
        choix = np.array(list(combinations(publiees, taille)), dtype=np.uint64)
        for signes in product((1, 2**64 - 1), repeat=taille) if len(choix) else ():
            sommes = (choix * np.array(signes, dtype=np.uint64)).sum(axis=1, dtype=np.uint64)
            egales = sommes[np.isin(sommes, np.array(list(cachees), dtype=np.uint64))]
            trouvees |= {cachees[int(somme)] for somme in egales}
    return trouvees


def rendues_par_les_egalites(tableau, inconnues):
    """Rend les cellules cachées que les égalités fixent, quel que soit le nombre de cellules lues."""
    matrice, _ = systeme_du_lecteur(tableau, inconnues)
    if not matrice.size:
        return set()
    libres = np.abs(linalg.null_space(matrice)).sum(axis=1)
    return {c for c, libre in zip(sorted(inconnues), libres, strict=True) if libre < 1e-9}


def fautes(tableau, motifs, seuil=SEUIL):
    """Rend tout ce que le tableau ainsi publié laisse retrouver."""
    manque = set(tableau.manquantes()) - motifs.keys()
    inconnues = motifs.keys() | manque
    lues = []
    for cellule in set(tableau.cellules()) - inconnues:
        if 0 < tableau.valeur(cellule) < seuil:
            lues.append((cellule, "petit nombre publié"))
    tout_publie = bornes_du_controle(tableau, set(tableau.manquantes())) if manque else {}
    sans_danger = set()
    for cellule, (bas, haut) in bornes_du_controle(tableau, inconnues).items():
        valeur = tableau.valeur(cellule)
        petite = valeur is not None and 0 < valeur < seuil
        assert not (petite and cellule not in motifs)
        if cellule in manque:
            le_moins, le_plus = tout_publie[cellule]
            if le_plus == 0 or le_moins >= seuil:
                sans_danger.add(cellule)
                continue
        if haut is not None and haut - bas + 1 < seuil:
            lues.append((cellule, f"de {bas} à {haut}"))
        if petite and (bas > 1 or (haut is not None and haut < seuil - 1)):
            lues.append((cellule, f"petit nombre de {bas} à {haut}"))
    rendues = rendues_par_peu(tableau, inconnues) | rendues_par_les_egalites(tableau, inconnues)
    rendues -= sans_danger
    return lues + [(cellule, "rendue") for cellule in rendues]


def primaires_seules(tableau, seuil=SEUIL):
    """Rend ce que cacherait qui oublie le secret secondaire."""
    motifs = {c: Motif.PRIMAIRE for c in tableau.cellules() if 0 < (tableau.valeur(c) or 0) < seuil}
    return motifs | dict.fromkeys(tableau.cachees_par_la_source, Motif.SOURCE)


def lignes_entieres(tableau):
    """Rend ce que cacherait qui retire chaque ligne où il y a un petit nombre, et le total si besoin."""
    touchees = {i for i, _ in primaires_seules(tableau)}
    if len(touchees) == 1 and tableau.a_total_de_colonne:
        touchees.add(tableau.lignes - 1)
    return {c for c in tableau.cellules() if c[0] in touchees}


# Deux cents tableaux tirés au sort
