"""Les noms de l'archive des pièces, ce qui manque au dossier, et le sommaire qui le dit."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.dossiers.rules.archive import (
    ILLISIBLE,
    RESERVEE,
    PieceAEmporter,
    PieceAttendue,
    ce_qui_manque,
    en_nom_sur,
    noms_des_pieces,
    rang_des_pieces,
    sommaire,
)

STATUTS = PieceAEmporter("statuts", "Statuts", "Nos statuts.pdf", "pdf", "12 Ko", "ab12")
JOUR = date(2026, 11, 27)
ATTENDUES = [
    PieceAttendue("statuts", "Statuts", True),
    PieceAttendue("bureau", "Liste du bureau", True),
    PieceAttendue("pouvoir", "Pouvoir", False),
]


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("Statuts", "Statuts"),
        ("Relevé d’identité bancaire (RIB)", "Releve d identite bancaire (RIB)"),
        ("L'œuvre du cœur", "L oeuvre du coeur"),
        ("../../etc/passwd", "etc passwd"),
        ("C:\\Windows\\cv.exe", "C Windows cv exe"),
        ("a\x00b\n\tc", "a b c"),
        ("cv\u202efdp.exe", "cv fdp exe"),
        ("اللغة 😀", "sans nom"),
        (" - - ", "sans nom"),
        ("", "sans nom"),
        ("CON", "CON"),
    ],
)
def test_un_nom_sur_est_en_ascii_et_sans_chemin(texte, attendu):
    assert en_nom_sur(texte, 70) == attendu


@given(st.text(max_size=200), st.integers(min_value=1, max_value=80))
def test_quoi_qu_on_ecrive_le_nom_reste_sur(texte, longueur):
    nom = en_nom_sur(texte, longueur)
    assert nom.isascii() and nom == nom.strip() and nom
    assert not set(nom) & set('/\\:*?"<>|.\0') and len(nom) <= max(longueur, len("sans nom"))


def test_le_rang_la_piece_le_porteur_et_l_extension():
    noms = noms_des_pieces("Les Amis du Verger", [STATUTS, replace(STATUTS, extension="jpg")])
    assert noms == [
        "01 - Statuts - Les Amis du Verger.pdf",
        "02 - Statuts - Les Amis du Verger.jpg",
    ]


def test_cent_fichiers_restent_dans_l_ordre_et_sans_doublon():
    noms = noms_des_pieces("Le Verger", [STATUTS] * 120)
    assert len(set(noms)) == 120 and sorted(noms) == noms and noms[0].startswith("001 - ")


def test_les_pieces_viennent_dans_l_ordre_de_l_appel_les_autres_a_la_fin():
    rang = rang_des_pieces(ATTENDUES)
    cles = ["retiree", "pouvoir", "bureau", "statuts"]
    rangees = sorted((replace(STATUTS, cle=cle) for cle in cles), key=rang)
    assert [piece.cle for piece in rangees] == ["statuts", "bureau", "pouvoir", "retiree"]


def test_ce_qui_manque_dit_l_absent_le_perime_et_le_facultatif():
    perime = replace(STATUTS, cle="bureau", valable_jusqu_au=date(2026, 11, 26))
    assert ce_qui_manque([STATUTS, perime], ATTENDUES, JOUR) == [
        "Liste du bureau (il la faut) : ce qui est joint ne vaut plus.",
        "Pouvoir (facultative) : rien n’est joint.",
    ]


def test_un_fichier_qui_vaut_encore_suffit():
    fins = (date(2020, 1, 1), JOUR)
    pieces = [replace(STATUTS, valable_jusqu_au=fin) for fin in fins]
    assert ce_qui_manque(pieces, ATTENDUES[:1], JOUR) == []


def test_le_sommaire_dit_tout():
    date_ = replace(STATUTS, valable_jusqu_au=date(2027, 1, 1))
    rib = replace(STATUTS, cle="rib", libelle="Relevé bancaire")
    dit = sommaire(
        ["Pièces du dossier n° 2026-0001"],
        [("01 - Statuts.pdf", date_)],
        ["Pouvoir (facultative) : rien n’est joint."],
        [(rib, RESERVEE), (STATUTS, ILLISIBLE)],
    )
    assert dit.split("\r\n") == [
        "Pièces du dossier n° 2026-0001",
        "",
        "LES FICHIERS",
        "",
        "01 - Statuts.pdf",
        "    Statuts. Joint sous le nom « Nos statuts.pdf », 12 Ko.",
        "    Vaut jusqu’au 1er janvier 2027.",
        "    SHA-256 : ab12",
        "",
        "CE QUI N’EST PAS DANS CETTE ARCHIVE",
        "",
        f"- Relevé bancaire : {RESERVEE}.",
        f"- Statuts : {ILLISIBLE}.",
        "",
        "CE QUI MANQUE AU DOSSIER",
        "",
        "- Pouvoir (facultative) : rien n’est joint.",
        "",
    ]


def test_le_sommaire_d_un_dossier_sans_piece_ni_manque():
    dit = sommaire(["Tête"], [], [], [])
    assert "LES FICHIERS\r\n\r\nAucun.\r\n" in dit
    assert dit.endswith("CE QUI MANQUE AU DOSSIER\r\n\r\nRien de ce que l’appel demande.\r\n")
