"""L'antivirus : un verdict entier ou rien ; tout le reste bloque, et se dit."""

import logging
import time

import pytest
from django.core.cache import cache

from parvis.connecteurs.antivirus import (
    AntivirusIndisponible,
    Verdict,
    client,
    est_regle,
    examiner,
    faux_serveur,
    reponse,
)
from parvis.connecteurs.antivirus.faux_serveur import EICAR
from parvis.connecteurs.appel import DemandeRefusee, ReponseIllisible


@pytest.fixture
def clamd(brancher):
    """Rend de quoi démarrer le faux clamd dans un mode."""

    def demarrer(mode="normal", **reglages):
        return brancher(faux_serveur, "ANTIVIRUS", mode, **reglages)

    return demarrer


class TestUnVerdict:
    def test_un_fichier_sain(self, clamd):
        clamd()
        assert examiner(b"%PDF-1.7 des statuts") == Verdict()
        assert examiner(b"").est_sain

    def test_un_fichier_infecte_est_nomme(self, clamd):
        clamd()
        verdict = examiner(b"%PDF-1.7 " + EICAR)
        assert verdict == Verdict("Eicar-Test-Signature") and not verdict.est_sain

    def test_un_flux_est_decoupe_et_rien_n_en_manque(self, clamd):
        serveur = clamd()
        # La menace est à cheval sur deux morceaux.
        octets = b"x" * (client.MORCEAU * 2 - 30) + EICAR + b"y" * 10
        assert not examiner(octets).est_sain
        assert serveur.appels == [(client.MORCEAU, client.MORCEAU, len(octets) % client.MORCEAU)]

    def test_par_une_prise_unix(self, settings, tmp_path):
        with faux_serveur.demarre(chemin=tmp_path / "clamd.ctl") as serveur:
            settings.ANTIVIRUS = serveur.adresse
            assert examiner(b"sain").est_sain
            assert not examiner(EICAR).est_sain

    def test_une_reponse_lettre_a_lettre_se_lit(self, clamd):
        clamd("au_compte_gouttes")
        assert examiner(EICAR).menace == "Eicar-Test-Signature"

    def test_deux_fichiers_pareils_sont_examines_deux_fois(self, clamd):
        # De nouvelles signatures ont pu arriver : un verdict ne se garde pas.
        serveur = clamd()
        examiner(b"pareil"), examiner(b"pareil")
        assert len(serveur.appels) == 2


class TestSansVerdict:
    @pytest.mark.parametrize("mode", sorted(faux_serveur.REPONSES))
    def test_une_reponse_qui_n_en_est_pas_une_bloque(self, clamd, mode):
        clamd(mode)
        with pytest.raises(AntivirusIndisponible, match="ne répond pas"):
            examiner(b"sain")

    def test_une_reponse_tronquee_ne_vaut_pas_sain(self):
        for coupee in (b"stream: OK", b"stream: O\x00", b"stream: OK\x00\x00x", b"", b"\x00"):
            with pytest.raises(ReponseIllisible):
                reponse.lire(coupee)

    def test_un_refus_de_clamd_n_est_pas_un_verdict(self):
        with pytest.raises(DemandeRefusee):
            reponse.lire(b"stream: Can't open file ERROR\x00")

    @pytest.mark.parametrize("mode", ["lent", "muet"])
    def test_le_delai_passe(self, clamd, monkeypatch, mode):
        monkeypatch.setattr(client, "DELAI_TOTAL", 0.3)
        clamd(mode, lenteur=1.5)
        debut = time.monotonic()
        with pytest.raises(AntivirusIndisponible, match="Réessayez"):
            examiner(b"sain")
        assert time.monotonic() - debut < 1.2

    @pytest.mark.parametrize("adresse", ["tcp://127.0.0.1:9", "unix:///nulle/part"])
    def test_personne_au_bout_du_fil(self, settings, adresse):
        settings.ANTIVIRUS = adresse
        with pytest.raises(AntivirusIndisponible, match="ne répond pas"):
            examiner(b"sain")

    @pytest.mark.parametrize("taille", [3_000, 8_000_000])
    def test_un_flux_trop_long_pour_clamd_le_dit(self, clamd, taille, caplog):
        serveur = clamd()
        serveur.limite = 1_000
        with pytest.raises(AntivirusIndisponible, match="trop grand pour l’antivirus"):
            examiner(b"x" * taille)
        assert "StreamMaxLength" in caplog.text
        # Ce fichier-là seulement : le suivant passe.
        assert examiner(b"petit").est_sain

    def test_apres_une_panne_on_n_attend_pas_a_chaque_depot(self, clamd):
        serveur = clamd("tronque")
        for _ in range(3):
            with pytest.raises(AntivirusIndisponible):
                examiner(b"sain")
        assert len(serveur.appels) == 1
        serveur.mode = "normal"
        cache.delete(client.EN_PANNE)
        assert examiner(b"sain").est_sain

    def test_un_fichier_que_clamd_ne_sait_pas_examiner_n_arrete_pas_les_autres(self, clamd):
        serveur = clamd("panne")
        with pytest.raises(AntivirusIndisponible):
            examiner(b"difficile")
        serveur.mode = "normal"
        assert examiner(b"sain").est_sain


def test_sans_reglage_il_n_y_a_pas_d_antivirus(settings):
    settings.ANTIVIRUS = ""
    assert not est_regle()
    with pytest.raises(AntivirusIndisponible, match="Aucun antivirus"):
        examiner(b"sain")


def test_rien_du_fichier_n_est_journalise(clamd, caplog):
    caplog.set_level(logging.DEBUG)
    clamd("tronque")
    with pytest.raises(AntivirusIndisponible):
        examiner(b"Releve de Mme Traore")
    assert "Traore" not in caplog.text
    assert caplog.records
