"""L'argent : lire, écrire et partager des montants, au centime et sans flottant."""

from decimal import Decimal

import pytest
from django.template import Context, Template
from hypothesis import example, given, settings
from hypothesis import strategies as st

from parvis.socle.montants import PLAFOND, MontantIllisible, ecrire_montant, lire_montant, repartir

N = "\u00a0"
FINE = "\u202f"


def montants(plus_bas=Decimal(0), plus_haut=PLAFOND):
    """Des montants au centime, tirés en centimes."""
    bornes = int(plus_bas * 100), int(plus_haut * 100)
    return st.integers(*bornes).map(lambda centimes: Decimal(centimes).scaleb(-2))


beaucoup = settings(max_examples=10_000)


# Lire.


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("0", "0"),
        ("1250", "1250"),
        ("1 250 €", "1250"),
        ("1 000,50", "1000.50"),
        ("1.000,50", "1000.50"),
        ("1,000.50", "1000.50"),
        ("1000.5", "1000.5"),
        ("1000,5", "1000.5"),
        (f"1{N}000,50{N}€", "1000.50"),
        (f"12{FINE}345{FINE}678,90", "12345678.90"),
        ("1\u2009250,00", "1250"),
        ("1250 EUR", "1250"),
        ("1250eur", "1250"),
        ("12,50 euros", "12.50"),
        ("1 euro", "1"),
        ("€ 12.50", "12.50"),
        ("EUR 12,50", "12.50"),
        ("  7  ", "7"),
        (",50", "0.50"),
        (".5", "0.5"),
        ("007", "7"),
        ("1.000.000,5", "1000000.5"),
        ("1,000,000.5", "1000000.5"),
        ("1 000 000.5", "1000000.5"),
        ("999 999 999,99", "999999999.99"),
    ],
)
def test_un_montant_s_ecrit_de_bien_des_facons(texte, attendu):
    lu = lire_montant(texte)
    assert lu == Decimal(attendu)
    assert lu.as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [("1.000", "1000"), ("12.345", "12345"), ("1.000.000", "1000000"), ("1,000,000", "1000000")],
)
def test_trois_chiffres_apres_un_point_sont_des_milliers(texte, attendu):
    assert lire_montant(texte) == Decimal(attendu)


@pytest.mark.parametrize("texte", ["1,000", "12,345", "999,999"])
def test_trois_chiffres_apres_une_virgule_ne_se_devinent_pas(texte):
    with pytest.raises(MontantIllisible, match="se lit de deux façons"):
        lire_montant(texte)


def test_le_refus_d_une_ambiguite_dit_les_deux_ecritures():
    with pytest.raises(MontantIllisible, match="écrivez 1 000 pour des milliers, ou 1,00 avec"):
        lire_montant("1,000 €")


@pytest.mark.parametrize(
    ("texte", "raison"),
    [
        ("", "Écrivez un montant"),
        (f" {N}€", "Écrivez un montant"),
        ("douze", "n’est pas un montant"),
        ("12 k€", "n’est pas un montant"),
        ("12,", "n’est pas un montant"),
        ("1e3", "n’est pas un montant"),
        ("NaN", "n’est pas un montant"),
        ("Infinity", "n’est pas un montant"),
        ("١٢", "n’est pas un montant"),
        ("1_000", "n’est pas un montant"),
        ("12,5 3", "n’est pas un montant"),
        ("1.000 000", "n’est pas un montant"),
        ("(1 250)", "n’est pas un montant"),
        ("9" * 300, "n’est pas un montant"),
        ("12,345,6", "ne vont pas par trois|même signe"),
        ("0,125", "trop de chiffres après la virgule"),
        ("0.500", "trop de chiffres après la virgule"),
        ("1234,567", "trop de chiffres après la virgule"),
        ("1 000.500", "trop de chiffres après la virgule"),
        ("1.000,500", "trop de chiffres après la virgule"),
        ("12 50", "ne vont pas par trois"),
        ("0 500", "ne vont pas par trois"),
        ("1 0000", "ne vont pas par trois"),
        ("1 000.000,50", "ne vont pas par trois"),
        ("1.000.50", "même signe"),
        ("1,000,50", "même signe"),
        ("1 000 000 000", "est trop grand"),
        ("-12", "est négatif"),
        ("\u221212", "est négatif"),
        ("- 12 €", "est négatif"),
    ],
)
def test_un_refus_dit_pourquoi(texte, raison):
    with pytest.raises(MontantIllisible, match=raison):
        lire_montant(texte)


@pytest.mark.parametrize("texte", ["-12,50", "\u2212 12,50 €", "- 12.5", "€ -12,50"])
def test_un_montant_negatif_se_demande(texte):
    assert lire_montant(texte, negatif=True) == Decimal("-12.50")


@given(st.text(alphabet="0123456789 .,-€EURk\u00a0\u202f()'x", max_size=30) | st.text(max_size=60))
def test_un_texte_quelconque_se_lit_ou_se_refuse(texte):
    try:
        lu = lire_montant(texte)
    except MontantIllisible as refus:
        assert str(refus).endswith(".")
    else:
        assert 0 <= lu <= PLAFOND


# Écrire, et relire ce qu'on a écrit.


@pytest.mark.parametrize(
    ("valeur", "long", "court"),
    [
        (Decimal("12345"), f"12{N}345,00{N}€", f"12{N}345{N}€"),
        (Decimal("1250.5"), f"1{N}250,50{N}€", f"1{N}250,50{N}€"),
        (0, f"0,00{N}€", f"0{N}€"),
        (Decimal("-1250"), f"-1{N}250,00{N}€", f"-1{N}250{N}€"),
        (Decimal("-0.001"), f"0,00{N}€", f"0{N}€"),
        (Decimal("0.005"), f"0,01{N}€", f"0,01{N}€"),
        (PLAFOND, f"999{N}999{N}999,99{N}€", f"999{N}999{N}999,99{N}€"),
    ],
)
def test_un_montant_s_ecrit_a_la_francaise(valeur, long, court):
    assert (ecrire_montant(valeur), ecrire_montant(valeur, court=True)) == (long, court)


def test_un_flottant_ne_s_ecrit_pas():
    with pytest.raises(TypeError):
        ecrire_montant(0.1)


def test_les_filtres_ecrivent_un_montant_et_rien_pour_rien():
    gabarit = Template(
        "{% load socle %}{{ m|montant }}|{{ m|montant_court }}|{{ r|montant }}{{ r|montant_court }}"
    )
    rendu = gabarit.render(Context({"m": Decimal("1250.00"), "r": None}))
    assert rendu == f"1{N}250,00{N}€|1{N}250{N}€|"


@beaucoup
@given(montants())
@example(Decimal("1000.50"))
@example(Decimal("0.01"))
def test_ce_qui_est_ecrit_se_relit_et_toute_ecriture_francaise_se_lit(montant):
    assert lire_montant(ecrire_montant(montant)) == montant
    assert lire_montant(ecrire_montant(-montant, court=True), negatif=True) == -montant
    anglais = f"{montant:,.2f}"
    assert lire_montant(anglais) == montant
    for milliers in (" ", N, FINE, ".", ""):
        ecrit = anglais.translate({ord(","): milliers, ord("."): ","})
        assert lire_montant(ecrit) == lire_montant(f"{ecrit}{N}€") == montant


@given(montants(), st.sampled_from(["{} €", "{}€", "{}EUR", "€ {}", "EUR {}", " {} euros "]))
def test_la_monnaie_se_met_ou_l_on_veut(montant, forme):
    assert lire_montant(forme.format(ecrire_montant(montant)[:-2])) == montant


# Partager.


def test_un_tiers_ne_perd_pas_de_centime():
    assert repartir(Decimal("100.00"), [1, 1, 1]) == [
        Decimal("33.34"),
        Decimal("33.33"),
        Decimal("33.33"),
    ]


def test_le_centime_va_au_plus_grand_reste_et_jamais_a_un_poids_nul():
    assert repartir(Decimal("0.10"), [0, 1, 2]) == [0, Decimal("0.03"), Decimal("0.07")]
    assert repartir(Decimal("-0.10"), [1, 2]) == [Decimal("-0.03"), Decimal("-0.07")]


@pytest.mark.parametrize(
    ("total", "poids"),
    [(Decimal(1), []), (Decimal(1), [0, 0]), (Decimal(1), [2, -1]), (Decimal("0.001"), [1])],
)
def test_un_partage_impossible_se_refuse(total, poids):
    with pytest.raises(ValueError, match=r"poids|deux chiffres"):
        repartir(total, poids)


@given(montants(-PLAFOND), st.lists(st.integers(0, 10**6), min_size=1, max_size=8).filter(any))
def test_la_somme_des_parts_est_le_total(total, poids):
    parts = repartir(total, poids)
    assert sum(parts) == total
    juste = [total * un / sum(poids) for un in poids]
    assert all(abs(part - vrai) < Decimal("0.01") for part, vrai in zip(parts, juste, strict=True))


@beaucoup
@given(montants())
def test_trois_tiers_font_le_total_a_un_centime_pres_chacun(total):
    parts = repartir(total, [1, 1, 1])
    assert sum(parts) == total
    assert parts[2] <= parts[1] <= parts[0] <= parts[2] + Decimal("0.01")
