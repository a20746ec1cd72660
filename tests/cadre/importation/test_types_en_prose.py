"""Les types de projets écrits en phrases : tournures retenues, tournures écartées, listes refusées."""

import pytest

from parvis.cadre.importation.lecteur import lire_texte

ATTENTES = [
    ("Il s'agit pour les trois communes de planter des haies hautes et variées.",
     "Planter des haies hautes et variées"),
    ("Il s'agira avec les écoles du quartier de bâtir une cabane en bois.", "Bâtir une cabane en bois"),
    ("Les jardiniers soulignent l'intérêt de partager un composteur de rue.",
     "Partager un composteur de rue"),
    ("Les gardiens pourront également animer une fête des fleurs.", None),
    ("Le jardinier doit avoir pour but la remise en état des allées.", None),
    ("Cela implique, pour commencer, la présence d'un point d'eau.", None),
    ("La tonte par les moutons constitue une piste d'action à étendre dans le quartier.", None),
]  # fmt: skip
ECARTEES = [
    "Elles devront être tondues chaque mois.",
    "De telles pelouses doivent être arrosées le soir.",
    "Il convient que cette pelouse soit tondue.",
    "Le square voisin pourrait également être pris en compte.",
    "Il s'agit pour la commune d'un vieux souci.",
]


def _prose(texte_tilleuls, phrase):
    assert texte_tilleuls.count("Les pelouses sont abîmées.") == 1
    lu = lire_texte(texte_tilleuls.replace("Les pelouses sont abîmées.", phrase))
    fiche = next(f for f in lu.fiches if f.numero == "3-2")
    return [t.texte for t in fiche.types_d_action if t.forme == "prose"]


@pytest.mark.parametrize(("phrase", "texte"), ATTENTES)
def test_tournure_d_attente(texte_tilleuls, phrase, texte):
    assert _prose(texte_tilleuls, phrase) == [texte or phrase]


@pytest.mark.parametrize("phrase", ECARTEES)
def test_dire_comment_faire_n_est_pas_un_projet(texte_tilleuls, phrase):
    assert _prose(texte_tilleuls, phrase) == []


def test_l_annonce_d_une_liste_de_lieux_est_lue_comme_une_phrase(texte_tilleuls):
    """La liste de quartiers n'est pas faite de projets ; ce qui l'annonce en dit un."""
    lieux = "<ul> <li>- Le quartier Bel-Air ;</li> <li>- Le quartier Quai Vert.</li></ul>"
    annonce = "Les communes doivent pouvoir dessiner de nouveaux squares pour trois quartiers :"
    trouves = _prose(texte_tilleuls, f"{annonce}</p> {lieux} <p>")
    assert trouves == ["Dessiner de nouveaux squares pour trois quartiers"]


@pytest.mark.reference
def test_projets_de_renouvellement_urbain(reference):
    """La fiche 7-1 demande deux fois des projets nouveaux, à la ligne 208."""
    fiche = next(f for f in reference.fiches if f.numero == "7-1")
    lignes = [t.ligne for t in fiche.types_d_action if t.forme == "prose"]
    assert (len(lignes), lignes.count(208)) == (8, 3)
