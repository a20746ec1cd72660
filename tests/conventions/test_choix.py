"""Quel acte la loi exige : jamais moins qu'une convention au-dessus du seuil, et rien au-dessous."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.conventions.enums import SorteDActe
from parvis.conventions.rules.choix import (
    CONVENTIONS,
    ORDINAIRES,
    Situation,
    choisir_l_acte,
    convention_exigee,
    est_tenu_a_une_convention,
    motifs_empechant_la_sorte,
)
from parvis.organismes.enums import Nature
from parvis.organismes.rules.droit import est_de_droit_prive

SEUIL = Decimal(23_000)
FAIBLES = {SorteDActe.NOTIFICATION, SorteDActe.ARRETE}
montants = st.integers(0, 5_000_000).map(lambda centimes: Decimal(centimes).scaleb(-2))
autour_du_seuil = st.sampled_from(["0", "11500", "22999.99", "23000", "23000.01", "46000"]).map(
    Decimal
)


def situation(en_argent: str | Decimal = "8000", **autres) -> Situation:
    valeurs = {
        "financeur": "Ville d’Ormeval",
        "titulaire": "Les Jardins",
        "nature_du_financeur": Nature.COMMUNE,
        "nature_du_titulaire": Nature.ASSOCIATION,
        "forme_du_titulaire": "9220",
        "exercice": 2026,
        "en_argent": Decimal(en_argent),
    }
    return Situation(**(valeurs | autres))


def raisons(une: Situation) -> str:
    return " ".join(choisir_l_acte(une).raisons).replace("\xa0", " ")


situations = st.builds(
    situation,
    montants | autour_du_seuil,
    nature_du_financeur=st.sampled_from(Nature.values),
    nature_du_titulaire=st.sampled_from(Nature.values),
    forme_du_titulaire=st.sampled_from(["", "7210", "4110", "5599", "9220", "1000", "x"]),
    forme_du_financeur=st.sampled_from(["", "4140", "5599"]),
    en_nature=montants | autour_du_seuil,
    deja=montants | autour_du_seuil,
    exercices=st.integers(1, 4),
    acte_ordinaire=st.sampled_from(["", *ORDINAIRES]),
    actes_anterieurs=st.lists(st.text(max_size=5), max_size=2),
)


@given(situations)
def test_jamais_un_acte_plus_faible_au_dessus_du_seuil(une):
    choix = choisir_l_acte(une)
    depasse = une.en_argent + une.en_nature + une.deja > SEUIL
    publique = est_de_droit_prive(une.nature_du_titulaire, une.forme_du_titulaire)
    tenu = est_tenu_a_une_convention(une.nature_du_financeur, une.forme_du_financeur)
    est_due = depasse and tenu is not False
    assert choix.sorte == choix.permises[0] and len(set(choix.permises)) == len(choix.permises)
    assert choix.est_exige == (est_due and publique is True and tenu is True)
    en_doute = publique is None or tenu is None
    assert choix.est_a_verifier == (est_due and publique is not False and en_doute)
    assert SorteDActe.REFUS not in choix.permises and SorteDActe.AVENANT not in choix.permises
    if choix.est_exige:
        assert set(choix.permises) <= CONVENTIONS
        assert all(motifs_empechant_la_sorte(choix, faible) for faible in FAIBLES)
    if est_due and publique is not False:
        assert choix.sorte in CONVENTIONS
    # On peut toujours prendre plus que la loi n'exige.
    assert SorteDActe.CONVENTION in choix.permises


@given(situations)
def test_ce_qui_est_exige_se_dit_de_la_meme_facon_a_la_signature(une):
    exigee = convention_exigee(
        nature_du_financeur=une.nature_du_financeur,
        nature_du_titulaire=une.nature_du_titulaire,
        forme_du_titulaire=une.forme_du_titulaire,
        exercice=une.exercice,
        cumul=une.cumul,
    )
    assert exigee == choisir_l_acte(une).est_exige


@pytest.mark.parametrize(
    ("montant", "exigee"), [("22999.99", False), ("23000.00", False), ("23000.01", True)]
)
def test_atteindre_le_seuil_ne_suffit_pas_il_faut_le_depasser(montant, exigee):
    choix = choisir_l_acte(situation(montant))
    assert choix.est_exige is exigee
    assert choix.sorte == (SorteDActe.CONVENTION if exigee else SorteDActe.NOTIFICATION)


@pytest.mark.parametrize(
    ("argent", "nature", "deja"),
    [("11500", "11500.01", "0"), ("0", "23000.01", "0"), ("0.01", "0", "23000")],
)
def test_argent_nature_et_ce_qui_precede_s_ajoutent(argent, nature, deja):
    une = situation(argent, en_nature=Decimal(nature), deja=Decimal(deja))
    assert choisir_l_acte(une).est_exige
    juste = situation(argent, en_nature=Decimal(nature), deja=Decimal(deja) - Decimal("0.01"))
    assert deja == "0" or not choisir_l_acte(juste).est_exige


def test_le_calcul_se_lit_dans_la_raison():
    dites = raisons(
        situation(
            "20000",
            en_nature=Decimal(2000),
            deja=Decimal("1000.01"),
            actes_anterieurs=["lettre de notification n° 2026-003"],
        )
    )
    assert (
        "De Ville d’Ormeval à Les Jardins, en 2026 : 20 000 € par cet acte, 2 000 € en nature, "
        "1 000,01 € par ailleurs, soit 23 000,01 €. Le seuil est de 23 000 €."
    ) in dites
    assert "décret n° 2001-495" in dites and "lettre de notification n° 2026-003" in dites
    assert "soit" not in raisons(situation("100"))


@pytest.mark.parametrize(
    "nature", ["commune", "epci", "departement", "region", "etat", "etablissement_public", "gip"]
)
def test_de_droit_public_un_organisme_n_a_pas_besoin_de_convention(nature):
    une = situation("90000", nature_du_titulaire=nature, forme_du_titulaire="")
    assert choisir_l_acte(une).sorte == SorteDActe.NOTIFICATION
    assert "est de droit public" in raisons(une)


@pytest.mark.parametrize(
    ("nature", "forme", "prive"),
    [
        ("bailleur", "", None),
        ("bailleur", "4110", False),
        ("bailleur", "5546", True),
        ("protection_sociale", "8110", True),
        ("protection_sociale", "", None),
        ("etablissement_scolaire", "7331", False),
        ("etablissement_scolaire", "", False),
        # Un lycée privé est tenu par une association : sa forme le dit.
        ("etablissement_scolaire", "9220", True),
        ("collectif", "", None),
        ("conseil_citoyen", "", None),
        ("association", "7210", True),
        ("commune", "9220", False),
        ("entreprise", "", True),
        ("fondation", "9300", True),
    ],
)
def test_de_quel_droit_releve_un_organisme(nature, forme, prive):
    assert est_de_droit_prive(nature, forme) is prive


def test_un_bailleur_dont_on_ignore_la_forme_a_une_convention_et_se_verifie():
    une = situation("23000.01", nature_du_titulaire=Nature.BAILLEUR, forme_du_titulaire="")
    choix = choisir_l_acte(une)
    assert (choix.sorte, choix.est_a_verifier) == (SorteDActe.CONVENTION, True)
    assert choix.permises == (SorteDActe.CONVENTION, SorteDActe.NOTIFICATION, SorteDActe.ARRETE)
    assert "vérifiez sa forme juridique" in raisons(une)
    assert not choisir_l_acte(situation("23000", nature_du_titulaire="bailleur")).est_a_verifier


@pytest.mark.parametrize("nature", ["entreprise", "fondation", "association"])
def test_qui_n_est_pas_une_administration_prend_l_acte_qu_il_veut(nature):
    une = situation("90000", nature_du_financeur=nature)
    assert choisir_l_acte(une).sorte == SorteDActe.NOTIFICATION
    assert "n’est pas une administration" in raisons(une)


@pytest.mark.parametrize(
    ("forme", "exige", "a_verifier"),
    [("4140", True, False), ("5599", False, False), ("", False, True)],
)
def test_un_office_public_de_l_habitat_est_tenu_une_societe_non(forme, exige, a_verifier):
    """L'article 10 vise aussi qui gère un service public industriel et commercial."""
    une = situation("23000.01", nature_du_financeur="bailleur", forme_du_financeur=forme)
    choix = choisir_l_acte(une)
    assert (choix.est_exige, choix.est_a_verifier) == (exige, a_verifier)
    assert (choix.sorte in CONVENTIONS) == (exige or a_verifier)


def test_une_pluriannuelle_couvre_les_exercices_suivants():
    une = situation("30000", exercices=3, pluriannuelle="2025-004")
    choix = choisir_l_acte(une)
    assert (choix.sorte, choix.est_exige) == (SorteDActe.NOTIFICATION, False)
    assert "n° 2025-004 couvre cet exercice" in raisons(une)


def test_l_acte_ordinaire_du_service_puis_celui_de_l_etat():
    assert choisir_l_acte(situation(acte_ordinaire="arrete")).sorte == SorteDActe.ARRETE
    assert choisir_l_acte(situation(nature_du_financeur="etat")).sorte == SorteDActe.ARRETE
    sien = situation(nature_du_financeur="etat", acte_ordinaire="notification")
    assert choisir_l_acte(sien).sorte == SorteDActe.NOTIFICATION
    exigee = situation("23000.01", acte_ordinaire="notification")
    assert choisir_l_acte(exigee).sorte == SorteDActe.CONVENTION


def test_plusieurs_exercices_se_disent_par_une_convention_pluriannuelle():
    libre = choisir_l_acte(situation(exercices=3))
    assert libre.sorte == SorteDActe.PLURIANNUELLE and set(ORDINAIRES) < set(libre.permises)
    exige = choisir_l_acte(situation("23000.01", exercices=3))
    assert exige.permises == (SorteDActe.PLURIANNUELLE, SorteDActe.CONVENTION)


def test_un_refus_est_une_lettre_et_rien_d_autre():
    choix = choisir_l_acte(situation("0", est_un_refus=True, modifie="2026-001"))
    assert choix.permises == (SorteDActe.REFUS,) and "recours" in choix.raisons[0]


def test_une_convention_signee_se_change_par_un_avenant():
    une = situation("90000", modifie="2026-001")
    assert choisir_l_acte(une).permises == (SorteDActe.AVENANT,)
    assert "convention n° 2026-001" in raisons(une)


def test_un_acte_que_le_calcul_ne_permet_pas_dit_pourquoi():
    exige = choisir_l_acte(situation("30000"))
    assert motifs_empechant_la_sorte(exige, SorteDActe.CONVENTION) == []
    assert "ne suffit pas" in motifs_empechant_la_sorte(exige, SorteDActe.ARRETE)[0]
    for sorte in ("licorne", "", SorteDActe.REFUS):
        libre = choisir_l_acte(situation())
        assert motifs_empechant_la_sorte(libre, sorte) == [
            "Cet acte ne convient pas à ce qui est décidé."
        ]
