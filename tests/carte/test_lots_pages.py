"""Les pages d'un lot d'adresses : déposer, suivre, télécharger ; à sa personne et à nulle autre."""

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parvis.cadre.actions import importer_cadre
from parvis.carte import rules
from parvis.carte.actions import lots as actions
from parvis.carte.models import Lot
from tests.carte.conftest import dire, liens, tables_ou_se_lit
from tests.carte.lots import FICHIER, TABLEAU, deposer, mener, relire
from tests.fabriques.cadre import MACHINE, contrat_publie, petit_contrat
from tests.fabriques.comptes import acteur, entrer, envoi, personne

pytestmark = pytest.mark.django_db
LOTS = "/tilleuls/adresses/"
GESTES = ("telecharger", "recommencer", "effacer")
# Ce qui change à chaque affichage d'une même page.
JETONS = re.compile(rb'(name="(?:csrfmiddlewaretoken|_acteur)" value=")[^"]*"')


class Visite:
    """Une personne connectée et son navigateur."""

    def __init__(self, prenom: str) -> None:
        self.acteur = acteur(personne(prenom))
        self.client = entrer(self.acteur.utilisateur)

    def get(self, adresse: str, **entetes):
        return self.client.get(adresse, headers=entetes)

    def post(self, adresse: str, **champs):
        return self.client.post(adresse, envoi(self.acteur, **champs))

    def deposer(self, octets: bytes = TABLEAU.encode(), nom: str = FICHIER, **champs):
        fichier = SimpleUploadedFile(nom, octets)
        return self.post(LOTS, **({"fichier": fichier, "millesimes": ["2024"]} | champs))


@pytest.fixture
def moi(edition):
    return Visite("Amina")


@pytest.fixture
def autre(edition):
    return Visite("Boris")


@pytest.fixture
def lot(moi, edition):
    return deposer(moi.acteur, edition.contrat)


def page_de(lot: Lot, geste: str = "") -> str:
    return f"{LOTS}{lot.identifiant}/{geste}{'/' if geste else ''}"


def formulaires(reponse) -> list[str]:
    """Rend où s'envoient les formulaires d'une page."""
    return re.findall(r'<form[^>]*action="([^"]*)"', reponse.text)


class TestDeposer:
    def test_mene_a_la_page_du_lot(self, moi):
        recue = moi.deposer()
        lot = Lot.objects.get()
        assert (recue.status_code, recue.headers["Location"]) == (302, page_de(lot))
        page = moi.get(page_de(lot))
        assert FICHIER in dire(page) and "3 lignes" in dire(page)
        assert "Le tableau est en cours." in dire(page)
        assert f'hx-get="{page_de(lot)}"' in page.text

    @pytest.mark.parametrize(
        ("octets", "motif"),
        [
            (b"%PDF-1.7", "est un PDF, pas un tableau."),
            (b"nom;age\r\nNadia;12\r\n", "Colonnes lues : « nom », « age »"),
            (b"\xff\xd8\xff image", "est une image, pas un tableau."),
            (b"adresse\r\n", "n’a aucune ligne sous son en-tête"),
            (b'adresse;ville\r\n"4 rue;Ici\r\n', "un guillemet ouvert ne se ferme pas"),
            (b"", "Ce fichier est vide."),
        ],
    )
    def test_un_fichier_refuse_se_dit_a_son_champ(self, moi, octets, motif):
        recue = moi.deposer(octets)
        assert recue.status_code == 422
        assert list(recue.context["saisie"].errors) == ["fichier"]
        assert motif.replace("« ", "« ") in dire(recue)
        assert not Lot.objects.exists()

    def test_un_refus_se_resume_en_haut_de_la_page(self, moi):
        recue = moi.deposer(b"%PDF-1.7")
        assert 'role="alert"' in recue.text and 'href="#id_fichier"' in recue.text

    def test_un_tableau_trop_long_se_dit_a_son_champ(self, moi, monkeypatch):
        monkeypatch.setattr(rules, "LIGNES_MAX", 2)
        recue = moi.deposer()
        assert recue.status_code == 422 and "le site en situe 2 à la fois" in dire(recue)
        assert not Lot.objects.exists()

    def test_sans_generation_ou_sans_fichier(self, moi):
        sans = moi.deposer(millesimes=[])
        assert sans.status_code == 422 and "au moins une génération" in dire(sans)
        rien = moi.post(LOTS, millesimes=["2024"])
        assert rien.status_code == 422 and "Choisissez un fichier." in dire(rien)

    def test_le_sixieme_est_refuse(self, moi, edition):
        for _ in range(5):
            deposer(moi.acteur, edition.contrat)
        recue = moi.deposer()
        assert recue.status_code == 422 and "déjà 5 tableaux en attente" in dire(recue)

    def test_dit_qui_cherche_les_adresses(self, moi, settings):
        assert "rien ne sort du site" in dire(moi.get(LOTS))
        settings.GEOCODAGE = "https://adresses.exemple"
        assert "demandées à adresses.exemple" in dire(moi.get(LOTS))

    def test_un_nom_de_fichier_hostile_reste_un_texte(self, moi):
        moi.deposer(nom="<img src=x onerror=alert(1)>.csv")
        for adresse in (LOTS, page_de(Lot.objects.get())):
            assert "<img src=x" not in moi.get(adresse).text


class TestSuivre:
    def test_la_liste_mene_a_chacun_et_dit_ou_il_en_est(self, moi, edition, lot):
        pret = mener(deposer(moi.acteur, edition.contrat))
        efface = deposer(moi.acteur, edition.contrat)
        actions.effacer_le_lot(par=moi.acteur, lot=efface)
        page = moi.get(LOTS)
        assert {page_de(un) for un in (lot, pret, efface)} <= set(liens(page))
        for attendu in ("en attente", "prêt à télécharger", "Tableau effacé", "effacé"):
            assert attendu in dire(page)

    def test_htmx_recoit_l_etat_seul(self, moi, lot):
        fragment = moi.get(page_de(lot), **{"HX-Request": "true"})
        assert "<html" not in fragment.text and "Le tableau est en cours." in dire(fragment)
        assert "HX-Request" in fragment.headers["Vary"]

    def test_pret_il_dit_ses_decomptes_et_ne_se_redemande_plus(self, moi, lot):
        mener(lot)
        page = moi.get(page_de(lot))
        for attendu in (
            "Le télécharger l’efface du site",
            "Colonnes lues : « adresse », « code postal », « commune ».",
            "1 adresse(s) n’ont pas été cherchées : le service",
            "Recommencez plus tard.",
            "Quartiers 2024",
            "dont Le Grand Verger (QN94001A)",
            "il s’efface tout seul le",
        ):
            assert attendu in dire(page), attendu
        assert "every 1500ms" not in page.text
        assert {page_de(lot, geste) for geste in GESTES} <= set(formulaires(page))

    def test_en_cours_il_ne_se_telecharge_ni_ne_se_recommence(self, moi, lot):
        gestes = set(formulaires(moi.get(page_de(lot))))
        assert page_de(lot, "effacer") in gestes
        assert not gestes & {page_de(lot, "telecharger"), page_de(lot, "recommencer")}


class TestAgir:
    def test_telecharger_rend_le_fichier_et_l_efface(self, moi, lot):
        mener(lot)
        recu = moi.post(page_de(lot, "telecharger"))
        assert recu.status_code == 200 and b"Nadia Belkacem" in recu.content
        nom = 'attachment; filename="adherents-confidentiels-situe.csv"'
        assert recu.headers["Content-Disposition"] == nom
        assert recu.headers["Cache-Control"] == "private, no-store"
        assert tables_ou_se_lit("Nadia Belkacem") == tables_ou_se_lit("confidentiels") == []
        page = moi.get(page_de(lot))
        efface = "Le fichier et son résultat sont effacés. Le décompte ci-dessous reste un mois."
        assert efface in dire(page)
        assert "dont Le Grand Verger (QN94001A)" in dire(page)
        assert not set(formulaires(page)) & {page_de(lot, geste) for geste in GESTES}

    def test_efface_avant_d_etre_situe_il_ne_promet_pas_de_decompte(self, moi, lot):
        actions.effacer_le_lot(par=moi.acteur, lot=lot)
        dit = dire(moi.get(page_de(lot)))
        assert "Le fichier et son résultat sont effacés." in dit
        assert "décompte" not in dit and "Combien de lignes" not in dit

    @pytest.mark.parametrize(
        ("nom", "dit"),
        [
            (
                "relevé d’été.csv",
                "filename*=utf-8''relev%C3%A9%20d%E2%80%99%C3%A9t%C3%A9-situe.csv",
            ),
            ('a"b.csv', r'filename="a\"b-situe.csv"'),
            ("a\r\nX-En-Tete: b.csv", "filename*=utf-8''a%0D%0AX-En-Tete%3A%20b-situe.csv"),
            ("é\r\nX-En-Tete: b.csv", "filename*=utf-8''%C3%A9%0D%0AX-En-Tete%3A%20b-situe.csv"),
            ("fin\n.csv\n", "filename*=utf-8''fin%0A-situe.csv"),
        ],
    )
    def test_le_nom_tient_dans_un_en_tete(self, moi, edition, nom, dit):
        lot = deposer(moi.acteur, edition.contrat, nom=nom)
        mener(lot)
        recu = moi.post(page_de(lot, "telecharger"))
        assert recu.status_code == 200 and b"Nadia Belkacem" in recu.content
        assert recu.headers["Content-Disposition"] == f"attachment; {dit}"
        assert "X-En-Tete" not in recu.headers

    def test_le_second_telechargement_est_refuse_a_l_ecran(self, moi, lot):
        mener(lot)
        moi.post(page_de(lot, "telecharger"))
        recu = moi.post(page_de(lot, "telecharger"))
        assert recu.headers["Location"] == page_de(lot)
        assert "il a déjà été téléchargé" in dire(moi.get(page_de(lot)))

    def test_echoue_il_se_recommence(self, moi, lot, monkeypatch):
        with monkeypatch.context() as casse:
            casse.setattr(actions, "situer_un_tableau", lambda *args: 1 / 0)
            mener(lot)
        page = moi.get(page_de(lot))
        assert "Le tableau n’a pas pu être situé." in dire(page)
        assert page_de(lot, "recommencer") in formulaires(page)
        recu = moi.post(page_de(lot, "recommencer"))
        assert recu.headers["Location"] == page_de(lot)
        assert "Le tableau est de nouveau en cours." in dire(moi.get(page_de(lot)))
        assert mener(lot).est_pret

    def test_recommencer_en_cours_se_refuse_a_l_ecran(self, moi, lot):
        moi.post(page_de(lot, "recommencer"))
        assert "Ce tableau est déjà en cours." in dire(moi.get(page_de(lot)))

    def test_effacer_ramene_a_la_liste(self, moi, lot):
        recu = moi.post(page_de(lot, "effacer"))
        assert recu.headers["Location"] == LOTS
        assert "Le tableau et son résultat sont effacés." in dire(moi.get(LOTS))
        assert relire(lot).est_efface


class TestQuiEntre:
    def reponse(self, visite, methode: str, adresse: str) -> tuple[int, bytes]:
        recue = getattr(visite, methode)(adresse)
        return recue.status_code, JETONS.sub(rb"\1", recue.content)

    @pytest.mark.parametrize("geste", ["", *GESTES])
    def test_le_lot_d_un_autre_repond_comme_un_lot_absent(self, autre, lot, geste):
        mener(lot)
        absent = Lot(identifiant=uuid.uuid4())
        methode = "post" if geste else "get"
        ici, nulle_part = (self.reponse(autre, methode, page_de(un, geste)) for un in (lot, absent))
        assert ici == nulle_part and ici[0] == 404
        assert relire(lot).est_pret

    def test_le_lot_d_un_autre_contrat_repond_comme_un_lot_absent(self, moi, lot):
        contrat_publie("voisin")
        ailleurs, absent = (
            self.reponse(moi, "get", f"/voisin/adresses/{identifiant}/")
            for identifiant in (lot.identifiant, uuid.uuid4())
        )
        assert ailleurs == absent and ailleurs[0] == 404

    def test_la_liste_ne_montre_que_les_siens(self, autre, lot):
        assert FICHIER not in autre.get(LOTS).text

    @pytest.mark.parametrize("geste", ["", *GESTES])
    def test_un_visiteur_est_invite_a_se_connecter(self, lot, geste):
        client = Client()
        for adresse in (LOTS, page_de(lot, geste), page_de(Lot(identifiant=uuid.uuid4()), geste)):
            recue = client.post(adresse) if geste else client.get(adresse)
            assert recue.status_code == 302
            assert recue.headers["Location"].startswith("/compte/")
        assert client.post(LOTS, {"fichier": SimpleUploadedFile(FICHIER, b"x")}).status_code == 302
        assert not relire(lot).est_efface

    def test_un_brouillon_repond_comme_un_contrat_absent(self, moi):
        importer_cadre(par=MACHINE, contrat="brouillon", lu=petit_contrat(), source="essai")
        brouillon, absent = (
            self.reponse(moi, "get", f"/{contrat}/adresses/")
            for contrat in ("brouillon", "absent00")
        )
        assert brouillon[0] == absent[0] == 404
        assert brouillon[1].replace(b"brouillon", b"absent00") == absent[1]

    @pytest.mark.parametrize("geste", GESTES)
    def test_un_geste_ne_se_fait_pas_en_lisant(self, moi, lot, geste):
        assert moi.get(page_de(lot, geste)).status_code == 405
        assert moi.client.head(page_de(lot, geste)).status_code == 405
        assert relire(lot).contenu

    def test_les_pages_repondent_a_head_et_ne_s_ecrivent_pas_autrement(self, moi, lot):
        assert moi.client.head(LOTS).status_code == moi.client.head(page_de(lot)).status_code == 200
        assert moi.post(page_de(lot)).status_code == 405
        # Sans jeton, l'envoi est refusé avant que la vue ne le soit.
        assert moi.client.delete(LOTS).status_code in (405, 409)


def test_la_liste_coute_autant_avec_1_10_ou_40_lots(moi, edition):
    couts = []
    for nombre in (1, 10, 40):
        while Lot.objects.count() < nombre:
            lot = deposer(moi.acteur, edition.contrat)
            actions.effacer_le_lot(par=moi.acteur, lot=lot)
        moi.get(LOTS)
        with CaptureQueriesContext(connection) as requetes:
            assert dire(moi.get(LOTS)).count("déposé le") == nombre
        couts.append(len(requetes))
    assert len(set(couts)) == 1 and couts[0] <= 20, couts
