"""Mes projets, en commencer un, le reprendre : ce que les pages disent et ce qu'elles gardent."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from parvis.dossiers.models import Dossier, Projet, VersionDAppel
from parvis.territoires.models import Commune, Epci
from tests.espace_porteur.conftest import lire, mots
from tests.fabriques import appels, dossiers
from tests.fabriques.cadre import contrat_publie, petit_contrat
from tests.fabriques.comptes import organisme

pytestmark = pytest.mark.django_db


def clore(version) -> None:
    """Ferme un appel hier : une version publiée ne se change pas, on en fait une autre à la main."""
    hier = timezone.now() - timedelta(days=1)
    courante = version.appel.versions.latest("numero")
    courante.pk, courante.numero, courante.ferme_le = None, courante.numero + 1, hier
    courante._state.adding = True
    courante.save()


def test_mes_projets_vides_disent_que_faire(site, version):
    page = lire(site.get("projets"))
    assert "Aucun projet pour l’instant" in page
    assert "Commencer un projet" in page


def test_mes_projets_disent_l_etat_le_temps_et_la_suite(site, brouillon):
    page = mots(site.get("projets"))
    assert "Le jardin du Pré-Joli" in page
    assert "0 section complète sur" in page
    assert "rien n’est déposé" in page
    assert "Ferme dans 30 jours" in page
    assert "À faire ensuite Votre organisation" in page


def test_un_appel_clos_se_dit_et_garde_le_brouillon(site, brouillon, version):
    clore(version)
    page = lire(site.get("projets"))
    assert "A fermé le" in page
    assert "ce brouillon se garde" in page
    assert "À faire ensuite" not in page


def test_les_projets_d_un_autre_ne_se_voient_pas(comme, brouillon):
    assert "Le jardin du Pré-Joli" not in lire(comme("meuniere").get("projets"))
    # Qui attend ne voit que ce qu'il a commencé.
    assert "Le jardin du Pré-Joli" not in lire(comme("attente").get("projets"))
    assert comme("attente").get("dossier", brouillon.pk).status_code == 404


def test_le_nombre_de_requetes_ne_depend_pas_des_projets(
    site, lieux, version, django_assert_max_num_queries
):
    par = lieux.acteurs["gestionnaire"]
    site.get("projets")
    comptes = []
    for total in (1, 3, 12):
        while Projet.objects.count() < total:
            dossiers.brouillon(par, version.appel, f"Projet {Projet.objects.count()}")
        with django_assert_max_num_queries(60) as compte:
            site.get("projets")
        comptes.append(len(compte))
    assert len(set(comptes)) == 1, comptes


def test_un_visiteur_entre_puis_revient(comme, version):
    reponse = comme("visiteur").get("nouveau", appel=version.appel.adresse, q="un jardin")
    assert reponse.status_code == 302
    assert "/compte/connexion/?next=/tilleuls/projets/nouveau/" in reponse["Location"]
    assert "q%3Dun%2Bjardin" in reponse["Location"]


def test_sans_organisme_on_cherche_d_abord_le_sien(comme, version):
    reponse = comme("inscrit").get("nouveau", appel=version.appel.adresse)
    vers = f"/tilleuls/projets/nouveau/?appel={version.appel.adresse}"
    assert reponse["Location"] == f"/organismes/?{urlencode({'suite': vers})}"


def test_qui_lit_seulement_lit_pourquoi(comme, version):
    page = lire(comme("lecteur").get("nouveau"))
    assert "Votre rôle lit les projets, il n’en écrit pas" in page
    assert not Projet.objects.exists()


def test_sans_appel_ouvert_on_lit_le_calendrier(site, contrat):
    page = lire(site.get("nouveau"))
    assert "Aucun appel n’est ouvert" in page
    assert "/tilleuls/appels/" in page


def test_un_appel_ne_se_prend_pas_pour_plus_d_annees_qu_il_n_en_permet(lieux, contrat, site):
    pilote = lieux.acteurs["pilote"]
    annee = appels.dans(30).year
    court, long = (appels.brouillon(pilote, contrat, exercice=annee + n) for n in (0, 1))
    appels.presenter(pilote, court, exercices_max=2)
    appels.presenter(pilote, long, exercices_max=3)
    for version in (court, long):
        appels.appels.publier_l_appel(par=pilote, version=version)
    page = lire(site.get("nouveau"))
    assert ", 2 années au plus" in page and ", 3 années au plus" in page
    champs = {"titre": "Le jardin", "exercices": "3"}
    refusee = site.post("nouveau", **champs, appel=str(court.appel_id))
    assert refusee.status_code == 422
    assert "Cet appel finance 2 années au plus." in lire(refusee)
    assert not Dossier.objects.exists()
    site.post("nouveau", **champs, appel=str(long.appel_id))
    assert Dossier.objects.get().exercices == 3


def test_commencer_depuis_une_orientation_et_une_fiche(site, version):
    page = lire(site.get("nouveau", q="Un jardin partagé", fiche="1-2", lieu="Val-des-Tilleuls"))
    assert "Un jardin partagé</textarea>" in page
    assert 'value="1-2" checked' in page
    champs = {
        "titre": "Le jardin",
        "appel": str(version.appel_id),
        "exercices": "1",
        "description": "Un jardin partagé",
        "fiche": ["1-2", "9-9"],
        "echelle": "communes",
        "communes": [Commune.objects.get().code],
    }
    reponse = site.post("nouveau", **champs)
    dossier = Dossier.objects.get()
    assert reponse["Location"] == f"/tilleuls/dossiers/{dossier.pk}/"
    assert dossiers.dit(dossier, "projet")["description"] == "Un jardin partagé"
    assert list(dossiers.dit(dossier, "fiches")["fiches"]) == ["1-2"]
    assert [str(lieu) for lieu in dossier.lieux.all()] == ["Val-des-Tilleuls"]


def test_ce_qui_manque_se_dit_et_rien_ne_se_perd(site, version):
    reponse = site.post("nouveau", titre="", description="Mes mots à moi", ailleurs="")
    assert reponse.status_code == 422
    page = lire(reponse)
    assert "Donnez un titre au projet" in page
    assert "Mes mots à moi</textarea>" in page
    assert not Projet.objects.exists()


def _saisie(version: VersionDAppel, **autres) -> dict:
    return {
        "titre": "Le jardin",
        "appel": str(version.appel_id),
        "description": "Planter à Port-Tilleul.",
    } | autres


def test_une_commune_d_un_autre_contrat_mene_a_lui_sans_rien_perdre(lieux, site, version):
    port = Commune.objects.create(code="94041", nom="Port-Tilleul", departement="94")
    Epci.objects.create(nom="Val-de-Port").communes.add(port)
    ailleurs = petit_contrat(
        territoire="Val-de-Port", titre="Contrat du Port", periode=(2024, 2099)
    )
    contrat_publie("port", ailleurs)
    page = lire(site.post("nouveau", **_saisie(version, ailleurs="port tilleul")))
    assert "Ce contrat ne couvre pas Port-Tilleul" in page
    assert "Continuer dans « Contrat du Port »" in page
    assert "/port/projets/nouveau/?titre=Le+jardin&q=Planter" in page
    assert "Planter à Port-Tilleul.</textarea>" in page
    assert not Projet.objects.exists()


def test_une_commune_que_nul_contrat_ne_couvre_dit_qui_appeler(site, version):
    port = Commune.objects.create(code="94041", nom="Port-Tilleul", departement="94")
    organisme("Commune de Port-Tilleul", "commune", siege=port, telephone="01 99 00 00 41")
    page = lire(site.post("nouveau", **_saisie(version, ailleurs="Port-Tilleul")))
    assert "Aucun contrat de ville présent ici ne la couvre" in page
    assert "01 99 00 00 41" in page
    inconnue = lire(site.post("nouveau", **_saisie(version, ailleurs="Nulle-Part-les-Bains")))
    assert "Nous ne connaissons pas de commune de ce nom" in inconnue


def test_une_commune_du_contrat_nommee_a_la_main_compte(site, version):
    site.post("nouveau", **_saisie(version, ailleurs="VAL DES TILLEULS"))
    assert [str(lieu) for lieu in Dossier.objects.get().lieux.all()] == ["Val-des-Tilleuls"]


def test_un_brouillon_deja_la_pose_la_question(site, brouillon, version):
    reponse = site.post("nouveau", **_saisie(version))
    assert reponse.status_code == 409
    page = lire(reponse)
    assert "Vous avez déjà 1 brouillon pour cet appel" in page
    assert f"/tilleuls/dossiers/{brouillon.pk}/" in page
    assert "Planter à Port-Tilleul.</textarea>" in page
    assert Dossier.objects.count() == 1
    site.post("nouveau", **_saisie(version, autre="oui"))
    assert Dossier.objects.count() == 2


def test_un_collectif_nomme_qui_recevra_l_argent(lieux, comme, version):
    lieux.ajouter("voisins", organisme("Les Voisins", "collectif"), "gestionnaire")
    site = comme("voisins")
    assert "Qui recevra l’argent pour vous" in lire(site.get("nouveau"))
    page = lire(site.post("nouveau", **_saisie(version, structure="Zzz Qqq")))
    assert "Nous ne connaissons pas cette structure" in page
    site.post("nouveau", **_saisie(version, structure="Le Club du Moulin"))
    assert Projet.objects.get().structure_porteuse == lieux.moulin


def test_reprendre_un_dossier_pour_un_autre_appel(lieux, site, brouillon):
    suivant = dossiers.appel_ouvert(
        lieux.acteurs["pilote"],
        brouillon.appel.contrat,
        titre="L’appel d’après",
        ferme_le=appels.dans(60),
    )
    page = lire(site.get("nouveau", dossier=brouillon.pk))
    assert "L’appel d’après" in page
    champs = {"dossier": brouillon.pk, "appel": suivant.appel_id}
    site.post("nouveau", **champs)
    copie = Dossier.objects.get(copie_de=brouillon)
    assert copie.projet == brouillon.projet
    vie = lire(site.get("projet", brouillon.projet_id))
    assert "L’appel d’après" in vie and "Ses dossiers, au fil des ans" in vie
    encore = site.post("nouveau", **champs)
    assert encore.status_code == 409
    assert "Continuez-le" in lire(encore)


def test_reprendre_le_dossier_d_un_autre_n_existe_pas(comme, brouillon):
    assert comme("meuniere").get("nouveau", dossier=brouillon.pk).status_code == 404
