"""Situer des lieux parmi les quartiers chargés : la bonne réponse, et toujours la dernière."""

from math import inf, nan

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.territoires.enums import PrecisionDeLieu, Reponse
from parvis.territoires.models import Commune, Perimetre
from parvis.territoires.queries.situation import Lieu, fond, situer, situer_en_lot
from parvis.territoires.rules.situation import Position
from tests.decors import decor
from tests.fabriques.territoires import (
    CONTOURS,
    JADIS,
    PORT,
    TILLEULS,
    VAL,
    VERGER,
    carre,
    commune,
    couvrir,
    geojson,
    lancer,
    noter_un_chargement,
    objet,
    quartier,
)

pytestmark = pytest.mark.django_db
OUI, NON, DOUTE, INCONNU = Reponse.OUI, Reponse.NON, Reponse.A_VERIFIER, Reponse.INCONNU
DEDANS, LOIN = (2.3905, 48.7865), (2.38, 48.775)
# Un dix-millième de degré de longitude vaut 7,34 mètres ; le bord est du quartier est à 2,3915.
A_DIX_METRES, A_VINGT_METRES, A_QUARANTE_METRES = (
    (2.3915 + metres / 73_400, 48.7865) for metres in (10, 20, 40)
)


@decor
def val():
    """Le Val-des-Tilleuls : son contour, un quartier, tous ses quartiers connus."""
    commune(VAL, contour=CONTOURS[VAL])
    commune(PORT, contour=CONTOURS[PORT])
    couvrir(VAL)
    return quartier(TILLEULS, [VAL], carre(*DEDANS), nom="Les Tilleuls")


def reponse(point, millesime=2024, **lieu):
    return situer(Lieu(*point, **lieu), millesime).reponse


def test_dedans_dehors_au_bord_et_ailleurs(val):
    assert reponse(DEDANS) == OUI
    assert reponse(LOIN) == NON
    assert reponse(A_DIX_METRES) == DOUTE
    assert reponse(A_VINGT_METRES) == NON
    estime = Position(PrecisionDeLieu.INTERPOLE)
    assert reponse(A_VINGT_METRES, position=estime) == DOUTE
    assert reponse(A_QUARANTE_METRES, position=estime) == NON
    assert reponse((2.39, 48.82)) == INCONNU


def test_une_situation_dit_le_quartier_la_distance_et_la_source(val):
    (dedans,) = situer_en_lot([Lieu(*DEDANS)], 2024)
    assert (dedans.quartier.code, dedans.quartier.nom, dedans.quartier.communes) == (
        *(TILLEULS, "Les Tilleuls"),
        (VAL,),
    )
    assert (dedans.quartier.pk, dedans.quartier.source, dedans.quartier.charge_le) == (
        *(val.pk, "essai.geojson"),
        JADIS,
    )
    assert (dedans.distance, dedans.distance_lisible, dedans.millesime) == (inf, None, 2024)
    (pres,) = situer_en_lot([Lieu(*A_VINGT_METRES)], 2024)
    assert (pres.quartier.code, pres.distance_lisible) == (TILLEULS, 20)


def test_une_situation_seule_mesure_toujours_la_distance(val):
    dedans = situer(Lieu(*DEDANS), 2024)
    assert (dedans.reponse, dedans.quartier.code, dedans.distance_lisible) == (OUI, TILLEULS, 73)
    loin = situer(Lieu(*LOIN), 2024)
    assert (loin.reponse, loin.quartier.code) == (NON, TILLEULS)
    # Du coin sud-ouest : 1 167,6 mètres au nord, 697,5 à l'est.
    assert loin.distance == pytest.approx(1360, rel=0.005)
    (en_lot,) = situer_en_lot([Lieu(*LOIN)], 2024)
    assert (en_lot.quartier, en_lot.distance) == (None, inf)


def test_un_lieu_introuvable_est_inconnu_a_sa_place(val):
    rendues = situer_en_lot([None, Lieu(*DEDANS), None, Lieu(*LOIN)], 2024)
    assert [s.reponse for s in rendues] == [INCONNU, OUI, INCONNU, NON]
    assert rendues[0].motifs == ["L’adresse n’a pas été trouvée."]
    assert situer(None, 2024).reponse == INCONNU
    assert situer_en_lot([], 2024) == []


def test_rien_de_charge_rien_de_su():
    assert fond(2024).est_vide
    assert reponse(DEDANS) == INCONNU
    assert reponse(DEDANS, commune=VAL) == INCONNU


def test_une_commune_non_couverte_est_inconnue_mais_dedans_reste_oui(val):
    couvrir(PORT, millesime=2015)
    assert reponse((2.39, 48.82)) == INCONNU
    assert reponse((2.39, 48.82), commune=PORT) == INCONNU
    quartier(VERGER, [PORT], carre(2.39, 48.82))
    noter_un_chargement()
    assert reponse((2.39, 48.82)) == OUI
    assert reponse((2.40, 48.82)) == INCONNU


def test_un_quartier_sans_contour_rend_sa_commune_inconnue_et_elle_seule(val):
    couvrir(PORT)
    quartier(VERGER, [PORT], nom="Le Verger")
    ailleurs = situer(Lieu(2.39, 48.82), 2024)
    assert (ailleurs.reponse, ailleurs.motifs) == (
        INCONNU,
        ["Le contour de « Le Verger » n’est pas chargé."],
    )
    assert reponse(LOIN) == NON
    quartier("QN09403N", [VAL], nom="Le Lavoir")
    noter_un_chargement()
    assert reponse(LOIN) == INCONNU
    # Dans un quartier connu, l'autre ne compte pas ; tout près de lui non plus.
    assert reponse(DEDANS) == OUI
    assert reponse(A_DIX_METRES) == INCONNU


def test_un_perimetre_remplace_ne_compte_plus(val):
    Perimetre.objects.update(remplace_le=JADIS)
    assert reponse(DEDANS) == INCONNU


def test_la_france_entiere_dispense_de_savoir_la_commune():
    commune(VAL)
    quartier(TILLEULS, [VAL], carre(*DEDANS))
    assert reponse(LOIN) == INCONNU
    couvrir("france")
    noter_un_chargement()
    assert reponse(LOIN) == NON
    # Un seul contour manque quelque part : sans commune, on ne sait plus.
    quartier(VERGER, [VAL])
    noter_un_chargement()
    assert reponse(LOIN) == INCONNU


def test_sans_contour_de_commune_le_quartier_voisin_la_fait_supposer():
    commune(VAL)
    couvrir(VAL)
    quartier(TILLEULS, [VAL], carre(*DEDANS), nom="Les Tilleuls")
    pres = situer(Lieu(*A_QUARANTE_METRES), 2024)
    assert (pres.reponse, pres.remarques) == (
        NON,
        ("Commune supposée d’après le quartier voisin, Les Tilleuls.",),
    )
    assert situer(Lieu(*A_QUARANTE_METRES, commune=VAL), 2024).remarques == ()
    assert reponse(LOIN) == INCONNU
    assert reponse(LOIN, commune=VAL) == NON


def test_une_commune_que_le_contour_contredit(val):
    dite = situer(Lieu(*LOIN, commune=PORT), 2024)
    # Le contour décide : le Val est couvert, Port-Tilleul ne l'est pas.
    assert (dite.reponse, dite.remarques) == (
        NON,
        ("Le point est à Val-des-Tilleuls, l’adresse dit Port-Tilleul.",),
    )
    contraire = situer(Lieu(2.39, 48.82, commune=VAL), 2024)
    assert contraire.reponse == INCONNU
    assert contraire.remarques == ("Le point est à Port-Tilleul, l’adresse dit Val-des-Tilleuls.",)
    # À moins de cent mètres de la limite, un contour simplifié peut se tromper.
    assert situer(Lieu(2.39, 48.7992, commune=PORT), 2024).remarques == ()
    assert situer(Lieu(2.39, 48.7980, commune=PORT), 2024).remarques != ()
    assert situer(Lieu(*LOIN, commune="94999"), 2024).remarques == ()


@pytest.mark.parametrize("point", [(48.7865, 2.3905), (nan, nan)])
def test_un_point_a_des_milliers_de_kilometres_de_sa_commune_n_est_pas_un_non(val, point):
    situation = situer(Lieu(*point, commune=VAL), 2024)
    assert situation.reponse != NON or situation.remarques


class TestLaVoie:
    """Sans numéro, une voie entière du même côté suffit ; deux adresses ne font pas une voie entière."""

    VOIE = Position(PrecisionDeLieu.VOIE)

    @pytest.mark.parametrize(
        ("points", "attendue"),
        [
            ([DEDANS, (2.3906, 48.7866), (2.3904, 48.7865)], OUI),
            ([DEDANS, (2.3906, 48.7866)], DOUTE),
            ([DEDANS, (2.3906, 48.7866), LOIN], DOUTE),
            ([DEDANS, (2.3906, 48.7866), (2.39145, 48.7865)], DOUTE),
            ((), DOUTE),
        ],
    )
    def test_dedans(self, val, points, attendue):
        assert reponse(DEDANS, position=self.VOIE, voie=points) == attendue

    @pytest.mark.parametrize(
        ("points", "attendue"),
        [
            ([LOIN, (2.381, 48.775), (2.382, 48.775)], NON),
            ([LOIN, (2.381, 48.775), DEDANS], DOUTE),
            ([LOIN, (2.381, 48.775), A_DIX_METRES], DOUTE),
            ([LOIN, (2.381, 48.775), A_VINGT_METRES], NON),
        ],
    )
    def test_dehors(self, val, points, attendue):
        assert reponse(LOIN, position=self.VOIE, voie=points) == attendue

    def test_une_voie_qui_va_d_un_quartier_a_l_autre_se_verifie(self, val):
        quartier(VERGER, [VAL], carre(2.40, 48.7865))
        points = [DEDANS, (2.3906, 48.7866), (2.40, 48.7865)]
        assert reponse(DEDANS, position=self.VOIE, voie=points) == DOUTE


def test_deux_millesimes_repondent_chacun_pour_soi(val):
    couvrir(VAL, millesime=2015)
    quartier("QP094001", [VAL], carre(*LOIN), millesime=2015)
    lieux = [Lieu(*DEDANS), Lieu(*LOIN)]
    assert [s.reponse for s in situer_en_lot(lieux, 2024)] == [OUI, NON]
    assert [s.reponse for s in situer_en_lot(lieux, 2015)] == [NON, OUI]
    assert situer(lieux[1], 2015).quartier.code == "QP094001"


class TestLaMemoire:
    """Un autre processus a importé : la réponse suit, sans que personne n'oublie rien."""

    def importer(self, deposer, point, nom):
        fichier = deposer(
            "q.geojson",
            geojson(objet(carre(*point), code_qp=TILLEULS, lib_qp=nom, insee_com=VAL)),
        )
        return lancer("importer_quartiers", fichier, "--millesime=2024", "--ecrire")

    def test_un_import_se_voit_aussitot(self, val, deposer):
        assert (reponse(DEDANS), reponse(LOIN)) == (OUI, NON)
        self.importer(deposer, LOIN, "Déplacé")
        assert (reponse(DEDANS), reponse(LOIN)) == (NON, OUI)
        assert situer(Lieu(*LOIN), 2024).quartier.nom == "Déplacé"

    def test_un_import_de_communes_se_voit_aussitot(self, val, deposer):
        assert reponse((2.39, 48.82)) == INCONNU
        couvrir(PORT)
        noter_un_chargement()
        assert reponse((2.39, 48.82)) == NON
        vaste = geojson(
            objet(CONTOURS[PORT].union(carre(2.5, 48.82)), code=PORT, nom="Port-Tilleul")
        )
        assert reponse((2.5, 48.82)) == INCONNU
        lancer("importer_communes", deposer("c.geojson", vaste), "--ecrire")
        assert reponse((2.5, 48.82)) == NON

    def test_sans_import_les_contours_ne_se_relisent_pas(self, val):
        premier = fond(2024)
        assert fond(2024) is premier
        noter_un_chargement()
        assert fond(2024) is not premier

    def test_un_import_de_plus_petit_numero_se_voit_aussi(self, val):
        noter_un_chargement(pk=9_000)
        assert reponse((2.40, 48.775)) == NON
        quartier(VERGER, [VAL], carre(2.40, 48.775))
        noter_un_chargement(pk=8_999)
        assert reponse((2.40, 48.775)) == OUI


@pytest.mark.parametrize(("lon", "attendue"), [(2.45, OUI), (2.4515, INCONNU)])
def test_un_quartier_sans_commune_ne_fait_rien_casser(lon, attendue):
    quartier(VERGER, [], carre(2.45, 48.79))
    assert reponse((lon, 48.79)) == attendue


@pytest.mark.parametrize("point", [DEDANS, (2.3915 + 60 / 73_400, 48.7865)])
def test_une_precision_declaree_au_dela_de_cinquante_metres_fait_douter(val, point):
    assert reponse(point, position=Position(precision_m=100)) == DOUTE


def test_une_precision_declaree_jusqu_a_cinquante_metres_fait_douter(val):
    assert reponse(A_QUARANTE_METRES, position=Position(precision_m=45)) == DOUTE
    assert reponse(A_QUARANTE_METRES, position=Position(precision_m=35)) == NON
    assert reponse(A_DIX_METRES, position=Position(precision_m=5)) == NON


def test_pres_d_un_quartier_de_deux_communes_le_contour_qui_manque_compte():
    for code in (PORT, VAL):
        commune(code)
    couvrir(PORT, VAL)
    quartier(TILLEULS, [PORT, VAL], carre(*DEDANS))
    quartier(VERGER, [VAL], nom="Le Verger")
    assert reponse(A_QUARANTE_METRES) == INCONNU


@pytest.mark.parametrize("nombre", [1, 50, 500])
@pytest.mark.parametrize("est_en_memoire", [False, True])
def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_lieux(val, nombre, est_en_memoire):
    couvrir(PORT)
    quartier(VERGER, [PORT], carre(2.39, 48.82))
    if est_en_memoire:
        situer_en_lot([], 2024)
    lieux = [Lieu(2.38 + rang * 0.00008, 48.7865, commune=PORT) for rang in range(nombre)]
    with CaptureQueriesContext(connection) as requetes:
        situer_en_lot(lieux, 2024)
    # La version pour les quartiers, la version pour les communes ; puis les contours, une fois.
    assert len(requetes) == (2 if est_en_memoire else 9)
    assert Commune.objects.count() == 2
