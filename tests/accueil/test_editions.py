"""Les éditions publiées, et ce qui change de l'une à l'autre, à l'écran."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.cadre.actions import importer_cadre
from parvis.cadre.importation import structure as lu
from tests.fabriques.cadre import (
    MACHINE,
    avec_fiche,
    contrat_de,
    contrat_publie,
    fiche,
    petit_contrat,
)

pytestmark = pytest.mark.django_db
COMPARAISON, EDITIONS = "/tilleuls/comparaison/", "/tilleuls/editions/"


def lire(reponse) -> str:
    return reponse.text.replace("\xa0", " ")


@pytest.fixture
def deux_editions(client):
    """Publie deux éditions, puis écrit un brouillon ; rend le code de la seconde."""
    contrat_publie(lu_=contrat_de(2))
    change = fiche("1-1", titre="Ouvrir des jardins communs", echelle="agglomeration")
    contrat_publie(lu_=avec_fiche(contrat_de(3), change))
    secret = avec_fiche(contrat_de(3), fiche("1-1", titre="Encore secret"))
    importer_cadre(par=MACHINE, contrat="tilleuls", lu=secret, source="essai.txt")
    return "2015-06-2"


def test_les_editions_disent_leur_date_leurs_fiches_et_leur_adresse(client, deux_editions):
    page = lire(client.get(EDITIONS))
    assert page.index("2015-06-2/") < page.index("editions/2015-06/")
    for attendu in (
        "3 fiches",
        "2 fiches",
        "http://testserver/tilleuls/editions/2015-06/",
        "Comparer avec la précédente",
        "?avant=2015-06&amp;apres=2015-06-2",
    ):
        assert attendu in page
    assert "2015-06-3" not in page


def test_une_seule_edition_le_dit_sans_rien_proposer(client):
    contrat_publie()
    assert "n’a qu’une édition" in client.get(EDITIONS).text
    page = client.get(COMPARAISON)
    assert page.status_code == 200
    assert "Ce contrat n’a qu’une édition publiée" in page.text
    assert "<select" not in page.text
    assert "autres éditions" not in client.get("/tilleuls/fiches/1-1/").text


def test_sans_choix_les_deux_dernieres_se_comparent(client, deux_editions):
    page = lire(client.get(COMPARAISON))
    assert "2 passages changent, à 2 endroits" in page
    for attendu in (
        "Titre, échelle",
        "[retiré : </span>partagés",
        "[ajouté : </span>communs",
        "</span>Agglomération<span",
        "/tilleuls/editions/2015-06-2/fiches/1-3/",
    ):
        assert attendu in page
    assert "Encore secret" not in page
    assert "2015-06-3" not in page
    assert '["' not in page


def test_l_adresse_dit_le_choix_et_se_partage(client, deux_editions):
    page = client.get(COMPARAISON, {"avant": deux_editions, "apres": "2015-06"}).text
    assert f'<option value="{deux_editions}" selected' in page
    assert "/tilleuls/editions/2015-06-2/fiches/1-3/" in page
    assert "Retrait" in page


def test_deux_fois_la_meme_le_dit(client, deux_editions):
    reponse = client.get(COMPARAISON, {"avant": "2015-06", "apres": "2015-06"})
    assert reponse.status_code == 200
    assert "Deux fois la même édition" in reponse.text
    assert "Rien ne change" not in reponse.text


@pytest.mark.parametrize("code", ["2015-06-3", "1999-01", "\0", "<script>", "é" * 3000])
@pytest.mark.parametrize("champ", ["avant", "apres"])
def test_un_brouillon_repond_comme_une_edition_absente(client, deux_editions, champ, code):
    reponse = client.get(COMPARAISON, {champ: code})
    absente = client.get(COMPARAISON, {champ: "absente"})
    assert reponse.status_code == absente.status_code == 404
    assert reponse.content == absente.content
    assert "Édition introuvable" in reponse.text


def test_un_brouillon_seul_ne_se_compare_pas(client):
    importer_cadre(par=MACHINE, contrat="tilleuls", lu=petit_contrat(), source="essai.txt")
    for adresse in (COMPARAISON, EDITIONS):
        assert client.get(adresse).status_code == 404


def test_une_edition_d_un_autre_contrat_est_absente(client, deux_editions):
    contrat_publie("chenes", lu_=petit_contrat(edition="2018-01"))
    assert client.get(COMPARAISON, {"avant": "2018-01"}).status_code == 404


def test_une_fiche_mene_a_ce_qui_l_a_changee(client, deux_editions):
    page = client.get("/tilleuls/fiches/1-1/").text
    assert "Cette fiche dans les autres éditions" in page
    assert "/tilleuls/editions/2015-06/fiches/1-1/" in page
    assert "?avant=2015-06&amp;apres=2015-06-2&amp;ou=fiche-1-1#fiche-1-1" in page
    ancienne = client.get("/tilleuls/editions/2015-06/fiches/1-1/").text
    assert "?avant=2015-06&amp;apres=2015-06-2&amp;ou=fiche-1-1#fiche-1-1" in ancienne
    assert "autres éditions" not in client.get("/tilleuls/fiches/1-3/").text


def test_une_fiche_inchangee_le_dit(client, deux_editions):
    dit = "dit la même chose"
    assert dit in client.get(COMPARAISON, {"ou": "fiche-1-2"}).text
    assert dit not in client.get(COMPARAISON, {"ou": "fiche-1-1"}).text
    assert dit not in client.get(COMPARAISON).text


def test_une_longue_comparaison_ouvre_un_endroit_a_la_fois(client):
    contrat_publie(lu_=contrat_de(60))
    change = contrat_de(60)
    for rang in range(1, 61):
        autre = fiche(f"1-{rang}", titre=f"Autre {rang}", financeurs=(), publics=())
        change = avec_fiche(change, autre)
    contrat_publie(lu_=change)
    page = client.get(COMPARAISON).text
    assert "Choisissez un endroit" in page
    assert page.count("4 passages") == 60
    assert "<details" not in page.partition("<main")[2]
    ouverte = client.get(COMPARAISON, {"ou": "fiche-1-7"}).text.partition("<main")[2]
    assert ouverte.count("<details") == 1
    assert "Financeur" in ouverte
    assert "&amp;ou=fiche-1-8#fiche-1-8" in ouverte


def test_le_texte_compare_est_echappe(client):
    contrat_publie()
    piege = fiche("1-1", types_d_action=(lu.TypeDAction("<img src=x onerror=y>"),))
    contrat_publie(lu_=avec_fiche(petit_contrat(), piege))
    page = client.get(COMPARAISON).text
    assert "<img src=x" not in page
    assert "&lt;img" in page


def test_les_pages_menent_aux_editions(client, deux_editions):
    for adresse in ("/tilleuls/sommaire/", "/tilleuls/editions/2015-06/", "/tilleuls/"):
        assert 'href="/tilleuls/editions/"' in client.get(adresse).text


def test_comparer_deux_editions_coute_autant_avec_1_3_ou_50_fiches(client):
    couts = {}
    for nombre in (1, 3, 50):
        code = f"c{nombre}"
        contrat_publie(code, lu_=contrat_de(nombre))
        contrat_publie(code, lu_=avec_fiche(contrat_de(nombre), fiche("1-1", titre="Autre")))
        for page in ("comparaison", "editions", "fiches/1-1"):
            client.get(f"/{code}/{page}/")
            with CaptureQueriesContext(connection) as requetes:
                assert client.get(f"/{code}/{page}/").status_code == 200
            couts.setdefault(page, set()).add(len(requetes))
    assert all(len(nombres) == 1 for nombres in couts.values()), couts
    assert max(couts["comparaison"]) <= 30
