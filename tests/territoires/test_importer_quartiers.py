"""Importer des quartiers : la différence d'abord, tout ou rien, l'ancien contour gardé."""

from datetime import date

import pytest
import shapely
from django.core.management import CommandError

from parvis.journal.models import Evenement
from parvis.socle.auteur import Machine
from parvis.territoires.actions import importer_quartiers
from parvis.territoires.geometrie import depuis_octets
from parvis.territoires.importation.quartiers import lire_quartiers
from parvis.territoires.models import Chargement, Commune, Couverture, Perimetre, Quartier
from tests.fabriques.territoires import (
    NOMS,
    PORT,
    TILLEULS,
    VAL,
    VERGER,
    carre,
    commune,
    couvrir,
    csv,
    deux_quartiers,
    etat,
    geojson,
    lancer,
    objet,
    quartier,
)

pytestmark = pytest.mark.django_db
NOEUD = shapely.Polygon([(2.39, 48.78), (2.40, 48.79), (2.40, 48.78), (2.39, 48.79)])
ACTE = "territoires.importer_quartiers"


@pytest.fixture
def importer(deposer):
    """Rend de quoi écrire un fichier et lancer la commande dessus ; des objets font un GeoJSON."""

    def _importer(contenu, *options, ecrire=True, nom="qpv.geojson", millesime=2024) -> str:
        fichier = deposer(nom, contenu if isinstance(contenu, bytes) else geojson(*contenu))
        ecrit = ["--ecrire"] * ecrire
        return lancer("importer_quartiers", fichier, f"--millesime={millesime}", *ecrit, *options)

    return _importer


def en_vigueur(code: str) -> Perimetre:
    return Perimetre.objects.get(quartier__code=code, remplace_le=None)


def test_le_premier_import_cree_tout_et_le_dit(importer):
    dit = importer(deux_quartiers())
    assert dit.splitlines()[:-1] == [
        f"nouveau · Les Tilleuls ({TILLEULS})",
        f"nouveau · Le Verger ({VERGER})",
        f"commune créée · Port-Tilleul ({PORT})",
        f"commune créée · Val-des-Tilleuls ({VAL})",
        f"couverture 2024 · {PORT}, {VAL} : tous les quartiers y sont dans ce fichier ; sinon, "
        "--couverture aucune",
    ]
    assert "nregistré" in dit
    lu = Quartier.objects.get(code=TILLEULS)
    assert (lu.nom, lu.millesime, lu.valide_du, lu.valide_au) == (
        *("Les Tilleuls", 2024),
        *(date(2024, 1, 1), None),
    )
    assert [c.code for c in lu.communes.all()] == [VAL]
    assert Commune.objects.get(code=VAL).departement == "94"
    perimetre = en_vigueur(TILLEULS)
    assert depuis_octets(perimetre.geometrie).equals(carre(2.3905, 48.7865))
    assert (perimetre.source, perimetre.est_arrondi) == ("qpv.geojson", False)


def test_sans_ecrire_rien_ne_change_dans_aucune_table(importer):
    importer(deux_quartiers()[:1])
    avant = etat()
    objets = deux_quartiers()
    objets[0]["properties"]["lib_qp"] = "Les Grands Tilleuls"
    objets[0]["geometry"] = objet(carre(2.3906, 48.7865))["geometry"]
    dit = importer(objets, ecrire=False)
    assert "changé · Les Grands Tilleuls" in dit
    assert f"nouveau · Le Verger ({VERGER})" in dit
    assert "--ecrire" in dit
    assert etat() == avant


def test_relance_rien_ne_change(importer):
    importer(deux_quartiers())
    avant = etat()
    assert importer(deux_quartiers()) == "Rien ne change.\n"
    assert etat() == avant
    assert Evenement.objects.filter(action=ACTE).count() == Chargement.objects.count() == 1


def test_un_contour_parti_d_un_autre_point_ne_change_rien(importer):
    importer(deux_quartiers())
    objets = deux_quartiers()
    anneau = objets[0]["geometry"]["coordinates"][0][:-1]
    tourne = [*anneau[2:], *anneau[:2]][::-1]
    objets[0]["geometry"]["coordinates"] = [[*tourne, tourne[0]]]
    assert importer(objets) == "Rien ne change.\n"


def test_une_seule_faute_et_rien_n_est_ecrit(importer):
    importer(deux_quartiers()[:1])
    avant = etat()
    fautif = objet(NOEUD, code_qp="QN09403N", lib_qp="Le Nœud", insee_com=VAL, lib_com=NOMS[VAL])
    with pytest.raises(CommandError) as erreur:
        importer(
            [
                *deux_quartiers(),
                fautif,
                objet({"type": "Point", "coordinates": [2.39, 48.78]}, code_qp="QN09404N"),
                objet(NOEUD),
            ]
        )
    assert str(erreur.value).splitlines() == [
        "Objet 3 (QN09403N) : Le Nœud : le contour se recoupe (en 2,39500 ; 48,78500) ; --reparer "
        "le corrige au plus près.",
        "Objet 4 (QN09404N) : il n’a pas de contour : on attend un polygone.",
        "Objet 5 : le code manque.",
    ]
    assert etat() == avant


def test_reparer_dit_ce_qu_il_change(importer):
    fautif = objet(NOEUD, code_qp="QN09403N", lib_qp="Le Nœud", insee_com=VAL, lib_com=NOMS[VAL])
    dit = importer([fautif], "--reparer")
    assert "attention · Objet 1 (QN09403N) : le contour se recoupe" in dit
    assert "m² d’écart" in dit
    repare = depuis_octets(en_vigueur("QN09403N").geometrie)
    assert repare.is_valid
    assert repare.geom_type == "MultiPolygon"
    assert repare.area == pytest.approx(0.00005)
    assert "Rien ne change." in importer([fautif], "--reparer")


class TestCeQuiChange:
    """Chaque champ changé se dit, avant et après, et s'écrit une fois."""

    @pytest.fixture(autouse=True)
    def deja(self, importer):
        importer(deux_quartiers())

    def test_le_nom(self, importer):
        objets = deux_quartiers()
        objets[0]["properties"]["lib_qp"] = "Tilleuls Nord"
        assert importer(objets).splitlines()[:-1] == [
            f"changé · Tilleuls Nord ({TILLEULS}) · nom : Les Tilleuls → Tilleuls Nord",
        ]
        assert Quartier.objects.get(code=TILLEULS).nom == "Tilleuls Nord"
        assert Perimetre.objects.count() == 2

    def test_les_communes(self, importer):
        objets = deux_quartiers()
        objets[0]["properties"] |= {"insee_com": f"{VAL};{PORT}", "lib_com": "Val;Port"}
        assert f"communes : {VAL} → {PORT}, {VAL}\n" in importer(objets)
        assert Quartier.objects.get(code=TILLEULS).communes.count() == 2
        assert f"communes : {PORT}, {VAL} → {VAL}\n" in importer(deux_quartiers())

    def test_la_population_et_sa_source(self, importer):
        objets = deux_quartiers()
        objets[0]["properties"]["pop_mun"] = "2 345"
        assert "population : (rien) → 2345\n" in importer(objets, "--source=Insee 2026")
        lu = Quartier.objects.get(code=TILLEULS)
        assert (lu.population, lu.population_source) == (2345, "Insee 2026")
        # Un fichier qui ne la dit pas la laisse.
        assert importer(deux_quartiers()) == "Rien ne change.\n"

    def test_le_contour_et_l_ancien_reste(self, importer):
        ancien = en_vigueur(TILLEULS)
        objets = deux_quartiers()
        objets[0]["geometry"] = objet(carre(2.3906, 48.7865))["geometry"]
        assert "contour : qpv.geojson → neuf.geojson\n" in importer(objets, nom="neuf.geojson")
        nouveau = en_vigueur(TILLEULS)
        ancien.refresh_from_db()
        assert ancien.remplace_le == nouveau.charge_le
        assert depuis_octets(ancien.geometrie).equals(carre(2.3905, 48.7865))
        assert depuis_octets(nouveau.geometrie).equals(carre(2.3906, 48.7865))
        assert Perimetre.objects.count() == 3

    def test_un_tableau_sans_contour_ne_retire_pas_ceux_d_avant(self, importer):
        dit = importer(csv("code_qp;lib_qp", f"{TILLEULS};Tilleuls Sud"), nom="liste.csv")
        assert dit.startswith("changé · Tilleuls Sud")
        assert Perimetre.objects.filter(remplace_le=None).count() == 2

    def test_un_quartier_absent_du_fichier_se_nomme_et_reste(self, importer):
        objets = deux_quartiers()
        objets[1]["properties"] |= {"code_qp": "QN09409N", "lib_qp": "La Passerelle"}
        assert f"absent du fichier, gardé · Le Verger ({VERGER})\n" in importer(objets)
        assert Quartier.objects.filter(code=VERGER).exists()


def test_le_contour_arrondi_ne_remplace_jamais_l_officiel(deposer):
    def charger(lon: float, est_arrondi: bool):
        fichier = deposer("q.geojson", geojson(objet(carre(lon, 48.79), code_qp=TILLEULS)))
        lus = lire_quartiers(fichier, 2024)
        return importer_quartiers(
            par=Machine("essai"),
            lus=lus,
            millesime=2024,
            source=f"{lon}",
            ecrire=True,
            est_arrondi=est_arrondi,
        )

    commune(VAL)
    quartier(TILLEULS, [VAL])
    assert "contour" in str(charger(2.39, True).changes)
    assert en_vigueur(TILLEULS).est_arrondi
    # L'officiel remplace l'arrondi, même s'il a les mêmes points.
    assert "contour" in str(charger(2.39, False).changes)
    assert charger(2.40, True).est_vide
    assert (en_vigueur(TILLEULS).source, en_vigueur(TILLEULS).est_arrondi) == ("2.39", False)
    assert "contour" in str(charger(2.41, False).changes)


@pytest.mark.parametrize(
    ("options", "portees"),
    [
        ([], {VAL, PORT}),
        (["--couverture=fichier"], {VAL, PORT}),
        (["--couverture=aucune"], set()),
        (["--couverture=france"], {"france"}),
        (["--couverture=94,2A,974"], {"94", "2A", "974"}),
    ],
)
def test_la_couverture_se_choisit(importer, options, portees):
    importer(deux_quartiers(), *options)
    assert set(Couverture.objects.values_list("portee", flat=True)) == portees
    assert set(Couverture.objects.values_list("millesime", flat=True)) <= {2024}


def test_qui_a_toute_la_france_n_a_pas_besoin_d_une_commune(importer):
    couvrir("france")
    couvrir("france", millesime=2015)
    assert "couverture" not in importer(deux_quartiers())


@pytest.mark.parametrize("couverture", ["", "94;75", "ile-de-france", "94, 75", "9", "94,", "tout"])
def test_une_couverture_illisible_est_refusee(importer, couverture):
    with pytest.raises(CommandError, match=r"La couverture « .* » ne se lit pas : écrivez fichier"):
        importer(deux_quartiers(), f"--couverture={couverture}")
    assert not Quartier.objects.exists()


@pytest.mark.parametrize("couverture", ["fr", "zz", "2a", "941"])
def test_une_couverture_qui_n_est_pas_un_departement_est_refusee(importer, couverture):
    with pytest.raises(CommandError):
        importer(deux_quartiers(), f"--couverture={couverture}")


def test_un_millesime_inconnu_est_refuse(importer):
    with pytest.raises(CommandError, match="les générations de quartiers sont 2015 et 2024"):
        importer(deux_quartiers(), millesime=2020)


def test_les_deux_millesimes_vivent_cote_a_cote(importer):
    importer(deux_quartiers())
    importer(deux_quartiers(), millesime=2015)
    lus = Quartier.objects.filter(code=TILLEULS).order_by("millesime")
    assert [(q.millesime, q.valide_au) for q in lus] == [(2015, date(2023, 12, 31)), (2024, None)]
    assert Couverture.objects.filter(millesime=2015).count() == 2


@pytest.mark.parametrize(
    ("millesime", "objets", "dit"),
    [
        (2015, deux_quartiers(), "2 code(s) ne commencent pas par QP (QN09401N…)"),
        (
            2024,
            [objet(carre(2.39, 48.79), code_qp="QN1234", insee_com=VAL, generation=2015)],
            "Le fichier se dit de la génération 2015.",
        ),
    ],
)
def test_un_autre_millesime_que_celui_du_fichier_previent(importer, millesime, objets, dit):
    commune(VAL)
    assert f"attention · {dit}" in importer(objets, millesime=millesime)


def test_une_commune_que_rien_ne_nomme_est_refusee(importer):
    with pytest.raises(CommandError, match=r"2 commune\(s\) ne sont pas chargées .*94041, 94081"):
        importer(csv("code_qp;insee_com", f"{TILLEULS};{VAL}", f"{VERGER};{PORT}"), nom="q.csv")
    assert not Quartier.objects.exists()


def test_un_quartier_nouveau_sans_colonne_de_commune_est_refuse(importer):
    with pytest.raises(CommandError, match=r"Objet 1 .QN09401N. : ce quartier est nouveau"):
        importer([objet(carre(2.39, 48.79), code_qp=TILLEULS)])


def test_un_quartier_nouveau_sans_commune_est_refuse(importer):
    objets = deux_quartiers()
    objets[1]["properties"]["insee_com"] = None
    with pytest.raises(CommandError, match="ce quartier est nouveau"):
        importer(objets)


def test_un_seul_evenement_qui_dit_tout(importer):
    importer(deux_quartiers(), "--source=ANCT 2024")
    (acte,) = Evenement.objects.filter(action=ACTE)
    assert (acte.objet, acte.objet_nom) == ("fichier:ANCT 2024", "ANCT 2024")
    assert acte.details.contenu == {
        "millesime": 2024,
        "nouveaux": [f"Les Tilleuls ({TILLEULS})", f"Le Verger ({VERGER})"],
        "changes": {},
        "communes": [f"Port-Tilleul ({PORT})", f"Val-des-Tilleuls ({VAL})"],
        "couvertures": [PORT, VAL],
        "decouvertes": [],
    }
    (charge,) = Chargement.objects.all()
    assert (charge.nature, charge.millesime, charge.source) == ("quartiers", 2024, "ANCT 2024")


def test_un_extrait_se_redit_sans_couverture(importer):
    importer(deux_quartiers())
    dit = importer(deux_quartiers(), "--couverture=aucune")
    assert f"couverture 2024 retirée · {PORT}, {VAL}" in dit
    assert not Couverture.objects.exists()
    assert "Rien ne change." in importer(deux_quartiers(), "--couverture=aucune")
