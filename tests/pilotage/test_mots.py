"""Les mots d'ici : en ajouter un, voir ce qu'il change, le retirer."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parvis.cadre.actions.contrats import creer_contrat
from parvis.comptes.enums import Role
from parvis.orientation.models import MotDuContrat
from tests.pilotage.conftest import lire

pytestmark = pytest.mark.django_db
MOT = {"ecrit": "la Croluche", "sens": "jardins partagés"}


def test_un_mot_s_essaie_puis_s_ajoute_et_se_retire(ouvert, contrat):
    site, adresse = ouvert
    page = site.post(adresse("mots/"), **MOT, essai="aller à la Croluche", essayer="oui")
    assert page.status_code == 200
    vue = lire(page)
    assert "Ce mot change la réponse." in vue and "Sans ce mot" in vue
    assert 'value="la Croluche"' in vue  # rien de ce qui est saisi ne se perd
    assert not MotDuContrat.objects.exists()
    reponse = site.post(adresse("mots/"), **MOT)
    assert reponse["Location"] == adresse("mots/")
    page = lire(site.get(adresse("mots/")))
    assert "1 mot de ce contrat" in page and "Amina Traoré" in page
    assert "la Croluche" in lire(site.get(adresse()))  # l'histoire du contrat le raconte
    public = lire(Client().get(f"/{contrat.code}/orientation/", {"q": "la croluche"}))
    assert "pour vous" in public and "Traoré" not in public
    mot = MotDuContrat.objects.get()
    assert site.post(adresse(f"mots/{mot.pk}/retirer/"))["Location"] == adresse("mots/")
    assert "Aucun mot ajouté" in lire(site.get(adresse("mots/")))


@pytest.mark.parametrize(
    ("saisie", "attendu"),
    [
        ({"ecrit": "", "sens": "jardins"}, "Ce champ est obligatoire."),
        ({"ecrit": "la Croluche", "sens": "xylophone"}, "Aucune fiche ne dit ces mots-là"),
        ({"ecrit": "x" * 81, "sens": "jardins"}, "80"),
    ],
)
def test_un_refus_garde_ce_qui_est_ecrit(ouvert, saisie, attendu):
    site, adresse = ouvert
    page = site.post(adresse("mots/"), **saisie)
    assert page.status_code == 422
    assert attendu in lire(page) and f'value="{saisie["sens"]}"' in lire(page)


def test_un_mot_sans_effet_le_dit(ouvert):
    site, adresse = ouvert
    page = lire(site.post(adresse("mots/"), ecrit="la Croluche", sens="lune", essayer="oui"))
    assert "Ce mot ne change rien" in page and "Rien ne répond" in page


def test_le_mot_d_un_autre_contrat_est_introuvable(ouvert, autre_pilote, naviguer, voisin):
    site, adresse = ouvert
    naviguer(autre_pilote).post(f"/{voisin.code}/pilotage/mots/", **MOT)
    leur = MotDuContrat.objects.get()
    assert "Croluche" not in lire(site.get(adresse("mots/")))
    assert site.post(adresse(f"mots/{leur.pk}/retirer/")).status_code == 404
    assert MotDuContrat.objects.exists()


def test_sans_edition_publiee_la_page_le_dit(administratrice, agir, naviguer):
    creer_contrat(
        par=administratrice, code="ormes", titre="Ormes", territoire="Ormes", debut=2024, fin=2030
    )
    site = naviguer(agir("Zoé", Role.PILOTE, contrat="ormes"))
    page = site.get("/ormes/pilotage/mots/")
    assert "Publiez d’abord une édition" in lire(page)
    assert site.post("/ormes/pilotage/mots/", **MOT).status_code == 200
    assert not MotDuContrat.objects.exists()


def test_la_liste_coute_autant_quel_que_soit_le_nombre_de_mots(ouvert):
    site, adresse = ouvert
    couts = []
    for nombre in (1, 12):
        for rang in range(nombre):
            site.post(adresse("mots/"), ecrit=f"Zim{chr(97 + rang)}{nombre}", sens="jardins")
        with CaptureQueriesContext(connection) as requetes:
            site.get(adresse("mots/"))
        couts.append(len(requetes))
    assert couts[0] == couts[1]
