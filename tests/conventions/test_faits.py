"""Ce qu'un texte corrigé à la main doit encore dire : combien, à qui, quand, où contester."""

import pytest

from parvis.conventions.rules.faits import dire_les_faits, faits_dits, motifs_si_un_fait_se_tait

VALEURS = {
    "montant": "8\xa0000,00\xa0€",
    "nature": "",
    "titulaire": "L’Atelier d’Ormeval",
    "bilan_le": "30\xa0juin 2027",
    "tribunal": "Tribunal administratif de Melun.",
}
TEXTE = (
    "L’Atelier d’Ormeval reçoit 8\u202f000,00\xa0€.\n\nBilan le 30 juin 2027.\n\nVous avez deux mois "
    "pour saisir le Tribunal administratif de Melun."
)
FAITS = faits_dits(TEXTE, VALEURS)


def test_seul_ce_que_le_texte_disait_est_retenu():
    assert list(FAITS) == ["montant", "titulaire", "bilan_le", "tribunal", "delai_de_recours"]
    assert faits_dits("Bonjour.", VALEURS) == {}
    assert "delai_de_recours" not in faits_dits("Sous deux mois.", VALEURS | {"tribunal": ""})


@pytest.mark.parametrize(
    "ecrit",
    [
        "8 000,00 €", "8000 €", "8.000 €", "8 000 euros", "8\u202f000\xa0€", "8 000,00 EUROS",
        "en 2026, 8 000 €", "2026\n8 000 €",
    ],
)  # fmt: skip
def test_un_montant_s_ecrit_de_plusieurs_facons(ecrit):
    assert motifs_si_un_fait_se_tait(f"Soit {ecrit}.", {"montant": FAITS["montant"]}) == []


@pytest.mark.parametrize(
    "ecrit",
    [
        "18 000,00 €", "1 8 000,00 €", "8 000,50 €", "8 000", "80 000 €", "8 0000 €", "800 €",
        "huit mille euros", "108.000 €", "8 000,001 €",
    ],
)  # fmt: skip
def test_un_autre_montant_n_est_pas_le_sien(ecrit):
    (motif,) = motifs_si_un_fait_se_tait(f"Soit {ecrit}.", {"montant": FAITS["montant"]})
    assert motif.startswith("Le texte ne dit plus le montant accordé : remettez « 8")


def test_les_centimes_ne_se_perdent_pas():
    faits = {"montant": "1 200,50 €"}
    assert motifs_si_un_fait_se_tait("Soit 1 200,50 €.", faits) == []
    assert motifs_si_un_fait_se_tait("Soit 1 200 €.", faits)


@pytest.mark.parametrize(
    ("retire", "dit"),
    [
        ("L’Atelier d’Ormeval", "l’organisme aidé"),
        ("30 juin 2027", "la date du compte rendu"),
        ("Tribunal administratif de Melun", "devant qui contester"),
        ("deux mois", "le délai pour contester"),
    ],
)
def test_chaque_fait_tu_se_nomme(retire, dit):
    (motif,) = motifs_si_un_fait_se_tait(TEXTE.replace(retire, "…"), FAITS)
    assert dit in motif


def test_une_correction_de_forme_passe():
    ecrit = TEXTE.upper().replace("’", "'").replace("DEUX MOIS", "2 mois")
    assert motifs_si_un_fait_se_tait(ecrit, FAITS) == []
    assert dire_les_faits(FAITS)[1] == "l’organisme aidé : « L’Atelier d’Ormeval »"
