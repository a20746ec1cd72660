"""Importer des communes et des intercommunalités : la différence d'abord, tout ou rien."""

import gzip

import pytest
import shapely
from django.core.management import CommandError

from parvis.journal.models import Evenement
from parvis.socle.auteur import Machine
from parvis.socle.tableaux import xlsx
from parvis.territoires.actions import importer_communes
from parvis.territoires.actions.communes import NOMMES_MAX
from parvis.territoires.geometrie import depuis_octets, octets
from parvis.territoires.importation.communes import CommuneLue, entier
from parvis.territoires.models import Chargement, Commune, Epci
from tests.fabriques.territoires import (
    CONTOURS,
    NOMS,
    PORT,
    VAL,
    carre,
    commune,
    csv,
    etat,
    geojson,
    lancer,
    objet,
    sans_octets,
)

pytestmark = pytest.mark.django_db
# Les colonnes du code officiel géographique, tel qu'il est distribué.
ENTETE = "code;nom;type;departement;population;codes_postaux"
COG = (
    ENTETE,
    f"{VAL};Val-des-Tilleuls;commune-actuelle;94;12 345;94990,94991",
    f"{PORT};Port-Tilleul;commune-actuelle;94;987;94980",
    "69381;Lyon 1er;arrondissement-municipal;69;10;69001",
    "94999;Vieux-Tilleul;commune-deleguee;94;1;",
)
NOEUD = shapely.Polygon([(2.37, 48.77), (2.42, 48.80), (2.42, 48.77), (2.37, 48.80)])


@pytest.fixture
def importer(deposer):
    """Rend de quoi écrire un fichier et lancer la commande dessus."""

    def _importer(contenu, *options, ecrire=True, nom="communes.csv") -> str:
        fichier = deposer(nom, contenu if isinstance(contenu, bytes) else csv(*contenu))
        return lancer("importer_communes", fichier, *["--ecrire"] * ecrire, *options)

    return _importer


def contours(*couples) -> bytes:
    return geojson(*(objet(contour, code=code, nom=NOMS[code]) for code, contour in couples))


def test_le_code_officiel_geographique_cree_les_communes_actuelles(importer):
    assert importer(COG).splitlines()[:-1] == [
        f"nouvelle · Val-des-Tilleuls ({VAL})",
        f"nouvelle · Port-Tilleul ({PORT})",
        "nouvelle · Lyon 1er (69381)",
    ]
    lue = Commune.objects.get(code=VAL)
    assert (lue.nom, lue.departement, lue.codes_postaux, lue.population, lue.contour) == (
        *("Val-des-Tilleuls", "94", "94990 94991"),
        *(12345, None),
    )
    assert Commune.objects.count() == 3


def test_sans_ecrire_rien_ne_change_dans_aucune_table(importer):
    commune(VAL, "Ancien nom")
    avant = etat()
    assert "changée · Val-des-Tilleuls" in importer(COG, ecrire=False)
    assert etat() == avant


def test_relance_rien_ne_change_et_un_seul_acte_le_dit(importer):
    importer(COG)
    avant = etat()
    assert importer(COG) == "Rien ne change.\n"
    assert etat() == avant
    (acte,) = Evenement.objects.filter(action="territoires.importer_communes")
    assert acte.details.contenu == {"nouvelles": 3, "changees": 0}
    assert [c.nature for c in Chargement.objects.all()] == ["communes"]


def test_ce_qui_change_se_dit_avant_et_apres_et_le_reste_demeure(importer):
    importer(COG)
    importer(contours((VAL, CONTOURS[VAL])), nom="c.geojson")
    dit = importer((ENTETE, f"{VAL};Val-Tilleuls;commune-actuelle;94;12346;"))
    assert dit.splitlines()[0] == (
        f"changée · Val-Tilleuls ({VAL}) · nom : Val-des-Tilleuls → Val-Tilleuls ; "
        "population : 12345 → 12346"
    )
    lue = Commune.objects.get(code=VAL)
    # Le fichier ne dit ni code postal ni contour : ceux d'avant restent.
    assert (lue.nom, lue.population, lue.codes_postaux) == ("Val-Tilleuls", 12346, "94990 94991")
    assert depuis_octets(lue.contour).equals(CONTOURS[VAL])
    assert Commune.objects.filter(code=PORT).exists()


def test_un_contour_se_donne_puis_se_change(importer):
    importer(COG)
    assert "contour : (rien) → un contour" in importer(
        contours((VAL, CONTOURS[VAL])), nom="c.geojson"
    )
    assert importer(contours((VAL, CONTOURS[VAL].reverse())), nom="c.geojson") == (
        "Rien ne change.\n"
    )
    assert "contour : un contour → un contour" in importer(
        contours((VAL, CONTOURS[PORT])), nom="c.geojson"
    )
    assert bytes(Commune.objects.get(code=VAL).contour) == octets(CONTOURS[PORT])


def test_un_contour_faux_se_nomme_et_rien_n_est_ecrit(importer):
    avant = etat()
    octets_lus = contours((PORT, CONTOURS[PORT]), (VAL, NOEUD))
    with pytest.raises(CommandError) as erreur:
        importer(octets_lus, nom="c.geojson")
    assert str(erreur.value).startswith(
        f"Objet 2 : Val-des-Tilleuls ({VAL}) : le contour se recoupe (en 2,39500 ; 48,78500) ; --rep"
    )
    assert etat() == avant
    importer(octets_lus, "--reparer", nom="c.geojson")
    assert depuis_octets(Commune.objects.get(code=VAL).contour).is_valid


@pytest.mark.parametrize(
    ("departements", "codes"),
    [
        (["94"], {VAL, PORT}),
        (["69"], {"69381"}),
        (["94", "69"], {VAL, PORT, "69381"}),
    ],
)
def test_un_departement_se_choisit(importer, departements, codes):
    importer(COG, *(f"--departement={d}" for d in departements))
    assert set(Commune.objects.values_list("code", flat=True)) == codes


@pytest.mark.parametrize(
    ("code", "departement"),
    [("97411", "974"), ("2A004", "2A"), ("1004", "01"), ("01004", "01"), ("2b033", "2B")],
)
def test_le_departement_vient_du_code(importer, code, departement):
    importer(("code;nom", f"{code};Ici"))
    assert Commune.objects.get().departement == departement


@pytest.mark.parametrize(
    ("contenu", "nom"),
    [
        (csv("COM;TYPECOM;LIBELLE", f"{VAL};COM;Val", "94999;COMD;Non"), "v_commune_2026.csv"),
        (csv("codgeo;libgeo", f"{VAL};Val"), "insee.csv"),
        (gzip.compress(csv("code_insee,nom_commune", f"{VAL},Val")), "c.csv.gz"),
        (xlsx(["Code Insee", "Nom commune"], [[int(VAL), "Val"]], "F"), "c.xlsx"),
        (geojson(objet(CONTOURS[VAL], code=VAL, nom="Val")), "c.geojson"),
    ],
    ids=sans_octets,
)
def test_chaque_forme_officielle_se_lit(importer, contenu, nom):
    importer(contenu, nom=nom)
    assert [(c.code, c.nom) for c in Commune.objects.all()] == [(VAL, "Val")]


@pytest.mark.parametrize(
    ("contenu", "nom", "motif"),
    [
        (csv("a;b", "1;2"), "c.csv", "n’a pas de colonne pour : code de la commune, nom"),
        (
            csv("code;b", "94081;2"),
            "c.csv",
            "n’a pas de colonne pour : nom. Colonnes vues : b, code",
        ),
        (csv("code;nom", "940;X"), "c.csv", "Ligne 2 : « 940 » n’est pas un code Insee"),
        (csv("code;nom", "94081;"), "c.csv", "Ligne 2 : la commune 94081 n’a pas de nom"),
        (csv("code;nom", "94081;A", "94081;B"), "c.csv", "Ligne 3 : le code 94081 est donné deux"),
        (csv("code;nom;type", "94081;A;commune-deleguee"), "c.csv", "ne contient aucune commune"),
        (
            geojson(objet({"type": "Point"}, code=VAL, nom="A")),
            "c.geojson",
            "Objet 1 : il n’a pas de contour",
        ),
        (geojson(objet(carre(6e5, 6e6), code=VAL, nom="A")), "c.geojson", "ne sont pas des degrés"),
        (b"{}", "c.geojson", "n’a pas de liste « features »"),
        (b"<html>", "c.csv", "page web"),
    ],
    ids=sans_octets,
)
def test_un_fichier_fautif_est_refuse_en_francais(importer, contenu, nom, motif):
    avant = etat()
    with pytest.raises(CommandError) as erreur:
        importer(contenu, nom=nom)
    assert motif in str(erreur.value)
    assert etat() == avant


def test_une_ligne_par_code_postal_les_garde_tous(importer):
    importer(("code_insee;nom_commune;code_postal", f"{VAL};Val;94990", f"{VAL};Val;94991"))
    assert Commune.objects.get().codes_postaux == "94990 94991"


def test_une_longue_difference_se_compte():
    lues = [CommuneLue("", f"94{n:03}", f"C{n}") for n in range(NOMMES_MAX + 3)]
    bilan = importer_communes(par=Machine("essai"), lues=lues, source="x", ecrire=False)
    assert len(bilan.lignes()) == NOMMES_MAX + 1
    assert bilan.lignes()[-1] == "… et 3 autres"


@pytest.mark.parametrize(
    ("texte", "nombre"),
    [
        *(("12", 12), ("1 234", 1234), ("1\u202f234\u00a0567", 1234567), ("12.0", 12)),
        *(("12,00", 12), ("0", 0), ("", None), ("12,5", None), ("-3", None), ("n.d.", None)),
        ("9999999999", None),
    ],
)
def test_un_entier_ou_rien(texte, nombre):
    assert entier(texte) == nombre


class TestEpci:
    """Une ligne par commune : Siren, nom, code de la commune."""

    ENTETE = "ept_siren,ept_nom,commune_code"
    LIGNES = (
        ENTETE,
        f"200000001,Les Tilleuls,{VAL}",
        f"200000001,Les Tilleuls,{PORT}",
        "200000002,Les Tilleuls,1004",
        "ZZZZZZZZZ,Sans intercommunalité,97411",
    )

    @pytest.fixture(autouse=True)
    def communes(self):
        for code, nom in ((VAL, ""), (PORT, ""), ("01004", "Loin"), ("97411", "Seule")):
            commune(code, nom)

    @pytest.fixture
    def importer(self, deposer):
        def _importer(*lignes, ecrire=True):
            fichier = deposer("epci.csv", csv(*lignes, debut=""))
            return lancer("importer_epci", fichier, *["--ecrire"] * ecrire)

        return _importer

    def en_base(self):
        return {
            (e.siren, e.nom, tuple(sorted(c.code for c in e.communes.all())))
            for e in Epci.objects.all()
        }

    ATTENDUS = {
        ("200000001", "Les Tilleuls", (PORT, VAL)),
        ("200000002", "Les Tilleuls", ("01004",)),
    }

    def test_deux_homonymes_restent_deux(self, importer):
        assert importer(*self.LIGNES).splitlines()[:-1] == [
            "nouveau · Les Tilleuls (200000001), 2 communes",
            "nouveau · Les Tilleuls (200000002), 1 commune",
        ]
        assert self.en_base() == self.ATTENDUS

    def test_sans_ecrire_rien_ne_change(self, importer):
        avant = etat()
        assert "--ecrire" in importer(*self.LIGNES, ecrire=False)
        assert etat() == avant

    def test_relance_rien_ne_change_et_un_seul_acte(self, importer):
        importer(*self.LIGNES)
        avant = etat()
        assert importer(*self.LIGNES) == "Rien ne change.\n"
        assert etat() == avant
        (acte,) = Evenement.objects.filter(action="territoires.importer_epci")
        assert len(acte.details.contenu["nouveaux"]) == 2

    def test_une_intercommunalite_sans_numero_recoit_le_sien(self, importer):
        livree = Epci.objects.create(nom="Les Tilleuls")
        livree.communes.set(Commune.objects.filter(code=VAL))
        assert importer(*self.LIGNES).startswith("nouveau · Les Tilleuls (200000002)")
        livree.refresh_from_db()
        assert livree.siren == "200000001"
        assert self.en_base() == self.ATTENDUS

    def test_le_nom_et_les_communes_changent(self, importer):
        importer(*self.LIGNES)
        dit = importer(self.ENTETE, f"200000001,Grands Tilleuls,{VAL}")
        assert dit.startswith("changé · Grands Tilleuls (200000001), 1 commune\n")
        assert ("200000001", "Grands Tilleuls", (VAL,)) in self.en_base()
        assert len(self.en_base()) == 2

    @pytest.mark.parametrize(
        ("ligne", "motif"),
        [
            ("200000003,X,94999", "1 commune(s) ne sont pas chargées, dont 94999"),
            (f"20000000,X,{VAL}", "Ligne 6 : « 20000000 » n’est pas un numéro Siren."),
            (f",X,{VAL}", "Ligne 6 : «  » n’est pas un numéro Siren."),
            (f"ZZZZ9ZZZZ,X,{VAL}", "« ZZZZ9ZZZZ » n’est pas un numéro Siren."),
        ],
    )
    def test_une_faute_et_rien_n_est_ecrit(self, importer, ligne, motif):
        avant = etat()
        with pytest.raises(CommandError) as erreur:
            importer(*self.LIGNES, ligne)
        assert motif in str(erreur.value)
        assert etat() == avant

    def test_un_tableau_sans_ses_colonnes_est_refuse(self, importer):
        with pytest.raises(CommandError, match="n’a pas de colonne pour : Siren, nom"):
            importer("code,x", f"{VAL},1")

    def test_un_nom_vide_n_efface_pas_celui_d_avant(self, importer):
        importer(*self.LIGNES)
        importer(self.ENTETE, f"200000001,,{VAL}", f"200000001,Les Tilleuls,{PORT}")
        assert self.en_base() == self.ATTENDUS
