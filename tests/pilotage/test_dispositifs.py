"""Les dispositifs à vérifier : leur liste, leur page, deux relectures croisées."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.cadre.actions import modifier_dispositif, verifier_dispositif
from parvis.cadre.models import Dispositif, DispositifDeFiche
from parvis.journal.models import Evenement
from parvis.pilotage.queries import dispositifs as queries
from parvis.pilotage.queries.versions import versions_du_savoir
from tests.decors import decor
from tests.pilotage.conftest import depart_de, lire

pytestmark = pytest.mark.django_db


@decor
def aide(contrat):
    return contrat.dispositifs.get()


def champs(aide, **autres):
    """Rend ce que le formulaire d'un dispositif envoie si l'on n'y touche pas."""
    valeurs = {champ: getattr(aide, champ) or "" for champ in aide.CHAMPS}
    valeurs["responsables"] = [responsable.pk for responsable in aide.responsables.all()]
    return {**valeurs, **autres}


class TestListe:
    def test_dit_pourquoi_verifier_et_combien_de_fiches_le_citent(self, ouvert, aide):
        site, adresse = ouvert
        page = lire(site.get(adresse("dispositifs/"), etat="a_verifier"))
        assert "Aide au démarrage" in page
        assert "cité par 3 fiches" in page
        assert "Personne ne l’a encore vérifié." in page
        assert "Caisse d’allocations familiales ·" in page
        accueil = lire(site.get(adresse()))
        assert "1 dispositif</a> est à vérifier : existe-t-il encore ?" in accueil

    def test_verifier_depuis_la_liste_y_revient_avec_ses_choix(self, ouvert, aide):
        site, adresse = ouvert
        reponse = site.post(
            adresse(f"dispositifs/{aide.pk}/verifier/"), choisis="etat=a_verifier&q=aide"
        )
        assert reponse["Location"] == adresse("dispositifs/?etat=a_verifier&q=aide")
        aide.refresh_from_db()
        assert aide.verifie_le == timezone.localdate()
        page = lire(site.get(adresse("dispositifs/"), etat="a_verifier"))
        assert "« Aide au démarrage » est vérifié aujourd’hui." in page
        assert "Aucun dispositif ne répond à ce choix" in page
        assert "à vérifier : existe" not in lire(site.get(adresse()))

    @pytest.mark.parametrize("choisis", ["//ailleurs.example", "\r\nX: 1", "a=https://x.example"])
    def test_on_ne_revient_que_vers_la_liste(self, ouvert, aide, choisis):
        site, adresse = ouvert
        reponse = site.post(adresse(f"dispositifs/{aide.pk}/verifier/"), choisis=choisis)
        assert reponse["Location"].startswith(adresse("dispositifs/?"))

    @pytest.mark.parametrize(
        ("choix", "nombre"),
        [
            ({}, 4),
            ({"etat": "a_verifier"}, 1),
            ({"etat": "a_jour"}, 0),
            ({"etat": "non_cites"}, 3),
            ({"etat": "licorne"}, 4),
            ({"q": "AIDE dém"}, 1),
            ({"q": "allocations"}, 1),
            ({"q": "prêt", "etat": "non_cites"}, 3),
            ({"q": "rien de tel"}, 0),
        ],
    )
    def test_les_choix_filtrent_et_le_tableau_les_suit(self, ouvert, contrat, choix, nombre):
        site, adresse = ouvert
        for rang in range(3):
            contrat.dispositifs.create(
                nom=f"Prêt {rang}", slug=f"pret-{rang}", cle_de_tri=f"pret {rang}"
            )
        assert site.get(adresse("dispositifs/"), **choix).context["liste"].total == nombre
        csv = site.get(adresse("dispositifs/tableau.csv"), **choix).content.decode("utf-8-sig")
        assert len(csv.splitlines()) == nombre + 1

    def test_le_tableau_dit_tout(self, ouvert, pilote, aide):
        site, adresse = ouvert
        modifier_dispositif(
            par=pilote,
            dispositif=aide,
            version=aide.version,
            valeurs={"fin_le": date(2020, 1, 31), "lien": "https://exemple.fr"},
        )
        csv = site.get(adresse("dispositifs/tableau.csv")).content.decode("utf-8-sig")
        assert csv.splitlines()[1] == (
            "Aide au démarrage;Caisse d'allocations familiales;Droit commun;3;"
            "Personne ne l’a encore vérifié. Il a pris fin, et rien ne dit ce qui lui succède.;;"
            "31/01/2020;;https://exemple.fr"
        )
        assert site.get(adresse("dispositifs/tableau.xlsx")).content[:2] == b"PK"
        assert site.get(adresse("dispositifs/tableau.pdf")).status_code == 404

    def test_les_pages_se_suivent(self, ouvert, contrat):
        site, adresse = ouvert
        for rang in range(60):
            contrat.dispositifs.create(nom=f"Z {rang}", slug=f"z-{rang}", cle_de_tri=f"z {rang:02}")
        page = site.get(adresse("dispositifs/"))
        assert page.context["liste"].etat == "1 à 50 sur 61"
        suite = site.get(adresse(f"dispositifs/{page.context['suivante']}"))
        assert suite.context["liste"].etat == "51 à 61 sur 61"

    def test_sans_edition_publiee_rien_n_est_a_verifier(self, pilote, contrat, aide, monkeypatch):
        monkeypatch.setattr(queries.Edition.objects, "courante", lambda code: None)
        jour = timezone.localdate()
        (ligne,) = queries.lignes_des_dispositifs(pilote, contrat, {}, jour=jour)[0].lignes
        assert (ligne.etat, ligne.raisons) == ("non_cites", [])
        assert queries.citations(pilote, aide) == []

    def test_rien_ne_se_lit_de_l_exterieur(self, autre_pilote, contrat, aide):
        jour = timezone.localdate()
        assert queries.lignes_des_dispositifs(autre_pilote, contrat, {}, jour=jour)[0].total == 0
        assert queries.nombre_a_verifier(autre_pilote, contrat, jour=jour) == 0
        with pytest.raises(Dispositif.DoesNotExist):
            queries.ligne_du_dispositif(autre_pilote, contrat, aide.pk, jour=jour)

    def test_une_adresse_hostile_ne_casse_rien(self, ouvert):
        site, adresse = ouvert
        for valeur in ("\x00", "'; --", "9" * 400, "<script>alert(1)</script>", "²"):
            lue = site.get(
                adresse("dispositifs/"), apres=valeur, avant=valeur, etat=valeur, q=valeur
            )
            assert lue.status_code == 200
            assert b"<script>alert" not in lue.content


def test_le_nombre_de_requetes_ne_depend_pas_des_lignes(ouvert, contrat, aide):
    site, adresse = ouvert
    site.get(adresse())
    cite = DispositifDeFiche.objects.filter(dispositif=aide).first()
    communes = contrat.partenaires.get(nom="Communes")
    comptes = {"": [], "dispositifs/": [], f"dispositifs/{aide.pk}/": []}
    for depuis, jusque in ((0, 1), (1, 30)):
        for rang in range(depuis, jusque):
            autre = contrat.dispositifs.create(
                nom=f"P {rang}", slug=f"p-{rang}", cle_de_tri=f"p {rang:02}"
            )
            autre.responsables.add(communes)
        for page, mesures in comptes.items():
            with CaptureQueriesContext(connection) as lues:
                assert site.get(adresse(page)).status_code == 200
            mesures.append(len(lues))
    assert cite.edition.est_publiee
    assert all(len(set(mesures)) == 1 for mesures in comptes.values()), comptes


class TestPage:
    def test_montre_ce_que_les_fiches_disent_et_se_corrige(self, ouvert, contrat, aide):
        site, adresse = ouvert
        chemin = adresse(f"dispositifs/{aide.pk}/")
        page = lire(site.get(chemin))
        assert "1-1 · Ouvrir des jardins partagés 1-1" in page
        assert "En place" in page
        communes = contrat.partenaires.get(nom="Communes")
        reponse = site.post(
            chemin,
            depart=depart_de(site.get(chemin)),
            **champs(aide, responsables=[communes.pk], fin_le="2025-12-31", suite="Aide à l’envol"),
            est_verifie="on",
        )
        assert reponse["Location"] == chemin
        aide.refresh_from_db()
        assert (aide.fin_le, aide.suite) == (date(2025, 12, 31), "Aide à l’envol")
        assert list(aide.responsables.all()) == [communes]
        assert aide.verifie_le == timezone.localdate()
        page = lire(site.get(chemin))
        assert "C’est enregistré." in page
        assert "fin, ajout de « 31 décembre 2025 »" in page
        public = lire(Client().get(f"/{contrat.code}/dispositifs/{aide.slug}/"))
        assert "Ce dispositif a pris fin le 31 décembre 2025" in public
        assert "Aide à l’envol." in public
        assert "Vérifié le" in public
        assert "Amina" not in public

    def test_ses_versions_se_lisent_mot_par_mot(self, ouvert, pilote, aide, monkeypatch):
        site, adresse = ouvert
        page = adresse(f"dispositifs/{aide.pk}/")
        assert "titre-versions" not in lire(site.get(page))
        # Aucune séance ne dure : chaque acte fait sa version.
        monkeypatch.setattr("parvis.pilotage.queries.versions.SEANCE", timedelta(0))
        for texte, fin in (("Six mois d'aide.", None), ("Trois mois d'aide.", date(2026, 1, 31))):
            aide.refresh_from_db()
            modifier_dispositif(
                par=pilote,
                dispositif=aide,
                version=aide.version,
                valeurs={"explication": texte, "fin_le": fin, "suite": ""},
            )
        dernier, premier = versions_du_savoir(pilote, aide)
        assert premier.par == str(pilote.utilisateur)
        changes = {
            nom: [(m.nature, m.texte) for m in morceaux] for nom, morceaux in dernier.changements
        }
        assert changes == {
            "explication": [("retire", "Six"), ("ajoute", "Trois"), ("egal", " mois d'aide.")],
            "fin": [("ajoute", "31 janvier 2026")],
        }
        lue = lire(site.get(page))
        assert "2 versions" in lue and "<ins>" in lue

    @pytest.mark.parametrize(
        ("saisie", "motif"),
        [
            ({"suite": "Une autre"}, "dites aussi quand il a pris fin"),
            ({"fin_le": "2025-13-45"}, "A pris fin le"),
            ({"lien": "pas une adresse"}, "Adresse d’une page"),
            ({"responsables": [987654]}, "Qui le tient"),
            ({"depart": "forgé"}, "Rechargez la page"),
        ],
    )
    def test_un_refus_garde_ce_qui_est_ecrit(self, ouvert, aide, saisie, motif):
        site, adresse = ouvert
        chemin = adresse(f"dispositifs/{aide.pk}/")
        donnees = {"depart": depart_de(site.get(chemin)), **champs(aide, explication="Mon texte.")}
        reponse = site.post(chemin, **(donnees | saisie))
        assert reponse.status_code == 422
        page = lire(reponse)
        assert "Mon texte." in page
        assert motif in page or "depart" in saisie
        aide.refresh_from_db()
        assert aide.explication == ""

    def test_deux_relectures_croisees_se_montrent_et_rien_ne_se_perd(self, ouvert, pilote, aide):
        site, adresse = ouvert
        chemin = adresse(f"dispositifs/{aide.pk}/")
        vu = depart_de(site.get(chemin))
        modifier_dispositif(
            par=pilote,
            dispositif=aide,
            version=aide.version,
            valeurs={"explication": "Écrit entre-temps.", "lien": "https://exemple.fr/aide"},
        )
        reponse = site.post(chemin, depart=vu, **champs(aide, explication="Mon texte."))
        assert reponse.status_code == 409
        page = lire(reponse)
        assert "a changé pendant que vous écriviez" in page
        assert "<td>Mon texte.</td>" in page
        assert "<td>Écrit entre-temps.</td>" in page
        assert "(vous n’y avez pas touché)" in page
        form = reponse.context["form"]
        assert form["explication"].value() == "Mon texte."
        assert form["lien"].value() == "https://exemple.fr/aide"
        aide.refresh_from_db()
        assert aide.explication == "Écrit entre-temps."
        # Le formulaire rendu part de la ligne d'aujourd'hui : l'envoyer suffit.
        neuf = depart_de(reponse)
        saisie = champs(aide, explication="Mon texte.")
        assert site.post(chemin, depart=neuf, **saisie).status_code == 302
        aide.refresh_from_db()
        assert (aide.explication, aide.lien) == ("Mon texte.", "https://exemple.fr/aide")

    def test_un_conflit_nomme_les_responsables_les_dates_et_la_nature(self, ouvert, pilote, aide):
        site, adresse = ouvert
        chemin = adresse(f"dispositifs/{aide.pk}/")
        vu = depart_de(site.get(chemin))
        saisie = champs(aide, nature="")
        communes = aide.contrat.partenaires.get(nom="Communes")
        modifier_dispositif(
            par=pilote,
            dispositif=aide,
            version=aide.version,
            valeurs={
                "responsables": [communes],
                "fin_le": date(2025, 1, 1),
                "nature": "specifique",
            },
        )
        page = lire(site.post(chemin, depart=vu, **saisie))
        assert "<td>Communes</td>" in page
        assert "<td>1er janvier 2025</td>" in page
        assert "<td>Inconnue</td>" in page
        assert "<td>Crédits spécifiques de la politique de la ville</td>" in page

    def test_verifier_depuis_sa_page_y_reste(self, ouvert, aide):
        site, adresse = ouvert
        chemin = adresse(f"dispositifs/{aide.pk}/")
        assert site.post(f"{chemin}verifier/")["Location"] == chemin
        page = lire(site.get(chemin))
        assert "par Amina Traoré" in page
        assert "a vérifié « Aide au démarrage » : rien n’a changé." in page
        assert "<span>Rien n’a changé" not in page

    def test_celui_d_un_autre_contrat_repond_comme_un_absent(self, ouvert, voisin):
        site, adresse = ouvert
        etranger = voisin.dispositifs.get()
        partenaire = voisin.partenaires.get(nom="Communes")
        essais = [
            site.get(adresse(f"dispositifs/{etranger.pk}/")),
            site.post(adresse(f"dispositifs/{etranger.pk}/"), explication="X"),
            site.post(adresse(f"dispositifs/{etranger.pk}/verifier/")),
            site.get(adresse(f"partenaires/{partenaire.pk}/modifier/")),
            site.post(adresse(f"partenaires/{partenaire.pk}/modifier/"), sigle="X"),
            site.get(adresse(f"dispositifs/{10**18}/")),
        ]
        assert {reponse.status_code for reponse in essais} == {404}
        assert not Evenement.objects.filter(action__endswith="_dispositif").exists()


def test_une_verification_d_il_y_a_plus_d_un_an_revient(pilote, contrat, aide):
    verifier_dispositif(par=pilote, dispositif=aide)
    jour = timezone.localdate()
    assert queries.nombre_a_verifier(pilote, contrat, jour=jour) == 0
    assert queries.nombre_a_verifier(pilote, contrat, jour=jour + timedelta(days=367)) == 1
