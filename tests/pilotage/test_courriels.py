"""Les courriels abandonnés : leur raison, jamais leur texte, et les relancer."""

from datetime import date
from uuid import uuid4

import pytest
from django.utils import timezone

from parvis.courriels.enums import Etat, Sujet
from parvis.courriels.models import Courriel
from parvis.journal.models import Evenement
from parvis.pilotage.actions.courriels import relancer_les_courriels
from parvis.socle.refus import Refus
from tests.pilotage.conftest import lire

pytestmark = pytest.mark.django_db
JOUR = date(2026, 3, 1)


def test_les_courriels_abandonnes_disent_pourquoi_et_jamais_leur_texte(site, abandonner):
    abandonner(objet="Votre objet visible")
    abandonner(sujet=Sujet.SECURITE, objet="Code 123456 pour entrer")
    page = lire(site.get("/pilotage/courriels/"))
    assert "550 Boîte inconnue" in page
    assert "Votre objet visible" in page
    assert "123456" not in page
    assert "Sécurité de votre compte" in page


def test_les_courriels_se_filtrent_et_les_echecs_recents_se_voient(site, abandonner):
    abandonner("a@x.example", etat=Etat.ENVOYE, envoye_le=timezone.now())
    abandonner("b@x.example", etat=Etat.A_ENVOYER, prochain_essai_le=timezone.now())
    abandonner("c@x.example")

    def adresses(**choix):
        page = lire(site.get("/pilotage/courriels/", **choix))
        return {a for a in ("a@x.example", "b@x.example", "c@x.example") if a in page}

    assert adresses() == {"c@x.example"}
    assert adresses(etat="") == {"a@x.example", "b@x.example", "c@x.example"}
    assert adresses(etat="rate") == {"b@x.example"}
    assert adresses(etat="", q="A@X") == {"a@x.example"}
    assert "Aucun courriel ne répond" in lire(site.get("/pilotage/courriels/", etat="en_cours"))


def test_on_relance_ceux_que_l_on_coche(site, abandonner):
    coche, laisse = abandonner(), abandonner()
    site.post("/pilotage/courriels/relancer/", courriel=[str(coche.identifiant)])
    coche.refresh_from_db()
    laisse.refresh_from_db()
    assert (coche.etat, coche.essais, laisse.etat) == (Etat.A_ENVOYER, 0, Etat.ABANDONNE)
    acte = Evenement.objects.get(action="pilotage.relancer")
    assert acte.details.contenu == {"nombre": 1}
    assert "a relancé 1 courriel." in lire(site.get("/pilotage/journal/"))


@pytest.mark.parametrize("intrus", ["envoye", "absent", "illisible", "rien"])
def test_un_seul_intrus_et_rien_ne_repart(site, abandonner, intrus):
    coche = abandonner()
    envoye = abandonner(etat=Etat.ENVOYE, envoye_le=timezone.now())
    ids = {
        "envoye": [coche.identifiant, envoye.identifiant],
        "absent": [coche.identifiant, uuid4()],
        "illisible": [coche.identifiant, "1 OR 1=1"],
        "rien": [],
    }[intrus]
    assert site.post("/pilotage/courriels/relancer/", courriel=ids).status_code == 404
    coche.refresh_from_db()
    assert coche.etat == Etat.ABANDONNE
    assert not Evenement.objects.filter(action="pilotage.relancer").exists()


def test_on_relance_toute_la_liste_filtree_et_elle_seule(site, abandonner):
    vises = [abandonner(f"v{rang}@ville.example") for rang in range(3)]
    autres = [
        abandonner("x@ailleurs.example"),
        abandonner("y@ville.example", sujet=Sujet.SECURITE),
    ]
    site.post(
        "/pilotage/courriels/relancer/",
        tous="oui",
        q="ville",
        sujet="plateforme",
        # Ce que l'on glisse en plus ne compte pas.
        courriel=[str(autres[0].identifiant)],
    )
    a_envoyer = Courriel.objects.filter(etat=Etat.A_ENVOYER)
    assert {c.pk for c in a_envoyer} == {c.pk for c in vises}
    assert Evenement.objects.get(action="pilotage.relancer").details.contenu == {"nombre": 3}


def test_relancer_ce_qui_n_est_plus_abandonne_se_refuse(site, administratrice, abandonner):
    parti = abandonner(etat=Etat.ENVOYE, envoye_le=timezone.now())
    with pytest.raises(Refus, match="rien à relancer"):
        relancer_les_courriels(par=administratrice, courriels=[parti])
    site.post("/pilotage/courriels/relancer/", tous="oui")
    assert not Evenement.objects.filter(action="pilotage.relancer").exists()
