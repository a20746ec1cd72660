"""La grille à l'écran : un repli sur le dossier, une page pour noter, une colonne dans la file, le secret."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parvis.courriels.models import Courriel
from parvis.dossiers.models import Dossier
from parvis.instruction.actions.consultations import consulter
from parvis.instruction.actions.equipe import se_deporter
from parvis.instruction.enums import Qualite
from parvis.instruction.models import Note
from parvis.journal.models import Details, Evenement
from parvis.organismes.models import Organisme
from tests.decors import decor
from tests.espace_financeur.test_dossiers import Site, lignes
from tests.espace_porteur.conftest import lire, mots
from tests.fabriques import instruction
from tests.fabriques.pdf import pages
from tests.pilotage.test_dossiers import copier

pytestmark = pytest.mark.django_db

# 1 sur 3 au poids 2, 2 sur 3 au poids 3 : (2/3 + 2) / 5.
SECRETS = ("Calendrier bien court", "53 sur 100", "53", "2 critères sur 7 notés")


@decor
def etude():
    """Rend un dossier recevable d'un appel qui a une grille."""
    return instruction.etude(avec_grille=True)


@pytest.fixture
def site(etude):
    return Site(etude, "samia")


def noter(etude):
    etude.noter(etude.samia, faisabilite=(1, "Calendrier bien court"), service_a_la_fiche=2)


def depart_de(page):
    return re.search(r'name="depart" value="([^"]+)"', page.content.decode())[1]


def saisie(page, **choix):
    """Rend ce que la page renverrait, ces choix en plus."""
    coche = r'type="radio" name="([^"]+)" value="([^"]*)"[^>]*checked'
    rendus = dict(re.findall(coche, page.content.decode()))
    return rendus | {"depart": depart_de(page)} | choix


class TestNoter:
    def test_on_note_en_mots_et_le_dossier_le_dit(self, etude, site):
        pk = etude.dossier.pk
        assert "Grille : pas encore noté" in mots(site.get("dossier", pk))
        page = site.get("noter", pk)
        texte = mots(page)
        assert "Au cœur du projet" in texte and "poids 2" in texte
        assert page.content.decode().count("<fieldset") == 7
        reponse = site.post(
            "noter",
            pk,
            **saisie(
                page,
                niveau_faisabilite="1",
                commentaire_faisabilite="Calendrier bien court",
                **{"niveau_service-a-la-fiche": "2"},
            ),
        )
        assert reponse["Location"].endswith("#titre-grille")
        lu = mots(site.get("dossier", pk))
        assert "Grille : 53 sur 100, 2 critères sur 7 notés" in lu
        assert "Avec des réserves , poids 2. Samia Essai" in lu.replace("réserves,", "réserves ,")
        assert "Calendrier bien court" in lu
        retenu = site.get("noter", pk)
        assert saisie(retenu)["niveau_faisabilite"] == "1"
        site.post("noter", pk, **saisie(retenu, niveau_faisabilite="", commentaire_faisabilite=""))
        assert [n.cle for n in Note.objects.all()] == ["service-a-la-fiche"]

    def test_ce_qui_est_refuse_revient_avec_sa_saisie(self, etude, site):
        pk = etude.dossier.pk
        page = site.get("noter", pk)
        refus = site.post("noter", pk, **saisie(page, commentaire_faisabilite="Une longue raison."))
        assert refus.status_code == 422
        assert "choisissez un niveau" in mots(refus) and "Une longue raison." in mots(refus)
        faux = site.post("noter", pk, **saisie(page, niveau_faisabilite="9"))
        assert faux.status_code == 422
        assert site.post("noter", pk, depart="faux").status_code == 422
        assert "Rechargez la page" in mots(site.post("noter", pk, depart="faux"))
        assert not Note.objects.exists()

    def test_ce_qu_un_collegue_a_note_se_relit_puis_s_ecrit(self, etude, site):
        pk = etude.dossier.pk
        page = site.get("noter", pk)
        etude.noter(etude.ici.monde.ajouter("paul", etude.ici.caisse, "instructeur"), faisabilite=3)
        refus = site.post("noter", pk, **saisie(page, niveau_faisabilite="1"))
        assert refus.status_code == 422
        assert "Paul Essai a choisi « Oui, tout est prêt »" in mots(refus)
        assert saisie(refus)["niveau_faisabilite"] == "1"
        assert site.post("noter", pk, **saisie(refus)).status_code == 302
        assert Note.objects.get().niveau == 1

    def test_un_dossier_qui_ne_s_etudie_plus_se_lit_sans_se_noter(self, etude, site):
        noter(etude)
        Dossier.objects.filter(pk=etude.dossier.pk).update(
            etat="a_completer", tranche_le=None, tranche_par=""
        )
        assert "ne se note pas maintenant" in mots(site.get("noter", etude.dossier.pk))
        page = mots(site.get("dossier", etude.dossier.pk))
        assert "53 sur 100" in page and "Changer les notes" not in page

    def test_sans_grille_rien_ne_s_affiche(self):
        sans = instruction.etude()
        seule = Site(sans, "samia")
        assert "Grille" not in mots(seule.get("dossier", sans.dossier.pk))
        assert seule.get("noter", sans.dossier.pk).status_code == 404
        assert "Note (sur 100)" not in mots(seule.get("dossiers"))


class TestFile:
    def test_la_note_a_sa_colonne_et_son_tri(self, etude, site):
        copier(etude.dossier, 2)
        premier, second, troisieme = Dossier.objects.order_by("pk").filter(numero__isnull=False)
        for dossier, niveau in ((premier, 0), (second, 3)):
            etude.dossier = dossier
            etude.noter(etude.samia, faisabilite=niveau)
        page = site.get("dossiers", tri="note")
        assert re.findall(r"/dossiers/(\d+)/", page.content.decode()) == [
            str(d.pk) for d in (second, premier, troisieme)
        ]
        texte = mots(page)
        assert "Note (sur 100)" in texte and "Le mieux noté d’abord" in texte
        assert "100 1 critère sur 7 noté" in texte and "Pas noté" in texte
        assert "Sans grille" not in texte
        suite = site.get("dossiers", tri="note", apres=str(second.pk))
        assert len(lignes(suite)) == 2

    def test_le_tableau_emporte_la_note(self, etude, site):
        noter(etude)
        lu = list(
            csv.reader(
                io.StringIO(site.get("dossiers_tableau", "csv").content.decode("utf-8-sig")),
                delimiter=";",
            )
        )
        ligne = dict(zip(*lu, strict=True))
        assert [
            ligne[c] for c in ("Note (sur 100)", "Critères notés", "Critères de la grille")
        ] == [
            "53",
            "2",
            "7",
        ]

    @pytest.mark.parametrize("nombre", [1, 3, 20])
    def test_les_requetes_ne_dependent_pas_des_notes(self, etude, site, nombre):
        copier(etude.dossier, nombre - 1)
        for dossier in Dossier.objects.deposes():
            etude.dossier = dossier
            noter(etude)
        site.get("dossiers", tri="note")
        with CaptureQueriesContext(connection) as menees:
            page = site.get("dossiers", tri="note")
        assert mots(page).count("2 critères sur 7 notés") == nombre
        assert len(menees) <= 41

    @pytest.mark.parametrize("nombre", [1, 3])
    def test_un_dossier_note_se_lit_en_un_nombre_fixe_de_requetes(self, etude, site, nombre):
        for rang in range(nombre):
            etude.noter(
                etude.samia, **{("faisabilite", "droit_commun", "femmes_et_hommes")[rang]: 1}
            )
        site.get("dossier", etude.dossier.pk)
        with CaptureQueriesContext(connection) as menees:
            site.get("dossier", etude.dossier.pk)
        assert len(menees) <= 45


class TestSecret:
    def adresses(self, etude):
        pk = etude.dossier.pk
        return [
            reverse(nom, args=("tilleuls", *args))
            for nom, args in (
                ("espace_financeur:dossiers", ()),
                ("espace_financeur:dossiers_tableau", ("csv",)),
                ("espace_financeur:dossier", (pk,)),
                ("espace_financeur:noter", (pk,)),
                ("espace_financeur:rendre_avis", (pk,)),
                ("espace_porteur:suites", (pk,)),
                ("espace_porteur:dossier", (pk,)),
                ("espace_porteur:suivi", (etude.dossier.projet_id,)),
                ("pilotage:contrat", ()),
                ("pilotage:dossier", (pk,)),
                ("pilotage:dossiers", ()),
                ("pilotage:dossiers_tableau", ("csv",)),
                ("accueil:appel", (etude.ici.version.appel.adresse,)),
                ("accueil:fiche", ("1-1",)),
            )
        ]

    def lu(self, etude, qui):
        site = Site(etude, qui)
        pages = [site.client.get(adresse) for adresse in self.adresses(etude)]
        return " ".join(lire(page) for page in pages if page.status_code == 200)

    def test_nul_hors_du_service_n_en_lit_rien(self, etude):
        consulter(
            par=etude.pilote,
            dossiers=[etude.dossier],
            qualite=Qualite.DELEGUE_DU_PREFET,
            organisme=Organisme.objects.get(nom="Préfecture"),
        )
        noter(etude)
        lu = self.lu(etude, "samia")
        assert all(secret in lu for secret in SECRETS)
        parlants = ("Calendrier bien court", "53 sur 100", "2 critères sur 7")
        for qui in ("olga", "gestionnaire", "pilote", "delegue", "conseiller", "elu", "inscrit"):
            lu = self.lu(etude, qui)
            for secret in parlants:
                assert secret not in lu, (qui, secret)
        se_deporter(par=etude.samia, dossier=etude.dossier, motif="Un lien.")
        assert not any(secret in self.lu(etude, "samia") for secret in parlants)

    def test_ni_pdf_ni_courriel_ni_journal_n_en_dit_rien(self, etude, site):
        noter(etude)
        etude.rendre(etude.samia, montant="10", motif="Utile.")
        servi = site.get("dossier_imprime", etude.dossier.pk)
        imprime = " ".join(" ".join(pages(servi.content)).split())
        assert "Six samedis" in imprime
        textes = [imprime, *(c.objet + c.texte for c in Courriel.objects.all())]
        textes += [str(details.contenu) for details in Details.objects.all()]
        assert Evenement.objects.filter(action="instruction.noter_un_dossier").exists()
        for texte in textes:
            # L'heure d'un dépôt, elle, a le droit de dire cinquante-trois minutes, ou secondes.
            sans_heure = re.sub(r"\b\d+ (?:h|min|s)\b", "", " ".join(texte.split()))
            assert "Calendrier bien court" not in sans_heure and "53" not in sans_heure.split()

    @pytest.mark.parametrize("qui", ["delegue", "pilote", "conseiller", "gestionnaire"])
    def test_nul_autre_n_atteint_la_page(self, etude, qui):
        assert Site(etude, qui).get("noter", etude.dossier.pk).status_code == 404

    def test_qui_est_consulte_ne_trie_ni_n_emporte_de_note(self, etude):
        consulter(
            par=etude.pilote,
            dossiers=[etude.dossier],
            qualite=Qualite.DELEGUE_DU_PREFET,
            organisme=Organisme.objects.get(nom="Préfecture"),
        )
        noter(etude)
        site = Site(etude, "delegue")
        page = mots(site.get("dossiers", tri="note"))
        assert "Le verger" in page
        assert "Note (sur 100)" not in page and "Le mieux noté" not in page
        emporte = site.get("dossiers_tableau", "csv").content.decode("utf-8-sig")
        assert [
            ligne["Note (sur 100)"] for ligne in csv.DictReader(io.StringIO(emporte), delimiter=";")
        ] == [""]
