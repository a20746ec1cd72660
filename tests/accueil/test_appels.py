"""Les pages publiques des appels : le calendrier, un appel et ses versions, en être prévenu."""

import html

import pytest

from parvis.dossiers.actions import appels
from parvis.dossiers.models import Alerte
from tests.decors import decor
from tests.fabriques import appels as fabrique
from tests.fabriques import comptes

pytestmark = pytest.mark.django_db


@decor
def contrat(contrat_publie):
    return contrat_publie.contrat


def lire(reponse):
    texte = html.unescape(reponse.content.decode())
    return texte.replace("\u202f", " ").replace("\xa0", " ")


def test_un_contrat_sans_appel_dit_quoi_faire(client, contrat):
    texte = lire(client.get("/tilleuls/appels/"))
    assert "Aucun appel n’est ouvert ni annoncé" in texte
    assert "/tilleuls/appels/etre-prevenu/" in texte
    assert "Aucun appel à projets n’est ouvert" in lire(client.get("/tilleuls/"))


def test_le_calendrier_dit_quand_chaque_appel_ferme(client, acteur, contrat):
    fabrique.publie(acteur, contrat, titre="Appel des quartiers")
    fabrique.brouillon(acteur, contrat, titre="Appel secret")
    fabrique.ailleurs(acteur, contrat)
    texte = lire(client.get("/tilleuls/appels/"))
    assert "2 appels" in texte
    assert "Ferme dans 30 jours, le " in texte and " à 18 h 00" in texte
    assert "Fondation du Grand Air" in texte and "https://grand-air.example/appel" in texte
    assert "Appel secret" not in texte


def test_les_choix_et_le_fragment(client, acteur, contrat):
    fabrique.publie(acteur, contrat, titre="Appel des quartiers")
    fabrique.ailleurs(acteur, contrat)
    texte = lire(
        client.get("/tilleuls/appels/?organisme=ce-contrat", headers={"HX-Request": "true"})
    )
    assert "1 appel" in texte and "Vacances pour tous" not in texte
    assert "<html" not in texte
    vide = lire(client.get("/tilleuls/appels/?etat=clos"))
    assert "Aucun appel ne répond à ces choix" in vide


@pytest.mark.parametrize("extension", ["csv", "xlsx", "ics"])
def test_le_calendrier_s_emporte(client, acteur, contrat, extension):
    fabrique.publie(acteur, contrat, titre="=Appel")
    reponse = client.get(f"/tilleuls/appels/calendrier.{extension}")
    assert reponse.status_code == 200
    assert f"tilleuls-appels.{extension}" in reponse["Content-Disposition"]
    if extension == "csv":
        assert "'=Appel;Ce contrat;Ouvert" in reponse.content.decode()
    if extension == "ics":
        assert b"SUMMARY:Cl\xc3\xb4ture : =Appel" in reponse.content


def test_une_autre_extension_n_existe_pas(client, contrat):
    assert client.get("/tilleuls/appels/calendrier.pdf").status_code == 404


def test_un_appel_dit_tout_ce_qu_il_faut_pour_repondre(client, acteur, contrat):
    version = fabrique.publie(acteur, contrat)
    adresse = f"/tilleuls/appels/{version.appel.adresse}/"
    texte = lire(client.get(adresse))
    for mot in (
        "Des projets utiles aux habitants",
        "Ouvrir des jardins partagés 1-1",
        "Caisse des Tilleuls",
        "Crédits de la politique de la ville",
        "Relevé d’identité bancaire",
        "01 99 00 00 01",
        "du lundi au vendredi",
    ):
        assert mot in texte, mot
    pieces = lire(client.get(f"{adresse}?nature=commune"))
    assert "Délibération" in pieces and "Récépissé de déclaration" not in pieces
    assert client.get(f"{adresse}?nature=inconnue").status_code == 200


def test_une_ancienne_version_se_dit_ancienne(client, acteur, contrat):
    premiere = fabrique.publie(acteur, contrat)
    seconde = appels.preparer_une_version(par=acteur, appel=premiere.appel)
    fabrique.presenter(acteur, seconde, ferme_le=fabrique.dans(44))
    seconde.refresh_from_db()
    appels.publier_l_appel(par=acteur, version=seconde, ce_qui_change="Deux semaines de plus.")
    adresse = f"/tilleuls/appels/{premiere.appel.adresse}/"
    courante, ancienne = lire(client.get(adresse)), lire(client.get(f"{adresse}versions/1/"))
    assert "Deux semaines de plus." in courante and "La clôture est repoussée" in courante
    assert "Vous lisez une ancienne version" in ancienne
    assert "Vous lisez une ancienne version" not in courante
    assert client.get(f"{adresse}versions/3/").status_code == 404


def test_la_fiche_dit_les_appels_ouverts(client, acteur, contrat):
    fabrique.publie(acteur, contrat, titre="Appel des quartiers")
    fabrique.ailleurs(acteur, contrat)
    texte = lire(client.get("/tilleuls/fiches/1-1/"))
    assert "Appel des quartiers" in texte and "Vacances pour tous" in texte
    assert "Vacances pour tous" not in lire(client.get("/tilleuls/fiches/2-1/"))


class TestEtrePrevenu:
    ADRESSE = "/tilleuls/appels/etre-prevenu/"

    @pytest.fixture
    def lina(self, contrat):
        return comptes.acteur(comptes.personne("Lina"))

    def test_un_visiteur_est_invite_a_se_connecter(self, client, contrat):
        reponse = client.get(self.ADRESSE)
        assert reponse.status_code == 302 and "/compte/connexion/" in reponse["Location"]

    def test_depuis_une_fiche_elle_est_deja_cochee(self, lina):
        texte = lire(comptes.entrer(lina.utilisateur).get(f"{self.ADRESSE}?fiche=1-2"))
        assert texte.count("checked") == 1
        assert not Alerte.objects.exists()

    def test_on_choisit_des_fiches_puis_on_renonce(self, lina, contrat):
        site = comptes.entrer(lina.utilisateur)
        fiche = contrat.fiches.get(numero="1-1")
        site.post(self.ADRESSE, comptes.envoi(lina, fiches=[fiche.pk]))
        assert Alerte.objects.get().fiche == fiche
        site.post(self.ADRESSE, comptes.envoi(lina))
        assert not Alerte.objects.exists()

    def test_la_fiche_d_un_autre_contrat_est_refusee(self, lina):
        from tests.fabriques.cadre import contrat_publie as publier

        etrangere = publier("erables").contrat.fiches.first()
        envoi = comptes.envoi(lina, fiches=[etrangere.pk])
        assert comptes.entrer(lina.utilisateur).post(self.ADRESSE, envoi).status_code == 422
        assert not Alerte.objects.exists()
