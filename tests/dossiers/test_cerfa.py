"""L'ordre d'un dossier imprimé : les rubriques du formulaire pour une association, ses sections sinon."""

import pytest

from parvis.dossiers.rules.cerfa import (
    A_PART,
    DE_L_ASSOCIATION,
    Chapitre,
    Extrait,
    avertissement,
    champs_pris_ailleurs,
    chapitres,
    est_au_formulaire,
    intitule,
)
from parvis.dossiers.sections.table import sections_du_dossier
from parvis.organismes.enums import Nature

TITRES = {
    code: section.titre for code, section in sections_du_dossier(Nature.ASSOCIATION.value).items()
}
SAUF_ASSOCIATION = [nature.value for nature in Nature if nature != Nature.ASSOCIATION]


def test_une_association_suit_l_ordre_du_formulaire():
    titres = [chapitre.titre for chapitre in chapitres("association", TITRES)]
    assert [titre.split(" ", 1)[0] for titre in titres] == [
        *("1.", "2.", "3.", "4.", "5.", "6.", "6", "7."),
        "Pièces",
    ]


@pytest.mark.parametrize("nature", SAUF_ASSOCIATION)
def test_les_autres_gardent_leurs_sections(nature):
    titres = [chapitre.titre for chapitre in chapitres(nature, TITRES)]
    assert titres == ["Qui fait la demande", *TITRES.values()]
    assert not est_au_formulaire(nature) and avertissement(nature) == ""
    assert intitule(nature) == "Dossier de demande"


def test_le_document_presente_le_formulaire_sans_se_dire_lui():
    assert intitule("association") == "Demande de subvention"
    dit = avertissement("association")
    assert "présente le contenu du formulaire CERFA n° 12156*06" in dit
    assert "Ce n’est pas le formulaire lui-même" in dit


def test_chaque_section_et_chaque_champ_ont_leur_place_une_fois():
    plan = chapitres("association", TITRES)
    extraits = [e for chapitre in plan for e in chapitre.extraits]
    assert {e.section for e in extraits} >= set(TITRES)
    nommes = [(e.section, champ) for e in extraits for champ in e.champs if e.section not in A_PART]
    assert len(nommes) == len(set(nommes))
    # Chaque section partagée a un extrait qui prend le reste : rien ne se perd.
    for section in {section for section, _ in nommes}:
        assert sum(e.section == section and not e.champs for e in extraits) == 1


def test_les_champs_nommes_existent():
    sections = sections_du_dossier(Nature.ASSOCIATION.value)
    for chapitre in DE_L_ASSOCIATION:
        for extrait in chapitre.extraits:
            if extrait.section not in A_PART and extrait.champs:
                connus = {champ.code for champ in sections[extrait.section].champs}
                assert set(extrait.champs) <= connus


def test_une_section_nouvelle_vient_a_la_fin_et_une_absente_se_tait():
    plan = chapitres("association", {"projet": "Le projet", "neuve": "Une section neuve"})
    assert plan[-1] == Chapitre("Une section neuve", (Extrait("neuve"),))
    assert all(e.section in {"projet", "neuve"} | A_PART for c in plan for e in c.extraits)


def test_ce_qu_un_chapitre_prend_ne_se_lit_pas_deux_fois():
    plan = chapitres("association", TITRES)
    assert {"reseau", "agrements", "etpt"} <= champs_pris_ailleurs(plan, "organisation")
    assert champs_pris_ailleurs(plan, "moyens") == frozenset()
    assert champs_pris_ailleurs(chapitres("bailleur", TITRES), "organisation") == frozenset()
