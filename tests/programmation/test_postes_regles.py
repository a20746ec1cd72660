"""Lire les postes aidés : colonnes, codes collés, montants, Siret, doublons."""

import gzip
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.programmation import importation
from parvis.programmation.enums import DispositifDePoste
from parvis.programmation.importation import lire_les_lignes
from parvis.programmation.rules import postes as loi
from parvis.socle.refus import Refus
from parvis.socle.tableaux import xlsx
from tests.fabriques.postes import CODE, JUMEAU, SIRET, TITRES, VOISIN, brute, fichier, lus


def un(*brutes):
    (poste,) = lus(*brutes).postes
    return poste


def motifs(*brutes):
    lu = lus(*brutes)
    assert not lu.postes
    return [motif for refus in lu.refusees for motif in refus.motifs]


@pytest.mark.parametrize(
    ("texte", "codes"),
    [
        ("CV357", ["CV357"]),
        ("CV380CV384", ["CV380", "CV384"]),
        ("cv 380, CV384", ["CV380", "CV384"]),
        ("CN02A01ICN97614I", ["CN02A01I", "CN97614I"]),
        ("CN09402M / CV357", ["CN09402M", "CV357"]),
        ("", []),
        ("CV35", None),
        ("CV3577", None),
        ("CV357 Seine-Amont", None),
    ],
)
def test_les_codes_colles_se_separent(texte, codes):
    assert loi.codes_colles(texte) == codes


@given(st.lists(st.from_regex(loi.CODE, fullmatch=True)), st.sampled_from(["", " ", ", ", "/"]))
def test_tout_code_colle_se_retrouve(codes, entre):
    assert loi.codes_colles(entre.join(codes)) == codes


@given(st.decimals(0, 999_999, places=2), st.sampled_from(["{:.2f}", "{:,.2f} €", "{:.2f} EUR"]))
def test_tout_montant_ecrit_se_relit_au_centime(montant, forme):
    point = forme.format(montant)
    francais = point.replace(",", "\u202f").replace(".", ",")
    for ecrit in (point, francais):
        lu = un(brute(montant=ecrit)).montant
        assert lu == montant and lu.as_tuple().exponent == -2


@given(st.text(max_size=30))
def test_un_montant_quelconque_se_lit_ou_se_refuse(texte):
    lu = lus(brute(montant=texte))
    assert len(lu.postes) + len(lu.refusees) == 1
    assert all(poste.montant >= 0 for poste in lu.postes)


def test_un_poste_se_lit_en_entier():
    lu = un(
        brute(
            7,
            siret=f" {SIRET[:9]} {SIRET[9:]} ",
            nom="PLUME  ET\u00a0PAVE",
            codes=f"{VOISIN}{CODE}",
        )
    )
    assert (lu.ligne, lu.exercice, lu.numero, lu.nom) == (7, 2025, "D00901", "PLUME ET PAVE")
    assert (lu.siret, lu.alerte, lu.autres_codes) == (SIRET, "", VOISIN)


def test_un_siret_faux_se_garde_comme_imprime():
    lu = un(brute(siret="00000037200010"))
    assert lu.siret == "00000037200010" and "faux" in lu.alerte
    assert un(brute(siret="à venir")).siret == "à venir"


@pytest.mark.parametrize(
    ("faits", "motif"),
    [
        ({"montant": "abc"}, "montant : « abc » n’est pas un montant"),
        ({"montant": "-3"}, "négatif"),
        ({"montant": ""}, "Écrivez un montant"),
        ({"exercice": "25"}, "« 25 » n’est pas une année."),
        ({"numero": " "}, "le numéro du poste manque."),
        ({"numero": "9" * 41}, "le numéro du poste dépasse 40 signes."),
        ({"nom": ""}, "l’employeur manque."),
        ({"codes": "CV35"}, "« CV35 » n’est pas un code de contrat."),
    ],
)
def test_une_ligne_qui_ne_se_lit_pas_dit_pourquoi(faits, motif):
    lu = lus(brute(12, **faits))
    assert not lu.postes and lu.refusees[0].ligne == 12
    assert motif in " ".join(lu.refusees[0].motifs).replace("\u00a0", " ")


def test_tous_les_motifs_d_une_ligne_se_disent_ensemble():
    assert len(motifs(brute(montant="x", exercice="x", numero="", nom=""))) == 4


def test_une_ligne_redite_compte_une_fois_deux_qui_se_contredisent_se_refusent():
    lu = lus(brute(2), brute(3))
    assert (len(lu.postes), lu.redites, lu.refusees) == (1, 1, [])
    lu = lus(brute(2), brute(3, montant="3582"), brute(4, exercice="2024"))
    assert [(p.ligne, p.exercice) for p in lu.postes] == [(4, 2024)]
    assert [refus.ligne for refus in lu.refusees] == [2, 3]
    assert "les lignes 2, 3 disent autre chose du même poste" in lu.refusees[0].motifs[0]


def test_un_autre_contrat_se_compte_et_dit_qu_un_poste_est_partage():
    lu = lus(
        brute(2),
        brute(3, codes=VOISIN),
        brute(4, codes="", numero="X"),
        brute(5, numero="Y", codes=VOISIN),
    )
    assert (lu.ailleurs, lu.sans_code) == (2, 1)
    assert un(brute(2), brute(3, codes=VOISIN)).autres_codes == VOISIN
    assert lus(code="CV001").postes == []


def test_les_lignes_gardees_se_relisent_pareil():
    lu = lus(
        brute(2), brute(3, codes=VOISIN), brute(4, numero="X", montant="y"), brute(5, codes="CV3")
    )
    assert [b.ligne for b in lu.brutes] == [5, 2, 4]
    relu = loi.lire_les_postes(lu.brutes, CODE)
    assert (relu.postes, relu.refusees) == (lu.postes, lu.refusees)


def test_trop_de_codes_illisibles_disent_que_ce_n_est_pas_la_bonne_colonne():
    with pytest.raises(Refus, match="n’ont pas un code de contrat"):
        lus(*(brute(rang, codes="Paris") for rang in range(300)))


@pytest.mark.parametrize(
    ("choisi", "nom", "dit"),
    [
        ("", "p147_fonjep_2020.csv", DispositifDePoste.FONJEP),
        ("", "Adultes-relais 2025.xlsx", DispositifDePoste.ADULTE_RELAIS),
        ("fonjep", "export.csv", DispositifDePoste.FONJEP),
        ("fonjep", "adultes-relais-et-fonjep.csv", DispositifDePoste.FONJEP),
        ("", "adultes-relais-et-fonjep.csv", None),
        ("", "export.csv", None),
        ("fonjep", "adulte-relais-2025.csv", None),
    ],
)
def test_le_nom_du_fichier_dit_le_dispositif_ou_le_contredit(choisi, nom, dit):
    trouve, empeche = loi.choisir_le_dispositif(choisi, nom)
    assert trouve == dit and bool(empeche) == (dit is None)


# Les fichiers.


def test_un_csv_publie_son_classeur_et_son_archive_disent_la_meme_chose():
    octets = fichier(*JUMEAU)
    lignes = lire_les_lignes(octets, "adulte-relais.csv")
    assert [ligne.ligne for ligne in lignes] == list(range(2, 12))
    francais = (
        octets.replace(b",", b";").replace(b"22810.61", b"22810,61").decode().encode("cp1252")
    )
    classeur = xlsx(TITRES, JUMEAU, "postes")
    for autre in (gzip.compress(octets), francais, classeur):
        lus_ailleurs = loi.lire_les_postes(lire_les_lignes(autre, "x"), CODE)
        assert lus_ailleurs == loi.lire_les_postes(lignes, CODE) or autre is francais
        assert lus_ailleurs.postes == loi.lire_les_postes(lignes, CODE).postes


def test_des_colonnes_autrement_titrees_se_reconnaissent():
    titres = ("Exercice", "N° de poste", "Employeur", "Coût théorique (€)", "Code contrat")
    (ligne,) = lire_les_lignes(fichier(("2025", "D1", "X", "7164", CODE), titres=titres), "x.csv")
    assert ligne.faits["nom"] == "X" and "siret" not in ligne.faits
    assert un(ligne).montant == Decimal(7164)


def test_une_colonne_absente_se_nomme():
    with pytest.raises(Refus) as refus:
        lire_les_lignes(fichier(("2025", "D1"), titres=("annee", "id_poste")), "x.csv")
    assert len(refus.value.motifs) == 3
    assert "Aucune colonne ne dit l’employeur (« raison_sociale »)" in refus.value.motifs[0]


def test_une_archive_cassee_ou_demesuree_se_refuse(monkeypatch):
    with pytest.raises(Refus, match="ne se décompresse pas"):
        lire_les_lignes(gzip.compress(fichier(*JUMEAU))[:60], "x.csv.gz")
    monkeypatch.setattr(importation, "OCTETS_MAX", 20 * 1024 * 1024)
    with pytest.raises(Refus, match="trop grand"):
        lire_les_lignes(gzip.compress(b"0" * (21 * 1024 * 1024)), "x.csv.gz")
