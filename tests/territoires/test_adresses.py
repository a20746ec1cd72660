"""Une adresse écrite à la main : lue, comparée, située. Toutes les adresses sont inventées."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.territoires.rules.adresses import (
    AdresseLue,
    cle_de_commune,
    cle_de_voie,
    lire_adresse,
    sans_la_commune,
    score_de_voie,
)
from parvis.territoires.rules.numeros import Numero, placer

# Ce qui est écrit ; puis le numéro, le suffixe, la voie, le code postal et la commune qu'on y lit.
LECTURES = [
    (
        "16 bis rue Gaston-Monmousseau, 94200 Ivry",
        16,
        "bis",
        "rue Gaston-Monmousseau",
        "94200",
        "Ivry",
    ),
    ("12B av. du Gal Leclerc", 12, "b", "av. du Gal Leclerc", "", ""),
    ("12 B av. du Gal Leclerc", 12, "b", "av. du Gal Leclerc", "", ""),
    (
        "3,rue Lucien Selva 94200 IVRY SUR SEINE",
        3,
        "",
        "rue Lucien Selva",
        "94200",
        "IVRY SUR SEINE",
    ),
    ("résidence X, bât. B, 12 rue des Lilas", 12, "", "rue des Lilas", "", ""),
    (
        "Résidence Les Tilleuls 12 rue des Lilas 94200 Ivry",
        12,
        "",
        "rue des Lilas",
        "94200",
        "Ivry",
    ),
    ("12 rue X 94207 IVRY SUR SEINE CEDEX 2", 12, "", "rue X", "94207", "IVRY SUR SEINE"),
    ("12 rue X, 94207 Ivry cedex", 12, "", "rue X", "94207", "Ivry"),
    ("rue du 8 mai 1945", None, "", "rue du 8 mai 1945", "", ""),
    ("5 rue du 8 mai 1945, 94600 Choisy", 5, "", "rue du 8 mai 1945", "94600", "Choisy"),
    ("place du 11 Novembre", None, "", "place du 11 Novembre", "", ""),
    ("2 ter place du 11 Novembre", 2, "ter", "place du 11 Novembre", "", ""),
    ("8 mai 1945", None, "", "8 mai 1945", "", ""),
    ("12 rue des 3 cours", 12, "", "rue des 3 cours", "", ""),
    ("rue des 3 cours", None, "", "rue des 3 cours", "", ""),
    ("183 boulevard Stalingrad", 183, "", "boulevard Stalingrad", "", ""),
    ("12-14 rue Y", 12, "", "rue Y", "", ""),
    ("12 - 14 rue Y", 12, "", "rue Y", "", ""),
    ("12, 14 rue Y", 12, "", "rue Y", "", ""),
    ("12/14 av Y", 12, "", "av Y", "", ""),
    ("12 à 16 rue Y", 12, "", "rue Y", "", ""),
    ("12 et 14 rue Y", 12, "", "rue Y", "", ""),
    ("12bis-14 rue Y", 12, "bis", "rue Y", "", ""),
    ("12 quater rue Y", 12, "quater", "rue Y", "", ""),
    ("12 BIS, RUE Y", 12, "bis", "RUE Y", "", ""),
    ("12 r Lucien Selva", 12, "", "r Lucien Selva", "", ""),
    ("12 R r. Lucien Selva", 12, "r", "r. Lucien Selva", "", ""),
    ("12 sq Lénine", 12, "", "sq Lénine", "", ""),
    ("12 bd Mozart", 12, "", "bd Mozart", "", ""),
    ("12 b bd Mozart", 12, "b", "bd Mozart", "", ""),
    ("12bd Mozart", 12, "", "bd Mozart", "", ""),
    ("12 all. des Érables", 12, "", "all. des Érables", "", ""),
    ("12 allée des Érables", 12, "", "allée des Érables", "", ""),
    ("12 Rond-Point Mozart", 12, "", "Rond-Point Mozart", "", ""),
    ("12 Grande Rue", 12, "", "Grande Rue", "", ""),
    ("12, Grande Rue, 94130 Nogent", 12, "", "Grande Rue", "94130", "Nogent"),
    ("Grande Rue", None, "", "Grande Rue", "", ""),
    ("7 Le Bourg", 7, "", "Le Bourg", "", ""),
    ("7 A Le Bourg", 7, "a", "Le Bourg", "", ""),
    ("rue Lucien Selva, 3, 94200 Ivry", 3, "", "rue Lucien Selva", "94200", "Ivry"),
    ("rue Lucien Selva n° 3", 3, "", "rue Lucien Selva", "", ""),
    ("n° 12 rue Y", 12, "", "rue Y", "", ""),
    ("No 12 rue Y", 12, "", "rue Y", "", ""),
    ("bât 3, rue Lucien Selva", None, "", "rue Lucien Selva", "", ""),
    ("bat 3 12 rue Lucien Selva", 12, "", "rue Lucien Selva", "", ""),
    ("12 rue X bât B", 12, "", "rue X", "", ""),
    ("12 rue X esc. 2 apt 14, 94200 Ivry", 12, "", "rue X", "94200", "Ivry"),
    ("12 quai Mozart 3e étage porte 4", 12, "", "quai Mozart", "", ""),
    ("tour A, 3e étage, 10 promenade Mozart", 10, "", "promenade Mozart", "", ""),
    ("2 pl Mozart 2e étage gauche", 2, "", "pl Mozart", "", ""),
    ("3e étage, immeuble B", None, "", "", "", ""),
    ("10 promenade Mozart (bât 4) 94200 Ivry", 10, "", "promenade Mozart", "94200", "Ivry"),
    ("Résidence du Parc, 94200 Ivry", None, "", "Résidence du Parc", "94200", "Ivry"),
    ("12 résidence du Parc 94200 Ivry", 12, "", "résidence du Parc", "94200", "Ivry"),
    ("3 résidence du Parc, 12 rue Mozart", 12, "", "rue Mozart", "", ""),
    ("Résidence du Parc, rue Mozart", None, "", "rue Mozart", "", ""),
    ("94200 Ivry, 12 rue des Lilas", 12, "", "rue des Lilas", "94200", "Ivry"),
    ("12 rue des Lilas, Ivry-sur-Seine", 12, "", "rue des Lilas", "", "Ivry-sur-Seine"),
    ("12 rue des Lilas, Ivry 94200", 12, "", "rue des Lilas", "94200", "Ivry"),
    ("12 rue des Lilas - 94200 Ivry - France", 12, "", "rue des Lilas", "94200", "Ivry"),
    ("12 rue des Lilas, 94200 Ivry France", 12, "", "rue des Lilas", "94200", "Ivry"),
    ("12 rue des Lilas\nBP 12\n94200 Ivry", 12, "", "rue des Lilas", "94200", "Ivry"),
    ("CS 10023 12 rue des Lilas 94207 IVRY", 12, "", "rue des Lilas", "94207", "IVRY"),
    (
        "12 avenue de la Porte d'Ivry 75013 PARIS 13",
        12,
        "",
        "avenue de la Porte d'Ivry",
        "75013",
        "PARIS",
    ),
    ("1 place du 18 juin 1940, Paris 15e", 1, "", "place du 18 juin 1940", "", "Paris"),
    ("12 rue d'Ivry 94200 Ivry", 12, "", "rue d'Ivry", "94200", "Ivry"),
    ("12 rue Mozart Ivry, 94200 Ivry", 12, "", "rue Mozart", "94200", "Ivry"),
    ("94 200 Ivry", None, "", "", "94200", "Ivry"),
    ("12 rue Mozart 94 200 Ivry", 12, "", "rue Mozart", "94200", "Ivry"),
    ("École Mozart rue Lénine", None, "", "rue Lénine", "", ""),
    ("Mairie, esplanade Mozart", None, "", "esplanade Mozart", "", ""),
    ("chez M. Untel, 4 rue Mozart", 4, "", "rue Mozart", "", ""),
    ("Les Érables", None, "", "Les Érables", "", ""),
    ("12", None, "", "", "", ""),
    ("94200", None, "", "", "94200", ""),
    ("", None, "", "", "", ""),
    (" , ;", None, "", "", "", ""),
]

MEMES = [
    ("av. du Gal Leclerc", "Avenue du Général Leclerc"),
    ("AV DU GENERAL LECLERC", "avenue du Général-Leclerc"),
    ("avenue Leclerc", "avenue du Général Leclerc"),
    ("bd Stalingrad", "Boulevard de Stalingrad"),
    ("rue du huit mai 1945", "Rue du 8 Mai 1945"),
    ("rue du 8 mai", "rue du 8 Mai 1945"),
    ("place du onze novembre", "Place du 11 Novembre 1918"),
    ("rue du 1er mai", "rue du Premier Mai"),
    ("rue du dix-neuf mars 1962", "rue du 19 mars 1962"),
    ("place du vingt et un mai", "place du 21 mai"),
    ("rue des Quatre Vents", "rue des 4 vents"),
    ("pl. du Mal Joffre", "place du Maréchal Joffre"),
    ("r du Dr Roux", "rue du Docteur Roux"),
    ("quai du Pdt Carnot", "quai du Président Carnot"),
    ("rue St-Just", "rue Saint Just"),
    ("rue Ste Anne", "rue Sainte-Anne"),
    ("rue N.D.", "rue N.-D."),
    ("place ND", "place Notre-Dame"),
    ("gde rue", "Grande Rue"),
    ("Grand'Rue", "Grande rue"),
    ("rpt Mozart", "Rond-point Mozart"),
    ("rue de l’Œuvre", "rue de l'Oeuvre"),
    ("rue Monmousseau", "rue Gaston Monmousseau"),
    ("rue G. Monmousseau", "rue Gaston Monmousseau"),
    ("rue Gaston Monmouseau", "rue Gaston Monmousseau"),
    ("rue Monmousseau Gaston", "rue Gaston Monmousseau"),
    ("rue Lucienselva", "rue Lucien Selva"),
    ("rue Lucien Selvas", "rue Lucien Selva"),
    ("rue Rolland", "rue Roland"),
    ("rue Philippe Thibaut", "rue Filipe Tibaut"),
    ("boulvard de Stalingrad", "boulevard de Stalingrad"),
    ("allée D", "all. D"),
    ("le Mail", "Mail"),
]
DIFFERENTES = [
    ("rue Jean Jaurès", "avenue Jean Jaurès"),
    ("rue Pierre Curie", "rue Marie Curie"),
    ("rue Pierre Curie", "rue Pierre Loti"),
    ("rue Marat", "rue Murat"),
    ("rue Jean Marat", "rue Jean Murat"),
    ("rue Fournier", "rue Tournier"),
    ("rue du 8 mai 1945", "rue du 11 novembre 1918"),
    ("rue du 8 mai 1945", "rue du 8 mai 1902"),
    ("rue de l'Église", "rue de la Vieille Église"),
    ("rue Église", "rue Vieille Église"),
    ("rue du Moulin", "rue Jean Moulin"),
    ("rue du Moulin", "rue du Moulin Vert"),
    ("rue Anatole France", "rue de France"),
    ("allée A", "allée B"),
    ("allée 3", "allée 4"),
    ("rue des Lilas", "rue du Clos des Lilas"),
    ("rue Charles de Gaulle", "Grande Rue Charles de Gaulle"),
    ("rue Henri Barbusse", "rue Henri"),
    ("rue", "rue Mozart"),
    ("", ""),
    ("rue du Bac", "rue du Bas"),
]


@pytest.mark.parametrize(("texte", "numero", "suffixe", "voie", "postal", "commune"), LECTURES)
def test_lit_une_adresse(texte, numero, suffixe, voie, postal, commune):
    attendue = AdresseLue(numero, suffixe, voie, cle_de_voie(voie), postal, commune)
    assert lire_adresse(texte) == attendue


def test_ce_qui_est_donne_a_part_passe_devant_le_texte():
    lue = lire_adresse("12 rue Mozart Choisy, 94200 Ivry", "94600", "94600 Choisy")
    assert (lue.voie, lue.code_postal, lue.commune) == ("rue Mozart", "94600", "Choisy")
    assert lire_adresse("12 rue X, 94200 Ivry", "9420").code_postal == "94200"


@given(st.text(), st.text(max_size=8), st.text(max_size=20))
def test_aucun_texte_n_arrete_la_lecture(texte, postal, commune):
    lue = lire_adresse(texte, postal, commune)
    assert cle_de_voie(lue.voie_cle) == lue.voie_cle


@pytest.mark.parametrize(
    "motif", ["12 a ", "12-", "1 et ", "bat 3 ", "n° 3 ", "12 rue ", "94 200 ", "3e étage ", "é"]
)
def test_un_texte_malveillant_ne_retient_pas_la_lecture(motif):
    depart = time.monotonic()
    lire_adresse(motif * 600, commune=motif * 600)
    assert time.monotonic() - depart < 2


MOTS = st.sampled_from(
    """12 8 08 bis ter b a r av bd pl all gal col st nd rue place grand neuf dix vingt un premier er
    mai 1945 de du la d l' et , - n° bât B 94200 CEDEX Ivry BP France étage Œ ² res""".split()
)


@given(st.lists(MOTS, max_size=9).map(" ".join), st.lists(MOTS, max_size=5).map(" ".join))
def test_une_cle_est_sa_propre_cle_et_un_score_reste_entre_zero_et_un(une, autre):
    assert lire_adresse(une).voie_cle == cle_de_voie(lire_adresse(une).voie_cle)
    assert cle_de_voie(cle_de_voie(une)) == cle_de_voie(une)
    assert 0 <= score_de_voie(une, autre) <= 1


def test_une_cle_tient_dans_sa_colonne():
    for nom in ("rue " + "bonjour " * 60, "x" * 300):
        assert len(cle_de_voie(nom)) <= 200
        assert cle_de_voie(cle_de_voie(nom)) == cle_de_voie(nom)


@pytest.mark.parametrize(("une", "autre"), MEMES)
def test_la_meme_voie_se_reconnait(une, autre):
    assert score_de_voie(une, autre) >= 0.8
    assert score_de_voie(autre, une) >= 0.8


@pytest.mark.parametrize(("une", "autre"), DIFFERENTES)
def test_deux_voies_differentes_restent_sous_le_seuil(une, autre):
    assert score_de_voie(une, autre) < 0.8
    assert score_de_voie(autre, une) < 0.8


def test_plus_la_graphie_s_eloigne_moins_elle_compte():
    notes = [
        score_de_voie(graphie, "rue Gaston Monmousseau")
        for graphie in (
            "rue Gaston-Monmousseau",
            "rue G. Monmousseau",
            "rue Monmousseau",
            "avenue Monmousseau",
            "rue Mozart",
        )
    ]
    assert notes == sorted(set(notes), reverse=True)
    assert notes[0] == 1.0
    assert score_de_voie("Gaston Monmousseau", "rue Gaston Monmousseau") == 0.9


@pytest.mark.parametrize(
    ("voie", "commune", "reste"),
    [
        ("rue Mozart Ivry sur Seine", "Ivry-sur-Seine", "rue Mozart"),
        ("rue Mozart Le Kremlin-Bicêtre", "Le Kremlin-Bicêtre", "rue Mozart"),
        ("rue Mozart St Maur", "Saint-Maur", "rue Mozart"),
        ("rue Mozart à Ivry", "Ivry", "rue Mozart"),
        ("rue d'Ivry", "Ivry", "rue d'Ivry"),
        ("rue Ivry", "Ivry", "rue Ivry"),
        ("rue Mozart", "Ivry", "rue Mozart"),
        ("Ivry", "Ivry-sur-Seine", "Ivry"),
        ("rue Mozart", "", "rue Mozart"),
    ],
)
def test_la_commune_ecrite_apres_la_voie_s_ote(voie, commune, reste):
    assert sans_la_commune(voie, commune) == reste


def test_une_commune_se_compare_sans_article_ni_abreviation():
    assert cle_de_commune("St-Maur des Fossés") == cle_de_commune("SAINT MAUR DES FOSSES")
    assert cle_de_commune("L’Haÿ-les-Roses") == "hay roses"
    assert cle_de_commune("Les") == "les"


def numeros(*connus: tuple[int, str]) -> list[Numero]:
    return [Numero(n, s, "rue Mozart", "94200", (n / 100, 48.0)) for n, s in connus]


@pytest.mark.parametrize(
    ("connus", "cherche", "precision", "lon", "points"),
    [
        ([(2, ""), (4, ""), (4, "bis")], (4, "bis"), "housenumber", 0.04, 1),
        ([(4, "bis")], (4, "b"), "housenumber", 0.04, 1),
        ([(4, "b")], (4, "bis"), "housenumber", 0.04, 1),
        ([(4, "")], (4, "bis"), "interpolated", 0.04, 1),
        ([(2, ""), (5, ""), (10, "")], (4, ""), "interpolated", 0.04, 2),
        ([(2, ""), (5, ""), (10, "")], (8, ""), "interpolated", 0.08, 2),
        ([(2, ""), (200, "")], (8, ""), "interpolated", 0.02, 1),
        ([(2, ""), (200, "")], (100, ""), "street", 0.02, 2),
        ([(2, "")], (12, ""), "interpolated", 0.02, 1),
        ([(2, "")], (14, ""), "street", 0.02, 1),
        ([(3, ""), (5, ""), (7, "")], (4, ""), "street", 0.05, 3),
        ([(3, ""), (5, ""), (7, "")], (None, ""), "street", 0.05, 3),
    ],
)
def test_un_numero_se_place_du_bon_cote_de_sa_rue(connus, cherche, precision, lon, points):
    place = placer(numeros(*connus), *cherche)
    assert (place.type, pytest.approx(lon), len(place.points)) == (
        precision,
        place.point[0],
        points,
    )
