"""La table des portails, et les numéros qu'ils donnent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.dossiers.rules.portails import (
    DAUPHIN,
    PORTAILS,
    ecrire_le_numero,
    motifs_sur_le_numero,
    portail_de,
    portail_du_code,
    racine_du_numero,
)
from parvis.dossiers.sections import Reperes, sections_du_dossier
from parvis.dossiers.sections.recopie import Source, valeur_de
from parvis.organismes.enums import Nature


@pytest.mark.parametrize("portail", PORTAILS, ids=lambda p: p.code)
def test_chaque_champ_d_un_portail_vient_du_dossier(portail):
    codes = [champ.code for ecran in portail.ecrans for champ in ecran.champs]
    assert len(codes) == len(set(codes)) and max(map(len, codes)) <= 60
    source = Source(sections_du_dossier(Nature.ASSOCIATION), {}, {}, Reperes(annees=(2026,)))
    connus = {
        f"{section.code}.{champ.code}"
        for section in source.sections.values()
        for champ in section.champs
    }
    for ecran in portail.ecrans:
        for champ in ecran.champs:
            assert (
                champ.source in connus
                or champ.source.startswith(("porteur.", "demandes."))
                or (champ.source.endswith(".texte"))
            ), champ.source
            valeur_de(champ.source, source)
    assert sum(ecran.a_le_budget for ecran in portail.ecrans) == 1
    assert "indicatif" in portail.note


def test_chaque_nature_a_un_portail_et_un_seul():
    for nature in Nature:
        assert sum(nature in portail.natures for portail in PORTAILS) <= 1
    assert portail_de(Nature.ETAT) is DAUPHIN
    assert portail_de("").code == portail_de(Nature.FONDATION).code == "autre"
    assert portail_de(Nature.PROTECTION_SOCIALE).code == "caf"
    assert portail_du_code("dauphin") is DAUPHIN and portail_du_code("rien") is None


@pytest.mark.parametrize(
    ("texte", "racine"),
    [
        ("DA01234567", "01234567"),
        ("01234567-1", "01234567"),
        (" da 01234567- ", "01234567"),
        # Un tableur a perdu les zéros de tête.
        ("1234567", "01234567"),
        ("0", ""),
        ("123456789", ""),
        ("DA1234", ""),
        ("", ""),
        ("²1234567", ""),
    ],
)
def test_la_racine_d_un_numero(texte, racine):
    assert racine_du_numero(texte) == racine


@given(
    st.from_regex(r"\A[0-9]{8}\Z").filter(str.isascii),
    st.sampled_from(["", "DA", "da", "Da"]),
    st.sampled_from(["", "-", "-1", "-042"]),
)
def test_toutes_les_ecritures_d_un_numero_ont_la_meme_racine(chiffres, debut, suffixe):
    ecrit = ecrire_le_numero(DAUPHIN, f" {debut} {chiffres}{suffixe}")
    assert motifs_sur_le_numero(DAUPHIN, ecrit) == []
    assert racine_du_numero(ecrit) == chiffres


@given(st.text(max_size=30))
def test_un_texte_quelconque_a_une_racine_de_huit_chiffres_ou_n_en_a_pas(texte):
    racine = racine_du_numero(texte)
    assert racine == "" or (len(racine) == 8 and racine.isascii() and racine.isdigit())


def test_un_numero_d_un_autre_portail_est_libre():
    caf = portail_du_code("caf")
    assert ecrire_le_numero(caf, " AS 2026  / 4 ") == "AS 2026 / 4"
    assert motifs_sur_le_numero(caf, "AS 2026 / 4") == []
    assert "trop long" in motifs_sur_le_numero(caf, "9" * 61)[0]
    assert "huit chiffres" in motifs_sur_le_numero(DAUPHIN, "AS 2026")[0]
    assert motifs_sur_le_numero(DAUPHIN, "") == []
