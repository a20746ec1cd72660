"""La frise : chaque acte une fois, page après page, et rien de ce que le regard ne doit pas lire."""

import pytest
from django.urls import reverse

from parvis.journal.enums import Regard
from parvis.journal.queries.frise import frise
from tests.fabriques.cadre import contrat_publie as publier
from tests.fabriques.journal import acte

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("acte_d_essai")]


def lire(**autres):
    return frise("fiche:1-1", **({"regard": Regard.MEMBRES, "par_page": 3} | autres))


def ecrire(nombre: int) -> None:
    for rang in range(nombre):
        acte(objet_nom=f"n°{rang}", details={"rang": rang})


def test_les_pages_se_suivent_sans_trou_ni_double():
    ecrire(7)
    vues, avant = [], ""
    for _ in range(3):
        page = lire(avant=avant)
        vues += [ligne.phrase for ligne in page.lignes]
        # Un acte qui arrive pendant la lecture ne décale pas les pages suivantes.
        acte(objet_nom="arrivé depuis")
        assert page.est_la_suite == bool(avant)
        avant = page.avant
    assert vues == [f"essai a fait un essai sur n°{rang}." for rang in range(6, -1, -1)]
    assert avant == ""


@pytest.mark.parametrize(("nombre", "suite"), [(0, False), (3, False), (4, True)])
def test_la_suite_ne_se_propose_que_s_il_y_en_a(nombre, suite):
    ecrire(nombre)
    assert bool(lire().avant) is suite


@pytest.mark.parametrize("avant", ["x", "-1", "١٢", "1" * 19, "1.5", " "])
def test_une_adresse_de_travers_montre_le_debut(avant):
    ecrire(1)
    page = lire(avant=avant)
    assert (len(page.lignes), page.est_la_suite) == (1, False)


def test_ce_qui_ne_se_montre_pas_n_use_pas_de_place():
    ecrire(5)
    assert lire(regard=Regard.PUBLIC).lignes == []
    assert lire(regard=Regard.PUBLIC).avant == ""


@pytest.mark.parametrize("nombre", [2, 40])
def test_le_nombre_de_requetes_ne_depend_pas_des_actes(django_assert_num_queries, nombre):
    ecrire(nombre)
    with django_assert_num_queries(1):
        lire(par_page=50)


class TestPageDeLEdition:
    @pytest.fixture
    def page(self, client, contrat_publie):
        return lambda **q: client.get(reverse("accueil:edition", args=("tilleuls", "2015-06")), q)

    def test_dit_la_publication_sans_nommer_personne(self, page):
        contenu = page().content.decode()
        assert "Ce qui s’est passé" in contenu
        assert "Publication\xa0: Contrat de ville du Val-des-Tilleuls" in contenu
        frise_lue = contenu.partition('id="titre-frise"')[2].partition("</ol>")[0]
        assert "essai" not in frise_lue
        assert "brouillon" not in frise_lue

    def test_ne_melange_pas_deux_contrats_de_meme_edition(self, page):
        publier("chenes")
        assert page().content.decode().count("Publication\xa0:") == 1

    def test_se_feuillette(self, page, monkeypatch):
        for _ in range(51):
            acte(action="cadre.publier", objet="edition:2015-06")
        debut = page()
        assert "Actes plus anciens" in debut.content.decode()
        suite = page(avant=debut.context["frise"].avant).content.decode()
        assert "Revenir aux derniers actes" in suite
        assert "Actes plus anciens" not in suite
        assert suite.count("Publication\xa0:") == 2

    def test_le_nombre_de_requetes_est_constant(self, page, django_assert_max_num_queries):
        with django_assert_max_num_queries(9) as avant:
            page()
        for _ in range(30):
            acte(action="cadre.publier", objet="edition:2015-06")
        with django_assert_max_num_queries(len(avant)):
            page()
