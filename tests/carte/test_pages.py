"""La carte, les quartiers, la page de chacun : ce qu'elles montrent, à qui."""

import csv
import io

import pytest
import python_calamine
from django.urls import reverse

from parvis.cadre.actions import importer_cadre
from parvis.cadre.models import OrganismeDePartenaire
from parvis.carte.queries.quartiers import quartier as page_du_quartier
from parvis.territoires.models import Correspondance, Epci, Perimetre
from tests.carte.conftest import dire, liens, lire
from tests.carte.val import carre, contrat_decline, contrat_du, quartier
from tests.fabriques.cadre import MACHINE, contrat_publie, petit_contrat
from tests.fabriques.comptes import organisme

pytestmark = pytest.mark.django_db
# Chaque page publique, et les morceaux de son adresse.
PAGES = {
    "carte": (),
    "couche": ("quartiers-2024",),
    "quartiers": (),
    "tableau": ("csv",),
    "quartier": ("QN94001A",),
    "affiche": ("QN94001A",),
    "commune": ("94081",),
    "adresse": (),
}


def adresse(nom: str, contrat: str = "tilleuls") -> str:
    return reverse(f"carte:{nom}", args=(contrat, *PAGES[nom]))


@pytest.mark.parametrize("nom", PAGES)
def test_chaque_page_se_lit_et_ne_s_ecrit_pas(client, edition, nom):
    assert client.get(adresse(nom)).status_code == 200
    assert client.head(adresse(nom)).status_code == 200
    assert client.head(adresse(nom)).content == b""
    for methode in ("post", "put", "patch", "delete"):
        assert getattr(client, methode)(adresse(nom)).status_code == 405


@pytest.mark.parametrize("nom", PAGES)
def test_un_brouillon_repond_comme_un_contrat_absent(client, lieux, nom):
    importer_cadre(par=MACHINE, contrat="tilleuls", lu=petit_contrat(), source="essai")
    brouillon, absent = client.get(adresse(nom)), client.get(adresse(nom, "absentum"))
    assert brouillon.status_code == absent.status_code == 404
    assert brouillon.content == absent.content


@pytest.mark.parametrize("nom", ["quartier", "affiche", "commune"])
def test_le_quartier_d_un_autre_contrat_repond_comme_un_quartier_absent(client, edition, nom):
    """Seul un autre contrat couvre ce quartier."""
    Epci.objects.create(nom="Ailleurs")
    contrat_publie("ailleurs", petit_contrat(territoire="Ailleurs"))
    assert client.get(adresse(nom)).status_code == 200
    d_un_autre = client.get(adresse(nom, "ailleurs"))
    absent = client.get(reverse(f"carte:{nom}", args=("ailleurs", "QN00000Z")))
    assert d_un_autre.status_code == absent.status_code == 404
    assert d_un_autre.content == absent.content


@pytest.mark.parametrize("nom", ["carte", "quartiers", "adresse"])
def test_sans_territoire_la_page_dit_quoi_faire(client, lieux, nom):
    contrat_publie("ailleurs", petit_contrat(territoire="Nulle-Part"))
    page = client.get(adresse(nom, "ailleurs"))
    assert page.status_code == 200
    assert "Aucun quartier n’est chargé ici" in lire(page)
    assert "/ailleurs/sommaire/" in liens(page)
    assert "Le Verger" not in lire(page)


def test_sans_territoire_le_tableau_n_a_que_son_en_tete(client, lieux):
    contrat_publie("ailleurs", petit_contrat(territoire="Nulle-Part"))
    lignes = client.get(adresse("tableau", "ailleurs")).content.decode("utf-8-sig").splitlines()
    assert len(lignes) == 1 and lignes[0].startswith("code;nom;")


class TestCarte:
    def test_montre_d_abord_la_derniere_generation_et_les_communes(self, client, edition):
        page = client.get(adresse("carte"))
        dit = dire(page)
        assert "Le Grand Verger" in dit and "Les Bateliers" in dit and "Port-Tilleul" in dit
        assert "Le Moulin" not in dit
        assert "/tilleuls/quartiers/QN94001A/" in liens(page)
        assert "non dessiné" in dit
        assert 'value="quartiers-2024"' in page.text and page.text.count(" checked") == 2
        assert "Mettre les listes à jour" in dit and "Appliquer" not in dit
        assert "Fiches qui le nomment : 3" in dit
        assert "Fiches qui le nomment : aucune, toutes s’y appliquent" in dit

    def test_montre_les_couches_choisies(self, client, edition):
        page = client.get(adresse("carte"), {"couche": ["quartiers-2015", "fiches-locales", "x"]})
        assert "Le Moulin" in dire(page) and "3 fiches en parlent" in dire(page)
        assert "Les Bateliers" not in dire(page)

    def test_sans_aucune_couche_le_dit(self, client, edition):
        page = client.get(adresse("carte"), {"choix": "1"})
        assert "Aucune couche n’est choisie" in dire(page)
        assert "Aucun contour n’est chargé" in dire(page)

    def test_une_couche_sans_element_le_dit(self, client, lieux):
        contrat_publie("tilleuls", contrat_du("Val-des-Tilleuls", []))
        page = client.get(adresse("carte"), {"couche": "fiches-locales"})
        assert "Rien à montrer dans cette couche" in dire(page)


class TestQuartiers:
    def test_liste_la_derniere_generation_par_commune(self, client, edition):
        page = client.get(adresse("quartiers"))
        dit = dire(page)
        assert dit.index("Les Bateliers") < dit.index("Le Grand Verger")
        assert "2 quartiers" in dit and "Le Moulin" not in dit
        assert {"/tilleuls/quartiers/QN94001A/", "?millesime=2015"} <= set(liens(page))
        assert "1 234" in lire(page) and "n.d." in dit

    def test_la_generation_est_dans_l_adresse(self, client, edition):
        assert "Le Moulin" in dire(client.get(adresse("quartiers"), {"millesime": "2015"}))

    @pytest.mark.parametrize("millesime", ["1999", "abc", "", "2015'--", "9" * 40])
    def test_une_generation_inconnue_montre_la_derniere(self, client, edition, millesime):
        page = client.get(adresse("quartiers"), {"millesime": millesime})
        assert page.status_code == 200 and "Le Grand Verger" in dire(page)

    def test_le_tableau_a_toutes_les_generations(self, client, edition):
        recu = client.get(adresse("tableau"))
        assert recu.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert 'filename="tilleuls-quartiers.csv"' in recu.headers["Content-Disposition"]
        texte = recu.content.decode("utf-8-sig")
        lignes = {li["code"]: li for li in csv.DictReader(io.StringIO(texte), delimiter=";")}
        assert list(lignes) == ["QN94002A", "QN94001A", "QP94002", "QP94001"]
        assert lignes["QN94001A"] == {
            "code": "QN94001A",
            "nom": "Le Grand Verger",
            "génération": "2024",
            "communes": "Val-des-Tilleuls",
            "population": "1234",
            "superficie_ha": "9",
            "fiches": "3",
        }
        assert lignes["QN94002A"]["superficie_ha"] == ""

    def test_le_classeur_dit_la_meme_chose(self, client, lieux):
        quartier("QN94009A", 2024, "=1+1", [lieux.val], carre(-600))
        contrat_publie("tilleuls")
        recu = client.get(reverse("carte:tableau", args=("tilleuls", "xlsx")))
        classeur = python_calamine.load_workbook(io.BytesIO(recu.content))
        lignes = classeur.get_sheet_by_index(0).to_python()
        par_code = {ligne[0]: ligne for ligne in lignes}
        assert par_code["QN94001A"][1:] == [
            "Le Grand Verger",
            2024,
            "Val-des-Tilleuls",
            1234,
            9,
            3,
        ]
        # Un nom n'est pas une formule.
        assert par_code["QN94009A"][1] == "=1+1"
        assert "'=1+1" in client.get(adresse("tableau")).content.decode()

    @pytest.mark.parametrize("extension", ["pdf", "json", "CSV"])
    def test_un_autre_format_est_introuvable(self, client, edition, extension):
        vers = reverse("carte:tableau", args=("tilleuls", extension))
        assert client.get(vers).status_code == 404


class TestUnQuartier:
    def ouvrir(self, client, code: str):
        page = client.get(f"/tilleuls/quartiers/{code}/")
        assert page.status_code == 200
        return page

    def test_de_2024_dit_ce_qu_on_en_sait(self, client, edition):
        page = self.ouvrir(client, "QN94001A")
        for attendu in (
            "Le Grand Verger",
            "génération 2024",
            "Aussi appelé : Cité du Verger",
            "1 234 habitants",
            "9 ha",
            "Fiches qui le nomment 3",
            "depuis le 1er janvier 2024",
            "Il succède au quartier « Le Verger », dont les limites ont changé.",
            "Une note sur ce quartier.",
            "Fichier d’essai",
            "Insee, 2021",
            "Elle nomme « Le Verger »",
        ):
            assert attendu in dire(page), attendu
        assert {
            "/tilleuls/quartiers/QP94001/",
            "/tilleuls/quartiers/QN94001A/a-punaiser.pdf",
            "/tilleuls/carte/?couche=quartiers-2024",
            "/tilleuls/orientation/?lieu=Le%20Verger",
            "/tilleuls/fiches/1-1/",
        } <= set(liens(page))
        assert 'role="img"' in page.text

    def test_de_2015_mene_a_son_successeur(self, client, edition):
        page = self.ouvrir(client, "QP94001")
        assert "jusqu’au 31 décembre 2023" in dire(page)
        assert "Le quartier « Le Grand Verger » lui succède, dans d’autres limites." in dire(page)
        assert "/tilleuls/quartiers/QN94001A/" in liens(page)

    def test_sorti_le_dit_et_ne_mene_nulle_part(self, client, edition):
        page = self.ouvrir(client, "QP94002")
        assert "sorti de la géographie prioritaire : aucun quartier ne lui succède" in dire(page)
        assert not [li for li in liens(page) if "/quartiers/Q" in li and "QP94002" not in li]
        assert "Aucune fiche ne nomme ce quartier : toutes s’y appliquent." in dire(page)

    def test_sans_perimetre_dit_que_la_reponse_y_est_inconnue(self, client, edition):
        page = self.ouvrir(client, "QN94002A")
        assert "Son contour n’est pas chargé" in dire(page)
        assert "« inconnu »" in dire(page)
        assert 'role="img"' not in page.text
        assert "contour non chargé" in dire(page) and "non connue" in dire(page)

    def test_un_perimetre_arrondi_le_dit_et_un_remplace_ne_compte_plus(self, client, edition):
        ancien = Perimetre.objects.get(quartier__code="QN94001A")
        ancien.est_arrondi = True
        ancien.save()
        assert "à recharger depuis le fichier officiel" in dire(self.ouvrir(client, "QN94001A"))
        Perimetre.objects.filter(pk=ancien.pk).update(remplace_le=ancien.charge_le)
        assert "Son contour n’est pas chargé" in dire(self.ouvrir(client, "QN94001A"))

    def test_une_fiche_declinee_y_mene_par_sa_declinaison(self, client, lieux):
        contrat_decline("Le Verger")
        page = self.ouvrir(client, "QN94001A")
        assert "/tilleuls/fiches/1-1/le-verger/" in liens(page)
        assert "/tilleuls/fiches/1-1/" not in liens(page)
        assert "/tilleuls/fiches/1-2/" in liens(page)
        assert "Déclinée ici : Le Verger" in dire(page)

    def test_une_fiche_de_la_commune_y_est_a_part(self, client, lieux):
        contrat_decline("Port-Tilleul")
        page = self.ouvrir(client, "QN94002A")
        assert "Et de sa commune" in dire(page)
        assert "/tilleuls/fiches/1-1/port-tilleul/" in liens(page)
        assert "Et de sa commune" not in dire(self.ouvrir(client, "QN94001A"))

    def test_qui_agit_dans_la_commune(self, client, edition, lieux):
        partenaire = edition.contrat.partenaires.get(nom="Caisse d'allocations familiales")
        for nom, champs in {
            "CAF du Val": {"siege": lieux.val},
            "CAF de Port": {"siege": lieux.port},
            "CAF finie": {"siege": lieux.val, "fin_le": "2020-01-01"},
            "CAF de partout": {},
        }.items():
            cree = organisme(nom, "protection_sociale", **champs)
            OrganismeDePartenaire.objects.create(
                partenaire=partenaire, organisme=cree, depuis_le="2015-01-01", origine="choisie"
            )
        cree.communes.add(lieux.val)
        dit = dire(self.ouvrir(client, "QN94001A"))
        assert "CAF du Val" in dit and "CAF de partout" in dit
        assert "Dans le contrat : Caisse d’allocations familiales" in dit
        assert "CAF de Port" not in dit and "CAF finie" not in dit

    @pytest.mark.parametrize("code", ["QN00000Z", "qn94001a", "tableau"])
    def test_un_code_inconnu_est_introuvable(self, client, edition, code):
        assert client.get(f"/tilleuls/quartiers/{code}/").status_code == 404

    def test_un_meme_code_dans_deux_generations_mene_a_la_derniere(self, client, lieux):
        quartier("QP94001", 2024, "Le Verger nouveau", [lieux.val])
        contrat_publie("tilleuls")
        assert "Le Verger nouveau" in dire(self.ouvrir(client, "QP94001"))


class TestDesQuartiersReunis:
    """Le Verger et Le Pré deviennent Le Grand Verger ; des fiches ne nomment que Le Verger."""

    @pytest.fixture
    def reunis(self, lieux):
        pre = quartier("QP94003", 2015, "Le Pré", [lieux.val], carre(200))
        Correspondance.objects.create(ancien=pre, nouveau=lieux.grand_verger, nature="modifie")
        return contrat_publie("tilleuls")

    def test_la_page_du_nouveau_dit_les_fiches_de_ceux_qu_il_reunit(self, client, reunis):
        page = client.get("/tilleuls/quartiers/QN94001A/")
        assert "Il réunit les quartiers « Le Pré » et « Le Verger »" in dire(page)
        assert "/tilleuls/fiches/1-1/" in liens(page)

    def test_la_liste_ne_prete_pas_au_voisin_les_fiches_d_un_autre(self, client, reunis):
        texte = client.get(adresse("tableau")).content.decode("utf-8-sig")
        comptes = {
            li["code"]: li["fiches"] for li in csv.DictReader(io.StringIO(texte), delimiter=";")
        }
        assert (comptes["QN94001A"], comptes["QP94001"], comptes["QP94003"]) == ("3", "3", "0")

    def test_la_page_ne_prete_pas_au_voisin_les_fiches_d_un_autre(self, reunis):
        page = page_du_quartier(MACHINE, reunis, "QP94003")
        assert page.vu.fiches == 0
        assert page.ici == []
