"""La séance vue d'un membre : ce qu'elle propose ; d'un financeur : ce qu'il apporte, ce qu'il en reprend."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from parvis.comptes.enums import Role
from parvis.instances.actions import convoquer
from parvis.instruction.models import Deport
from parvis.programmation.enums import Resultat
from parvis.programmation.models import ApportDeSeance, DeportDeSeance
from tests.decors import decor
from tests.espace_financeur.test_dossiers import Site
from tests.fabriques import decisions, instances, seances, seances_pleines
from tests.pilotage.conftest import lire

pytestmark = pytest.mark.django_db
SECRET = "4 321"


@decor
def tenue():
    """Rend une séance ouverte où siègent la caisse et la commune."""
    tenue = seances.seance()
    tenue.mandats["olga"] = instances.membre(tenue.pilote, tenue.instance, tenue.etude.olga)
    return tenue.ouvrir()


@pytest.fixture
def samia(tenue):
    return Site(tenue.etude, "samia")


@pytest.fixture
def olga(tenue):
    return Site(tenue.etude, "olga")


def page(site, tenue):
    return lire(site.get("seance", tenue.seance.pk))


def test_un_membre_suit_la_seance(tenue, samia):
    assert "2 demandes à arbitrer" in page(samia, tenue)
    tenue.arbitrer(tenue.samia, montant="1500")
    dit = page(samia, tenue)
    assert "accordée en partie, 1 500 € sur" in dit and "1 demande à arbitrer sur 2" in dit
    assert "Tout est provisoire" in dit


def test_ses_reunions_menent_a_la_seance(tenue, samia):
    reunion = tenue.seance.reunion
    reunion.etat, reunion.convoquee_le = "convoquee", reunion.commence_le
    reunion.save()
    adresse = reverse("espace_financeur:seance", args=("tilleuls", tenue.seance.pk))
    assert adresse in lire(samia.get("reunions"))


def test_qui_ne_siege_pas_ne_la_trouve_pas(tenue):
    tenue.etude.ici.monde.ajouter("autre", tenue.etude.ici.caisse, Role.INSTRUCTEUR)
    assert Site(tenue.etude, "autre").get("seance", tenue.seance.pk).status_code == 404


def test_le_reste_de_l_un_ne_se_lit_pas_chez_l_autre(tenue, samia, olga):
    decisions.enveloppe(tenue.etude, tenue.samia, 4321)
    assert SECRET in page(samia, tenue)
    assert SECRET not in page(olga, tenue)
    pilote = reverse("pilotage:ecran_de_seance", args=("tilleuls", tenue.seance.pk))
    assert SECRET not in lire(tenue.etude.ici.monde.client("pilote").get(pilote))


def test_ce_qui_est_propose_et_tu_ne_sort_pas_du_service(tenue, samia, olga):
    tenue.etude.rendre(tenue.samia, montant="1432", note_interne="Porteur fragile")
    ecran = reverse("pilotage:ecran_de_seance", args=("tilleuls", tenue.seance.pk))
    for lu in (page(olga, tenue), lire(tenue.etude.ici.monde.client("pilote").get(ecran))):
        assert "1 432" not in lu and "fragile" not in lu


def test_un_financeur_dit_son_apport(tenue, samia, olga):
    decisions.enveloppe(tenue.etude, tenue.samia, 4321)
    dit = page(samia, tenue)
    # Rien n'est écrit d'avance : dire son reste à tous ne se fait pas d'un seul clic.
    assert "vous pouvez apporter jusqu’à 4 321 €" in dit and 'value="4 321"' not in dit
    refuse = samia.post("apporter", tenue.seance.pk, montant="tout")
    assert refuse.status_code == 422 and 'value="tout"' in lire(refuse)
    samia.post("apporter", tenue.seance.pk, montant="3 000", vote_prevu_le="2031-03-12")
    apport = ApportDeSeance.objects.get()
    assert (apport.financeur, apport.montant) == (tenue.samia.organisme, 3000)
    assert "reste <strong>3 000 €</strong>" in page(olga, tenue)


def test_un_membre_se_retire_et_ne_voit_plus(tenue, olga):
    point = tenue.point
    refuse = olga.post("se_deporter_en_seance", tenue.seance.pk, point=str(point.pk), motif="")
    assert refuse.status_code == 422
    champs = {"point": str(point.pk), "motif": "Mon frère préside l’association."}
    olga.post("se_deporter_en_seance", tenue.seance.pk, **champs)
    assert DeportDeSeance.objects.get().mandat == tenue.mandats["olga"]
    assert Deport.objects.get().utilisateur == tenue.etude.olga.utilisateur
    dit = page(olga, tenue)
    assert "verger" not in dit and "Vous vous êtes retiré de 1 dossier" in dit


def test_la_decision_reprend_la_seance(tenue, samia, olga):
    vote = decisions.vote(tenue.etude)
    tenue.arbitrer(tenue.samia, montant="1500")
    tenue.arbitrer(tenue.etude.olga, Resultat.REFUSE, motif="Hors des priorités.")
    decision = vote.decision()
    adresse = ("reprendre_une_seance", decision.pk, tenue.seance.pk)
    assert samia.post(*adresse).status_code == 404
    tenue.publier()
    assert "a proposé 1 réponse" in lire(samia.get("decision", decision.pk))
    samia.post(*adresse)
    assert decision.lignes.get().montant == 1500
    assert "1 réponse reprise de la séance" in lire(samia.get("decision", decision.pk))
    # Reprise, il n'y a plus rien à reprendre ; et celle d'un autre n'existe pas.
    assert samia.post(*adresse).status_code == 404
    assert olga.post(*adresse).status_code == 404


def test_sans_enveloppe_la_reprise_dit_pourquoi(tenue, samia):
    vote = decisions.Vote(
        tenue.etude, decisions.enveloppe(tenue.etude, tenue.samia, 10, ligne="Sport")
    )
    decisions.enveloppe(tenue.etude, tenue.samia, 10, ligne="Culture")
    tenue.arbitrer(tenue.samia, montant="1500")
    tenue.publier()
    decision = vote.decision()
    samia.post("reprendre_une_seance", decision.pk, tenue.seance.pk)
    assert not decision.lignes.exists()
    assert "choisissez l’enveloppe" in lire(samia.get("decision", decision.pk))


def test_le_releve_ne_sort_qu_une_fois_publie(tenue, samia):
    assert samia.get("releve_de_seance", tenue.seance.pk, "docx").status_code == 404
    tenue.publier()
    sorti = samia.get("releve_de_seance", tenue.seance.pk, "docx")
    assert sorti.status_code == 200 and "attachment" in sorti["Content-Disposition"]


def test_le_nombre_de_requetes_ne_depend_pas_des_dossiers():
    tenue = seances_pleines.seance_pleine(9)
    if tenue.seance.reunion.convoquee_le is None:
        convoquer(par=tenue.pilote, reunion=tenue.seance.reunion)
    decisions.enveloppe(tenue.etude, tenue.samia, 4321)
    site, comptes = Site(tenue.etude, "samia"), []
    site.get("seance", tenue.seance.pk)
    for _ in range(2):
        with CaptureQueriesContext(connection) as requetes:
            assert site.get("seance", tenue.seance.pk).status_code == 200
        comptes.append(len(requetes))
        tenue.seance.points.filter(rang__gt=3).delete()
    assert comptes[0] == comptes[1] <= 45


def test_le_service_corrige_le_jour_de_son_vote(tenue, samia, olga):
    tenue.arbitrer(tenue.samia, montant="1500")
    assert "Le jour de votre vote" not in page(samia, tenue)
    tenue.publier()
    assert "Les porteurs ne lisent aucun jour" in page(samia, tenue)
    mauvais = samia.post("dater_le_vote", tenue.seance.pk, vote_prevu_le="1999-01-01")
    assert mauvais.status_code == 422 and "Ce jour est passé" in lire(mauvais)
    le = timezone.localdate() + timedelta(days=40)
    assert samia.post("dater_le_vote", tenue.seance.pk, vote_prevu_le=le).status_code == 302
    assert f"vous votez le {le.day}" in page(samia, tenue)
    assert tenue.etude.demande(tenue.samia).vote_prevu_le == le
    assert tenue.etude.demande(tenue.etude.olga).vote_prevu_le is None
