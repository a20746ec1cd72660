"""Le pilote tient les indicateurs du contrat : par fiche, en ajouter, corriger, retirer."""

import pytest

from parvis.cadre.actions.indicateurs import ajouter_un_indicateur
from parvis.cadre.models import Indicateur
from parvis.cadre.queries.indicateurs import indicateurs_des_fiches
from parvis.comptes.acteur import Acteur
from parvis.socle.refus import Refus
from tests.pilotage.conftest import lire

pytestmark = pytest.mark.django_db
MOMO = Acteur.machine("Momo")


def test_ajouter_corriger_retirer(ouvert, contrat):
    site, adresse = ouvert
    site.post(adresse("indicateurs/ajouter/"), nom="Arbres plantés", unite="arbres", fiche="1-1")
    indicateur = Indicateur.objects.get()
    assert (indicateur.fiche.numero, indicateur.unite) == ("1-1", "arbres")
    page = lire(site.get(adresse("indicateurs/")))
    assert "Arbres plantés" in page and "Ouvrir des jardins partagés 1-1" in page
    site.post(adresse(f"indicateurs/{indicateur.pk}/"), nom="Arbres vivants", unite="arbres")
    indicateur.refresh_from_db()
    assert indicateur.nom == "Arbres vivants"
    site.post(adresse(f"indicateurs/{indicateur.pk}/retirer/"))
    page = lire(site.get(adresse("indicateurs/")))
    assert "Les dossiers qui le comptent le gardent" in page
    assert indicateurs_des_fiches(MOMO, contrat, [indicateur.fiche_id]) == []


def test_une_saisie_refusee_revient_avec_sa_raison(ouvert, contrat):
    site, adresse = ouvert
    reponse = site.post(adresse("indicateurs/ajouter/"), nom="", unite="arbres", fiche="1-1")
    assert reponse.status_code == 422
    assert "Dites ce que l’on compte." in lire(reponse)
    ajouter_un_indicateur(par=MOMO, contrat=contrat, fiche=None, nom="Arbres plantés")
    double = site.post(adresse("indicateurs/ajouter/"), nom="Arbres plantés", fiche="")
    assert double.status_code == 422
    assert "déjà proposé à toutes les fiches" in lire(double)
    ailleurs = site.post(adresse("indicateurs/ajouter/"), nom="Autre", fiche="99-9")
    assert "Cette fiche n’est pas de ce contrat." in lire(ailleurs)
    assert Indicateur.objects.count() == 1


def test_un_indicateur_retire_peut_revenir(contrat):
    fiche = contrat.fiches.first()
    premier = ajouter_un_indicateur(par=MOMO, contrat=contrat, fiche=fiche, nom="Repas")
    with pytest.raises(Refus, match="Cette fiche a déjà cet indicateur"):
        ajouter_un_indicateur(par=MOMO, contrat=contrat, fiche=fiche, nom="Repas")
    Indicateur.objects.filter(pk=premier.pk).update(retire_le=premier.cree_le)
    ajouter_un_indicateur(par=MOMO, contrat=contrat, fiche=fiche, nom="Repas")


def test_ceux_de_la_fiche_viennent_avant_ceux_de_toutes(contrat):
    une, autre = contrat.fiches.order_by("numero")[:2]
    for fiche, nom in ((None, "Personnes"), (une, "Arbres"), (autre, "Vélos")):
        ajouter_un_indicateur(par=MOMO, contrat=contrat, fiche=fiche, nom=nom)
    trouves = indicateurs_des_fiches(MOMO, contrat, [une.pk])
    assert [i.nom for i in trouves] == ["Arbres", "Personnes"]


def test_la_liste_ne_coute_pas_plus_de_requetes(ouvert, contrat, django_assert_max_num_queries):
    site, adresse = ouvert
    site.get(adresse("indicateurs/"))
    comptes = []
    for total in (1, 3, 50):
        for rang in range(Indicateur.objects.count(), total):
            ajouter_un_indicateur(par=MOMO, contrat=contrat, fiche=None, nom=f"Repas {rang}")
        with django_assert_max_num_queries(30) as compte:
            site.get(adresse("indicateurs/"))
        comptes.append(len(compte))
    assert len(set(comptes)) == 1, comptes
