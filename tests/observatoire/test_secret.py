"""Le secret statistique, vérifié par un contrôle qui ne doit rien au code qu'il juge (controle.py)."""

import random
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from parvis.observatoire.rules.secret import (
    SEUIL,
    Motif,
    Tableau,
    bornes,
    proteger,
    proteger_ensemble,
)
from tests.observatoire.controle import (
    avec_totaux,
    bornes_du_controle,
    bornes_par_programmation,
    egalites,
    fautes,
    lignes_entieres,
    primaires_seules,
    systeme_du_lecteur,
    tableau_de,
    tirer,
)


@pytest.mark.parametrize("vingtaine", range(10))
def test_rien_ne_se_retrouve_dans_deux_cents_tableaux(vingtaine):
    for graine in range(20 * vingtaine, 20 * vingtaine + 20):
        tableau = tirer(graine)
        assert not fautes(tableau, proteger(tableau)), graine


@pytest.mark.parametrize("arrondi", [3, 5, 10])
def test_rien_ne_se_retrouve_quand_la_source_arrondit(arrondi):
    for graine in range(20):
        tableau = tirer(graine, arrondi)
        assert not fautes(tableau, proteger(tableau)), graine


def test_le_controle_retrouve_tout_sans_secret_secondaire():
    retrouvees = [fautes(t, primaires_seules(t)) for t in map(tirer, range(60))]
    exactes = [c for lues in retrouvees for c, quoi in lues if quoi == "rendue"]
    assert sum(map(bool, retrouvees)) >= 30
    assert len(exactes) >= 30


@pytest.mark.parametrize("arrondi", [0, 5])
def test_les_bornes_sont_celles_de_la_programmation_lineaire(arrondi):
    for graine in range(40):
        tableau = tirer(graine, arrondi)
        for cachees in (primaires_seules(tableau), proteger(tableau)):
            lues = bornes(tableau, cachees)
            assert lues == bornes_du_controle(tableau, lues.keys()), graine


def test_ce_qui_est_cache_en_plus_reste_mesure(capsys):
    cellules = primaires = cachees = lignes = 0
    for graine in range(200):
        tableau = tirer(graine)
        cellules += len(tableau.cellules())
        primaires += len(primaires_seules(tableau))
        cachees += len(proteger(tableau))
        lignes += len(lignes_entieres(tableau))
    with capsys.disabled():
        print(
            f"\nCachées : {primaires / cellules:.0%} sans secondaire, {cachees / cellules:.0%} avec,"
            f" {lignes / cellules:.0%} par lignes entières"
        )
    assert cachees <= 1.6 * primaires
    assert cachees <= 0.8 * lignes


def test_un_grand_tableau_se_protege_vite():
    hasard = random.Random(1)
    parts = [
        [hasard.choice([0, hasard.randint(1, 40), hasard.randint(1, 400)]) for _ in range(11)]
        for _ in range(59)
    ]
    tableau = avec_totaux(parts, True, True)
    depart = time.process_time()
    motifs = proteger(tableau)
    assert time.process_time() - depart < 2
    matrice, membre = systeme_du_lecteur(tableau, motifs)
    lues = bornes(tableau, motifs)
    for k, cellule in list(enumerate(sorted(motifs)))[::4]:
        vise = np.zeros(len(motifs))
        vise[k] = 1
        bas, haut = (
            optimize.linprog(signe * vise, A_eq=matrice, b_eq=membre, method="highs").x[k]
            for signe in (1, -1)
        )
        assert lues[cellule] == (round(bas), round(haut))
        assert haut - bas >= SEUIL - 1


# Cas choisis


def test_un_petit_nombre_ne_part_pas_seul():
    tableau = avec_totaux([[5, 40], [30, 20], [60, 90]], True, True)
    motifs = proteger(tableau)
    assert motifs[0, 0] is Motif.PRIMAIRE
    assert len(motifs) == 4
    # Les parts les plus petites, jamais un total.
    assert motifs.keys() == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_sans_total_rien_ne_se_retrouve_et_seuls_les_petits_sont_caches():
    tableau = avec_totaux([[5, 40], [30, 20]], False, False)
    assert proteger(tableau) == {(0, 0): Motif.PRIMAIRE}
    assert bornes(tableau, {(0, 0)}) == {(0, 0): (0, None)}


def test_un_zero_se_publie_sauf_si_on_le_dit_sensible():
    tableau = avec_totaux([[0, 40], [30, 20]], False, False)
    assert proteger(tableau) == {}
    assert proteger(tableau, zeros_sensibles=True) == {(0, 0): Motif.PRIMAIRE}


def test_des_zeros_sensibles_ne_se_retrouvent_pas():
    for graine in range(60):
        tableau = tirer(graine)
        motifs = proteger(tableau, zeros_sensibles=True)
        for cellule in set(tableau.cellules()) - motifs.keys() - set(tableau.manquantes()):
            assert tableau.valeur(cellule) >= SEUIL
        inconnues = motifs.keys() | set(tableau.manquantes())
        for cellule, (bas, haut) in bornes_du_controle(tableau, inconnues).items():
            if (tableau.valeur(cellule) or SEUIL) < SEUIL or tableau.valeur(cellule) == 0:
                assert bas == 0
                assert haut is None or haut >= SEUIL - 1


@pytest.mark.parametrize(("valeur", "cachee"), [(0, False), (1, True), (10, True), (11, False)])
def test_le_seuil(valeur, cachee):
    assert ((0, 0) in proteger(avec_totaux([[valeur, 50]], False, False))) is cachee


def test_un_tableau_tout_petit_perd_aussi_ses_totaux():
    tableau = avec_totaux([[1, 0], [2, 1]], True, True)
    assert proteger(tableau).keys() >= {c for c in tableau.cellules() if tableau.valeur(c)}
    assert not fautes(tableau, proteger(tableau))


@pytest.mark.parametrize("parts", [[[3, 20, 40]], [[3], [20], [40]], [[3]], [[3, 0, 0]], [[0, 0]]])
@pytest.mark.parametrize("ligne", [True, False])
@pytest.mark.parametrize("colonne", [True, False])
def test_une_seule_ligne_ou_colonne(parts, ligne, colonne):
    tableau = avec_totaux(parts, ligne, colonne)
    assert not fautes(tableau, proteger(tableau))


def test_un_zero_n_aide_que_s_il_le_faut():
    tableau = avec_totaux([[5, 0, 40], [30, 0, 20], [60, 0, 90]], True, True)
    assert all(tableau.valeur(c) for c in proteger(tableau))


def test_ce_que_cache_la_source_est_cache_et_ne_se_retrouve_pas():
    tableau = avec_totaux([[25, 40], [30, 20], [60, 90]], True, True, {(0, 0)}, {(0, 0)})
    motifs = proteger(tableau)
    assert motifs[0, 0] is Motif.SOURCE
    assert set(motifs.values()) == {Motif.SOURCE, Motif.SECONDAIRE}
    assert not fautes(tableau, motifs)


@pytest.mark.parametrize(("valeur", "cachees"), [(5, True), (0, False), (25, False)])
def test_un_nombre_qui_manque_n_est_cache_que_s_il_trahit_un_petit_nombre(valeur, cachees):
    parts = [[valeur, 40], [30, 20], [60, 90]]
    tableau = avec_totaux(parts, True, True, manque={(0, 0)})
    motifs = proteger(tableau)
    assert bool(motifs) is cachees
    assert (0, 0) not in motifs
    assert not fautes(tableau, motifs)


def test_un_total_qui_n_est_pas_la_somme_ne_rend_rien():
    # 5 + 40 font 45, la source a écrit 50 ; la deuxième colonne est arrondie elle aussi.
    tableau = tableau_de([[5, 40, 50], [30, 20, 50], [60, 90, 150], [95, 155, 250]], True, True)
    motifs = proteger(tableau)
    assert not fautes(tableau, motifs)
    assert len([c for c in motifs if c[0] == 0]) >= 2


def test_un_total_plus_grand_que_ses_parts_n_efface_pas_tout_le_tableau():
    valeurs = [[0, 0, 10], [30, 20, 50], [60, 90, 150], [90, 110, 200]]
    motifs = proteger(tableau_de(valeurs, True, True))
    assert len(motifs) < 6


def test_un_tableau_mal_fait_est_refuse():
    for valeurs in [[[1, -2]], [[1, 2.5]], [[1, True]], [[1, 2], [3]]]:
        with pytest.raises(ValueError):
            tableau_de(valeurs, False, False)
    with pytest.raises(ValueError):
        tableau_de([[1, 2]], False, True)
    with pytest.raises(ValueError):
        tableau_de([[1, 2]], False, False, caches={(0, 2)})
    with pytest.raises(ValueError):
        proteger(tableau_de([[1, 2]], False, False), seuil=0)


# Propriétés

TABLEAUX = st.builds(tirer, st.integers(0, 10**6), st.sampled_from([0, 0, 0, 5]))


@given(TABLEAUX, st.sampled_from([2, 5, 11]))
@settings(max_examples=100)
def test_tout_seuil_protege(tableau, seuil):
    assert not fautes(tableau, proteger(tableau, seuil), seuil)


@given(TABLEAUX)
@settings(max_examples=100)
def test_le_meme_tableau_est_toujours_cache_de_meme(tableau):
    copie = Tableau(
        tableau.lignes,
        tableau.colonnes,
        tuple(map(tuple, tableau.valeurs)),
        tableau.a_total_de_ligne,
        tableau.a_total_de_colonne,
        frozenset(sorted(tableau.cachees_par_la_source, reverse=True)),
    )
    assert list(proteger(copie).items()) == list(proteger(tableau).items())


@given(TABLEAUX)
@settings(max_examples=100)
def test_ce_qui_est_protege_n_a_plus_rien_a_cacher(tableau):
    motifs = proteger(tableau)
    publie = replace(tableau, cachees_par_la_source=frozenset(motifs))
    assert proteger(publie).keys() == motifs.keys()


@given(st.integers(0, 10**6))
@settings(max_examples=100)
def test_un_tableau_protege_dont_les_nombres_sont_effaces_n_a_plus_rien_a_cacher(graine):
    tableau = tirer(graine)
    motifs = proteger(tableau)
    effacees = motifs.keys() | set(tableau.manquantes())
    lignes = [list(rang) for rang in tableau.valeurs]
    publie = tableau_de(
        lignes, tableau.a_total_de_ligne, tableau.a_total_de_colonne, motifs, effacees
    )
    assert proteger(publie).keys() == motifs.keys()


# Des tableaux qui publient des nombres en commun


def ensemble(graine, zeros=0.0, haut=60):
    """Rend trois tableaux d'un même territoire (sexe, âge, activité) qui ont leurs totaux en commun."""
    hasard = random.Random(graine)
    quartiers = hasard.randint(2, 9)
    personnes = [
        0 if hasard.random() < zeros else hasard.randint(1, haut) for _ in range(quartiers)
    ]
    rendus = []
    for rang, colonnes in enumerate((2, 5, 3)):
        parts = []
        for total in personnes:
            coupes = sorted(hasard.randint(0, total) for _ in range(colonnes - 1))
            parts.append([b - a for a, b in zip([0, *coupes], [*coupes, total], strict=True)])
        tableau = avec_totaux(parts, True, True)
        cles = [
            [("total", i) if j == colonnes else (rang, i, j) for j in range(colonnes + 1)]
            for i in range(quartiers + 1)
        ]
        rendus.append((tableau, cles))
    return rendus


def bornes_de_l_ensemble(tableaux, resultats):
    """Rend les bornes de chaque clé cachée pour qui lit tous les tableaux à la fois."""
    inconnues = sorted(
        {
            cles[i][j]
            for (_, cles), motifs in zip(tableaux, resultats, strict=True)
            for i, j in motifs
        },
        key=str,
    )
    rangs = {cle: k for k, cle in enumerate(inconnues)}
    matrice, membre = [], []
    for tableau, cles in tableaux:
        for egalite in egalites(tableau):
            ligne, solde = np.zeros(len(rangs)), 0
            for (i, j), signe in egalite.items():
                if cles[i][j] in rangs:
                    ligne[rangs[cles[i][j]]] = signe
                else:
                    solde -= signe * tableau.valeur((i, j))
            if ligne.any():
                matrice.append(ligne)
                membre.append(solde)
    matrice = np.array(matrice).reshape(len(matrice), len(rangs))
    lues = bornes_par_programmation(matrice, np.array(membre, dtype=float))
    return dict(zip(inconnues, lues, strict=True))


def fautes_de_l_ensemble(tableaux, resultats):
    """Rend les clés que retrouve, ou resserre trop, qui lit tous les tableaux à la fois."""
    valeurs = {cles[i][j]: t.valeur((i, j)) for t, cles in tableaux for i, j in t.cellules()}
    lues = []
    for cle, (bas, haut) in bornes_de_l_ensemble(tableaux, resultats).items():
        large = haut is None or haut - bas + 1 >= SEUIL
        tout = bas <= 1 and (haut is None or haut >= SEUIL - 1)
        if not large or (0 < valeurs[cle] < SEUIL and not tout):
            lues.append(cle)
    return lues


@pytest.mark.parametrize(("zeros", "haut"), [(0, 60), (0.2, 30), (0.4, 300), (0.5, 15)])
def test_un_nombre_commun_est_cache_partout_ou_nulle_part(zeros, haut):
    for graine in range(15):
        tableaux = ensemble(graine, zeros, haut)
        resultats = proteger_ensemble(tableaux)
        cachees = {
            cles[i][j]
            for (_, cles), motifs in zip(tableaux, resultats, strict=True)
            for i, j in motifs
        }
        for (tableau, cles), motifs in zip(tableaux, resultats, strict=True):
            assert {(i, j) for i, j in tableau.cellules() if cles[i][j] in cachees} == motifs.keys()
            assert not fautes(tableau, motifs), graine
        assert not fautes_de_l_ensemble(tableaux, resultats), graine


def test_chaque_tableau_protege_pour_soi_ne_suffit_pas():
    fautifs = 0
    for graine in range(15):
        tableaux = ensemble(graine, 0.2, 30)
        seuls = [proteger(tableau) for tableau, _ in tableaux]
        cachees = [{cles[i][j] for i, j in m} for (_, cles), m in zip(tableaux, seuls, strict=True)]
        communes = [{cle for cle in lues if cle[0] == "total"} for lues in cachees]
        fautifs += any(lues != communes[0] for lues in communes)
    assert fautifs


def test_des_tableaux_sans_rien_en_commun_sont_proteges_chacun_pour_soi():
    tableaux = [tirer(graine) for graine in range(10)]
    sans_cle = [(t, [[None] * t.colonnes] * t.lignes) for t in tableaux]
    assert proteger_ensemble(sans_cle) == [proteger(t) for t in tableaux]


def test_ce_qui_manque_ici_et_se_lit_la_est_connu():
    plein = avec_totaux([[5, 40], [30, 20], [60, 90]], True, True)
    troue = avec_totaux([[5, 40], [30, 20], [60, 90]], True, True, manque={(0, 0)})
    cles = [[(i, j) for j in range(3)] for i in range(4)]
    ici, la = proteger_ensemble([(troue, cles), (plein, cles)])
    assert ici == la
    assert ici[0, 0] is Motif.PRIMAIRE


def test_une_cle_qui_a_deux_nombres_est_refusee():
    un, deux = tableau_de([[40, 50]], False, False), tableau_de([[41, 50]], False, False)
    with pytest.raises(ValueError):
        proteger_ensemble([(un, [["a", "b"]]), (deux, [["a", "b"]])])
    with pytest.raises(ValueError):
        proteger_ensemble([(un, [["a"]])])
