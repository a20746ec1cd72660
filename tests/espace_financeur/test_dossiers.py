"""Les dossiers à étudier, à l'écran : la file, un dossier, l'avis, le secret."""

import csv
import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from parvis.courriels.models import Courriel
from parvis.dossiers.enums import EtatDeDemande
from parvis.dossiers.models import Demande, Dossier
from parvis.espace_financeur.models import VueEnregistree
from parvis.espace_financeur.queries.file import COLONNES
from parvis.instruction.actions import equipe
from parvis.instruction.actions.consultations import consulter
from parvis.instruction.enums import Qualite
from parvis.instruction.models import Avis, Consultation, Deport, PriseEnCharge
from parvis.organismes.models import Organisme
from tests.espace_porteur.conftest import lire, mots
from tests.fabriques import depots, fichiers
from tests.fabriques.comptes import envoi
from tests.pilotage.test_dossiers import copier

pytestmark = pytest.mark.django_db

SECRETS = ("1 234", "Fragile en trésorerie", "1234")


class Site:
    """Le navigateur d'une personne, dans l'espace du financeur de ce contrat."""

    def __init__(self, etude, qui):
        self.acteur = getattr(etude, qui, None) or etude.ici.acteur(qui)
        self.client = etude.ici.monde.client(qui)

    def get(self, page, *args, **params):
        adresse = reverse(f"espace_financeur:{page}", args=("tilleuls", *args))
        return self.client.get(adresse, params)

    def post(self, page, *args, **champs):
        adresse = reverse(f"espace_financeur:{page}", args=("tilleuls", *args))
        return self.client.post(adresse, envoi(self.acteur, **champs))


@pytest.fixture
def site(etude):
    return Site(etude, "samia")


def lignes(reponse):
    """Rend les titres des dossiers d'une liste."""
    return re.findall(r'<th scope="row">\s*<a href="[^"]*">([^<]*)</a>', reponse.content.decode())


def test_la_file_dit_ce_qui_attend(etude, site):
    page = site.get("dossiers")
    texte = mots(page)
    assert "1 avis à rendre" in texte
    assert "dont 1 que personne n’étudie" in texte
    assert "2 000 € sur 3 000 €" in texte
    assert "Avis : 2 demandés, 0 rendu" in texte
    assert lignes(page) == ["Le verger du pied d’immeuble"]


def test_la_file_se_filtre_et_se_compte(etude, site):
    equipe.se_charger(par=etude.samia, dossier=etude.dossier)
    etude.rendre(etude.samia, montant="1500")
    for choix, attendu in (
        ({"avis": "rendu"}, 1),
        ({"avis": "a_rendre"}, 0),
        ({"avis": "favorable"}, 1),
        ({"avis": "defavorable"}, 0),
        ({"agent": "moi"}, 1),
        ({"agent": "personne"}, 0),
        ({"agent": "collegue"}, 0),
        ({"fiche": "1-1"}, 1),
        ({"etat": "depose"}, 0),
        ({"delai": "passe"}, 0),
    ):
        assert len(lignes(site.get("dossiers", **choix))) == attendu, choix
    assert "Étudié par Samia Essai" in mots(site.get("dossiers"))
    assert "Personne ne l’étudie" in mots(Site(etude, "olga").get("dossiers"))


def test_le_silence_qui_approche_se_voit(etude, site):
    il_y_a = timezone.now() - timedelta(days=50)
    Demande.objects.filter(dossier=etude.dossier).update(demande_le=il_y_a)
    assert "le silence vaudra refus dans moins de quinze jours" in mots(site.get("dossiers"))
    assert len(lignes(site.get("dossiers", delai="bientot"))) == 1
    il_y_a = timezone.now() - timedelta(days=80)
    Demande.objects.filter(dossier=etude.dossier).update(demande_le=il_y_a)
    assert "Silence passé" in mots(site.get("dossiers", delai="passe"))


def test_le_tableau_emporte_a_les_colonnes_de_la_liste(etude, site):
    etude.rendre(etude.samia, montant="1500")
    lu = list(
        csv.reader(
            io.StringIO(site.get("dossiers_tableau", "csv").content.decode("utf-8-sig")),
            delimiter=";",
        )
    )
    assert tuple(lu[0]) == COLONNES
    ligne = dict(zip(*lu, strict=True))
    assert ligne["Proposé par mon service (€)"] == "1500,00"
    assert (ligne["Avis demandés"], ligne["Avis rendus"]) == ("2", "1")
    assert site.get("dossiers_tableau", "xlsx").content[:2] == b"PK"
    assert site.get("dossiers_tableau", "ods").status_code == 404


@pytest.mark.parametrize("nombre", [1, 3, 50])
def test_la_file_se_lit_en_un_nombre_fixe_de_requetes(etude, site, nombre):
    copier(etude.dossier, nombre - 1)
    site.get("dossiers")
    with CaptureQueriesContext(connection) as menees:
        page = site.get("dossiers")
    assert len(lignes(page)) == nombre
    assert len(menees) <= 41


@pytest.mark.parametrize("nombre", [1, 3, 20])
def test_un_dossier_se_lit_en_un_nombre_fixe_de_requetes(etude, site, nombre):
    etude.rendre(etude.samia, montant="10")
    copier(etude.dossier, nombre - 1)
    site.get("dossier", etude.dossier.pk)
    with CaptureQueriesContext(connection) as menees:
        page = site.get("dossier", etude.dossier.pk)
    assert page.status_code == 200
    assert len(menees) <= 43


def test_le_dossier_dit_ce_qui_est_demande_et_qui_l_etudie(etude, site):
    page = mots(site.get("dossier", etude.dossier.pk))
    assert "Personne de votre service n’étudie ce dossier." in page
    assert "Mon service" in page
    assert "Six samedis de plantation." in page
    site.post("se_charger", etude.dossier.pk)
    assert PriseEnCharge.objects.get().agent == etude.samia.utilisateur
    assert "Vous étudiez ce dossier depuis" in mots(site.get("dossier", etude.dossier.pk))
    site.post("rendre_la_main", etude.dossier.pk)
    assert PriseEnCharge.objects.get().rendue_le is not None


def test_un_avis_se_rend_a_l_ecran_avec_son_fichier(etude, site):
    pk, demande = etude.dossier.pk, etude.demande(etude.samia)
    formulaire = lire(site.get("rendre_avis", pk))
    assert "2 000 € demandés" in formulaire
    reponse = site.post(
        "rendre_avis",
        pk,
        version="1",
        rang="0",
        sens="sous_reserve",
        motif="Si la salle est libre.",
        note_interne="Appeler l’élue.",
        fichiers=SimpleUploadedFile("rapport.pdf", fichiers.pdf()),
        **{f"montant_{demande.pk}": "1 500,50"},
    )
    assert reponse.status_code == 302
    avis = Avis.objects.get()
    assert avis.fichiers.get().nom == "rapport.pdf"
    demande.refresh_from_db()
    assert demande.montant_propose == Decimal("1500.50")
    page = mots(site.get("dossier", pk))
    assert "Favorable sous réserve, 1 500,50 € proposés, que votre service est seul à lire" in page
    assert "Appeler l’élue." in page
    adresse = reverse(
        "espace_financeur:fichier_d_avis", args=("tilleuls", pk, avis.fichiers.get().identifiant)
    )
    assert site.client.get(adresse).status_code == 200


def test_un_avis_refuse_garde_tout_ce_qui_est_ecrit(etude, site):
    pk, demande = etude.dossier.pk, etude.demande(etude.samia)
    reponse = site.post(
        "rendre_avis",
        pk,
        version="1",
        rang="0",
        sens="defavorable",
        note_interne="Une longue note que l’on ne veut pas perdre.",
        **{f"montant_{demande.pk}": "9999"},
    )
    assert reponse.status_code == 422
    texte = lire(reponse)
    assert "écrivez le motif" in texte
    assert "plus que les 2 000 € demandés" in texte
    assert "Une longue note que l’on ne veut pas perdre." in texte
    assert 'value="9999"' in texte or "9 999" in texte
    illisible = site.post(
        "rendre_avis", pk, version="1", rang="0", **{f"montant_{demande.pk}": "x"}
    )
    assert illisible.status_code == 422
    assert not Avis.objects.exists()


def test_une_fois_decide_la_note_du_service_reste(etude, site):
    pk = etude.dossier.pk
    etude.rendre(etude.samia, note_interne="Appeler l’élue.")
    etude.dossier.demandes.update(etat="refusee")
    page = lire(site.get("rendre_avis", pk))
    assert "Appeler l’élue." in page and "montant_" not in page
    suite = {"sens": "favorable", "note_interne": "Élue appelée."}
    assert site.post("rendre_avis", pk, version="1", rang="1", **suite).status_code == 302
    assert Avis.objects.latest("rang").note_interne == "Élue appelée."


def test_un_avis_ne_se_rend_pas_avant_la_recevabilite(etude, site):
    autre = depots.depose(etude.ici, titre="Le potager")
    assert "n’est pas encore dit recevable" in mots(site.get("rendre_avis", autre.pk))
    assert (
        site.post("rendre_avis", autre.pk, version="1", rang="0", sens="favorable").status_code
        == 422
    )
    assert "Rendre mon avis" not in mots(site.get("dossier", autre.pk))


def test_une_vue_se_garde_se_reprend_et_s_oublie(etude, site):
    site.post("enregistrer_la_vue", nom="À rendre", choix="avis=a_rendre&apres=12")
    vue = VueEnregistree.objects.get()
    assert (vue.nom, vue.choix) == ("À rendre", "avis=a_rendre")
    assert "Oublier" in mots(site.get("dossiers", avis="a_rendre"))
    assert "Oublier" not in mots(Site(etude, "olga").get("dossiers", avis="a_rendre"))
    refus = site.post("enregistrer_la_vue", nom="", choix="avis=rendu")
    assert refus["Location"].endswith("?avis=rendu")
    site.post("enregistrer_la_vue", nom="Rien", choix="")
    site.post("enregistrer_la_vue", nom="À rendre", choix="agent=moi")
    assert VueEnregistree.objects.get().choix == "agent=moi"
    assert Site(etude, "olga").post("oublier_la_vue", vue.pk).status_code == 404
    site.post("oublier_la_vue", vue.pk)
    assert not VueEnregistree.objects.exists()


def test_vingt_vues_suffisent(etude, site):
    for rang in range(21):
        site.post("enregistrer_la_vue", nom=f"Vue {rang}", choix="avis=rendu")
    assert VueEnregistree.objects.count() == 20


def test_se_deporter_ferme_le_dossier(etude, site):
    pk = etude.dossier.pk
    assert site.post("se_deporter", pk, motif="").status_code == 422
    assert site.post("se_deporter", pk, motif="Je préside l’association.").status_code == 302
    assert Deport.objects.get().utilisateur == etude.samia.utilisateur
    assert site.get("dossier", pk).status_code == 404
    assert lignes(site.get("dossiers")) == []


def test_un_lien_declare_fait_proposer_le_deport(etude, site):
    verger = etude.ici.monde.verger
    assert site.post("liens", organisme="", lien="").status_code == 422
    site.post("liens", organisme=str(verger.pk), lien="Membre du bureau")
    assert "Un lien avec ce porteur est connu" in mots(site.get("dossier", etude.dossier.pk))
    assert "Membre du bureau" in mots(site.get("liens"))
    assert "Membre du bureau" not in mots(Site(etude, "olga").get("liens"))


def test_les_changements_se_lisent_depuis_sa_lecture(etude, site):
    pk = etude.dossier.pk
    assert "J’ai lu la version 1" in mots(site.get("dossier", pk))
    site.post("marquer_lu", pk, version="1")
    assert "Vous avez lu la dernière version." in mots(site.get("dossier", pk))
    assert site.post("marquer_lu", pk, version="9").status_code == 404
    assert site.get("dossier", pk, version="9").status_code == 404


def test_un_expert_s_invite_a_l_ecran(etude, site):
    pk = etude.dossier.pk
    assert site.post("inviter_un_expert", pk, courriel="pas une adresse").status_code == 422
    assert site.post("inviter_un_expert", pk, courriel="nour@exemple.fr").status_code == 302
    page = site.get("dossier", pk)
    assert "Un expert invité par Caisse des Tilleuls" in mots(page)
    assert "Ne plus attendre cet avis" in mots(page)
    assert "Ne plus attendre cet avis" not in mots(Site(etude, "olga").get("dossier", pk))
    consultation = etude.dossier.consultations.get()
    site.post("clore_l_invitation", pk, consultation.pk)
    assert "Un expert invité" not in mots(site.get("dossier", pk))


def test_qui_est_consulte_lit_sans_contacts_et_ne_lit_que_son_avis(etude):
    consulter(
        par=etude.pilote,
        dossiers=[etude.dossier],
        qualite=Qualite.DELEGUE_DU_PREFET,
        organisme=Organisme.objects.get(nom="Préfecture"),
        question="Utile au quartier ?",
    )
    etude.rendre(etude.samia, motif="Très utile aux familles.", montant="1234", est_partage=True)
    site = Site(etude, "delegue")
    page = mots(site.get("dossier", etude.dossier.pk))
    assert "Utile au quartier ?" in page
    for cache in ("lucie@verger.example", "Très utile aux familles.", "1 234", "1 rendu"):
        assert cache not in page
    assert "Inviter un expert" not in page
    assert "Note interne" not in mots(site.get("rendre_avis", etude.dossier.pk))
    assert "rendu" not in mots(site.get("dossiers")).split("Mon avis")[-1]


@pytest.mark.parametrize(
    ("jours", "choix", "dit"),
    [(5, "bientot", "Attendu le"), (-5, "en_retard", "En retard, attendu")],
)
def test_l_echeance_d_une_consultation_se_lit_se_filtre_et_s_emporte(etude, jours, choix, dit):
    le = timezone.localdate() + timedelta(days=jours)
    delegue = etude.ici.acteur("delegue")
    consulter(
        par=etude.pilote,
        dossiers=[etude.dossier],
        qualite=Qualite.DELEGUE_DU_PREFET,
        organisme=delegue.organisme,
        echeance=timezone.localdate() + timedelta(days=5),
    )
    Consultation.objects.update(echeance_le=le)
    site, reference = Site(etude, "delegue"), etude.dossier.reference
    assert dit in mots(site.get("dossiers"))
    assert reference in mots(site.get("dossiers", avis=choix))
    autre = {"bientot", "en_retard"} - {choix}
    assert reference not in mots(site.get("dossiers", avis=autre.pop()))
    emporte = site.get("dossiers_tableau", "csv").content.decode("utf-8-sig")
    [ligne] = csv.DictReader(io.StringIO(emporte), delimiter=";")
    assert ligne["Avis attendu le"] == f"{le:%d/%m/%Y}"
    etude.rendre(delegue)
    assert dit not in mots(site.get("dossiers"))


def ce_que_lit(etude, site, pk):
    """Rend tout ce qu'une personne atteint du dossier : pages, tableaux, PDF, archive."""
    adresses = [
        reverse("espace_financeur:dossiers", args=("tilleuls",)),
        reverse("espace_financeur:dossiers_tableau", args=("tilleuls", "csv")),
        reverse("espace_financeur:dossier", args=("tilleuls", pk)),
        reverse("espace_financeur:rendre_avis", args=("tilleuls", pk)),
        reverse("espace_porteur:suites", args=("tilleuls", pk)),
        reverse("espace_porteur:suivi", args=("tilleuls", etude.dossier.projet_id)),
        reverse("pilotage:dossier", args=("tilleuls", pk)),
        reverse("pilotage:dossiers", args=("tilleuls",)),
        reverse("pilotage:dossiers_tableau", args=("tilleuls", "csv")),
        reverse("carte:quartiers", args=("tilleuls",)),
        reverse("accueil:fiche", args=("tilleuls", "1-1")),
    ]
    pages = [site.client.get(adresse) for adresse in adresses]
    return " ".join(lire(page) for page in pages if page.status_code == 200)


def test_nul_hors_du_service_ne_lit_note_ni_montant_propose(etude):
    """Ni page, ni tableau, ni courriel : seul le service les lit, et lui les lit bien."""
    etude.rendre(etude.samia, montant="1234", motif="Utile.", note_interne="Fragile en trésorerie")
    pk = etude.dossier.pk
    lu = ce_que_lit(etude, Site(etude, "samia"), pk)
    assert "Fragile en trésorerie" in lu and "1 234" in lu
    for qui in ("olga", "gestionnaire", "pilote", "delegue", "conseiller", "elu", "inscrit"):
        lu = ce_que_lit(etude, Site(etude, qui), pk)
        for secret in SECRETS:
            assert secret not in lu, (qui, secret)
    for courriel in Courriel.objects.all():
        assert not any(secret in courriel.texte + courriel.objet for secret in SECRETS)


def test_une_demande_en_preparation_ne_donne_pas_acces(etude):
    Demande.objects.filter(dossier=etude.dossier, financeur=etude.ici.caisse).update(
        etat=EtatDeDemande.PREPAREE, demande_le=None
    )
    assert Site(etude, "samia").get("dossier", etude.dossier.pk).status_code == 404
    assert Dossier.objects.filter(pk=etude.dossier.pk).exists()


def test_l_accueil_de_l_espace_mene_au_contrat(etude, site):
    reponse = site.client.get(reverse("espace_financeur:tous"))
    assert reponse["Location"] == reverse("espace_financeur:dossiers", args=("tilleuls",))
    vide = Site(etude, "instructeur").client.get(reverse("espace_financeur:tous"))
    assert "Aucun dossier ne vous attend" in mots(vide)
