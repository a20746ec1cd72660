"""La case d'un montant : ce qui se calcule, ce qui se refuse et pourquoi."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.dossiers.rules.formules import (
    PARENTHESES_MAX,
    SIGNES_MAX,
    FormuleIllisible,
    calculer,
)
from parvis.socle.montants import PLAFOND, ecrire_montant, lire_montant


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("1250", "1250"),
        ("1 250,50 €", "1250.50"),
        ("1.000", "1000"),
        ("12*2*25", "600"),
        ("=12*2*25", "600"),
        ("3 x 4,50", "13.50"),
        ("3x4.50", "13.50"),
        ("3 X 4,50 €", "13.50"),
        ("12 € × 3", "36"),
        ("1 200/3", "400"),
        ("1\u00a0200 ÷ 3", "400"),
        ("(10+5)*12", "180"),
        ("10+5*12", "70"),
        ("100-30-20", "50"),
        ("100/10/2", "5"),
        ("2 000 - (300 + 200) x 2", "1000"),
        ("-5+10", "5"),
        ("10*-1+20", "10"),
        ("15% de 2000", "300"),
        ("15 % de 2 000 €", "300"),
        ("2 000 x 15 %", "300"),
        ("12 EUR x 3", "36"),
        ("(10+5)% de 200", "30"),
        ("0,502 * 1200", "602.40"),
        ("1000/3", "333.33"),
        ("2000/3", "666.67"),
        ("0,01/2", "0.01"),
        ("0,005*1", "0.01"),
        ("0,0049*1", "0"),
        ("1/3*3", "1"),
        ("0*12", "0"),
        ("999 999 999,99*1", "999999999.99"),
    ],
)
def test_une_case_se_calcule(texte, attendu):
    resultat = calculer(texte)
    assert resultat == Decimal(attendu)
    assert resultat.as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("texte", "raison"),
    [
        ("", "est vide"),
        ("  =  ", "est vide"),
        ("beaucoup", "n’est pas un montant"),
        ("deux x trois", "«\u00a0deux x trois\u00a0» n’est pas un montant"),
        ("1,000", "se lit de deux façons"),
        ("0,125", "trop de chiffres après la virgule"),
        ("1,000*2", "se lit de deux façons"),
        ("12 50 * 2", "ne vont pas par trois"),
        ("12,50 3 * 4", "n’est pas un montant"),
        ("12*", "Il manque un nombre après « \\* »"),
        ("*12", "Il manque un nombre au début"),
        ("12**2", "Il manque un nombre"),
        ("12//2", "Il manque un nombre"),
        ("--5+10", "Il manque un nombre"),
        ("()", "Il manque un nombre"),
        ("(10+5", "parenthèse fermante"),
        ("10+5)", "se ferme sans s’être ouverte"),
        ("(10)(5)", "Il manque un signe"),
        ("2(5)", "Il manque un signe"),
        ("12 € 3 € + 1", "Il manque un signe"),
        ("12/0", "diviser par zéro"),
        ("12/(3-3)", "diviser par zéro"),
        ("5-10", "négatif"),
        ("-5", "négatif"),
        ("15 %", "de quoi"),
        ("2000 + 10 %", "de quoi"),
        ("3 de 5 + 1", "après un pourcentage"),
        ("12 séances + 1", "ne se calcule pas"),
        ("__import__('os')", "ne se calcule pas"),
        ("A1+B2", "ne se calcule pas"),
        ("10^9+1", "ne se calcule pas"),
        ("999 999 999*2", "donne trop"),
        ("1+" * SIGNES_MAX + "1", "trop long"),
        ("(" * (PARENTHESES_MAX + 1) + "1" + ")" * (PARENTHESES_MAX + 1), "trop de parenthèses"),
    ],
)
def test_un_refus_dit_pourquoi(texte, raison):
    with pytest.raises(
        FormuleIllisible, match=raison.replace("« ", "«\u00a0").replace(" »", "\u00a0»")
    ):
        calculer(texte)


def test_les_parentheses_permises_se_lisent():
    assert calculer("(" * PARENTHESES_MAX + "1" + ")" * PARENTHESES_MAX) == 1
    assert calculer("+".join(["(1)"] * (PARENTHESES_MAX + 2))) == PARENTHESES_MAX + 2


@given(st.integers(0, 10**11 - 1).map(lambda centimes: Decimal(centimes).scaleb(-2)))
def test_un_montant_simple_est_une_formule(montant):
    assert calculer(ecrire_montant(montant)) == lire_montant(ecrire_montant(montant)) == montant


@given(st.integers(1, 999), st.decimals(0, 99, places=2), st.integers(1, 99))
def test_un_calcul_est_celui_du_papier(fois, prix, parts):
    juste = (fois * prix / parts).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert calculer(f"{fois} x {prix}".replace(".", ",") + f" / {parts}") == juste


@given(st.text(alphabet="0123456789 .,+-*/x×()%de€=", max_size=40) | st.text(max_size=60))
def test_un_texte_quelconque_se_calcule_ou_se_refuse(texte):
    try:
        resultat = calculer(texte)
    except FormuleIllisible as refus:
        assert str(refus).endswith(".")
    else:
        assert 0 <= resultat <= PLAFOND
