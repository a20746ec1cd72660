"""Les règles des territoires : dedans ou dehors, quel millésime, ce que devient un quartier."""

from datetime import date
from itertools import pairwise
from math import inf, nextafter

import pytest

from parvis.territoires.enums import PrecisionDeLieu, Reponse
from parvis.territoires.rules.devenir import Lien, devenir
from parvis.territoires.rules.millesimes import DECRETS, VALIDITES, est_couverte, millesime_du
from parvis.territoires.rules.situation import Position, Releve, repondre

OUI, NON, DOUTE, INCONNU = Reponse.OUI, Reponse.NON, Reponse.A_VERIFIER, Reponse.INCONNU
NUMERO, ESTIME, VOIE, POINT, LIEU_DIT, COMMUNE = (
    PrecisionDeLieu.NUMERO,
    PrecisionDeLieu.INTERPOLE,
    PrecisionDeLieu.VOIE,
    PrecisionDeLieu.POINT,
    PrecisionDeLieu.LIEU_DIT,
    PrecisionDeLieu.COMMUNE,
)


def juste_sous(nombre: float) -> float:
    return nextafter(nombre, 0)


def reponse(position: Position | None, **releve) -> Reponse:
    return repondre(position, Releve(**({"est_dedans": True} | releve)))[0]


@pytest.mark.parametrize("est_dedans", [True, False])
class TestDesDeuxCotes:
    """Ce qui fait douter vaut dedans comme dehors."""

    @pytest.mark.parametrize(
        ("score", "est_sur"),
        [(1.0, True), (0.8, True), (juste_sous(0.8), False), (0.5, False), (0.0, False)],
    )
    def test_le_score_suffit_a_partir_de_0_8(self, est_dedans, score, est_sur):
        sure = OUI if est_dedans else NON
        position = Position(NUMERO, score)
        assert reponse(position, est_dedans=est_dedans) == (sure if est_sur else DOUTE)

    @pytest.mark.parametrize(
        ("precision", "declaree", "distance", "est_sur"),
        [
            (NUMERO, None, 15.0, True),
            (NUMERO, None, juste_sous(15), False),
            (NUMERO, None, 0.0, False),
            (POINT, None, 15.0, True),
            (POINT, None, juste_sous(15), False),
            (ESTIME, None, 30.0, True),
            (ESTIME, None, juste_sous(30), False),
            (ESTIME, None, 15.0, False),
            (POINT, 3.0, 3.0, True),
            (POINT, 3.0, juste_sous(3), False),
            (POINT, 100.0, 100.0, True),
            (POINT, 100.0, 49.0, False),
            (NUMERO, 40.0, 39.0, False),
            (ESTIME, 5.0, 5.0, True),
            (POINT, 0.0, 0.0, True),
        ],
    )
    def test_pres_du_bord_la_precision_decide(
        self, est_dedans, precision, declaree, distance, est_sur
    ):
        sure = OUI if est_dedans else NON
        position = Position(precision, precision_m=declaree)
        rendue = reponse(position, est_dedans=est_dedans, distance=distance)
        assert rendue == (sure if est_sur else DOUTE)

    @pytest.mark.parametrize("precision", [VOIE, LIEU_DIT, COMMUNE, "", "zone"])
    def test_sans_numero_il_faut_toute_la_voie_du_meme_cote(self, est_dedans, precision):
        sure = OUI if est_dedans else NON
        position = Position(precision)
        assert reponse(position, est_dedans=est_dedans) == DOUTE
        entiere = {"est_dedans": est_dedans, "est_toute_la_voie": True}
        assert reponse(position, **entiere) == sure
        # La plus proche adresse de la voie est au bord : la voie entière ne suffit plus.
        assert reponse(position, **entiere, distance=15.0) == sure
        assert reponse(position, **entiere, distance=juste_sous(15)) == DOUTE

    @pytest.mark.parametrize("precision", [NUMERO, ESTIME, POINT])
    def test_un_numero_n_a_pas_besoin_de_sa_voie(self, est_dedans, precision):
        assert reponse(Position(precision), est_dedans=est_dedans) == (OUI if est_dedans else NON)


@pytest.mark.parametrize(
    "manque",
    [
        {"est_couvert": False},
        {"sans_contour": ("Les Tilleuls",)},
        {"est_couvert": False, "sans_contour": ("Les Tilleuls",)},
    ],
)
@pytest.mark.parametrize("distance", [0.0, 10.0, 49.0, inf])
@pytest.mark.parametrize("score", [0.1, 1.0])
@pytest.mark.parametrize("precision", [*PrecisionDeLieu, "zone"])
@pytest.mark.parametrize("est_toute_la_voie", [True, False])
def test_un_contour_qui_manque_ne_fait_jamais_un_non(
    manque, distance, score, precision, est_toute_la_voie
):
    position = Position(precision, score)
    releve = {"distance": distance, "est_toute_la_voie": est_toute_la_voie} | manque
    assert reponse(position, est_dedans=False, **releve) == INCONNU
    # Dedans, ce que l'on sait suffit : un autre contour absent n'y change rien.
    complet = {c: v for c, v in releve.items() if c not in manque}
    assert reponse(position, **releve) == reponse(position, **complet)


def test_sans_position_tout_est_inconnu():
    for est_dedans in (True, False):
        assert repondre(None, Releve(est_dedans)) == (INCONNU, ["L’adresse n’a pas été trouvée."])


@pytest.mark.parametrize(
    ("releve", "motif"),
    [
        ({"est_couvert": False}, "Les quartiers de cette commune ne sont pas chargés."),
        ({"sans_contour": ("A",)}, "Le contour de « A » n’est pas chargé."),
        ({"sans_contour": ("A", "B")}, "Les contours de « A », « B » ne sont pas chargés."),
        (
            {"sans_contour": ("A",), "est_couvert": False},
            "Le contour de « A » n’est pas chargé.",
        ),
    ],
)
def test_ce_qui_manque_se_dit(releve, motif):
    assert repondre(Position(), Releve(False, **releve)) == (INCONNU, [motif])


def test_les_doutes_se_disent_dans_l_ordre():
    position = Position(VOIE, 0.456)
    assert repondre(position, Releve(True, 3.2)) == (
        DOUTE,
        [
            "L’adresse trouvée ressemble mal à celle qui est donnée (score 0,46).",
            "La position n’est pas celle d’un numéro : elle peut être loin de la porte.",
            "Le point est à l’intérieur, à 3 m du bord : moins que la précision de la position (15 m).",
        ],
    )
    assert repondre(Position(ESTIME), Releve(False, 20))[1] == [
        "Le point est à l’extérieur, à 20 m du bord : moins que la précision de la position (30 m)."
    ]


def test_une_reponse_sure_n_a_pas_de_motif():
    assert repondre(Position(), Releve(True)) == (OUI, [])
    assert repondre(Position(), Releve(False)) == (NON, [])


@pytest.mark.parametrize("distance", [14.6, 14.99])
def test_un_motif_ne_se_contredit_pas(distance):
    ((motif,)) = repondre(Position(NUMERO), Releve(True, distance))[1]
    assert "à 15 m du bord" not in motif


@pytest.mark.parametrize(
    ("jour", "millesime"),
    [
        (date(1999, 1, 1), 2015),
        (date(2014, 12, 31), 2015),
        (date(2015, 1, 1), 2015),
        (date(2023, 12, 31), 2015),
        (date(2024, 1, 1), 2024),
        (date(2040, 6, 1), 2024),
    ],
)
def test_le_millesime_d_un_jour(jour, millesime):
    assert millesime_du(jour) == millesime


def test_les_millesimes_se_suivent_sans_trou():
    assert VALIDITES.keys() == DECRETS.keys()
    annees = sorted(VALIDITES)
    for avant, apres in pairwise(annees):
        assert (VALIDITES[apres][0] - VALIDITES[avant][1]).days == 1
    assert VALIDITES[annees[-1]][1] is None


@pytest.mark.parametrize(
    ("commune", "portees", "est_connue"),
    [
        ("94081", {"94081"}, True),
        ("94081", {"94"}, True),
        ("94081", {"france"}, True),
        ("94081", {"94041", "93", "940"}, False),
        ("94081", set(), False),
        ("97411", {"974"}, True),
        ("97411", {"97"}, False),
        ("2A004", {"2A"}, True),
        ("01004", {"1"}, False),
        ("01004", {"01"}, True),
    ],
)
def test_une_commune_est_couverte_par_elle_son_departement_ou_la_france(
    commune, portees, est_connue
):
    assert est_couverte(commune, frozenset(portees)) is est_connue


def lien(ancien: int, nouveau: int | None, nature: str = "modifie") -> Lien:
    return Lien(
        ancien, f"Ancien {ancien}", nouveau, f"Nouveau {nouveau}" if nouveau else "", nature
    )


SORTI = lien(1, None, "sorti")
INCHANGE, MODIFIE = lien(1, 11, "inchange"), lien(1, 11)
FUSION = [lien(1, 11), lien(2, 11), lien(3, 11)]
PARTAGE = [lien(1, 11), lien(1, 12), lien(1, 13)]


@pytest.mark.parametrize(
    ("quartier", "liens", "dit"),
    [
        (1, [], []),
        (1, [lien(2, 12)], []),
        (1, [SORTI], ["Il est sorti de la géographie prioritaire : aucun quartier ne lui succède."]),
        (1, [INCHANGE], ["Le quartier « Nouveau 11 » le continue, dans les mêmes limites."]),
        (11, [INCHANGE], ["Ses limites sont celles du quartier « Ancien 1 » de la génération précédente."]),
        (1, [MODIFIE], ["Le quartier « Nouveau 11 » lui succède, dans d’autres limites."]),
        (11, [MODIFIE], ["Il succède au quartier « Ancien 1 », dont les limites ont changé."]),
        (2, FUSION, ["Il a été réuni à d’autres dans le quartier « Nouveau 11 »."]),
        (
            11,
            FUSION,
            [
                "Il réunit les quartiers « Ancien 1 », « Ancien 2 » et « Ancien 3 » de la génération "
                "précédente."
            ],
        ),
        (
            1,
            PARTAGE,
            ["Il a été partagé entre les quartiers « Nouveau 11 », « Nouveau 12 » et « Nouveau 13 »."],
        ),
        (12, PARTAGE, ["Il vient du partage du quartier « Ancien 1 »."]),
        (1, [MODIFIE, SORTI], ["Le quartier « Nouveau 11 » lui succède, dans d’autres limites."]),
        # Partagé, dont une part réunie à un autre.
        (
            12,
            [lien(1, 11), lien(1, 12), lien(2, 12)],
            ["Il réunit les quartiers « Ancien 1 » et « Ancien 2 » de la génération précédente."],
        ),
        (
            2,
            [lien(1, 11), lien(1, 12), lien(2, 12)],
            ["Il a été réuni à d’autres dans le quartier « Nouveau 12 »."],
        ),
        # Un millésime entre deux autres : d'où il vient, puis ce qu'il devient.
        (
            11,
            [MODIFIE, lien(11, 21, "inchange")],
            [
                "Il succède au quartier « Ancien 1 », dont les limites ont changé.",
                "Le quartier « Nouveau 21 » le continue, dans les mêmes limites.",
            ],
        ),
    ],
)  # fmt: skip
def test_ce_que_devient_un_quartier(quartier, liens, dit):
    assert devenir(quartier, liens) == dit
