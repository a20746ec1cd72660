"""Le tableau de programmation, à l'écran : sa colonne s'écrit, le reste se lit, rien n'en fuit."""

import csv
import io
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parvis.dossiers.models import Dossier
from parvis.instruction.actions import equipe
from parvis.instruction.models import Avis
from parvis.socle.tableur import lire_tableau
from tests.espace_porteur.conftest import lire, mots
from tests.fabriques import enveloppes
from tests.fabriques.comptes import envoi
from tests.pilotage import test_dossiers

pytestmark = pytest.mark.django_db


class Site:
    """Le navigateur d'une personne, sur la programmation de ce contrat."""

    def __init__(self, etude, qui):
        self.acteur = getattr(etude, qui, None) or etude.ici.acteur(qui)
        self.client = etude.ici.monde.client(qui)
        self.espace = "pilotage" if qui == "pilote" else "espace_financeur"

    def get(self, nom="programmation", *args, **params):
        return self.client.get(reverse(f"{self.espace}:{nom}", args=("tilleuls", *args)), params)

    def post(self, pk, suite="", accept="text/html", **champs):
        adresse = reverse("espace_financeur:proposer_un_montant", args=("tilleuls", pk))
        return self.client.post(
            adresse + suite, envoi(self.acteur, **champs), headers={"accept": accept}
        )


@pytest.fixture
def samia(etude):
    return Site(etude, "samia")


@pytest.fixture
def olga(etude):
    return Site(etude, "olga")


@pytest.fixture
def pilote(etude):
    return Site(etude, "pilote")


def test_le_tableau_dit_qui_demande_quoi_a_qui(etude, samia):
    page = lire(samia.get())
    assert "Le verger du pied d’immeuble" in page and etude.dossier.reference in page
    entetes = re.findall(r'<th scope="col"[^>]*>\s*([^<]*?)\s*<', page)
    assert entetes[:4] == [
        *("Dossier", "Caisse des Tilleuls", "Commune du Val-des-Tilleuls", "Demandé en tout"),
    ]
    assert ">Proposer</a>" in page and "Demandé</span>" in page


def test_une_case_s_ecrit_et_tout_se_recompte(etude, samia):
    pk = etude.demande(etude.samia).pk
    reponse = samia.post(pk, montant="1 200,50", rang="0", accept="application/json")
    dit = reponse.json()
    assert reponse.status_code == 200
    assert "1 200,50 € proposés" in dit["rangee"].replace("\xa0", " ")
    assert 'data-rang="1"' in dit["rangee"]
    assert "1 200,50 €" in dit["pied"].replace("\xa0", " ")
    assert "Il manque 799,50 €" in dit["rangee"].replace("\xa0", " ")
    assert "799,50 €" in dit["avertissements"].replace("\xa0", " ")
    assert etude.demande(etude.samia).montant_propose == Decimal("1200.50")


@pytest.mark.parametrize(
    ("montant", "rang", "dit"),
    [("2 500", "0", "plus que les"), ("mille", "0", "n’est pas un montant"), ("10", "x", "entier")],
)
def test_une_case_refusee_dit_pourquoi(etude, samia, montant, rang, dit):
    pk = etude.demande(etude.samia).pk
    reponse = samia.post(pk, montant=montant, rang=rang, accept="application/json")
    assert reponse.status_code == 422 and dit in reponse.json()["dit"]
    assert not Avis.objects.exists()


def test_un_collegue_n_est_pas_ecrase(etude, samia):
    pk = etude.demande(etude.samia).pk
    etude.rendre(etude.samia, montant="1000")
    reponse = samia.post(pk, montant="900", rang="0", accept="application/json")
    assert reponse.status_code == 422 and "pendant que vous écriviez" in reponse.json()["dit"]
    assert etude.demande(etude.samia).montant_propose == Decimal(1000)


def test_sans_script_une_case_a_sa_page_et_ramene_aux_memes_choix(etude, samia):
    pk = etude.demande(etude.samia).pk
    page = lire(samia.get("proposer_un_montant", pk))
    assert "2 000 €" in page and "un avis favorable" in page
    refus = samia.post(pk, "?tri=porteur", montant="9 999", rang="0")
    assert refus.status_code == 422 and "plus que les" in lire(refus)
    assert 'value="9 999"' in lire(refus)
    fait = samia.post(pk, "?tri=porteur", montant="1500", rang="0")
    assert fait.status_code == 302
    assert fait["Location"].endswith(f"/programmation/?tri=porteur#d{etude.dossier.pk}")


def test_la_case_d_un_autre_service_n_existe_pas(etude, samia, olga):
    pk = etude.demande(etude.samia).pk
    assert olga.post(pk, montant="10", rang="0").status_code == 404
    assert olga.get("proposer_un_montant", pk).status_code == 404
    assert not Avis.objects.exists()


def test_le_pilote_lit_et_n_ecrit_rien(etude, pilote):
    page = lire(pilote.get())
    assert "Le verger du pied d’immeuble" in page
    assert "data-case" not in page and "data-programmation" not in page


# Le secret.


def tout_ce_que_lit(site):
    """Rend, mis bout à bout, la page, les deux tableaux, et ce que rend chaque tri et chaque choix."""
    dits = [site.get().content.decode(), site.get(alerte="budget").content.decode()]
    dits += [site.get(tri=tri).content.decode() for tri in ("trou", "montant")]
    dits.append(site.get("programmation_tableau", "csv").content.decode())
    octets = site.get("programmation_tableau", "xlsx").content
    dits += [cellule for ligne in lire_tableau(octets, "t.xlsx").lignes for cellule in ligne]
    return re.sub(r"[\s\u00a0]", "", " ".join(map(str, dits)))


@pytest.mark.parametrize("qui", ["olga", "pilote"])
def test_ce_que_la_caisse_propose_ne_se_lit_que_chez_elle(etude, qui):
    """Ni le montant, ni rien qui s'en déduise : tout ce que lit un autre est le même avant et après."""
    # Les jetons d'un formulaire changent à chaque lecture, et ne disent rien.
    sans_jeton = re.compile(r'value="[^"]{40,}"')
    b = enveloppes.Bourse(etude.ici, etude.samia, etude.olga, etude.dossier)
    avant = sans_jeton.sub("", tout_ce_que_lit(Site(etude, qui)))
    enveloppe = enveloppes.enveloppe(b, 100, ligne="Ligne secrète")
    etude.rendre(etude.samia, montant="1234", note_interne="Fragile en trésorerie")
    enveloppes.actions.imputer(
        par=etude.samia, demande=etude.demande(etude.samia), enveloppe=enveloppe
    )
    apres = sans_jeton.sub("", tout_ce_que_lit(Site(etude, qui)))
    assert apres == avant
    chez_elle = tout_ce_que_lit(Site(etude, "samia"))
    assert "1234€" in chez_elle and "1134€proposésdetrop" in chez_elle
    assert "Ilmanque766€" in chez_elle and "Lignesecrète" in chez_elle
    assert "Fragile" not in chez_elle


def test_montre_le_montant_se_lit_chez_les_autres(etude, olga, pilote):
    etude.rendre(etude.samia, montant="1234", est_partage=True)
    for site in (olga, pilote):
        dit = tout_ce_que_lit(site)
        assert "1234€proposés" in dit and "Ilmanque766€" in dit


def test_qui_s_est_deporte_n_en_lit_plus_rien(etude, samia):
    equipe.se_deporter(par=etude.samia, dossier=etude.dossier, motif="Ma sœur y travaille.")
    pk = etude.demande(etude.samia).pk
    assert "Le verger" not in lire(samia.get())
    assert samia.post(pk, montant="10", rang="0").status_code == 404
    assert samia.get("programmation_tableau", "csv").content.count(b"\r\n") == 1


def test_un_brouillon_un_retire_un_autre_contrat_n_y_sont_pas(etude, pilote):
    test_dossiers.copier(etude.dossier, 1)
    copie = Dossier.objects.exclude(pk=etude.dossier.pk).get()
    Dossier.objects.filter(pk=copie.pk).update(etat="retire")
    assert "1 dossier" in mots(pilote.get()) and "2 dossiers" not in mots(pilote.get())


# Choisir, emporter, compter.


def test_le_tableau_se_choisit(etude, samia):
    etude.rendre(etude.samia, montant="1500")
    ici = re.compile(rf'id="d{etude.dossier.pk}"')
    porteur = str(etude.dossier.projet.porteur_id)
    for choix, est_la in (
        ({"avis": "rendu"}, True),
        ({"avis": "a_rendre"}, False),
        ({"avis": "favorable"}, True),
        ({"alerte": "budget"}, True),
        ({"alerte": "seuil"}, False),
        ({"fiche": "1-1"}, True),
        ({"porteur": porteur}, True),
        ({"porteur": "0"}, True),
        ({"exercice": "1999"}, True),
    ):
        assert bool(ici.search(samia.get(**choix).content.decode())) is est_la, choix


def test_les_deux_tableaux_ont_les_memes_colonnes(etude, samia, pilote):
    etude.rendre(etude.samia, montant="1500")
    texte = samia.get("programmation_tableau", "csv").content.decode("utf-8-sig")
    titres, ligne = csv.reader(io.StringIO(texte), delimiter=";")
    classeur = lire_tableau(samia.get("programmation_tableau", "xlsx").content, "t.xlsx")
    assert classeur.colonnes == titres
    dit = dict(zip(titres, ligne, strict=True))
    assert dit["Demandé en tout (€)"] == "3000,00" and dit["Manque au budget (€)"] == "500,00"
    assert dit["Proposé par mon service (€)"] == "1500,00" and dit["Avis n°"] == "1"
    assert dit["Commune du Val-des-Tilleuls : demandé (€)"] == "1000,00"
    assert titres.index("Proposé par mon service (€)") == 21
    du_pilote = pilote.get("programmation_tableau", "csv").content.decode("utf-8-sig")
    assert "mon service" not in du_pilote.splitlines()[0]
    assert samia.get("programmation_tableau", "pdf").status_code == 404


def copier(dossier, nombre):
    """Ajoute des dossiers pareils ; ceux d'avant laissent leurs numéros."""
    Dossier.objects.exclude(pk=dossier.pk).update(numero=F("numero") + 1000)
    test_dossiers.copier(dossier, nombre)


@pytest.mark.parametrize("qui", ["samia", "pilote"])
def test_le_nombre_de_requetes_ne_depend_pas_des_dossiers(etude, qui):
    site, comptes = Site(etude, qui), []
    etude.rendre(etude.samia, montant="1500")
    site.get()  # la session s'ouvre
    for nombre in (0, 2, 47):
        copier(etude.dossier, nombre)
        with CaptureQueriesContext(connection) as requetes:
            assert site.get().status_code == 200
        comptes.append(len(requetes))
    assert Dossier.objects.count() == 50
    assert len(set(comptes)) == 1, comptes
