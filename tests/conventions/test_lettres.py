"""Un montant en toutes lettres : relu par un lecteur de nombres qui ne sait rien de l'écrivain."""

import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from parvis.conventions.rules.lettres import en_lettres

_PETITS = {
    mot: rang
    for rang, mot in enumerate(
        "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze "
        "seize".split()
    )
}
_DIZAINES = {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60}
_GRANDS = {"mille": 10**3, "million": 10**6, "milliard": 10**9}


def lire_le_nombre(texte: str) -> int:
    """Rend le nombre que disent ces mots : centaines et dizaines s'amassent, les grands multiplient."""
    total, tas = 0, 0
    for mot in re.split(r"[- ]", texte):
        nu = mot.removesuffix("s") if mot not in _PETITS else mot
        if mot in _PETITS:
            tas += _PETITS[mot]
        elif nu == "vingt" and tas % 100 == 4:
            tas += 76
        elif nu in _DIZAINES:
            tas += _DIZAINES[nu]
        elif nu == "cent":
            tas = max(tas, 1) * 100
        elif nu in _GRANDS:
            total, tas = total + max(tas, 1) * _GRANDS[nu], 0
        else:
            assert mot == "et", f"mot inconnu : {mot}"
    return total + tas


def lire(texte: str) -> Decimal:
    """Rend le montant qu'une phrase dit ; refuse ce qui n'est pas du français d'acte."""
    dit = re.fullmatch(r"(.+?)(?: d’| )euro(s?)(?: et (.+) centime(s?))?", texte)
    assert dit, texte
    euros = lire_le_nombre(dit[1])
    centimes = lire_le_nombre(dit[3]) if dit[3] else 0
    assert (dit[2] == "s") == (euros >= 2), texte
    assert not dit[3] or (0 < centimes < 100 and (dit[4] == "s") == (centimes >= 2)), texte
    assert (" d’euro" in texte) == (euros > 0 and euros % 10**6 == 0), texte
    return Decimal(euros) + Decimal(centimes) / 100


@given(st.integers(0, 10**11).map(lambda centimes: Decimal(centimes).scaleb(-2)))
@example(Decimal("0.00"))
@example(Decimal("0.01"))
@example(Decimal("1000000.00"))
@example(Decimal("80000000.80"))
@example(Decimal("200200200.20"))
@example(Decimal("999999999.99"))
def test_ce_qui_est_ecrit_se_relit(montant):
    assert lire(en_lettres(montant)) == montant


@given(st.integers(0, 10**4))
def test_les_petits_montants_se_relisent_tous(centaines):
    montant = Decimal(centaines * 7).scaleb(-1)
    assert lire(en_lettres(montant)) == montant


@pytest.mark.parametrize(
    ("montant", "dit"),
    [
        ("0", "zéro euro"),
        ("0.50", "zéro euro et cinquante centimes"),
        ("1", "un euro"),
        ("1.01", "un euro et un centime"),
        ("21", "vingt et un euros"),
        ("71", "soixante et onze euros"),
        ("80", "quatre-vingts euros"),
        ("81.21", "quatre-vingt-un euros et vingt et un centimes"),
        ("91", "quatre-vingt-onze euros"),
        ("200", "deux cents euros"),
        ("201", "deux cent un euros"),
        ("1000", "mille euros"),
        ("2000", "deux mille euros"),
        ("23000", "vingt-trois mille euros"),
        ("80000", "quatre-vingt mille euros"),
        ("200000", "deux cent mille euros"),
        ("1000000", "un million d’euros"),
        ("80000000", "quatre-vingts millions d’euros"),
        ("1000001", "un million un euros"),
        ("1000000000", "un milliard d’euros"),
    ],
)
def test_un_montant_s_ecrit_comme_dans_un_acte(montant, dit):
    assert en_lettres(Decimal(montant)) == dit


def test_un_montant_negatif_ne_s_ecrit_pas():
    with pytest.raises(ValueError, match="négatif"):
        en_lettres(Decimal("-0.01"))


@pytest.mark.parametrize(
    "faux", ["deux euro", "un euros", "un million euros", "un euro et zéro centime"]
)
def test_le_lecteur_voit_une_faute(faux):
    with pytest.raises(AssertionError):
        lire(faux)
