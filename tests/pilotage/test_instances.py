"""Les instances du contrat, à l'écran du pilote ; et à chaque membre, ses réunions."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from parvis.instances.actions import convoquer
from parvis.instances.models import Instance, Mandat, Presence, Reunion
from tests.decors import decor
from tests.fabriques import instances
from tests.fabriques.cadre import contrat_publie
from tests.fabriques.comptes import envoi, monde
from tests.pilotage.conftest import lire

pytestmark = pytest.mark.django_db


@decor
def comite(contrat_du_pilote):
    """Rend un comité où siègent une élue, un instructeur et quelqu'un sans compte."""
    lieux, contrat = contrat_du_pilote
    pilote = lieux.acteurs["pilote"]
    cree = instances.instance(pilote, contrat)
    for qui in (lieux.acteurs["elu"], lieux.acteurs["instructeur"], "Mme Dupré"):
        instances.membre(pilote, cree, qui)
    return lieux, cree


@decor
def contrat_du_pilote():
    """Rend le monde, et un contrat publié."""
    contrat = contrat_publie("tilleuls").contrat
    return monde(), contrat


class Site:
    """Le navigateur d'une personne, au pilotage de ce contrat."""

    def __init__(self, lieux, nom="pilote"):
        self.acteur, self.client = lieux.acteurs[nom], lieux.client(nom)

    def get(self, page, *args):
        return self.client.get(reverse(f"pilotage:{page}", args=("tilleuls", *args)))

    def post(self, page, *args, **champs):
        adresse = reverse(f"pilotage:{page}", args=("tilleuls", *args))
        return self.client.post(adresse, envoi(self.acteur, **champs))


@pytest.fixture
def site(comite):
    return Site(comite[0])


def test_de_l_instance_a_la_reunion_tenue(contrat_du_pilote):
    lieux, _ = contrat_du_pilote
    site = Site(lieux)
    assert "Aucune instance" in lire(site.get("instances"))
    site.post("instances", nom="Comité des financeurs", sorte="financeurs", quorum="50")
    cree = Instance.objects.get()
    jour = timezone.localdate()
    elue = str(lieux.acteurs["elu"].utilisateur.pk)
    for qui in ({"personne": elue, "fonction": "Maire adjointe"}, {"nom": "Mme Dupré"}):
        depuis = (jour - timedelta(days=30)).isoformat()
        site.post("nommer_un_membre", cree.pk, voix="deliberative", debut_le=depuis, **qui)
    page = lire(site.get("instance", cree.pk))
    assert "Maire adjointe" in page and "sans compte" in page
    prevue = site.post(
        "prevoir_une_reunion",
        cree.pk,
        objet="Programmation",
        commence_le=f"{jour + timedelta(days=9)}T14:00",
        lieu="Hôtel de ville",
        ordre_du_jour="Les dossiers",
    )
    reunion = Reunion.objects.get()
    assert prevue["Location"].endswith(f"/reunions/{reunion.pk}/")
    dit = lire(site.client.get(site.post("convoquer", reunion.pk)["Location"]))
    assert "à prévenir autrement : Mme Dupré" in dit
    site.post(
        "modifier_une_reunion",
        reunion.pk,
        objet="Programmation",
        commence_le=f"{jour - timedelta(days=1)}T14:00",
        lieu="Hôtel de ville",
    )
    elue, dupre = Mandat.objects.order_by("pk")
    site.post(
        "noter_les_presences",
        reunion.pk,
        **{
            f"presence-{elue.pk}": "present",
            f"presence-{dupre.pk}": "represente",
            f"par-{dupre.pk}": str(elue.pk),
        },
    )
    assert "2 voix sur 2, il en faut 1 : le quorum est atteint" in lire(
        site.get("reunion", reunion.pk)
    )
    site.post("tenir_une_reunion", reunion.pk)
    reunion.refresh_from_db()
    assert reunion.etat == "tenue"
    assert "Représenté par Elu Essai" in lire(site.get("reunion", reunion.pk))


def test_des_presences_refusees_gardent_ce_qui_est_coche(comite, site):
    _, cree = comite
    reunion = instances.reunion(site.acteur, cree, dans_jours=-1)
    elue = cree.mandats.order_by("pk").first()
    reponse = site.post("noter_les_presences", reunion.pk, **{f"presence-{elue.pk}": "represente"})
    assert reponse.status_code == 422
    texte = lire(reponse)
    assert "dites quel autre membre" in texte
    assert re.search(r'value="represente"\s+checked', texte)
    assert not Presence.objects.exists()


def test_chaque_formulaire_refuse_en_clair(comite, site):
    _, cree = comite
    for page, args, champs, dit in (
        ("instances", (), {"nom": "", "sorte": "financeurs"}, "Donnez un nom"),
        ("instances", (), {"nom": "X", "sorte": "financeurs", "quorum": "120"}, "de 0 à 100"),
        ("nommer_un_membre", (cree.pk,), {"voix": "deliberative"}, "Dites depuis quand"),
        (
            "nommer_un_membre",
            (cree.pk,),
            {"voix": "deliberative", "debut_le": "2026-01-01"},
            "écrivez son nom",
        ),
        ("prevoir_une_reunion", (cree.pk,), {"objet": "X", "commence_le": "demain"}, "15/03/2027"),
        ("modifier_une_instance", (cree.pk,), {"nom": ""}, "Donnez un nom"),
    ):
        reponse = site.post(page, *args, **champs)
        assert reponse.status_code == 422, page
        assert dit in lire(reponse), page


def test_annuler_et_clore(comite, site):
    _, cree = comite
    reunion = instances.reunion(site.acteur, cree)
    assert site.post("annuler_une_reunion", reunion.pk, motif="").status_code == 422
    site.post("annuler_une_reunion", reunion.pk, motif="Pas de salle.")
    assert "Pas de salle." in lire(site.get("reunion", reunion.pk))
    mandat = cree.mandats.first()
    site.post("finir_un_mandat", cree.pk, mandat.pk)
    mandat.refresh_from_db()
    assert mandat.fin_le == timezone.localdate()
    site.post("modifier_une_instance", cree.pk, nom="Comité", sorte="pilotage", quorum="0")
    site.post("clore_une_instance", cree.pk)
    assert "Close" in lire(site.get("instances"))


def test_un_membre_lit_ses_reunions_convoquees_et_elles_seules(comite):
    lieux, cree = comite
    pilote = lieux.acteurs["pilote"]
    convoquer(par=pilote, reunion=instances.reunion(pilote, cree, objet="La convoquée"))
    instances.reunion(pilote, cree, objet="La prévue")
    adresse = reverse("espace_financeur:reunions", args=("tilleuls",))
    page = lire(lieux.client("elu").get(adresse))
    assert "La convoquée" in page and "La prévue" not in page
    for qui in ("delegue", "gestionnaire"):
        assert "La convoquée" not in lire(lieux.client(qui).get(adresse))


@pytest.mark.parametrize("nombre", [1, 3, 40])
def test_une_feuille_se_lit_en_un_nombre_fixe_de_requetes(comite, site, nombre):
    _, cree = comite
    for rang in range(nombre):
        instances.membre(site.acteur, cree, f"Membre {rang}")
    reunion = instances.reunion(site.acteur, cree)
    site.get("reunion", reunion.pk)
    with CaptureQueriesContext(connection) as menees:
        page = site.get("reunion", reunion.pk)
    assert page.content.decode().count("<fieldset") == nombre + 3
    assert len(menees) <= 12
