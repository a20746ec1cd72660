"""Rien de ce que l'on tape dans une section ne se perd ; les fautes et les manques se disent."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.dossiers import sections as s
from parvis.dossiers.enums import EtatDeSection
from parvis.dossiers.sections.table import sections_du_dossier

TOUTES = sections_du_dossier("association")
SEULES = [x for x in TOUTES.values() if x.champs and not x.est_liste]
LISTES = [x for x in TOUTES.values() if x.est_liste]
TEXTES = st.text(max_size=80) | st.sampled_from(
    ["12", "2,5", "31/12/2026", "31/02/2026", "oui", "premiere", "a@b.fr", "a@b", "-3", "1e9", "٣"]
)


def visible(texte: str) -> str:
    """Rend les signes qui se voient, sans les espaces : tout ce qui doit rester."""
    gardes = (c for c in texte if unicodedata.category(c)[0] != "C")
    return "".join("".join(gardes).split())


def lignes(section: s.Section) -> st.SearchStrategy:
    return st.fixed_dictionaries({c.code: TEXTES for c in section.champs})


@pytest.mark.parametrize("section", SEULES, ids=lambda x: x.code)
@given(donnees=st.data())
def test_tout_ce_qui_se_voit_reste(section, donnees):
    saisie = donnees.draw(lignes(section))
    valeur = s.garder(section, saisie)
    for champ in section.champs:
        assert visible(valeur.get(champ.code, "")) == visible(saisie[champ.code])
    assert s.garder(section, valeur) == valeur
    s.fautes(section, valeur), s.manques(section, valeur), s.en_texte(section, valeur)


@pytest.mark.parametrize("section", LISTES, ids=lambda x: x.code)
@given(donnees=st.data())
def test_chaque_ligne_qui_dit_quelque_chose_reste_dans_l_ordre(section, donnees):
    saisies = donnees.draw(st.lists(lignes(section), max_size=6))
    valeur = s.garder(section, saisies)
    dites, gardees = (
        ["".join(visible(ligne.get(c.code, "")) for c in section.champs) for ligne in suite]
        for suite in (saisies, valeur)
    )
    assert gardees == [dite for dite in dites if dite]
    assert s.garder(section, valeur) == valeur
    assert len(s.en_texte(section, valeur).splitlines()) >= len(valeur)


@pytest.mark.parametrize("section", TOUTES.values(), ids=lambda x: x.code)
def test_un_texte_absurde_ne_fait_rien_tomber(section):
    if section.est_propre:
        return
    ligne = {c.code: "zz \x00 ‮ ?" for c in section.champs}
    valeur = s.garder(section, [ligne] if section.est_liste else ligne)
    etat = s.etat(section, valeur, est_ecrite=True)
    sortes = {c.sorte for c in section.champs} & {"entier", "nombre", "jour", "courriel", "choix"}
    assert (etat == EtatDeSection.A_CORRIGER) == bool(sortes)


def test_une_question_retiree_garde_sa_reponse():
    calendrier = TOUTES["calendrier"]
    avant = {"ancienne-question": "Ma réponse.", "debut_le": "01/02/2026"}
    assert s.garder(calendrier, {"debut_le": "01/03/2026"}, avant) == {
        "ancienne-question": "Ma réponse.",
        "debut_le": "01/03/2026",
    }
    assert "Ma réponse." in s.en_texte(calendrier, avant)


def test_cent_une_lignes_restent_et_se_disent():
    valeur = s.garder(TOUTES["partenaires"], [{"nom": f"P{n}", "role": "x"} for n in range(101)])
    assert len(valeur) == 101
    assert [f.phrase for f in s.fautes(TOUTES["partenaires"], valeur)] == [
        "100 lignes au plus ; il y en a 101."
    ]


@pytest.mark.parametrize(
    ("code", "valeur", "phrase"),
    [
        ("publics", {"nombre": "dix"}, "nombre entier"),
        ("publics", {"nombre": "12,5"}, "nombre entier"),
        ("publics", {"nombre": "10", "ages_0_5": "6", "ages_6_11": "6"}, "Les âges additionnés"),
        ("publics", {"nombre": "10", "femmes": "6", "hommes": "6"}, "Femmes et hommes"),
        ("publics", {"part_quartiers": "120"}, "entre 0 et 100"),
        ("calendrier", {"debut_le": "10 janvier"}, "est une date"),
        ("calendrier", {"debut_le": "02/02/2026", "fin_le": "01/02/2026"}, "avant de commencer"),
        ("organisation", {"charge_courriel": "awa"}, "est une adresse"),
        ("projet", {"frequence": "parfois"}, "se choisit dans la liste"),
        ("projet", {"titre": "x" * 201}, "trop long : 201 signes, 200 permis"),
    ],
)
def test_une_faute_se_dit_et_n_empeche_pas_de_garder(code, valeur, phrase):
    garde = s.garder(TOUTES[code], valeur)
    assert garde == valeur
    assert phrase in " ".join(f.phrase for f in s.fautes(TOUTES[code], garde))
    assert s.etat(TOUTES[code], garde, est_ecrite=True) == EtatDeSection.A_CORRIGER


def test_les_etats_d_une_section():
    calendrier, partenaires = TOUTES["calendrier"], TOUTES["partenaires"]
    complet = {"debut_le": "01/02/2026", "fin_le": "31/12/2026"}
    assert s.etat(calendrier, {}, est_ecrite=False) == EtatDeSection.VIDE
    assert s.etat(calendrier, {"debut_le": "01/02/2026"}, est_ecrite=True) == EtatDeSection.EN_COURS
    assert s.etat(calendrier, complet, est_ecrite=True) == EtatDeSection.COMPLETE
    # Facultative, elle n'est complète qu'une fois regardée.
    assert s.etat(partenaires, [], est_ecrite=False) == EtatDeSection.VIDE
    assert s.etat(partenaires, [], est_ecrite=True) == EtatDeSection.COMPLETE


def test_ce_qui_change_se_dit_champ_par_champ_et_mot_par_mot():
    avant = {"debut_le": "01/02/2026", "etapes": "Planter en mars."}
    apres = {"debut_le": "01/02/2026", "etapes": "Planter en avril."}
    (change,) = s.ce_qui_change(TOUTES["calendrier"], avant, apres)
    assert change.libelle == "Les étapes"
    assert [(m.nature, m.texte) for m in change.morceaux if m.nature != "egal"] == [
        ("retire", "mars"),
        ("ajoute", "avril"),
    ]
    assert s.ce_qui_change(TOUTES["calendrier"], avant, avant) == []


PERMIS = s.Reperes(
    fiches={"1-1": "Verdir", "1-2": "Planter"},
    communes={"94081": "Val-des-Tilleuls"},
    quartiers={"7": "Le Pré-Joli"},
    anciens={"3": "Le Vieux-Pré (2015)"},
)


@pytest.mark.parametrize(
    ("code", "valeur", "etat", "phrase"),
    [
        ("fiches", {}, "vide", "Choisissez au moins une fiche"),
        ("fiches", {"principale": "1-1", "fiches": {"1-1": []}}, "complete", ""),
        ("fiches", {"principale": "9-9", "fiches": {"9-9": []}}, "a_corriger", "9-9"),
        ("lieux", {}, "vide", "Dites où"),
        ("lieux", {"echelle": "agglomeration"}, "complete", ""),
        ("lieux", {"echelle": "communes"}, "en_cours", "au moins une commune"),
        ("lieux", {"echelle": "communes", "communes": ["94081"]}, "complete", ""),
        ("lieux", {"echelle": "communes", "communes": ["75101"]}, "a_corriger", "75101"),
        ("lieux", {"echelle": "quartiers", "quartiers": ["3"]}, "a_corriger", "Vieux-Pré"),
        ("lieux", {"echelle": "agglomeration", "ailleurs": "Orly"}, "a_corriger", "« Orly »"),
    ],
)
def test_les_sections_qui_ont_leur_page_se_jugent(code, valeur, etat, phrase):
    section = TOUTES[code]
    assert s.etat_juge(section, valeur, PERMIS, est_ecrite=bool(valeur)) == etat
    fautes, manques = s.juger(section, valeur, PERMIS)
    assert phrase in " ".join(f.phrase for f in [*fautes, *manques])


def test_les_sections_qui_ont_leur_page_se_lisent():
    fiches = {"principale": "1-2", "fiches": {"1-2": ["Créer un jardin"], "9-9": []}}
    assert s.en_texte(TOUTES["fiches"], fiches, PERMIS) == (
        "Fiche 1-2 (principale) : Planter\n- Créer un jardin\nFiche 9-9"
    )
    lieux = {"echelle": "quartiers", "quartiers": ["7", "3"], "ailleurs": "Orly"}
    assert s.en_texte(TOUTES["lieux"], lieux, PERMIS) == (
        "Un ou plusieurs quartiers\n- Le Pré-Joli\n- Le Vieux-Pré (2015)\nAilleurs : Orly"
    )
