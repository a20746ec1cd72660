"""Lieux, échelle et constats : rien que ce que le document dit."""

import pytest

from parvis.cadre.importation.constats import lire_constats
from parvis.cadre.importation.fragments import blocs_de
from parvis.cadre.importation.lecteur import lire_texte
from parvis.cadre.importation.lieux_connus import gazette

CONTRAT = """# Contrat de ville de Valmont 2024-2030

## Axe 1 : Emploi

### Objectif 1 : Aller vers

#### Action 1.1 : Bus de l'emploi

**Contexte :** Le chômage atteint 27 % à La Roseraie en 2021. Le quartier des Sablons n'a plus d'arrêt.

**Objectifs :** 600 personnes accompagnées par an.

**Contenu de l'action :** Un bus passe. Ouvrir 24 places de formation. Création de 40 parcelles.

**{libelle} :** {territoires}
"""


def fiche(territoires: str, libelle: str = "Territoires concernés"):
    return lire_texte(CONTRAT.format(territoires=territoires, libelle=libelle)).fiches[0]


def lieux(territoires: str, libelle: str = "Territoires concernés"):
    return {
        (lieu.imprime, lieu.territoire, lieu.type) for lieu in fiche(territoires, libelle).lieux
    }


def test_un_article_seul_n_est_jamais_un_lieu():
    for texte in (
        "Le taux atteint 27 % à La Roseraie.",
        "à Les",
        "à La",
        "Rue de la Paix à Le Havre",
    ):
        lus = gazette(texte)
        assert [lus.trouver(mot) for mot in ("La", "Le", "Les")] == [None, None, None]
    assert gazette("le collège, à La Roseraie.").trouver("La Roseraie") == (
        "La Roseraie",
        None,
        "autre",
    )
    ville = gazette("La ville de La Roseraie agit. Il vit à La Roseraie.")
    assert ville.commune("La Roseraie") == "La Roseraie"


def test_une_rubrique_de_territoires_en_nomme_plusieurs():
    assert lieux("Les Sablons ; La Roseraie, Clos-Fleuri et Bellevue") == {
        ("Les Sablons", None, "quartier"),  # « le quartier des Sablons », dit le contexte
        ("La Roseraie", None, "autre"),
        ("Clos-Fleuri", None, "autre"),
        ("Bellevue", None, "autre"),
    }


@pytest.mark.parametrize(
    ("territoires", "libelle", "attendu"),
    [
        ("les Salines, cité Bart", "Quartiers",
            {("Les Salines", None, "quartier"), ("Cité Bart", None, "quartier")}),
        ("quartier Bellevue (Lormeville)", "Territoires", {("Bellevue", "Lormeville", "quartier")}),
        ("Les Vignes à Lormeville", "Périmètre", {("Les Vignes", "Lormeville", "quartier")}),
        ("commune de Lormeville", "Territoires", {("Lormeville", "Lormeville", "commune")}),
        ("QPV Vignes – Le Port", "Territoires", {("Vignes – Le Port", None, "quartier")}),
        (
            "quartiers Nord et Sud, quartier de la Gare, QPV du Centre",
            "Territoires",
            {(f"Quartier {nom}", None, "quartier") for nom in ("Nord", "Sud", "de la Gare", "du Centre")},
        ),
        ("Tous les quartiers prioritaires", "Territoires", set()),
        ("Ensemble du territoire", "Territoires", set()),
    ],
)  # fmt: skip
def test_ce_que_dit_une_rubrique_de_territoires(territoires, libelle, attendu):
    du_contexte = {("La Roseraie", None, "autre"), ("Sablons", None, "quartier")}
    assert lieux(territoires, libelle) - du_contexte == attendu


def test_l_echelle_que_rien_ne_dit_reste_vide():
    assert fiche("Les Sablons").echelle is None


def test_un_objectif_chiffre_n_est_pas_un_constat():
    (constat,) = fiche("Les Sablons").constats
    assert (constat.valeur, constat.annee, constat.territoire) == (27, 2021, "La Roseraie")


@pytest.mark.parametrize(
    ("phrase", "nombre"),
    [
        ("Rencontrer 600 personnes par an.", 0),
        ("Mise en place de 12 ateliers.", 0),
        ("Il faudrait accueillir 120 enfants.", 0),
        ("Afin de réduire de 10 % les départs.", 0),
        ("Quatre écoles comptent 30 % d'élèves boursiers.", 1),
        ("Entre 2010 et 2014, 120 logements ont été vendus.", 1),
        ("Hier, 12 familles attendaient.", 1),
    ],
)
def test_un_but_chiffre_n_est_pas_un_constat(phrase, nombre):
    assert len(lire_constats(blocs_de(phrase, 1), gazette(""), "Valmont")) == nombre
