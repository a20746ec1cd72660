"""Les règles : lire une case, une période, une échéance ; refuser une description ; faire un ensemble."""

from datetime import date
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.observatoire.enums import Etat, Frequence, Remontee
from parvis.observatoire.rules.description import motifs_empechant_la_description
from parvis.observatoire.rules.lecture import (
    MAXIMUM,
    SECRETS,
    VIDES,
    CaseIllisible,
    echeance_suivante,
    est_une_periode,
    lire_une_case,
)
from parvis.observatoire.rules.remontee import est_un_petit_nombre, remonter
from tests.fabriques.observatoire import part, serie, taux

AUCUNE = frozenset()


# Lire une case.


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("0", "0"),
        ("12", "12"),
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("-3", "-3"),
        (" 7 ", "7"),
        ("1 234", "1234"),
        ("1\u00a0234\u202f567", "1234567"),
        ("12,5 %", "12.5"),
        ("1 500 €", "1500"),
        ("0,00004", "0"),
        ("0,00006", "0.0001"),
    ],
)
def test_un_nombre_s_ecrit_de_bien_des_facons(texte, attendu):
    assert lire_une_case(texte, AUCUNE) == (Etat.CONNUE, Decimal(attendu))


@pytest.mark.parametrize("texte", [*sorted(VIDES), "N.D.", " nd ", "\u00a0"])
def test_une_case_sans_valeur_manque(texte):
    assert lire_une_case(texte, AUCUNE) == (Etat.MANQUANTE, None)


@pytest.mark.parametrize("texte", [*sorted(SECRETS), "S", " Secret ", "<\u00a05"])
def test_une_case_secrete_l_est_toujours(texte):
    assert lire_une_case(texte, AUCUNE) == (Etat.SECRETE, None)


@pytest.mark.parametrize("texte", ["", "x", "tu", "0"])
def test_la_source_a_ses_marques_et_elles_passent_avant(texte):
    assert lire_une_case(texte.upper(), frozenset({"", "x", "tu", "0"})) == (Etat.SECRETE, None)


@pytest.mark.parametrize("texte", ["beaucoup", "12 à 15", "%", "€", "nan", "inf", "snan", "1,2,3"])
def test_le_reste_est_illisible_et_le_dit(texte):
    with pytest.raises(CaseIllisible, match="n’est pas un nombre"):
        lire_une_case(texte, AUCUNE)


def test_un_nombre_trop_grand_ne_se_garde_pas():
    assert lire_une_case("9" * 13, AUCUNE)[1] == Decimal("9" * 13)
    for texte in ("1" + "0" * 13, "-1e13", "1e400"):
        with pytest.raises(CaseIllisible, match="que l’on peut garder"):
            lire_une_case(texte, AUCUNE)


@given(st.text(max_size=30), st.frozensets(st.text(max_size=3), max_size=3))
def test_toute_case_se_lit_ou_se_refuse(texte, marques):
    try:
        etat, valeur = lire_une_case(texte, marques)
    except CaseIllisible:
        return
    assert (etat == Etat.CONNUE) is (valeur is not None)
    assert valeur is None or (valeur.is_finite() and abs(valeur) <= MAXIMUM)


@given(st.decimals(-MAXIMUM + 1, MAXIMUM - 1, places=4))
def test_un_nombre_ecrit_a_la_francaise_se_relit(nombre):
    with localcontext() as contexte:
        contexte.prec = 40
        ecrit = f"{nombre:,f}".replace(",", "\u202f").replace(".", ",")
    assert lire_une_case(ecrit, AUCUNE) == (Etat.CONNUE, nombre)


# Une période, une échéance.


@pytest.mark.parametrize(
    ("texte", "est_bonne"),
    [
        *((t, True) for t in ("1999", "2018", "2018-T1", "2018-T4", "2018-01", "2018-12")),
        *((t, False) for t in ("", "18", "2118", "2018-T0", "2018-T5", "2018-00", "2018-13")),
        *((t, False) for t in ("2018-t1", "2018-1", "2018/01", "2018-01-01", "2018\n", " 2018")),
    ],
)  # fmt: skip
def test_une_periode(texte, est_bonne):
    assert est_une_periode(texte) is est_bonne


@pytest.mark.parametrize(
    ("depuis", "frequence", "attendue"),
    [
        (date(2026, 1, 15), "mensuelle", date(2026, 2, 15)),
        (date(2026, 1, 31), "mensuelle", date(2026, 2, 28)),
        (date(2028, 1, 31), "mensuelle", date(2028, 2, 29)),
        (date(2026, 3, 31), "mensuelle", date(2026, 4, 30)),
        (date(2026, 12, 5), "mensuelle", date(2027, 1, 5)),
        (date(2026, 11, 30), "trimestrielle", date(2027, 2, 28)),
        (date(2026, 8, 31), "semestrielle", date(2027, 2, 28)),
        (date(2028, 2, 29), "annuelle", date(2029, 2, 28)),
        (date(2026, 6, 1), "annuelle", date(2027, 6, 1)),
        (date(2026, 6, 1), "unique", None),
    ],
)
def test_l_echeance_suivante(depuis, frequence, attendue):
    assert echeance_suivante(depuis, frequence) == attendue


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.sampled_from(Frequence.values))
def test_l_echeance_suivante_est_toujours_au_bon_mois(depuis, frequence):
    suivante = echeance_suivante(depuis, frequence)
    if frequence == Frequence.UNIQUE:
        assert suivante is None
        return
    mois = {"mensuelle": 1, "trimestrielle": 3, "semestrielle": 6, "annuelle": 12}[frequence]
    assert (suivante.year * 12 + suivante.month) - (depuis.year * 12 + depuis.month) == mois
    assert suivante.day == depuis.day or (suivante.day < depuis.day and suivante.day >= 28)


# Une description.


def refus(*series, niveau="quartier", millesime=2024):
    return motifs_empechant_la_description(
        niveau=niveau, millesime=millesime, millesimes=(2015, 2024), series=series
    )


@pytest.mark.parametrize(
    ("series", "motif"),
    [
        ([], "Choisissez au moins une colonne"),
        ([serie("tous"), serie("tous")], "même titre"),
        ([part("femmes")], "n’est pas lue"),
        ([part("tous")], "n’est pas lue"),
        ([serie("tous"), part("femmes", unite="menages")], "comptent la même chose"),
        ([serie("tous"), part("f"), part("jf", "f")], "sur un seul étage"),
        ([serie("t", "pourcent", "moyenne")], "quelle colonne pèse"),
        ([taux("tous")], "quelle colonne pèse"),
        ([taux("t", "absente")], "quelle colonne pèse"),
        ([serie("t", "pourcent", "somme")], "ne s’additionne pas"),
        ([serie("t", "indice", "somme")], "ne s’additionne pas"),
    ],
)
def test_une_description_refusee(series, motif):
    motifs = refus(*series)
    assert len(motifs) == 1 and motif in motifs[0]


@pytest.mark.parametrize(
    ("niveau", "millesime", "est_bonne"),
    [
        ("quartier", 2015, True),
        ("quartier", 2024, True),
        ("quartier", None, False),
        ("quartier", 2018, False),
        ("commune", None, True),
        ("epci", None, True),
        ("commune", 2024, True),
    ],
)
def test_des_quartiers_ont_une_generation(niveau, millesime, est_bonne):
    assert (refus(serie("tous"), niveau=niveau, millesime=millesime) == []) is est_bonne


def test_tous_les_motifs_se_disent_a_la_fois():
    motifs = refus(serie("t", "pourcent"), part("femmes"), millesime=None)
    assert len(motifs) == 3 and motifs[1].startswith("« T » : ")


def test_une_description_complete_passe():
    assert (
        refus(serie("tous"), part("f"), part("h"), part("jeunes", decoupage="âge"), taux("t")) == []
    )


# Un ensemble.


def d(*nombres):
    return [None if n is None else Decimal(str(n)) for n in nombres]


@pytest.mark.parametrize(
    ("remontee", "valeurs", "poids", "attendu"),
    [
        (Remontee.AUCUNE, d(1, 2), [], None),
        (Remontee.SOMME, d(1, 2, 3), [], "6"),
        (Remontee.SOMME, d(0), [], "0"),
        (Remontee.SOMME, d(1, None), [], None),
        (Remontee.SOMME, [], [], None),
        (Remontee.MOYENNE, d(10, 20), d(100, 300), "17.5"),
        (Remontee.MOYENNE, d(10, 20, 30), d(1, 1, 1), "20"),
        (Remontee.MOYENNE, d(10, 20), d(3, 0), "10"),
        (Remontee.MOYENNE, d(1, 1, 2), d(1, 1, 1), "1.3333"),
        (Remontee.MOYENNE, d(10, None), d(1, 1), None),
        (Remontee.MOYENNE, d(10, 20), d(1, None), None),
        (Remontee.MOYENNE, d(10, 20), d(0, 0), None),
        (Remontee.MOYENNE, d(10, 20), [], None),
    ],
)
def test_remonter(remontee, valeurs, poids, attendu):
    assert remonter(remontee, valeurs, poids) == (None if attendu is None else Decimal(attendu))


POSITIFS = st.lists(
    st.tuples(st.decimals(0, 100, places=1), st.integers(1, 10**6)), min_size=1, max_size=20
)


@given(POSITIFS)
def test_une_moyenne_est_entre_ses_valeurs(paires):
    valeurs, poids = [v for v, _ in paires], [Decimal(p) for _, p in paires]
    moyenne = remonter(Remontee.MOYENNE, valeurs, poids)
    assert min(valeurs) <= moyenne <= max(valeurs)


@pytest.mark.parametrize(
    ("taux", "population", "est_petit"),
    [
        ("0", 1000, False),
        ("100", 1000, False),
        ("1", 1000, True),
        ("1.1", 1000, False),
        ("99", 1000, True),
        ("98.9", 1000, False),
        ("50", 20, True),
        ("50", 22, False),
        ("0.1", 40, False),
    ],
)
def test_un_taux_et_son_complement_designent_ils_peu_de_gens(taux, population, est_petit):
    assert est_un_petit_nombre(Decimal(taux), Decimal(population), 11) is est_petit
