"""Ce que les formulaires de la carte acceptent : des degrés, une adresse, un tableau."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from parvis.carte import forms as saisies
from parvis.carte.forms import AdresseForm, CoordonneeField, LotForm, PointForm


@pytest.mark.parametrize(
    ("ecrit", "lu"),
    [
        ("48.81476", 48.81476),
        ("48,81476", 48.81476),
        (" 48,8 ", 48.8),
        ("48,8°", 48.8),
        ("-0,5", -0.5),
        ("−0,5", -0.5),
        ("+2", 2.0),
        ("0", 0.0),
        ("90", 90.0),
        ("-90", -90.0),
        ("4.88e1", 48.8),
        ("", None),
        (None, None),
    ],
)
def test_des_degres_se_lisent_avec_un_point_ou_une_virgule(ecrit, lu):
    assert CoordonneeField(borne=90, required=False).clean(ecrit) == lu


@pytest.mark.parametrize(
    "ecrit",
    [
        "abc",
        "48,8,1",
        "91",
        "-90,0001",
        "1e400",
        "1e-",
        "nan",
        "inf",
        "48 N",
        "48;2",
        "\x00",
        "4" * 500,
    ],
)
def test_ce_qui_n_est_pas_une_latitude_est_refuse(ecrit):
    with pytest.raises(forms.ValidationError, match="entre -90 et 90, comme 48,81476"):
        CoordonneeField(borne=90, required=False).clean(ecrit)


def test_la_borne_est_celle_du_champ():
    assert CoordonneeField(borne=180).clean("179,9") == 179.9
    with pytest.raises(forms.ValidationError, match="entre -180 et 180"):
        CoordonneeField(borne=180).clean("180,1")


@pytest.mark.parametrize(
    ("donnees", "erreurs"),
    [
        ({"lat": "48,8"}, {"lon": ["Donnez aussi la longitude."]}),
        ({"lon": "2,4", "lat": ""}, {"lat": ["Donnez aussi la latitude."]}),
        (
            {},
            {"lat": ["Donnez aussi la latitude."], "lon": ["Donnez aussi la longitude."]},
        ),
        ({"lat": "0", "lon": "0"}, {}),
        ({"lat": "48,8", "lon": "2.4"}, {}),
    ],
)
def test_un_point_demande_les_deux_nombres(donnees, erreurs):
    assert PointForm(donnees).errors == erreurs


def test_des_blancs_ne_sont_pas_un_nombre():
    assert list(PointForm({"lat": "48,8", "lon": "  "}).errors) == ["lon"]


@pytest.mark.parametrize(
    "donnees",
    [{"q": "x" * 201}, {"q": "12 rue\x00"}, {"choix": "-1"}, {"choix": "21"}, {"choix": "un"}],
)
def test_une_adresse_hors_des_bornes_est_refusee(donnees):
    assert list(AdresseForm({"q": "12 rue"} | donnees).errors) == list(donnees)


@pytest.mark.parametrize(
    "donnees", [{"q": "x" * 200}, {"choix": ""}, {"choix": "20"}, {"choix": "0"}]
)
def test_une_adresse_dans_les_bornes_est_acceptee(donnees):
    assert AdresseForm({"q": "12 rue"} | donnees).is_valid()


@pytest.mark.parametrize("donnees", [{}, {"q": ""}, {"q": " \t "}, {"q": "", "choix": "0"}])
def test_une_adresse_vide_est_refusee(donnees):
    assert AdresseForm(donnees).errors == {"q": ["Écrivez une adresse."]}


def tableau(octets: bytes = b"adresse\n4 rue du Verger\n") -> dict:
    return {"fichier": SimpleUploadedFile("adresses.csv", octets)}


def test_un_tableau_et_une_generation_suffisent():
    saisie = LotForm({"millesimes": ["2024", "2015"]}, tableau())
    assert saisie.is_valid()
    assert saisie.cleaned_data["millesimes"] == [2024, 2015]
    assert [nom for nom, _ in saisie.fields["millesimes"].choices] == [2024, 2015]


@pytest.mark.parametrize(
    ("donnees", "fichiers", "champ", "motif"),
    [
        ({"millesimes": ["2024"]}, {}, "fichier", "Choisissez un fichier."),
        ({"millesimes": ["2024"]}, tableau(b""), "fichier", "Ce fichier est vide."),
        ({}, tableau(), "millesimes", "Choisissez au moins une génération de quartiers."),
        ({"millesimes": ["1999"]}, tableau(), "millesimes", "1999"),
        ({"millesimes": ["x"]}, tableau(), "millesimes", "x"),
    ],
)
def test_ce_qui_manque_se_dit_a_son_champ(donnees, fichiers, champ, motif):
    erreurs = LotForm(donnees, fichiers).errors
    assert list(erreurs) == [champ]
    assert motif in erreurs[champ][0]


def test_un_fichier_trop_lourd_est_refuse(monkeypatch):
    monkeypatch.setattr(saisies, "OCTETS_MAX", 10)
    erreurs = LotForm({"millesimes": ["2024"]}, tableau()).errors
    assert erreurs["fichier"] == ["Ce fichier dépasse 20 Mo : coupez-le en plusieurs."]
