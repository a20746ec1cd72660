"""Les chiffres d'un quartier et leur comparaison : ce qui se montre, ce qui se tait, ce que coûte la page."""

import csv
import io
import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import python_calamine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.observatoire.models import (
    Description,
    Livraison,
    Serie,
    Source,
    Valeur,
    ValeurDEnsemble,
)
from parvis.territoires.models import Epci
from tests.carte.conftest import dire, liens, lire
from tests.carte.val import contrat_du, quartier, territoire_de
from tests.fabriques.cadre import contrat_publie, petit_contrat

pytestmark = pytest.mark.django_db
TITRE = "En chiffres, à côté de la commune et de l’agglomération"
QUARTIER, COMPARER = "/tilleuls/quartiers/QN94001A/", "/tilleuls/chiffres/"
# Un nombre tu, que rien d'autre dans une page ne peut écrire.
TU = 73519


def serie(code="population", contrat="", **autres) -> Serie:
    """Crée une série, sa source et un fichier reçu le 3 mars 2026."""
    source, est_nouvelle = Source.objects.get_or_create(
        contrat=contrat, nom=f"Recensement {contrat}".strip(), defaults={"producteur": "Insee"}
    )
    if est_nouvelle:
        decrite = Description.objects.create(
            source=source, nom="F", niveau="quartier", millesime=2024, colonne_du_territoire="c"
        )
        Livraison.objects.create(
            description=decrite,
            periode="2021",
            fichier="f.csv",
            empreinte="e",
            recue_le=datetime(2026, 3, 3, 12, tzinfo=UTC),
            recue_par="essai",
        )
    valeurs = {"libelle": code.capitalize(), "unite": "personnes", "remontee": "somme"} | autres
    return Serie.objects.create(source=source, code=code, **valeurs)


def donner(serie, ou, nombre=None, periode="2021", **autres) -> Valeur:
    """Donne une valeur à un quartier ou à une commune ; sans nombre, elle manque."""
    lieu = "quartier" if hasattr(ou, "millesime") else "commune"
    champs = {
        "etat": "manquante" if nombre is None else "connue",
        "valeur": None if nombre is None else Decimal(str(nombre)),
        "livraison": Livraison.objects.get(description__source=serie.source),
        lieu: ou,
    } | autres
    return Valeur.objects.create(serie=serie, periode=periode, **champs)


def ensemble(serie, nombre=None, periode="2021", epci=None, **autres) -> ValeurDEnsemble:
    champs = {"etat": "manquante" if nombre is None else "connue", "valeur": nombre, "connus": 1}
    return ValeurDEnsemble.objects.create(
        serie=serie,
        epci=epci or Epci.objects.get(nom="Val-des-Tilleuls"),
        niveau="quartier",
        millesime=2024,
        periode=periode,
        attendus=2,
        **(champs | autres),
    )


def lignes_csv(reponse) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(reponse.content.decode("utf-8-sig")), delimiter=";"))


def noms(page) -> list[str]:
    """Rend les quartiers du tableau, dans leur ordre."""
    return re.findall(r'quartiers/\w+/">([^<]*)</a>\s*<span class="barres__commune"', lire(page))


class TestQuartier:
    def test_sans_aucun_chiffre_la_page_n_en_dit_rien(self, client, edition):
        assert TITRE not in dire(client.get(QUARTIER))

    def test_quand_d_autres_quartiers_en_ont_elle_le_dit(self, client, lieux, edition):
        donner(serie(), lieux.bateliers, 100)
        page = client.get(QUARTIER)
        assert "Aucun chiffre n’est chargé pour ce quartier" in dire(page)
        assert COMPARER in liens(page)

    def test_les_chiffres_d_un_autre_contrat_ne_se_disent_pas(self, client, lieux, edition):
        donner(serie(contrat="ailleurs"), lieux.grand_verger, 100)
        donner(serie("autre", contrat="ailleurs"), lieux.bateliers, 100)
        assert TITRE not in dire(client.get(QUARTIER))

    def test_montre_ici_la_commune_et_tous_les_quartiers(self, client, lieux, edition):
        habitants = serie(libelle="Habitants", definition="Qui dort là.")
        donner(habitants, lieux.grand_verger, 1234)
        donner(habitants, lieux.val, 40000)
        ensemble(habitants, 5678)
        page = client.get(QUARTIER)
        dit = dire(page)
        assert TITRE in dit and "Qui dort là." in dit
        assert "2021 1 234 40 000 5 678 une seule période" in dit
        assert "Source : Recensement, Insee, reçue le 3 mars 2026" in dit
        assert '<svg class="courbe"' not in page.text
        assert f"{COMPARER}?millesime=2024" in liens(page)

    def test_dit_pourquoi_un_nombre_n_y_est_pas(self, client, lieux, edition):
        suivis = serie("suivis")
        donner(suivis, lieux.grand_verger, TU, diffusion="secondaire")
        ensemble(suivis)
        revenu = serie("revenu", unite="euros", remontee="aucune")
        donner(revenu, lieux.grand_verger, etat="secrete")
        page = client.get(QUARTIER)
        dit = dire(page)
        assert "s secret statistique n.d. aucune valeur n’est chargée" in dit
        assert "n.d. connu pour 1 territoire sur 2" in dit
        assert "s secret de la source" in dit
        assert "les valeurs de cette série ne s’additionnent pas" in dit
        assert "« s » : secret statistique" in lire(page)
        assert 'title="Secret statistique"' in page.text

    def test_un_quartier_sur_deux_communes_n_a_pas_la_sienne(self, client, lieux, edition):
        a_cheval = quartier("QN94003A", 2024, "Le Gué", [lieux.val, lieux.port])
        habitants = serie()
        donner(habitants, a_cheval, 12)
        donner(habitants, lieux.val, 40000)
        dit = dire(client.get("/tilleuls/quartiers/QN94003A/"))
        assert "ce quartier est sur plusieurs communes" in dit and "40 000" not in dit

    def test_coute_autant_avec_1_10_ou_40_series(self, client):
        epci, ici = territoire_de(2)
        contrat_publie("tilleuls", contrat_du("Territoire 0", ["Quartier 1"]))
        adresse, lieu = "/tilleuls/quartiers/QN0001/", ici.quartiers.get(code="QN0001")

        def cout() -> int:
            client.get(adresse)
            with CaptureQueriesContext(connection) as requetes:
                assert client.get(adresse).status_code == 200
            return len(requetes)

        couts, deja = [], 0
        vide = cout()
        for nombre in (1, 10, 40):
            for rang in range(deja, nombre):
                poids = {"remontee": "moyenne", "poids": Serie.objects.first()} if rang else {}
                une = serie(f"s{rang}", contrat="tilleuls" if rang % 2 else "", **poids)
                for periode in ("2020", "2021"):
                    donner(une, lieu, rang, periode)
                    donner(une, ici, rang, periode)
                    ensemble(une, rang, periode, epci)
            deja = nombre
            assert client.get(adresse).text.count('class="courbe"') == nombre
            couts.append(cout())
        assert len(set(couts)) == 1, couts
        # Sans chiffre, la page en demande déjà trois.
        assert couts[0] - vide <= 3


class TestComparer:
    def test_sans_chiffre_le_dit_et_n_emporte_que_l_en_tete(self, client, edition):
        assert "Aucun chiffre n’est encore chargé" in dire(client.get(COMPARER))
        contenu = client.get(f"{COMPARER}tableau.csv").content.decode("utf-8-sig")
        assert contenu.splitlines() == [
            "code;quartier;communes;génération;série;période;valeur;unité;source"
        ]

    def test_sans_quartier_dit_quoi_faire(self, client, lieux):
        contrat_publie("ailleurs", petit_contrat(territoire="Nulle-Part"))
        page = client.get("/ailleurs/chiffres/")
        assert page.status_code == 200 and "Aucun quartier n’est chargé ici" in lire(page)

    @pytest.mark.parametrize("suite", ["", "tableau.csv", "tableau.xlsx"])
    def test_se_lit_et_ne_s_ecrit_pas(self, client, lieux, edition, suite):
        donner(serie(), lieux.bateliers, 100)
        assert client.get(COMPARER + suite).status_code == 200
        assert client.head(COMPARER + suite).content == b""
        assert client.post(COMPARER + suite).status_code == 405

    def test_range_par_valeur_puis_par_nom(self, client, lieux, edition):
        habitants = serie()
        muet = quartier("QN94004A", 2024, "Aux Aulnes", [lieux.val])
        donner(habitants, lieux.bateliers, 100)
        donner(habitants, lieux.grand_verger, 300)
        donner(habitants, muet, TU, diffusion="primaire")
        par_valeur = client.get(COMPARER)
        assert noms(par_valeur) == ["Le Grand Verger", "Les Bateliers", "Aux Aulnes"]
        assert 'aria-sort="descending"' in par_valeur.text
        par_nom = client.get(COMPARER, {"tri": "nom"})
        assert noms(par_nom) == ["Aux Aulnes", "Le Grand Verger", "Les Bateliers"]
        assert 'aria-sort="ascending"' in par_nom.text
        assert noms(client.get(COMPARER, {"tri": "x"})) == noms(par_valeur)

    @pytest.mark.parametrize(
        ("remontee", "phrase"),
        [("somme", "s’additionnent : l’ensemble"), ("aucune", "ne s’additionnent pas : il")],
    )
    def test_dit_comment_les_valeurs_remontent(self, client, lieux, edition, remontee, phrase):
        donner(serie(remontee=remontee, definition="Qui dort là."), lieux.bateliers, 100)
        dit = dire(client.get(COMPARER))
        assert phrase in dit and "Qui dort là." in dit
        assert "Source : Recensement, Insee, reçue le 3 mars 2026" in dit

    def test_choisit_serie_periode_et_generation(self, client, lieux, edition):
        habitants, suivis = serie(), serie("suivis", contrat="tilleuls")
        donner(habitants, lieux.bateliers, 100, "2020")
        donner(habitants, lieux.bateliers, 111, "2021")
        donner(suivis, lieux.moulin, 222, "2016")
        assert "111" in dire(client.get(COMPARER))
        assert "100" in dire(client.get(COMPARER, {"periode": "2020"}))
        page = client.get(COMPARER, {"serie": suivis.pk})
        assert noms(page) == ["Le Moulin", "Le Verger"] and "Quartiers 2015" in dire(page)
        vide = client.get(COMPARER, {"serie": suivis.pk, "millesime": "2024"})
        assert "n’a pas de valeur dans les quartiers de 2024" in dire(vide)
        assert len(lignes_csv(client.get(f"{COMPARER}tableau.csv?serie={suivis.pk}"))) == 3

    @pytest.mark.parametrize("nom", ["periode", "millesime", "tri"])
    @pytest.mark.parametrize("valeur", ["1999", "abc", "", "2021'--", "9" * 40, "\x00"])
    def test_un_choix_inconnu_cede_a_celui_d_usage(self, client, lieux, edition, nom, valeur):
        donner(serie(), lieux.bateliers, 111)
        page = client.get(COMPARER, {nom: valeur})
        assert page.status_code == 200 and "Les Bateliers Port-Tilleul 111" in dire(page)

    @pytest.mark.parametrize("suite", ["", "tableau.csv"])
    def test_la_serie_d_un_autre_contrat_repond_comme_une_absente(
        self, client, lieux, edition, suite
    ):
        donner(serie(), lieux.bateliers, 111)
        autre = serie("autre", contrat="ailleurs")
        donner(autre, lieux.bateliers, 222)
        assert "Autre" not in dire(client.get(COMPARER))
        reponses = [
            client.get(COMPARER + suite, {"serie": numero})
            for numero in (autre.pk, 999_999, "abc", "9" * 40)
        ]
        assert {r.status_code for r in reponses} == {404}
        assert len({r.content for r in reponses}) == 1

    def test_emporte_ce_qui_est_a_l_ecran(self, client, lieux, edition):
        suivis = serie("suivis", libelle="=Suivis")
        donner(suivis, lieux.bateliers, TU, diffusion="primaire")
        donner(suivis, lieux.grand_verger, "1200.5")
        ensemble(suivis)
        adresse = re.search(r'href="(\S*tableau\.csv\S*)"', lire(client.get(COMPARER)))[1]
        lues = lignes_csv(client.get(adresse))
        assert [(ligne["quartier"], ligne["valeur"]) for ligne in lues] == [
            ("Le Grand Verger", "1200,5"),
            ("Les Bateliers", "s"),
            ("Ensemble des quartiers", "n.d."),
        ]
        assert lues[0]["série"] == "'=Suivis" and lues[0]["unité"] == "Personnes"
        classeur = client.get(adresse.replace(".csv", ".xlsx")).content
        feuille = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(classeur))
        lignes = feuille.get_sheet_by_index(0).to_python()
        assert lignes[0] == list(lues[0])
        assert [ligne[6] for ligne in lignes[1:]] == [1200.5, "s", "n.d."]
        assert client.get(f"{COMPARER}tableau.ods").status_code == 404

    def test_htmx_ne_redemande_que_les_resultats(self, client, lieux, edition):
        donner(serie(), lieux.bateliers, 111)
        page = client.get(COMPARER, headers={"HX-Request": "true"})
        assert page.text.lstrip().startswith("<div") and 'id="resultats"' in page.text
        assert page.headers["Vary"].startswith("HX-Request")

    def test_un_brouillon_repond_comme_un_contrat_absent(self, client, edition):
        assert client.get("/absentum/chiffres/").status_code == 404

    def test_coute_autant_avec_1_10_ou_40_quartiers(self, client):
        couts = []
        for rang, nombre in enumerate((1, 10, 40)):
            _, ici = territoire_de(nombre, rang)
            contrat_publie(f"c{nombre}", contrat_du(f"Territoire {rang}", []))
            une = serie(f"s{rang}")
            for lieu in ici.quartiers.all():
                donner(une, lieu, 7)
            client.get(f"/c{nombre}/chiffres/")
            with CaptureQueriesContext(connection) as requetes:
                page = client.get(f"/c{nombre}/chiffres/")
            assert page.text.count("barre__corps") == nombre
            couts.append(len(requetes))
        assert len(set(couts)) == 1 and couts[0] <= 20, couts
