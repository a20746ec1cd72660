"""Comment un acte se paie : au centime, sans rien perdre, chaque échéance disant ce qu'elle attend."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.conventions.enums import SorteDEcheance
from parvis.conventions.rules.echeancier import (
    EcheancePrevue,
    echeancier,
    motifs_empechant_l_echeancier,
)

montants = st.integers(0, 99_999_999_999).map(lambda centimes: Decimal(centimes).scaleb(-2))


@given(montants, st.integers(1, 100))
def test_les_echeances_font_le_montant_au_centime(montant, acompte):
    prevues = echeancier(montant, acompte)
    assert sum((e.montant for e in prevues), Decimal(0)) == montant
    assert all(e.montant > 0 for e in prevues)
    if montant:
        assert motifs_empechant_l_echeancier(prevues, montant) == []


@given(montants.filter(lambda montant: montant >= 1), st.integers(1, 99))
def test_un_acompte_est_a_un_centime_de_sa_part(montant, acompte):
    premier, solde = echeancier(montant, acompte)
    assert abs(premier.montant - montant * acompte / 100) < Decimal("0.01")
    assert (premier.sorte, solde.sorte) == (SorteDEcheance.ACOMPTE, SorteDEcheance.SOLDE)
    assert "notification" in premier.condition and "compte rendu" in solde.condition


@pytest.mark.parametrize(
    ("acompte", "attendus"), [(30, "450.00 1050.00"), (70, "1050.00 450.00"), (1, "15.00 1485.00")]
)
def test_l_acompte_est_en_pour_cent(acompte, attendus):
    assert [str(e.montant) for e in echeancier(Decimal(1500), acompte)] == attendus.split()


@pytest.mark.parametrize("acompte", [1, 30, 50, 99, 100])
def test_sans_argent_rien_ne_se_verse(acompte):
    assert echeancier(Decimal(0), acompte) == []


@pytest.mark.parametrize(("montant", "acompte"), [("0.01", 50), ("1500", 100), ("0.01", 99)])
def test_ce_qui_ne_se_partage_pas_se_verse_en_une_fois(montant, acompte):
    (unique,) = echeancier(Decimal(montant), acompte)
    assert (unique.sorte, unique.montant) == (SorteDEcheance.UNIQUE, Decimal(montant))


def prevue(montant: str, le: date | None = date(2026, 5, 4), condition: str = "") -> EcheancePrevue:
    return EcheancePrevue(SorteDEcheance.ACOMPTE, Decimal(montant), le, condition)


@pytest.mark.parametrize(
    ("echeances", "motif"),
    [
        ([prevue("60"), prevue("39.99")], "Les échéances font 99,99 €"),
        ([prevue("100.01")], "l’acte engage 100,00 €"),
        ([], "Les échéances font 0,00 €"),
        ([prevue("100", None)], "dit quand elle se verse"),
        ([prevue("100", None, "  ")], "dit quand elle se verse"),
        ([prevue("100"), prevue("0")], "montant positif"),
        ([prevue("150"), prevue("-50")], "montant positif"),
    ],
)
def test_un_echeancier_qui_ne_convient_pas_dit_pourquoi(echeances, motif):
    motifs = motifs_empechant_l_echeancier(echeances, Decimal(100))
    assert motif in " ".join(motifs).replace("\xa0", " ")


def test_tous_les_motifs_viennent_ensemble_et_une_fois_chacun():
    sans_date = [prevue("10", None), prevue("-1", None)]
    assert len(motifs_empechant_l_echeancier(sans_date, Decimal(100))) == 3
