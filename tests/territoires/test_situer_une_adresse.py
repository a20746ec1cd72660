"""Situer une adresse sans réseau, parmi celles qui sont chargées. Tout est inventé."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.territoires.models import Adresse, Commune
from parvis.territoires.queries.adresses import chercher_des_adresses, chercher_une_adresse
from parvis.territoires.rules.adresses import cle_de_voie

pytestmark = pytest.mark.django_db
IVRY, VITRY, KREMLIN = "94041", "94081", "94043"
# Par commune et code postal : une voie et ses numéros.
VOIES = [
    (IVRY, "94200", "Rue Gaston Monmousseau", ("2", "4", "6", "16", "16bis", "18")),
    (IVRY, "94200", "Rue Jean Jaurès", ("1", "3")),
    (IVRY, "94200", "Avenue Jean Jaurès", ("1", "140")),
    (IVRY, "94200", "Rue Pierre Curie", ("1",)),
    (IVRY, "94200", "Rue Marie Curie", ("12",)),
    (IVRY, "94200", "Rue de Vitry", ("5",)),
    (VITRY, "94400", "Rue Jean Jaurès", ("1", "9")),
    (VITRY, "94400", "Rue Mozart", ("3", "5")),
    (VITRY, "94500", "Rue Mozart", ("3",)),
    (KREMLIN, "", "Rue du Verger", ("7b",)),
]


@pytest.fixture(autouse=True)
def communes():
    Commune.objects.create(code="94999", nom="Vitry-le-Vide", departement="94")
    creees = {
        code: Commune.objects.create(code=code, nom=nom, departement="94", codes_postaux=postaux)
        for code, nom, postaux in (
            (IVRY, "Ivry-sur-Seine", "94200, 94205"),
            (VITRY, "Vitry-sur-Seine", ""),
            (KREMLIN, "Le Kremlin-Bicêtre", "94270 94205"),
        )
    }
    for rang, (code, postal, voie, numeros) in enumerate(VOIES):
        for numero in numeros:
            chiffres = numero.rstrip("abis")
            Adresse.objects.create(
                cle=f"{code}_{rang}_{numero}",
                commune=creees[code],
                numero=int(chiffres),
                suffixe=numero.removeprefix(chiffres),
                voie=voie,
                voie_cle=cle_de_voie(voie),
                code_postal=postal,
                lon=rang + int(chiffres) / 1000,
                lat=48.8,
            )
    return creees


def test_le_numero_exact_se_trouve():
    (trouvee, *_) = chercher_une_adresse("16 bis r Gaston-Monmousseau, 94200 Ivry")
    assert (trouvee.libelle, trouvee.score, trouvee.type) == (
        "16 bis Rue Gaston Monmousseau, 94200 Ivry-sur-Seine",
        1.0,
        "housenumber",
    )
    assert (trouvee.lon, trouvee.lat) == (0.016, 48.8)
    assert trouvee.points == [(0.016, 48.8)]
    assert (trouvee.code_postal, trouvee.commune_code) == ("94200", IVRY)
    assert trouvee.commune_nom == "Ivry-sur-Seine"


@pytest.mark.parametrize(
    ("texte", "precision", "lon", "points"),
    [
        ("10 rue Gaston Monmousseau", "interpolated", 0.010, 2),
        ("4 ter rue Gaston Monmousseau", "interpolated", 0.004, 1),
        ("22 rue Gaston Monmousseau", "interpolated", 0.018, 1),
        ("11 rue Gaston Monmousseau", "street", 0.006, 6),
        ("rue Gaston Monmousseau", "street", 0.006, 6),
        ("60 avenue Jean Jaurès", "street", 2.001, 2),
    ],
)
def test_un_numero_absent_se_place_ou_se_dit_absent(texte, precision, lon, points):
    (trouvee, *_) = chercher_une_adresse(texte, commune_code=IVRY)
    assert (trouvee.type, len(trouvee.points)) == (precision, points)
    assert trouvee.lon == pytest.approx(lon)
    attendu = {"interpolated": 0.95, "street": 0.9}[precision] if texte[0].isdigit() else 1.0
    assert trouvee.score == attendu


def test_une_voie_sans_numero_ne_s_ecrit_pas_avec_un_numero():
    (trouvee, *_) = chercher_une_adresse("11 rue Gaston Monmousseau", commune_code=IVRY)
    assert trouvee.libelle == "Rue Gaston Monmousseau, 94200 Ivry-sur-Seine"
    (trouvee, *_) = chercher_une_adresse("7B rue du Verger, 94270")
    assert trouvee.libelle == "7B Rue du Verger, 94270 Le Kremlin-Bicêtre"


@pytest.mark.parametrize(
    ("texte", "postal", "code", "trouvee"),
    [
        ("1 rue Jean Jaurès", "", VITRY, VITRY),
        ("1 rue Jean Jaurès", "94400", "", VITRY),
        ("1 rue Jean Jaurès, 94200 Vitry", "", VITRY, VITRY),
        ("1 rue Jean Jaurès", "94205", "", IVRY),
        ("1 rue Jean Jaurès, Vitry", "", "", VITRY),
        ("1 rue Jean Jaurès VITRY SUR SEINE", "", "", VITRY),
        ("1 rue Jean Jaurès Vitry 94400", "", "", VITRY),
        ("7 b rue du Verger Le Kremlin-Bicêtre", "", "", KREMLIN),
        ("7 b rue du Verger Kremlin", "", "", KREMLIN),
        ("5 rue de Vitry, Ivry", "", "", IVRY),
    ],
)
def test_la_commune_vient_de_son_code_puis_du_code_postal_puis_de_son_nom(
    texte, postal, code, trouvee
):
    (reponse, *_) = chercher_une_adresse(texte, postal, code)
    assert (reponse.commune_code, reponse.score) == (trouvee, 1.0)


@pytest.mark.parametrize(
    ("texte", "postal", "code"),
    [
        ("1 rue Jean Jaurès", "75011", ""),
        ("1 rue Jean Jaurès", "", "75111"),
        ("1 rue des Inconnus", "94200", ""),
        ("94200 Ivry", "", ""),
        ("", "", ""),
    ],
)
def test_plutot_rien_qu_une_supposition(texte, postal, code):
    assert chercher_une_adresse(texte, postal, code) == []
    assert chercher_des_adresses([(texte, postal, code)]) == [None]


def test_sans_commune_une_voie_que_deux_communes_ont_n_est_pas_sure():
    reponses = chercher_une_adresse("9 rue Jean Jaurès")
    assert {r.commune_code for r in reponses if r.type != "street"} == {IVRY, VITRY}
    assert reponses[0].commune_code == VITRY
    assert all(r.score < 0.8 for r in reponses)
    (seule, *_) = chercher_une_adresse("3 rue Mozart")
    # Rien ne dit la commune : la même rue est peut-être ailleurs.
    assert (seule.commune_code, seule.score) == (VITRY, 0.75)


def test_deux_voies_aussi_proches_ne_se_departagent_pas():
    reponses = chercher_une_adresse("12 rue Curie", commune_code=IVRY)
    assert [r.libelle.split(",")[0] for r in reponses[:2]] == [
        "12 Rue Marie Curie",
        "Rue Pierre Curie",
    ]
    assert reponses[0].score < 0.8
    (exacte, *_) = chercher_une_adresse("12 rue Marie Curie", commune_code=IVRY)
    assert exacte.score == 1.0


@pytest.mark.parametrize(
    ("texte", "score"),
    [
        ("3 rue Mozart, Lyon", 0.75),
        ("3 rue Mozart, 94200 Vitry", None),
        ("2 rue Gaston Monmousseau, 94205 Vitry", 0.9),
        ("2 rue Gaston Monmousseau, 94207 Ivry cedex", 0.9),
        ("2 rue Monmousseau, 94200 Ivry", 0.88),
        ("3 rue Mozart Vitry, escalier gauche", 1.0),
    ],
)
def test_un_doute_sur_la_commune_ou_sur_le_nom_abaisse_le_score(texte, score):
    reponses = chercher_une_adresse(texte)
    assert (reponses[0].score if reponses else None) == score


def test_les_reponses_vont_de_la_meilleure_a_la_moins_bonne():
    reponses = chercher_une_adresse("140 rue Jean Jaurès", commune_code=IVRY)
    assert [r.libelle for r in reponses] == [
        "Rue Jean Jaurès, 94200 Ivry-sur-Seine",
        "140 Avenue Jean Jaurès, 94200 Ivry-sur-Seine",
    ]
    assert [r.score for r in reponses] == [0.9, 0.7]
    assert len(chercher_une_adresse("1 rue Jean Jaurès", nombre=1)) == 1


def test_le_code_postal_choisit_entre_deux_rues_de_meme_nom():
    (trouvee, *_) = chercher_une_adresse("3 rue Mozart", "94500")
    assert (trouvee.lon, trouvee.code_postal) == (8.003, "94500")
    (trouvee, *_) = chercher_une_adresse("5 rue Mozart", "94500")
    assert (trouvee.type, trouvee.code_postal) == ("housenumber", "94400")


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_d_adresses():
    demandes = [
        (f"{n} rue {nom}", postal, code)
        for n, (nom, postal, code) in enumerate(
            [
                ("Gaston Monmouseau", "", IVRY),
                ("Jean Jaurès", "94400", ""),
                ("Mozart, Vitry", "", ""),
                ("des Inconnus", "94200", ""),
                ("du Verger", "", ""),
            ]
            * 10
        )
    ]
    comptes = []
    for lot in (demandes[1:2], demandes):
        with CaptureQueriesContext(connection) as requetes:
            reponses = chercher_des_adresses(lot)
        comptes.append(len(requetes))
        assert len(reponses) == len(lot)
    assert comptes == [4, 4]
    assert [r is None for r in reponses[:5]] == [False, False, False, True, False]


def test_sans_adresse_chargee_il_n_y_a_rien_a_trouver():
    Adresse.objects.all().delete()
    assert chercher_une_adresse("1 rue Jean Jaurès", "94200") == []
    assert chercher_des_adresses([]) == []
