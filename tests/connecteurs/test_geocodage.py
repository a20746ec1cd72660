"""Le client du géocodeur, contre notre faux service qui va bien : une adresse, un lot."""

import csv
import io
from functools import partial

import pytest
from django.core.cache import cache

from parvis.connecteurs.geocodage import (
    LOT_MAXIMAL,
    AdresseCherchee,
    chercher,
    chercher_en_lot,
    client,
    faux_serveur,
)

TILLEULS = AdresseCherchee("12 rue des Tilleuls, Val-des-Tilleuls")
BATELIERS = AdresseCherchee("7 boulevard des Bateliers")
PASSERELLE = AdresseCherchee("3 rue de la Passerelle, Port-Tilleul")
NULLE_PART = AdresseCherchee("99 route de Nulle-Part")


@pytest.fixture
def service(brancher):
    """Rend de quoi démarrer le faux service dans un mode."""
    return partial(brancher, faux_serveur, "GEOCODAGE")


class TestUneAdresse:
    def test_rend_le_point_et_ce_qu_il_designe(self, service):
        serveur = service()
        trouvee = chercher(TILLEULS)[0]
        assert (trouvee.type, trouvee.numero, trouvee.voie) == (
            "housenumber",
            "12",
            "Rue des Tilleuls",
        )
        assert (trouvee.commune_code, trouvee.commune_nom) == ("94081", "Val-des-Tilleuls")
        assert trouvee.libelle == "12 Rue des Tilleuls 94990 Val-des-Tilleuls"
        assert 2.37 < trouvee.lon < 2.41 and 48.78 < trouvee.lat < 48.82
        assert 0.9 < trouvee.score <= 1
        question, chemin, agent = serveur.appels[0]
        assert (question, chemin) == (TILLEULS.texte, "/search")
        assert agent.startswith("Parvis")

    def test_une_voie_puis_une_commune_quand_on_ne_dit_pas_plus(self, service):
        service()
        (voie,) = chercher(AdresseCherchee("impasse du Chanvre"))
        assert (voie.type, voie.voie, voie.numero) == ("street", "Impasse du Chanvre", "")
        commune = chercher(AdresseCherchee("Port-Tilleul"))[0]
        assert (commune.type, commune.voie) == ("municipality", "")

    @pytest.mark.parametrize(
        "codes", [{"commune_code": "94041"}, {"code_postal": "94980"}, {"code_postal": " 94980 "}]
    )
    def test_un_code_resserre_la_recherche(self, service, codes):
        service()
        assert {t.commune_code for t in chercher(AdresseCherchee("rue des Tilleuls"))} == {
            "94081",
            "94041",
        }
        resserrees = chercher(AdresseCherchee("rue des Tilleuls", **codes))
        assert {t.commune_code for t in resserrees} == {"94041"}

    def test_un_code_mal_forme_n_est_pas_envoye(self, service):
        service()
        tous = chercher(AdresseCherchee("rue des Tilleuls"))
        assert chercher(AdresseCherchee("rue des Tilleuls", "94 ?", "Ivry")) == tous

    @pytest.mark.parametrize(("nombre", "rendues"), [(1, 1), (0, 1), (-3, 1), (1000, 2)])
    def test_pas_plus_que_demande(self, service, nombre, rendues):
        service()
        assert len(chercher(AdresseCherchee("rue des Tilleuls"), nombre)) == rendues

    def test_introuvable(self, service):
        service()
        assert chercher(NULLE_PART) == []

    @pytest.mark.parametrize("texte", ["", "  \n ", "ab", " =- ", "🏠", "\x00\x00\x00"])
    def test_rien_a_chercher_n_appelle_pas(self, service, texte):
        serveur = service()
        assert chercher(AdresseCherchee(texte)) == []
        assert chercher_en_lot([AdresseCherchee(texte)] * 2) == [None, None]
        assert chercher_en_lot([]) == []
        assert serveur.appels == []

    def test_rien_ne_se_garde(self, service):
        """Une adresse est une donnée personnelle, et sa réponse aussi."""
        serveur = service()
        for _ in range(2):
            assert chercher(TILLEULS)
        assert len(serveur.appels) == 2
        assert list(cache._cache) == []


class TestUnLot:
    def test_meme_longueur_et_meme_ordre(self, service):
        serveur = service()
        vide = AdresseCherchee(" ")
        trouvees = chercher_en_lot([BATELIERS, vide, NULLE_PART, TILLEULS, BATELIERS])
        assert [t and t.voie for t in trouvees] == [
            "Boulevard des Bateliers",
            None,
            None,
            "Rue des Tilleuls",
            "Boulevard des Bateliers",
        ]
        assert (trouvees[3].numero, trouvees[3].code_postal) == ("12", "94990")
        assert [chemin for _, chemin, _ in serveur.appels] == ["/search/csv"]
        assert trouvees[3] == chercher(TILLEULS)[0]

    def test_rendu_dans_le_desordre_avec_un_manque(self, service):
        service("melange")
        trouvees = chercher_en_lot([TILLEULS, BATELIERS, PASSERELLE])
        assert [t and t.voie for t in trouvees] == [
            None,
            "Boulevard des Bateliers",
            "Rue de la Passerelle",
        ]

    def test_chaque_ligne_a_ses_codes(self, service):
        service()
        rue = "rue des Tilleuls"
        trouvees = chercher_en_lot(
            [
                AdresseCherchee(rue, commune_code="94041"),
                AdresseCherchee(rue, code_postal="94990"),
                AdresseCherchee(rue, commune_code="75056"),
            ]
        )
        assert [t and t.commune_code for t in trouvees] == ["94041", "94081", None]

    @pytest.mark.parametrize(
        "texte",
        [
            '12, rue des "Tilleuls", Val-des-Tilleuls',
            "12 rue des Tilleuls\r\nVal-des-Tilleuls\n",
            "🏡 12 rue des Tilleuls 🌳 Val-des-Tilleuls",
            "=12 rue des Tilleuls;Val-des-Tilleuls",
            "@+-12\true des\u2028Tilleuls\x00 Val-des-Tilleuls\ud800",
            "12 rue des Tilleuls" + " " * 300 + "Val-des-Tilleuls",
        ],
    )
    def test_un_texte_retors_reste_sur_sa_ligne(self, service, texte):
        serveur = service()
        un, deux, trois = chercher_en_lot([BATELIERS, AdresseCherchee(texte), PASSERELLE])
        assert (un.voie, trois.voie) == ("Boulevard des Bateliers", "Rue de la Passerelle")
        assert (deux.numero, deux.voie, deux.commune_code) == ("12", "Rue des Tilleuls", "94081")
        assert chercher(AdresseCherchee(texte))[0] == deux
        lignes = list(csv.reader(io.StringIO(serveur.appels[0][0])))
        assert [ligne[0] for ligne in lignes] == ["rang", "0", "1", "2"]
        assert lignes[2][1][0] == "1"

    def test_n_est_pas_garde(self, service):
        serveur = service()
        for _ in range(2):
            chercher_en_lot([TILLEULS])
        assert len(serveur.appels) == 2

    def test_un_lot_plein_passe_un_de_plus_non(self, service):
        serveur = service()
        assert len(chercher_en_lot([TILLEULS] * LOT_MAXIMAL)) == LOT_MAXIMAL
        with pytest.raises(ValueError, match="500"):
            chercher_en_lot([TILLEULS] * (LOT_MAXIMAL + 1))
        assert len(serveur.appels) == 1

    def test_des_rangs_inconnus_ne_prennent_la_place_de_personne(self, service, monkeypatch):
        service()
        corps = b"rang,latitude,longitude,result_score,result_label\n1,48,2,1,Ici\n9,48,2,1,La\n"
        monkeypatch.setattr(client, "_appeler_en_lot", lambda *args: corps)
        assert chercher_en_lot([TILLEULS, AdresseCherchee("")]) == [None, None]
