"""La description d'un dossier imprimé, en données : le typographe n'y lit jamais de code."""

from parvis.dossiers.document.description import (
    COURT,
    Colonne,
    Document,
    Fait,
    Faits,
    Ligne,
    Note,
    Points,
    Tableau,
    Texte,
    Titre,
    en_donnees,
    paragraphes,
    propre,
)

COUPURE = "\u200b"


def test_une_reponse_courte_se_lit_a_cote_de_sa_question():
    assert en_donnees(Fait("Nom", "Le Verger")) == {
        "libelle": "Nom",
        "paragraphes": [["Le Verger"]],
        "court": True,
    }
    assert not en_donnees(Fait("Nom", "x " * COURT))["court"]
    assert not en_donnees(Fait("Nom", "une ligne\nune autre"))["court"]


def test_chaque_partie_dit_son_genre():
    parties = [
        Titre(2, "Un"),
        Faits([Fait("a", "b")]),
        Texte("c\n\nd"),
        Note("e"),
        Points(["f"]),
        Tableau("g", [Colonne("h", 2, est_nombre=True)], [Ligne(["i\nj"], est_forte=True)]),
    ]
    rendu = en_donnees(Document("t", "p", "a", "e", ["m"], "", parties))
    assert [p["genre"] for p in rendu["parties"]] == [
        *("titre", "faits", "texte", "note", "points", "tableau")
    ]
    tableau = rendu["parties"][-1]
    assert tableau["colonnes"][0] == {
        "genre": "colonne",
        "intitule": "h",
        "part": 2,
        "est_nombre": True,
    }
    assert tableau["lignes"] == [{"cases": [["i", "j"]], "est_forte": True}]
    assert rendu["parties"][2]["paragraphes"] == [["c"], ["d"]]
    assert (rendu["titre"], rendu["bandeau"], rendu["mentions"]) == ("t", "", ["m"])


def test_les_paragraphes_gardent_leurs_lignes():
    assert paragraphes("a\nb\n\n \nc\n") == [["a", "b"], ["c"]]
    assert paragraphes("") == [[""]]


def test_un_mot_plus_long_que_sa_ligne_se_coupe_sans_perdre_un_signe():
    mot = "a" * 150
    assert propre(mot).replace(COUPURE, "") == mot
    assert max(map(len, propre(mot).split(COUPURE))) == 60
    assert COUPURE not in propre("a" * 60) and COUPURE not in propre("a " * 300)


def test_les_signes_caches_s_en_vont_et_les_espaces_ne_cassent_pas():
    assert propre("cv\u202efdp.exe : 12 €") == "cvfdp.exe\u00a0: 12\u00a0€"
