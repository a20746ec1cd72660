"""Cette adresse est-elle dans un quartier prioritaire ? La réponse, les doutes, et rien n'en reste."""

import re

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse

from parvis.carte.queries.adresses import repondre_a_une_adresse
from parvis.connecteurs.geocodage import faux_serveur
from parvis.territoires.models import Epci
from parvis.territoires.queries.situation import oublier_les_fonds
from tests.carte.conftest import dire, liens, tables_ou_se_lit
from tests.carte.val import point
from tests.fabriques.cadre import MACHINE, contrat_publie, petit_contrat

pytestmark = pytest.mark.django_db
PAGE = "/tilleuls/adresse/"
ETEINTE = "La recherche d’adresses est éteinte sur ce site."
DEDANS, AU_BORD, DEHORS, A_PORT = (0, 0), (145, 0), (500, 0), (0, 2500)


def en_degres(ou: tuple[float, float]) -> dict[str, str]:
    lon, lat = point(*ou)
    return {"lat": f"{lat:.6f}", "lon": f"{lon:.6f}"}


def reponses(page) -> dict[int, str]:
    """Rend la réponse que montre la page pour chaque génération."""
    # « ? » est le signe de « À vérifier ».
    trouvees = re.findall(
        r"(?:Aujourd’hui : quartiers de (?=2024 )|Quartiers de (?=2015, en vigueur de 2015 à 2023 ))"
        r"(\d{4})(?:, en vigueur de 2015 à 2023)?(?: · ceux de ce contrat)?(?: \?)? "
        r"(Oui|Non|À vérifier|Inconnu)\b",
        dire(page),
    )
    return {int(millesime): mot for millesime, mot in trouvees}


def contrat_du_port(lieux):
    """Publie un contrat dont le territoire n'a qu'une commune."""
    Epci.objects.create(nom="Le Port").communes.add(lieux.port)
    return contrat_publie("port", petit_contrat(territoire="Le Port"))


def repond(edition, **demande):
    valeurs = {"q": "", "choix": None} | demande
    return repondre_a_une_adresse(MACHINE, edition.contrat, **valeurs)


class TestUnPoint:
    @pytest.mark.parametrize(
        ("ou", "en_2024", "en_2015", "phrases"),
        [
            (
                DEDANS,
                "Oui",
                "Oui",
                ["Dans le quartier prioritaire Le Grand Verger (QN94001A), à 150 m de son bord."],
            ),
            (
                DEHORS,
                "Non",
                "Non",
                [
                    "Le quartier le plus proche : Le Grand Verger (QN94001A), à 350 m.",
                    "Le quartier le plus proche : Le Verger (QP94001), à 400 m.",
                ],
            ),
            (
                AU_BORD,
                "À vérifier",
                "Non",
                [
                    "Le point est à l’intérieur, à 5 m du bord",
                    "Le quartier le plus proche : Le Verger (QP94001), à 45 m.",
                ],
            ),
            (A_PORT, "Inconnu", "Non", ["Le contour de « Les Bateliers » n’est pas chargé."]),
            (
                (0, 9000),
                "Inconnu",
                "Inconnu",
                ["Les quartiers de cette commune ne sont pas chargés."],
            ),
        ],
        ids=["oui", "non", "a_verifier", "sans_contour", "hors_du_territoire"],
    )
    def test_a_une_reponse_par_generation(self, client, edition, ou, en_2024, en_2015, phrases):
        page = client.get(PAGE, en_degres(ou))
        assert reponses(page) == {2024: en_2024, 2015: en_2015}
        for phrase in phrases:
            assert phrase in dire(page), phrase

    def test_la_reponse_est_datee_et_dit_sa_source(self, client, edition):
        dit = dire(client.get(PAGE, en_degres(DEDANS)))
        for attendu in (
            "Aujourd’hui : quartiers de 2024",
            "Quartiers de 2015, en vigueur de 2015 à 2023 · ceux de ce contrat",
            "n° 2023-1314 du 28 décembre 2023",
            "n° 2014-1750 du 30 décembre 2014",
            "Contour : Fichier d’essai, chargé le",
            "Réponse indicative du",
            "Elle ne vaut pas certificat",
        ):
            assert attendu in dit, attendu
        assert dit.count("ceux de ce contrat") == 1

    def test_mene_aux_quartiers_de_chaque_generation_et_reste_dans_les_champs(
        self, client, edition
    ):
        saisie = en_degres(DEDANS)
        page = client.get(PAGE, saisie)
        assert {"/tilleuls/quartiers/QN94001A/", "/tilleuls/quartiers/QP94001/"} <= set(liens(page))
        assert all(f'value="{ecrit}"' in page.text for ecrit in saisie.values())
        assert "<circle" in page.text

    def test_une_adresse_trouvee_s_y_lit(self, client, edition):
        page = client.get(PAGE, {"q": "4 rue du Verger 94990"})
        assert all(f'value="{n:.5f}"' in page.text for n in point(*DEDANS))

    def test_le_quartier_d_un_autre_contrat_est_nomme_sans_lien(self, client, edition):
        Epci.objects.create(nom="Ailleurs")
        contrat_publie("ailleurs", petit_contrat(territoire="Ailleurs"))
        page = client.get("/ailleurs/adresse/", en_degres(DEDANS))
        assert reponses(page)[2024] == "Oui"
        assert "Le Grand Verger" in dire(page)
        assert not [lien for lien in liens(page) if "/quartiers/Q" in lien]

    def test_une_adresse_l_emporte_sur_lui(self, client, edition):
        page = client.get(PAGE, {"q": "20 chemin du Moulin 94990"} | en_degres(DEDANS))
        assert reponses(page) == {2024: "Non", 2015: "Oui"}
        assert "20 Chemin du Moulin" in dire(page)

    @pytest.mark.parametrize(
        ("demande", "motif"),
        [
            ({"lat": "abc", "lon": "2,4"}, "entre -90 et 90, comme 48,81476"),
            ({"lat": "48,8", "lon": "181"}, "entre -180 et 180"),
            ({"lat": "48,8"}, "Donnez aussi la longitude."),
            ({"lon": "2,4", "lat": ""}, "Donnez aussi la latitude."),
            ({"lat": "", "lon": ""}, "Donnez aussi la latitude."),
            ({"lat": "\x00", "lon": "\x00"}, "entre -90 et 90"),
        ],
    )
    def test_de_mauvais_nombres_se_disent_a_leur_champ(self, client, edition, demande, motif):
        page = client.get(PAGE, demande)
        assert page.status_code == 200 and reponses(page) == {}
        assert motif in dire(page)

    def test_la_virgule_vaut_le_point(self, client, edition):
        ecrits = {nom: n.replace(".", ",") for nom, n in en_degres(DEDANS).items()}
        assert reponses(client.get(PAGE, ecrits))[2024] == "Oui"

    def test_sans_aucun_contour_charge_la_reponse_est_inconnue(self, client, db):
        contrat_publie("tilleuls")
        oublier_les_fonds()
        page = client.get(PAGE, en_degres(DEDANS))
        assert reponses(page) == {2024: "Inconnu", 2015: "Inconnu"}


class TestUneAdresseChargee:
    @pytest.mark.parametrize(
        ("q", "en_2024", "en_2015"),
        [
            ("4 rue du Verger, 94990 Val-des-Tilleuls", "Oui", "Oui"),
            ("20 chemin du Moulin, Val-des-Tilleuls", "Non", "Oui"),
            ("7 place du Marché 94990", "Non", "Non"),
            ("9 allée du Bord 94990", "À vérifier", "Non"),
            ("3 rue des Lilas, 94980 Port-Tilleul", "Inconnu", "Non"),
        ],
    )
    def test_se_situe_sans_reseau(self, client, edition, q, en_2024, en_2015):
        page = client.get(PAGE, {"q": q})
        assert reponses(page) == {2024: en_2024, 2015: en_2015}
        assert "trouvée dans les adresses chargées ici" in dire(page)
        assert ETEINTE not in dire(page)

    def test_dit_l_adresse_retenue_et_son_score(self, client, edition):
        page = client.get(PAGE, {"q": "4 r du verger 94990"})
        assert "4 Rue du Verger, 94990 Val-des-Tilleuls" in dire(page)
        assert "Position : numéro, score 1,00" in dire(page)

    def test_deux_rues_de_meme_nom_laissent_choisir(self, client, edition):
        page, autre = (client.get(PAGE, {"q": "3 rue des Lilas", "choix": n}) for n in "01")
        assert {reponses(p)[2024] for p in (page, autre)} == {"À vérifier", "Inconnu"}
        doute = "L’adresse trouvée ressemble mal à celle qui est donnée (score 0,75)."
        assert doute in dire(page) and doute in dire(autre)
        assert "?q=3%20rue%20des%20Lilas&choix=1" in liens(page)
        assert "?q=3%20rue%20des%20Lilas&choix=0" in liens(autre)
        retenues = {re.search(r"3 Rue des Lilas, \d{5} \S+", dire(p))[0] for p in (page, autre)}
        assert retenues == {
            "3 Rue des Lilas, 94990 Val-des-Tilleuls",
            "3 Rue des Lilas, 94980 Port-Tilleul",
        }

    def test_un_choix_trop_grand_retient_la_derniere(self, edition):
        trouvee = repond(edition, q="3 rue des Lilas", choix=20)
        assert trouvee.retenue is trouvee.trouvees[-1]

    @pytest.mark.parametrize("choix", ["-1", "21", "un", "1.5", "9" * 30])
    def test_un_choix_invente_ne_casse_rien(self, client, edition, choix):
        page = client.get(PAGE, {"q": "3 rue des Lilas", "choix": choix})
        assert page.status_code == 200 and reponses(page) == {}

    @pytest.mark.parametrize(
        ("q", "commune"),
        [
            ("3 rue des Lilas, Val-des-Tilleuls", "94081"),
            ("3 rue des Lilas 94990", "94081"),
            ("3 rue des Lilas, Port-Tilleul", "94041"),
        ],
    )
    def test_dans_un_contrat_d_une_commune_celle_qui_est_ecrite_l_emporte(self, lieux, q, commune):
        trouvee = repond(contrat_du_port(lieux), q=q)
        assert trouvee.retenue.lieu.commune == commune and trouvee.retenue.est_sure

    def test_dans_un_contrat_d_une_commune_elle_n_y_est_pas_supposee(self, client, lieux):
        seul = contrat_du_port(lieux)
        ambigue = repond(seul, q="3 rue des Lilas")
        assert {t.lieu.commune for t in ambigue.trouvees} == {"94041", "94081"}
        assert max(t.score for t in ambigue.trouvees) <= 0.75
        unique = repond(seul, q="4 rue du Verger")
        assert (unique.retenue.lieu.commune, unique.retenue.score) == ("94081", 0.75)
        page = client.get("/port/adresse/", {"q": "4 rue du Verger"})
        assert reponses(page) == {2024: "À vérifier", 2015: "À vérifier"}

    @pytest.mark.parametrize(
        "q", ["4 rue du Verger", "20 chemin du Moulin", "7 place du Marché", "9 allée du Bord"]
    )
    def test_sans_commune_ni_code_postal_elle_n_est_jamais_sure(self, client, edition, q):
        trouvee = repond(edition, q=q).retenue
        assert trouvee.score <= 0.75 and not trouvee.est_sure
        page = client.get(PAGE, {"q": q})
        assert reponses(page) == {2024: "À vérifier", 2015: "À vérifier"}
        assert "L’adresse trouvée ressemble mal à celle qui est donnée (score 0,75)." in dire(page)
        # La commune écrite, le doute tombe.
        assert repond(edition, q=f"{q}, Val-des-Tilleuls").retenue.est_sure

    @pytest.mark.parametrize("q", ["", "   ", "\t"])
    def test_sans_rien_ecrire_la_page_demande_une_adresse(self, client, edition, q):
        for demande in ({"q": q}, {"q": q} | en_degres(DEDANS)):
            page = client.get(PAGE, demande)
            assert page.status_code == 200 and reponses(page) == {}
            assert "Adresse : Écrivez une adresse." in dire(page)
            assert "la réponse est donc inconnue" not in dire(page)

    def test_la_page_nue_ne_reproche_rien(self, client, edition):
        page = client.get(PAGE)
        assert 'role="alert"' not in page.text and "Écrivez une adresse." not in dire(page)

    def test_introuvable_et_sans_geocodeur_elle_dit_comment_faire(self, client, edition):
        page = client.get(PAGE, {"q": "1 rue Inconnue"})
        assert "la réponse est donc inconnue" in dire(page)
        assert ETEINTE in dire(page)
        assert "Elle n’est cherchée que dans les adresses chargées ici." in dire(page)

    def test_plus_de_deux_cents_caracteres_ne_se_cherchent_pas(self, client, edition):
        page = client.get(PAGE, {"q": "rue " * 60})
        assert page.status_code == 200 and reponses(page) == {}

    def test_plus_de_deux_cents_caracteres_se_disent(self, client, edition):
        assert "200 caractères" in dire(client.get(PAGE, {"q": "rue " * 60}))

    @pytest.mark.parametrize(
        "q",
        [
            "<script>alert(1)</script>",
            '"><img src=x onerror=alert(1)>',
            "{{ 7*7 }}{% now %}",
            "' OR 1=1 --",
            "%00",
            "\x00",
            "é" * 200,
            "3 rue des Lilas <b>x</b>&choix=1",
        ],
    )
    def test_un_texte_hostile_ne_casse_ni_n_injecte_rien(self, client, edition, q):
        page = client.get(PAGE, {"q": q})
        assert page.status_code == 200
        for balise in ("<script>alert", "<img src=x", "<b>x", "49{"):
            assert balise not in page.text


class TestLeGeocodeur:
    def test_situe_ce_qui_n_est_pas_charge(self, client, edition, geocodeur):
        page = client.get(PAGE, {"q": "12 rue des Tilleuls, Val-des-Tilleuls"})
        assert "12 Rue des Tilleuls 94990 Val-des-Tilleuls" in dire(page)
        assert reponses(page)[2024] == "Oui"
        assert "trouvée par le service de géocodage" in dire(page)
        assert "elle est demandée à 127.0.0.1" in dire(page)

    def test_plusieurs_reponses_laissent_choisir(self, client, edition, geocodeur):
        premiere, seconde = (
            client.get(PAGE, {"q": "12 rue des Tilleuls", "choix": n}) for n in "01"
        )
        assert "?q=12%20rue%20des%20Tilleuls&choix=1" in liens(premiere)
        assert {reponses(premiere)[2024], reponses(seconde)[2024]} == {"Oui", "Inconnu"}

    def test_ne_sert_pas_a_ce_qui_est_charge_et_sur(self, client, edition, geocodeur):
        client.get(PAGE, {"q": "4 rue du Verger, 94990"})
        assert geocodeur.appels == []

    def test_une_voie_sans_numero_est_a_verifier(self, client, edition, geocodeur):
        page = client.get(PAGE, {"q": "rue des Tilleuls, Val-des-Tilleuls"})
        assert reponses(page)[2024] == "À vérifier"
        assert "La position n’est pas celle d’un numéro" in dire(page)

    @pytest.mark.parametrize("mode", ["panne", "html", "types"])
    def test_en_panne_la_page_s_ouvre_et_le_dit(self, client, edition, settings, mode):
        with faux_serveur.demarre(mode) as serveur:
            settings.GEOCODAGE = serveur.adresse
            page = client.get(PAGE, {"q": "1 rue Inconnue"})
        assert page.status_code == 200
        if mode != "types":
            assert "Le service qui situe les adresses ne répond pas." in dire(page)
            assert "la réponse est donc inconnue" in dire(page)

    def test_injoignable_ce_qui_est_charge_se_montre_quand_meme(self, client, edition, settings):
        settings.GEOCODAGE = "http://127.0.0.1:9"
        page = client.get(PAGE, {"q": "3 rue des Lilas"})
        assert "Le service qui situe les adresses ne répond pas." in dire(page)
        assert "3 Rue des Lilas" in dire(page) and len(reponses(page)) == 2


class TestRienNEnReste:
    SECRETE, RENDUE = "12 rue des Tilleuls, Val-des-Tilleuls", "12 Rue des Tilleuls"

    def demander(self, client, q: str) -> None:
        reponse = client.get(PAGE, {"q": q})
        assert reponse.status_code == 200 and not reponse.cookies
        assert "no-store" in reponse.headers["Cache-Control"]

    @pytest.mark.parametrize("demande", [{}, {"q": SECRETE}, {"q": ""}, en_degres(DEDANS)])
    def test_aucun_navigateur_ni_mandataire_ne_garde_la_page(self, client, edition, demande):
        garde = client.get(PAGE, demande).headers["Cache-Control"]
        assert {"no-store", "private"} <= set(garde.split(", "))

    def test_ni_chargee_ni_geocodee_ni_en_panne(self, client, edition, geocodeur):
        for q in (self.SECRETE, "4 rue du Verger, 94990", "1 impasse Secrète"):
            self.demander(client, q)
            assert tables_ou_se_lit(q) == []
        geocodeur.mode = "panne"
        cache.clear()
        self.demander(client, self.SECRETE)
        assert tables_ou_se_lit(self.SECRETE) == tables_ou_se_lit(self.RENDUE) == []

    def test_meme_quand_le_cache_est_une_table_comme_sur_un_vrai_site(
        self, client, edition, geocodeur, settings
    ):
        settings.CACHES = {
            "default": {
                "BACKEND": "django.core.cache.backends.db.DatabaseCache",
                "LOCATION": "parvis_cache",
            }
        }
        call_command("createcachetable", verbosity=0)
        self.demander(client, self.SECRETE)
        assert tables_ou_se_lit(self.RENDUE) == []


def test_l_adresse_de_la_page_est_celle_du_contrat():
    assert reverse("carte:adresse", args=("tilleuls",)) == PAGE
