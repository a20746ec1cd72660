"""La séance à l'écran de qui la tient : la préparer, la tenir, la publier."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from parvis.dossiers.models import Demande, Dossier
from parvis.instances.actions import noter_les_presences
from parvis.instances.rules import Venue
from parvis.programmation.enums import EtatDeSeance
from parvis.programmation.models import ApportDeSeance, Arbitrage, DeportDeSeance, Seance
from tests.decors import decor
from tests.fabriques import instances, seances, seances_pleines
from tests.fabriques.comptes import envoi
from tests.pilotage.conftest import lire

pytestmark = pytest.mark.django_db


class Site:
    """Le navigateur du pilote, au pilotage du contrat d'essai."""

    def __init__(self, tenue, nom="pilote"):
        monde = tenue.etude.ici.monde
        self.acteur, self.client = monde.acteurs[nom], monde.client(nom)
        self.contrat, self.seance = tenue.etude.ici.contrat.code, tenue.seance

    def adresse(self, page, *args):
        return reverse(f"pilotage:{page}", args=(self.contrat, *(args or (self.seance.pk,))))

    def get(self, page, *args, **choix):
        return self.client.get(self.adresse(page, *args), choix)

    def post(self, page, *args, **champs):
        return self.client.post(self.adresse(page, *args), envoi(self.acteur, **champs))


@decor
def tenue():
    return seances.seance()


@decor
def ouverte(tenue):
    return tenue.ouvrir()


@pytest.fixture
def site(tenue):
    return Site(tenue)


@pytest.fixture
def en_seance(ouverte):
    return Site(ouverte)


def demande_de(tenue, qui):
    return tenue.etude.demande(qui)


def test_de_la_reunion_a_la_publication(tenue, site):
    site.post("jeter_la_seance")
    comite = instances.instance(tenue.pilote, tenue.etude.ici.contrat, nom="Comité technique")
    mandat = instances.membre(tenue.pilote, comite, tenue.samia)
    reunion = instances.reunion(tenue.pilote, comite, dans_jours=-1)
    page = site.post("preparer_une_seance", reunion.pk, exercice=str(tenue.seance.exercice))
    site.seance = Seance.objects.get(reunion=reunion)
    assert page["Location"] == site.adresse("seance")
    assert "Y mettre le dossier recevable" in lire(site.get("seance"))
    site.post("inscrire")
    site.post("apporter", financeur=str(tenue.samia.organisme.pk), montant="5 000")
    assert "reste <strong>5 000 €</strong>" in lire(site.get("seance"))
    noter_les_presences(par=tenue.pilote, reunion=reunion, venues={mandat.pk: Venue("present")})
    assert site.post("ouvrir_la_seance")["Location"] == site.adresse("ecran_de_seance")
    vise = demande_de(tenue, tenue.samia)
    page = site.post("arbitrer", demande=str(vise.pk), resultat="accorde", montant="1 500")
    assert f"demande={demande_de(tenue, tenue.etude.olga).pk}" in page["Location"]
    site.post("lever_la_seance")
    assert "1 demande sans arbitrage" in lire(site.get("publier_la_seance"))
    assert site.post("publier_la_seance").status_code == 422
    site.post("ajourner_le_reste")
    site.post("publier_la_seance")
    page = lire(site.get("seance"))
    assert "les porteurs savent ce qui leur est proposé" in page
    assert "accordée en partie, 1 500 € sur" in page


def test_l_exercice_propose_est_celui_des_dossiers_qui_attendent(tenue, site):
    reunion = instances.reunion(tenue.pilote, tenue.seance.reunion.instance, dans_jours=9)
    annee = timezone.localdate(reunion.commence_le).year
    Dossier.objects.update(exercice=annee + 1)
    for etat, propose in (("demandee", annee + 1), ("refusee", annee)):
        Demande.objects.update(etat=etat)
        page = " ".join(lire(site.get("reunion", reunion.pk)).split())
        assert f'inputmode="numeric" value="{propose}"' in page


def test_un_arbitrage_refuse_garde_ce_qui_est_ecrit(ouverte, en_seance):
    vise = demande_de(ouverte, ouverte.samia)
    page = en_seance.post("arbitrer", demande=str(vise.pk), resultat="accorde", montant="12 mille")
    assert page.status_code == 422 and 'value="12 mille"' in lire(page)
    page = en_seance.post("arbitrer", demande=str(vise.pk), resultat="accorde", montant="999 999")
    assert page.status_code == 422 and "demandés" in lire(page)
    assert 'value="999 999"' in lire(page)
    page = en_seance.post("arbitrer", demande=str(vise.pk), resultat="refuse", motif=" ")
    assert page.status_code == 422 and "Dites pourquoi." in lire(page)
    assert not Arbitrage.objects.exists()


def test_une_demande_d_ailleurs_n_existe_pas(ouverte, en_seance):
    for vise in ("0", "999999", "abc"):
        assert en_seance.post("arbitrer", demande=vise, resultat="accorde").status_code == 404
    assert en_seance.get("ecran_de_seance", ouverte.seance.pk, demande="abc").status_code == 200


def test_l_ecran_annule_le_dernier_et_y_revient(ouverte, en_seance):
    vise = demande_de(ouverte, ouverte.samia)
    en_seance.post("arbitrer", demande=str(vise.pk), resultat="accorde", montant="100")
    page = en_seance.post("annuler_un_arbitrage")
    assert page["Location"].endswith(f"?demande={vise.pk}")
    assert "2 demandes à arbitrer" in lire(en_seance.get("ecran_de_seance"))
    en_seance.post("annuler_un_arbitrage")
    assert "Il n’y a rien à annuler." in lire(en_seance.get("ecran_de_seance"))


def test_deux_claviers_ne_se_recouvrent_pas(ouverte, en_seance):
    vise = demande_de(ouverte, ouverte.samia)
    ouverte.arbitrer(ouverte.samia, montant="700")
    page = en_seance.post(
        "arbitrer", demande=str(vise.pk), resultat="accorde", montant="300", depart="0"
    )
    assert page.status_code == 422 and "quelqu’un vient de l’arbitrer" in lire(page)
    assert ouverte.point.arbitrages.get(vaut=True).montant == 700


def test_un_apport_illisible_revient_avec_son_texte(tenue, site):
    page = site.post("apporter", financeur=str(tenue.samia.organisme.pk), montant="beaucoup")
    assert page.status_code == 422 and 'value="beaucoup"' in lire(page)
    assert site.post("apporter", financeur="999999", montant="1").status_code == 404
    assert not ApportDeSeance.objects.exists()


def test_un_deport_se_note_et_se_lit(tenue, site):
    point, mandat = tenue.point, tenue.mandats["samia"]
    page = site.post("deporter", point=str(point.pk), mandat=str(mandat.pk), motif="")
    assert page.status_code == 422 and "Dites pourquoi se retirer." in lire(page)
    site.post("deporter", point=str(point.pk), mandat=str(mandat.pk), motif="Membre du bureau.")
    assert DeportDeSeance.objects.get().mandat == mandat
    assert "se retire de « Le verger du pied d’immeuble »" in lire(site.get("seance"))


def test_la_reunion_d_une_seance_ne_se_tient_ni_ne_s_annule_a_part(ouverte, en_seance):
    reunion = ouverte.seance.reunion
    for geste in ("tenir_une_reunion", "annuler_une_reunion"):
        en_seance.post(geste, reunion.pk, motif="Salle fermée.")
        reunion.refresh_from_db()
        assert reunion.etat == "prevue"
    assert "c’est elle qui se lève" in lire(en_seance.get("reunion", reunion.pk))


def test_l_ordre_du_jour_se_prend_au_tableau(tenue, site):
    site.post("retirer_de_l_ordre", tenue.seance.pk, tenue.point.pk)
    page = lire(site.client.get(reverse("pilotage:programmation", args=[site.contrat])))
    assert "à l’ordre du jour du" in page
    site.client.post(f"{site.adresse('inscrire')}?q=rien-de-tel", envoi(site.acteur))
    adresse = f"{site.adresse('inscrire')}?exercice={tenue.seance.exercice}"
    site.client.post(adresse, envoi(site.acteur))
    assert tenue.seance.points.count() == 1
    site.client.post(adresse, envoi(site.acteur))
    assert "Rien à ajouter" in lire(site.get("seance"))


def test_une_seance_se_jette_avant_de_s_ouvrir(tenue, site):
    site.post("jeter_la_seance")
    assert not Seance.objects.exists()
    assert "Préparer la séance" in lire(site.get("reunion", tenue.seance.reunion.pk))


def test_ouverte_elle_ne_se_jette_plus(ouverte, en_seance):
    en_seance.post("jeter_la_seance")
    assert Seance.objects.get().etat == EtatDeSeance.OUVERTE


@pytest.mark.parametrize("page", ["seance", "ecran_de_seance", "publier_la_seance"])
def test_le_nombre_de_requetes_ne_depend_pas_des_dossiers(page):
    tenue = seances_pleines.seance_pleine(9)
    site, comptes = Site(tenue), []
    site.get(page)
    for _ in range(2):
        with CaptureQueriesContext(connection) as requetes:
            assert site.get(page).status_code == 200
        comptes.append(len(requetes))
        tenue.seance.points.filter(rang__gt=3).delete()
    assert comptes[0] == comptes[1] <= 45


def test_une_seconde_seance_part_de_ce_que_la_premiere_a_laisse(ouverte, en_seance):
    en_seance.post("apporter", financeur=str(ouverte.samia.organisme.pk), montant="5 000")
    ouverte.arbitrer(ouverte.samia, montant="1500")
    ouverte.publier()
    reunion = instances.reunion(ouverte.pilote, ouverte.instance)
    en_seance.post("preparer_une_seance", reunion.pk, exercice=str(ouverte.seance.exercice))
    en_seance.seance = Seance.objects.get(reunion=reunion)
    page = lire(en_seance.get("seance"))
    assert "La séance d’avant lui a laissé 3 500 €." in page and "1 demande à arbitrer" in page
