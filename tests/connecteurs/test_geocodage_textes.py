"""Ce qu'on écrit au géocodeur et ce qu'on en lit : tout texte s'envoie, aucune réponse ne fait tomber."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.connecteurs.appel import ReponseIllisible
from parvis.connecteurs.geocodage import AdresseCherchee
from parvis.connecteurs.geocodage.demande import ecrire_le_lot, nettoyer
from parvis.connecteurs.geocodage.reponse import lire, lire_le_lot


class TestNettoyer:
    @given(st.text(st.characters(), max_size=400), st.text(max_size=8), st.text(max_size=8))
    def test_le_service_accepte_ce_qui_en_sort(self, texte, postal, commune):
        propre = nettoyer(AdresseCherchee(texte, postal, commune))
        if propre is None:
            return
        assert 3 <= len(propre.texte.encode("utf-16-le")) // 2 <= 200
        assert propre.texte[0].lower() != propre.texte[0].upper() or propre.texte[0] in "0123456789"
        assert nettoyer(propre) == propre
        lignes = list(csv.reader(io.StringIO(ecrire_le_lot([(7, propre)]).decode())))
        assert lignes[1] == ["7", propre.texte, propre.code_postal, propre.commune_code]

    def test_la_corse_a_des_lettres(self):
        assert nettoyer(AdresseCherchee("cours Napoléon", commune_code="2a004")).commune_code == (
            "2A004"
        )


ENTETE = "rang,latitude,longitude,result_score,result_label\n"


class TestLireUnLot:
    @pytest.mark.parametrize(
        ("lignes", "rangs"),
        [
            ("0,48.8,2.4,0.5,Ici\n", ["0"]),
            ("0,48.8,2.4,0.5,Ici\n\n1,48.8,2.4,0.5,Là\n", ["0", "1"]),
            ("0,,,,\n1,48.8,2.4,0.5,Là\n", ["1"]),
            ("0,48.8\n1,48.8,2.4,0.5,Là,en trop\n", ["1"]),
            ("0,inf,2.4,0.5,Ici\n1,48.8,nan,0.5,Ici\n2,91,2.4,0.5,Ici\n3,48.8,-181,0.5,Ici\n", []),
            ("0,48.8,2.4,-0.1,Ici\n1,48.8,2.4,2,Ici\n2,48.8,2.4,,Ici\n3,48.8,2.4,0.5,\n", []),
            (",48.8,2.4,0.5,Ici\n", [""]),
        ],
    )
    def test_une_ligne_illisible_est_passee(self, lignes, rangs):
        assert list(lire_le_lot((ENTETE + lignes).encode())) == rangs

    def test_un_rang_rendu_deux_fois_garde_sa_premiere_ligne(self):
        lu = lire_le_lot((ENTETE + "0,48.8,2.4,0.5,Ici\n0,48.9,2.4,0.5,Là\n").encode())
        assert lu["0"].libelle == "Ici"

    @pytest.mark.parametrize(
        "corps",
        [
            b"",
            b"\n",
            b"rang,latitude\n0,1\n",
            ENTETE.encode() + b'0,48.8,2.4,0.5,"' + b"a" * 200_000 + b'"\n',
        ],
    )
    def test_autre_chose_qu_un_tableau_est_illisible(self, corps):
        with pytest.raises(ReponseIllisible):
            lire_le_lot(corps)

    def test_autre_chose_que_du_texte_est_illisible(self):
        with pytest.raises(ValueError):
            lire_le_lot(b"\xff\xfe\x00")


@pytest.mark.parametrize("corps", [b"null", b"[]", b"{}", b'{"features": {}}', b"3"])
def test_une_reponse_sans_liste_est_illisible(corps):
    with pytest.raises(ReponseIllisible):
        lire(corps)
