"""Trouver un organisme par un numéro ou par un nom, mal écrit s'il le faut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.organismes import actions, queries
from parvis.organismes.index import Index, Nomme
from tests.organismes.conftest import MOI, siren, siret

pytestmark = pytest.mark.django_db


@pytest.fixture
def noms(creer, acteur):
    creer("Médiathèque de l’Œuvre", sigle="MDO")
    creer("Association des locataires du Verger", alias=["Amicale du Verger"])
    creer("Les Jardins du Verger", siret=siret(1), rna="W941000001")
    creer("Maisons de quartier d’Ivry")
    creer("Mission locale")
    creer("Écoute jeunes")
    return lambda texte, **autres: [o.nom for o in queries.chercher(acteur, texte, **autres)]


@pytest.mark.parametrize(
    ("texte", "premier"),
    [
        ("mediatheque", "Médiathèque de l’Œuvre"),
        ("mediateque oeuvre", "Médiathèque de l’Œuvre"),
        ("mdo", "Médiathèque de l’Œuvre"),
        ("AMICALE verger", "Association des locataires du Verger"),
        ("jardin", "Les Jardins du Verger"),
        ("jardins vergr", "Les Jardins du Verger"),
        ("maison quartier", "Maisons de quartier d’Ivry"),
        ("miss", "Mission locale"),
        ("ecoute", "Écoute jeunes"),
        ("jardins du verger partagés", "Les Jardins du Verger"),
    ],
)
def test_un_nom_se_trouve_malgre_les_accents_et_les_fautes(noms, texte, premier):
    assert noms(texte)[0] == premier


def test_le_nom_entier_passe_devant_puis_l_ordre_du_dictionnaire(noms, creer):
    creer("Verger")
    creer("Zone du Verger")
    creer("Élan du Verger")
    assert noms("verger") == [
        "Verger",
        "Association des locataires du Verger",
        "Élan du Verger",
        "Les Jardins du Verger",
        "Zone du Verger",
    ]
    assert noms("verger", limite=2) == ["Verger", "Association des locataires du Verger"]


@pytest.mark.parametrize("texte", ["", "   ", "de la", "xyzzy", "?!", "'; drop table", "%"])
def test_une_question_vide_ou_etrange_ne_trouve_rien(noms, texte):
    assert noms(texte) == []


def test_un_numero_se_trouve_quels_que_soient_ses_espaces(noms):
    s = siret(1)
    for ecrit in (s, f"{s[:3]} {s[3:6]} {s[6:9]} {s[9:]}", siren(1), siren(1)[:6], "w941 000 001"):
        assert noms(ecrit) == ["Les Jardins du Verger"]


def test_un_autre_etablissement_du_meme_siren_se_trouve(noms):
    assert noms(siret(1, 2)) == ["Les Jardins du Verger"]
    assert noms(siret(9)) == []


def test_par_numero_ne_rend_rien_pour_un_nom(acteur):
    assert queries.par_numero(acteur, "jardins") == []


def test_un_doublon_reuni_repond_par_l_organisme_garde(creer, acteur):
    garde = creer("Régie de quartier")
    doublon = creer("Atelier Réemploi", rna="W941000009", alias=["Recyclerie"])
    actions.fusionner(par=MOI, doublon=doublon, garde=garde, raisons=["Même siège."])
    for texte in ("réemploi", "recyclerie", "W941000009", "régie"):
        assert queries.chercher(acteur, texte) == [garde]
    assert queries.membres(doublon) == queries.membres(garde) == [garde.pk, doublon.pk]
    actions.separer(par=MOI, doublon=doublon)
    assert queries.chercher(acteur, "recyclerie") == [doublon]
    assert queries.membres(garde) == [garde.pk]


def test_un_nom_change_se_trouve_aussitot(creer, acteur):
    organisme = creer("Ancien")
    assert queries.chercher(acteur, "ancien") == [organisme]
    actions.modifier(par=MOI, organisme=organisme, version=1, valeurs={"nom": "Nouveau"})
    assert queries.chercher(acteur, "ancien") == []
    assert queries.chercher(acteur, "nouveau") == [organisme]
    actions.modifier(par=MOI, organisme=organisme, version=2, valeurs={"alias": ["Ancien"]})
    assert queries.chercher(acteur, "ancien") == [organisme]


def test_chercher_coute_le_meme_nombre_de_requetes(creer, acteur, django_assert_num_queries):
    for rang in range(20):
        creer(f"Club {rang}", alias=[f"Ancien club {rang}"])
    queries.chercher(acteur, "club")
    for texte in ("club", "club 7", "ancien"):
        # L'empreinte, les lignes, leurs alias et leurs communes.
        with django_assert_num_queries(4):
            assert queries.chercher(acteur, texte)


@given(st.lists(st.text(max_size=30), max_size=6), st.text(max_size=60))
def test_une_question_quelconque_ne_fait_rien_tomber(noms, question):
    from parvis.organismes.rules.noms import cle

    index = Index.construire(Nomme(n, (cle(nom),)) for n, nom in enumerate(noms))
    trouves = index.chercher(question, 3)
    assert len(trouves) <= 3
    assert set(trouves) <= set(range(len(noms)))
