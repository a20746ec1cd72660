"""Les appels ouverts et les projets là où on les cherche : fiche, piste, lieu, financeur, opérateur."""

import html

import pytest

from parvis.cadre.models import OrganismeDePartenaire, Partenaire
from tests.carte.val import contrat_decline, val_des_tilleuls
from tests.decors import decor
from tests.fabriques import appels, depots
from tests.fabriques import projets as fabrique
from tests.fabriques.comptes import monde

pytestmark = pytest.mark.django_db


def lire(client, adresse: str, **parametres: str) -> str:
    reponse = client.get(adresse, parametres)
    assert reponse.status_code == 200
    return html.unescape(reponse.text).replace("\u202f", " ").replace("\xa0", " ")


@decor
def ici():
    return depots.lieux()


@decor
def projet(ici):
    depose = fabrique.projet(
        ici.version, ici.monde.verger, "Le projet déposé", etat="recevable", echelle="agglomeration"
    )
    fiche = ici.contrat.fiches.get(numero="1-1")
    depose.fiches.update_or_create(fiche=fiche, defaults={"est_principale": True})
    return depose


class TestFiche:
    def test_un_projet_n_y_est_pas_avant_un_vote_sauf_pour_les_siens(self, client, ici, projet):
        assert "Le projet déposé" not in lire(client, "/tilleuls/fiches/1-1/")
        sienne = lire(ici.monde.client("lecteur"), "/tilleuls/fiches/1-1/")
        assert "Des projets qui y répondent" in sienne and "Pas encore public" in sienne
        fabrique.voter(projet, ici.caisse)
        assert "2 000 € votés" in lire(client, "/tilleuls/fiches/1-1/")
        assert "Le projet déposé" not in lire(client, "/tilleuls/fiches/1-2/")

    def test_une_fiche_sans_projet_n_en_parle_pas(self, client, ici):
        assert "Des projets qui y répondent" not in lire(client, "/tilleuls/fiches/1-1/")


class TestOrientation:
    def test_une_piste_montre_l_appel_ouvert_et_compte_les_projets(self, client, ici, projet):
        question = {"q": "verdir le quartier avec des arbres"}
        page = lire(client, "/tilleuls/orientation/", **question)
        assert "Un appel ouvert en ce moment" in page
        assert f"/tilleuls/appels/{ici.version.appel.adresse}/" in page
        assert "projet qui répond à cette fiche" not in page
        fabrique.voter(projet, ici.caisse)
        page = lire(client, "/tilleuls/orientation/", **question)
        assert "Lire 1 projet qui répond à cette fiche" in page
        assert "/tilleuls/fiches/1-1/#projets" in page


class TestPartenaires:
    def test_un_financeur_montre_les_appels_qu_il_finance(self, client, ici):
        financeur = Partenaire.objects.filter(fiches__role="financeur").first()
        adresse = f"/tilleuls/financeurs/{financeur.slug}/"
        assert "Les appels ouverts qu’il finance" not in lire(client, adresse)
        OrganismeDePartenaire.objects.create(
            partenaire=financeur,
            organisme=ici.caisse,
            depuis_le="2015-01-01",
            origine="proposee",
        )
        appels.ailleurs(ici.acteur("pilote"), ici.contrat, partenaire=financeur)
        page = lire(client, adresse)
        assert "Les appels ouverts qu’il finance" in page and "Vacances pour tous" in page
        assert f"/tilleuls/appels/{ici.version.appel.adresse}/" in page

    def test_un_operateur_montre_les_appels_de_ses_fiches_et_les_projets_de_ses_organismes(
        self, client, ici, projet
    ):
        operateur = Partenaire.objects.filter(fiches__role="operateur").first()
        adresse = f"/tilleuls/operateurs/{operateur.slug}/"
        assert "Les appels ouverts sur ses fiches" in lire(client, adresse)
        OrganismeDePartenaire.objects.create(
            partenaire=operateur,
            organisme=ici.monde.verger,
            depuis_le="2015-01-01",
            origine="proposee",
        )
        assert "Le projet déposé" not in lire(client, adresse)
        assert "Le projet déposé" in lire(ici.monde.client("pilote"), adresse)
        fabrique.voter(projet, ici.caisse)
        assert "Le projet déposé" in lire(client, adresse)


def test_une_commune_montre_ses_appels_et_les_projets_de_ses_quartiers(client):
    val = val_des_tilleuls()
    edition = contrat_decline("Port-Tilleul")
    ici = depots.lieux(monde(), edition.contrat)
    adresse = "/tilleuls/communes/94041/"
    assert adresse in lire(client, "/tilleuls/declinaisons/port-tilleul/")
    page = lire(client, adresse)
    assert "Les appels ouverts à un projet d’ici" in page and "Les projets" not in page
    depose = fabrique.projet(
        ici.version, ici.monde.verger, "Aux Bateliers", val.bateliers, etat="recevable"
    )
    ailleurs = fabrique.projet(
        ici.version, ici.monde.verger, "Au Verger", val.verger, etat="recevable"
    )
    for un in (depose, ailleurs):
        fabrique.voter(un, ici.caisse)
    page = lire(client, adresse)
    assert "Aux Bateliers" in page and "Au Verger" not in page
