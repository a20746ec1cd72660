"""Situer tout un tableau : par ses coordonnées ou ses adresses, sans toucher à ce qu'il porte."""

import csv as lecteur_csv
import io

import pytest
from django.core.management import CommandError
from pyproj import Transformer

from parvis.connecteurs.geocodage.faux_serveur import demarre
from parvis.socle.refus import Refus
from parvis.socle.tableaux import xlsx
from parvis.socle.tableur import lire_tableau
from parvis.territoires.models import Adresse, Commune
from parvis.territoires.queries.lots import situer_un_tableau
from parvis.territoires.rules.adresses import cle_de_voie
from tests.fabriques.territoires import (
    CONTOURS,
    NOMS,
    PORT,
    TILLEULS,
    VAL,
    VERGER,
    carre,
    commune,
    couvrir,
    csv,
    lancer,
    quartier,
)

pytestmark = pytest.mark.django_db
LAMBERT_93 = Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)
# « Rue des Tilleuls » commence là, chez le faux géocodeur.
DEDANS, DEHORS = (2.3905, 48.7865), (2.38, 48.775)


@pytest.fixture(autouse=True)
def quartiers(settings):
    """Deux communes couvertes, un quartier chacune ; le service de géocodage est éteint."""
    settings.GEOCODAGE = ""
    commune(VAL, contour=CONTOURS[VAL], codes_postaux="94990")
    commune(PORT, contour=CONTOURS[PORT], codes_postaux="94980")
    couvrir(VAL, PORT)
    couvrir(VAL, millesime=2015)
    quartier(TILLEULS, [VAL], carre(*DEDANS), nom="Les Tilleuls")
    quartier(VERGER, [PORT], carre(2.395, 48.815), nom="Le Verger")


@pytest.fixture
def geocodeur(settings):
    with demarre() as serveur:
        settings.GEOCODAGE = serveur.adresse
        yield serveur


LUES = "Colonnes lues : « adresse », « code_postal », « commune »."


def situer(*lignes, millesimes=(2024,)):
    return situer_un_tableau(lire_tableau(csv(*lignes), "t.csv"), millesimes)


def reponses(*lignes, millesimes=(2024,)) -> list[str]:
    lot = situer(*lignes, millesimes=millesimes)
    return [ligne[lot.colonnes.index("qpv_2024")] for ligne in lot.lignes]


def en_lambert(point) -> tuple[str, str]:
    return tuple(f"{v:.2f}".replace(".", ",") for v in LAMBERT_93.transform(*point))


XY, XY_DEHORS = en_lambert(DEDANS), en_lambert(DEHORS)


@pytest.mark.parametrize(
    ("titres", "dedans", "dehors"),
    [
        ("lon;lat", "2.3905;48.7865", "2.38;48.775"),
        ("latitude;longitude", "48,7865;2,3905", "48,775;2,38"),
        ("x;y", ";".join(XY), ";".join(XY_DEHORS)),
        ("coordonnees", '"48.7865, 2.3905"', '"48.775, 2.38"'),
        ("geo_point_2d", "48.7865,2.3905", "48.775,2.38"),
        ("geom", "POINT(2.3905 48.7865)", "POINT(2.38 48.775)"),
        ("lonlat", '"2.3905, 48.7865"', '"2.38, 48.775"'),
        # Inversées : les exemples le montrent.
        ("lon;lat", "48.7865;2.3905", "48.775;2.38"),
        ("x;y", ";".join(XY[::-1]), ";".join(XY_DEHORS[::-1])),
        ("x;y", "2.3905;48.7865", "2.38;48.775"),
    ],
)
def test_les_coordonnees_se_lisent_comme_elles_s_ecrivent(titres, dedans, dehors):
    assert reponses(f"nom;{titres}", f"a;{dedans}", f"b;{dehors}") == ["oui", "non"]


MELANGE = (
    "queries/lots._paire et _coordonnees : « lat_lon » passe avant lon et lat alors que « est_inverse » "
    "est celui de lon et lat ; et tout se convertit de Lambert 93 dès qu'une colonne x existe"
)


@pytest.mark.parametrize(
    ("titres", "dedans", "dehors"),
    [
        (
            "x;y;lon;lat",
            f"{XY[0]};{XY[1]};2.3905;48.7865",
            f"{XY_DEHORS[0]};{XY_DEHORS[1]};2.38;48.775",
        ),
        ("lon;lat;geom", "2.3905;48.7865;POINT(2.3905 48.7865)", "2.38;48.775;POINT(2.38 48.775)"),
    ],
)
def test_deux_ecritures_du_meme_point_ne_se_genent_pas(titres, dedans, dehors):
    assert reponses(f"nom;{titres}", f"a;{dedans}", f"b;{dehors}") == ["oui", "non"]


@pytest.mark.parametrize(
    ("precision", "attendue"),
    [("", "à vérifier"), ("5", "oui"), ("12,5", "oui"), ("30", "à vérifier"), ("-1", "à vérifier")],
)
def test_une_precision_declaree_l_emporte_sur_la_notre(precision, attendue):
    # Le point est à 14 mètres du bord est, à l'intérieur : moins que notre marge de 15.
    lignes = (f"{2.3915 - 14 / 73_400};48.7865;{precision}", "2.3905;48.7865;1")
    assert reponses("lon;lat;precision_m", *lignes) == [attendue, "oui"]


@pytest.mark.parametrize("coordonnees", [";", "0;0", "200;48", "2.39;95", "nord;est", "2.39;"])
def test_des_coordonnees_impossibles_sont_inconnues(coordonnees):
    bonnes = ("b;2.3905;48.7865", "c;2.38;48.775")
    assert reponses("nom;lon;lat", f"a;{coordonnees}", *bonnes) == ["inconnu", "oui", "non"]


def test_les_colonnes_ajoutees_et_leurs_cellules():
    lot = situer("nom;lon;lat", "a;2.3905;48.7865", "b;2.39167;48.7865", "c;2.38;48.775", "d;;")
    assert lot.colonnes == [
        *("adresse_trouvee", "score", "position", "remarque"),
        *("qpv_2024", "qpv_2024_code", "qpv_2024_nom", "qpv_2024_distance_m", "qpv_2024_motif"),
    ]
    assert lot.lignes[0] == ["", "", "coordonnées", "", "oui", TILLEULS, "Les Tilleuls", None, ""]
    doute = lot.lignes[1]
    assert doute[4:8] == ["à vérifier", TILLEULS, "Les Tilleuls", 12]
    assert doute[8].startswith("Le point est à l’extérieur, à 12 m du bord")
    assert lot.lignes[2][4:] == ["non", "", "", None, ""]
    assert lot.lignes[3][4:] == [
        "inconnu",
        "",
        "",
        None,
        "Les coordonnées manquent, ou ne se lisent pas.",
    ]


def test_deux_millesimes_et_leurs_decomptes():
    quartier("QP094001", [VAL], carre(*DEHORS), millesime=2015, nom="Ancien")
    lot = situer("lon;lat", "2.38;48.775", "2.3905;48.7865", ";", "9;9", millesimes=(2015, 2024))
    rangs = [lot.colonnes.index(f"qpv_{annee}") for annee in (2015, 2024)]
    assert [[ligne[r] for r in rangs] for ligne in lot.lignes] == [
        ["oui", "non"],
        ["non", "oui"],
        ["", ""],
        ["inconnu", "inconnu"],
    ]
    assert [(d.millesime, dict(d.reponses), dict(d.quartiers), d.noms) for d in lot.decomptes] == [
        (2015, {"oui": 1, "non": 1, "inconnu": 1}, {"QP094001": 1}, {"QP094001": "Ancien"}),
        (2024, {"oui": 1, "non": 1, "inconnu": 1}, {TILLEULS: 1}, {TILLEULS: "Les Tilleuls"}),
    ]


def test_une_remarque_se_dit_une_fois_pour_deux_millesimes():
    quartier("QP094001", [VAL], carre(*DEDANS), millesime=2015)
    lot = situer("commune;lon;lat", "Port-Tilleul;2.38;48.775", millesimes=(2015, 2024))
    assert lot.lignes[0][3] == "Le point est à Val-des-Tilleuls, l’adresse dit Port-Tilleul."


@pytest.mark.parametrize(
    ("titres", "ligne"),
    [
        ("insee", VAL),
        ("commune", "VAL DES TILLEULS"),
        ("commune;code_postal", "Val-des-Tilleuls;94990"),
    ],
)
def test_la_commune_se_reconnait_a_son_code_ou_a_son_nom(titres, ligne):
    # À quarante mètres hors du contour simplifié, seule la commune dite permet de répondre.
    assert reponses(f"lon;lat;{titres}", f"2.4205;48.79;{ligne}") == ["non"]
    assert reponses(f"lon;lat;{titres}", f"2.4205;48.79;{'X' * 3 + ';' * titres.count(';')}") == [
        "inconnu"
    ]


@pytest.mark.parametrize(
    ("postal", "attendue"),
    [("94990", "non"), ("94123", "non"), ("93100", "inconnu"), ("", "inconnu")],
)
def test_deux_communes_homonymes_se_departagent_par_le_code_postal(postal, attendue):
    commune("93999", NOMS[VAL], codes_postaux="93100")
    lue = reponses("lon;lat;commune;cp", f"2.4205;48.79;Val-des-Tilleuls;{postal}")
    assert lue == [attendue]


class TestParAdresse:
    """Les adresses chargées d'abord, le service ensuite, « inconnu » sans eux."""

    @pytest.fixture
    def locales(self):
        for numero, (lon, lat) in ((1, DEDANS), (3, (2.3906, 48.7866))):
            Adresse.objects.create(
                cle=f"essai_{numero}",
                commune=Commune.objects.get(code=VAL),
                numero=numero,
                voie="Rue Locale",
                voie_cle=cle_de_voie("Rue Locale"),
                code_postal="94990",
                lon=lon,
                lat=lat,
            )

    TITRES = "nom;adresse;code_postal;commune"

    def test_une_adresse_chargee_se_trouve_sans_reseau(self, locales):
        lot = situer(self.TITRES, "a;1 rue Locale;94990;Val-des-Tilleuls", "b;rue Locale;94990;")
        assert lot.lignes[0][:3] == ["1 Rue Locale, 94990 Val-des-Tilleuls", 1, "numéro"]
        assert lot.lignes[0][4:6] == ["oui", TILLEULS]
        # Trop peu d'adresses pour connaître la voie entière : sans numéro, on ne conclut pas.
        assert lot.lignes[1][2] == "voie, sans numéro"
        assert lot.lignes[1][4] == "à vérifier"
        assert lot.avertissements == [LUES]

    def test_le_service_trouve_ce_qui_n_est_pas_charge(self, locales, geocodeur):
        lot = situer(
            self.TITRES,
            "a;1 rue Locale;94990;Val-des-Tilleuls",
            "b;12 rue des Tilleuls;94990;Val-des-Tilleuls",
            "c;12 rue des Tilleuls;94980;Port-Tilleul",
            "d;rue des Tilleuls;94990;Val-des-Tilleuls",
            "e;8 chemin de Nulle-Part;94990;Val-des-Tilleuls",
        )
        assert [ligne[4] for ligne in lot.lignes] == [
            *("oui", "oui", "non"),
            *("à vérifier", lot.lignes[4][4]),
        ]
        assert lot.lignes[4][4] in ("inconnu", "à vérifier")
        assert lot.lignes[1][0] == "12 Rue des Tilleuls 94990 Val-des-Tilleuls"
        assert lot.avertissements == [LUES]
        # L'adresse chargée n'est pas partie au service.
        assert "Locale" not in str(geocodeur.appels)

    @pytest.mark.parametrize("panne", ["eteint", "muet"])
    def test_sans_service_la_ligne_est_inconnue_et_l_on_previent(self, locales, settings, panne):
        if panne == "muet":
            with demarre() as serveur:
                settings.GEOCODAGE = serveur.adresse
        lot = situer(
            self.TITRES,
            "a;1 rue Locale;94990;Val-des-Tilleuls",
            "b;12 rue des Tilleuls;94990;Val-des-Tilleuls",
            "c;14 rue des Tilleuls;94990;Val-des-Tilleuls",
        )
        assert [ligne[4] for ligne in lot.lignes] == ["oui", "inconnu", "inconnu"]
        lues, prevenu = lot.avertissements
        assert lues == LUES
        assert prevenu.startswith("2 adresse(s) n’ont pas été cherchées")
        assert "Recommencez plus tard" in prevenu

    @pytest.mark.parametrize("mode", ["panne", "types", "html", "melange"])
    def test_un_service_qui_repond_mal_ne_perd_aucune_ligne(self, settings, mode):
        with demarre(mode) as serveur:
            settings.GEOCODAGE = serveur.adresse
            lot = situer(self.TITRES, *(f"a;{n} rue des Tilleuls;94990;" for n in (2, 4, 6)))
        assert len(lot.lignes) == 3
        assert {ligne[4] for ligne in lot.lignes} <= {"oui", "inconnu"}
        if mode == "melange":
            assert [ligne[0][:1] for ligne in lot.lignes] == ["", "4", "6"]
        else:
            assert len(lot.avertissements) == 2

    def test_une_ligne_a_coordonnees_ne_se_cherche_pas(self, geocodeur):
        assert reponses(
            "adresse;lon;lat",
            "12 rue des Tilleuls 94990;2.38;48.775",
            "12 rue des Tilleuls 94990;;",
        ) == ["non", "oui"]
        assert len(geocodeur.appels) == 1


class TestLaCommande:
    """`parvis situer` : le même fichier, avec des colonnes de plus, et des comptes sans nom."""

    CONTENU = csv(
        "prénom;courriel;lon;lat;note",
        "Amina;amina@exemple.fr;2.3905;48,7865;=1+1",
        ";;;;",
        'Zoé;"zoe@exemple.fr";2.38;48,775;"a ; ""b"""',
        "Paul;;;;",
    )

    def lire(self, octets: bytes) -> list[list[str]]:
        texte = octets.decode("utf-8-sig")
        return list(lecteur_csv.reader(io.StringIO(texte, newline=""), delimiter=";"))

    def test_les_cellules_de_l_usager_restent_les_siennes(self, deposer):
        fichier = deposer("gens.csv", self.CONTENU)
        dit = lancer("situer", fichier, "--millesime=2024")
        avant = lire_tableau(self.CONTENU, "gens.csv")
        rendu = fichier.with_name("gens-situe.csv").read_bytes()
        apres = lire_tableau(rendu, "gens.csv")
        largeur = len(avant.colonnes)
        assert apres.colonnes[:largeur] == avant.colonnes
        assert [ligne[:largeur] for ligne in apres.lignes] == avant.lignes
        # La ligne vide garde sa place ; une formule ne s'exécutera pas.
        assert self.lire(rendu)[2] == [""] * len(apres.colonnes)
        assert self.lire(rendu)[1][4] == "'=1+1"
        assert [ligne[largeur + 4] for ligne in apres.lignes] == ["oui", "", "non", "inconnu"]
        assert fichier.read_bytes() == self.CONTENU
        assert dit.endswith(f"Écrit : {fichier.with_name('gens-situe.csv')}\n")

    def test_les_comptes_ne_disent_ni_nom_ni_adresse(self, deposer, geocodeur):
        contenu = csv("nom;adresse;code_postal", *["Traoré;12 rue des Tilleuls;94990"] * 3)
        dit = lancer("situer", deposer("t.csv", contenu), "--millesime=2024", "--millesime=2015")
        assert dit.splitlines()[:3] == [
            "Quartiers 2024 : 3 oui, 0 non, 0 à vérifier, 0 inconnu.",
            f"  3  Les Tilleuls ({TILLEULS})",
            "Quartiers 2015 : 0 oui, 3 non, 0 à vérifier, 0 inconnu.",
        ]
        assert "Traoré" not in dit
        assert "rue" not in dit.replace(str(deposer.args[0]), "")

    def test_un_classeur_reste_un_classeur(self, deposer, tmp_path):
        octets = xlsx(
            ["nom", "lon", "lat"], [["a", "2.3905", "48.7865"], ["b", "2.38", "48.775"]], "F"
        )
        sortie = tmp_path / "ailleurs.xlsx"
        lancer("situer", deposer("t.xlsx", octets), f"--sortie={sortie}", "--millesime=2024")
        rendu = lire_tableau(sortie.read_bytes(), "t.xlsx")
        assert rendu.extension == "xlsx"
        assert [ligne[:3] for ligne in rendu.lignes] == [
            ["a", "2.3905", "48.7865"],
            ["b", "2.38", "48.775"],
        ]
        assert [ligne[7] for ligne in rendu.lignes] == ["oui", "non"]

    def test_sans_millesime_celui_d_aujourd_hui(self, deposer):
        assert lancer("situer", deposer("t.csv", self.CONTENU)).startswith("Quartiers 2024 : ")

    def test_le_service_eteint_se_dit(self, deposer):
        dit = lancer("situer", deposer("t.csv", csv("adresse", "12 rue des Tilleuls")))
        assert "attention · 1 adresse(s) n’ont pas été cherchées" in dit

    @pytest.mark.parametrize(
        ("contenu", "motif"),
        [
            (csv("nom;age", "a;12"), "Aucune colonne ne dit où se trouvent les lignes"),
            (b"", "est vide"),
            (b"%PDF-1.4", "est un PDF, pas un tableau"),
            (b'a;lon;lat\r\n"b', "guillemet"),
        ],
    )
    def test_une_faute_se_dit_en_francais_et_n_ecrit_rien(self, deposer, contenu, motif):
        fichier = deposer("t.csv", contenu)
        with pytest.raises(CommandError, match=motif):
            lancer("situer", fichier)
        assert not fichier.with_name("t-situe.csv").exists()

    def test_un_fichier_absent_se_dit(self, tmp_path):
        with pytest.raises(CommandError, match="Le fichier ne se lit ou ne s’écrit pas"):
            lancer("situer", tmp_path / "absent.csv")


def test_rien_qui_dise_ou_est_un_refus():
    with pytest.raises(Refus, match="« nom », « age »"):
        situer("nom;age", "a;12")


def test_l_avancement_va_jusqu_au_bout(monkeypatch):
    monkeypatch.setattr("parvis.territoires.queries.lots.PAR_TRANCHE", 2)
    faits = []
    tableau = lire_tableau(csv("lon;lat", *["2.3905;48.7865"] * 5), "t.csv")
    lot = situer_un_tableau(tableau, [2024], faits.append)
    # La recherche des positions est une phase, la génération une autre : jamais en arrière.
    assert faits == sorted(faits) and faits[-1] == 5
    assert [ligne[4] for ligne in lot.lignes] == ["oui"] * 5
