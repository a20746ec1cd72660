"""Aucune ligne perdue ni vue deux fois d'une page à l'autre, même quand la liste bouge."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.socle.pages import MAXIMUM, PAR_PAGE, page, page_de_liste
from parvis.territoires.models import Commune

pytestmark = pytest.mark.django_db
NOMBRE = 2 * PAR_PAGE + 7
ORDRES = [("nom", "pk"), ("-nom", "-pk")]


@pytest.fixture
def communes():
    # Des noms répétés : la clé primaire départage.
    Commune.objects.bulk_create(
        Commune(code=f"{rang:05}", nom=f"Ville {rang % 5}", departement="94")
        for rang in range(NOMBRE)
    )
    return Commune.objects.all()


@pytest.mark.parametrize("ordre", ORDRES)
def test_avancer_puis_reculer_rend_chaque_ligne_une_fois(communes, ordre):
    attendues = [c.pk for c in communes.order_by(*ordre)]
    pages = [page(communes, ordre)]
    while pages[-1].suivante:
        pages.append(page(communes, ordre, apres=pages[-1].suivante))
    assert [c.pk for p in pages for c in p.lignes] == attendues
    assert [p.etat for p in pages] == ["1 à 50 sur 107", "51 à 100 sur 107", "101 à 107 sur 107"]
    retour = page(communes, ordre, avant=pages[2].precedente)
    assert retour == pages[1]
    assert page(communes, ordre, avant=retour.precedente) == pages[0]
    assert pages[0].precedente == ""


def test_une_ligne_arrivee_devant_ne_decale_pas_la_page_suivante(communes):
    premiere = page(communes, ORDRES[0])
    Commune.objects.create(code="99999", nom="Abbaye", departement="94")
    suite = page(communes, ORDRES[0], apres=premiere.suivante)
    attendues = list(Commune.objects.order_by("nom", "pk"))
    assert suite.lignes == attendues[PAR_PAGE + 1 : 2 * PAR_PAGE + 1]
    assert suite.debut == PAR_PAGE + 2


@pytest.mark.parametrize("repere", ["0", "abc", "-1", "²", str(MAXIMUM + 1), "9" * 400])
@pytest.mark.parametrize("sens", ["apres", "avant"])
def test_un_repere_inconnu_rend_le_debut(communes, repere, sens):
    assert page(communes, ORDRES[0], **{sens: repere}) == page(communes, ORDRES[0])


def test_rien_avant_la_premiere_rien_apres_la_derniere(communes):
    triees = list(communes.order_by(*ORDRES[0]))
    assert page(communes, ORDRES[0], avant=str(triees[0].pk)).debut == 1
    assert page(communes, ORDRES[0], apres=str(triees[-1].pk)).lignes == []


def test_une_liste_vide_et_une_courte_se_disent(communes):
    assert page(communes.none(), ("nom", "pk")).etat == "Aucune ligne"
    assert page(communes.filter(code="00001"), ("nom", "pk")).etat == "1 ligne"
    assert page(communes.filter(code__lt="00003"), ("nom", "pk")).etat == "3 lignes"


@given(st.integers(min_value=0, max_value=3 * PAR_PAGE))
def test_une_liste_en_memoire_se_parcourt_dans_les_deux_sens(nombre):
    lignes = [f"l{rang}" for rang in range(nombre)]
    pages = [page_de_liste(lignes, str)]
    while pages[-1].suivante:
        pages.append(page_de_liste(lignes, str, apres=pages[-1].suivante))
    assert [ligne for p in pages for ligne in p.lignes] == lignes
    for precedente, suivante in pairwise(pages):
        assert page_de_liste(lignes, str, avant=suivante.precedente) == precedente
