"""Recevoir un fichier, de bout en bout : relu dans un autre processus, montré à l'antivirus, gardé."""

import pytest

from parvis.connecteurs.antivirus import faux_serveur
from parvis.connecteurs.antivirus.faux_serveur import EICAR
from parvis.documents.actions import controler, recevoir
from parvis.documents.controle import relecture, relire
from parvis.documents.enums import IMAGES, Sorte, Verdict
from parvis.documents.models import Fichier
from parvis.documents.queries import contenu
from parvis.socle import a_part
from parvis.socle.refus import Refus
from tests.fabriques import fichiers
from tests.fabriques.fichiers import archive, bureau, pdf, photo_localisee

pytestmark = pytest.mark.django_db


@pytest.fixture
def clamd(settings):
    """Branche le faux antivirus."""
    with faux_serveur.demarre() as serveur:
        settings.ANTIVIRUS = serveur.adresse
        yield serveur


class TestDeBoutEnBout:
    @pytest.mark.parametrize("sorte", Sorte)
    def test_chaque_sorte_est_gardee_et_relue(self, acteur, sorte):
        octets = fichiers.VALIDES[sorte]()
        recu = recevoir(par=acteur, nom=f"../Pièce.{sorte}", octets=octets)
        assert (recu.nom, recu.sorte) == (f"Pièce.{sorte}", sorte)
        assert recu.verdict == Verdict.NON_CONTROLE and recu.controle_le is None
        if sorte not in IMAGES:
            assert contenu(recu) == octets

    def test_une_photo_perd_son_lieu_avant_d_etre_gardee(self, acteur):
        avant = photo_localisee()
        recu = recevoir(par=acteur, nom="IMG_2041.JPG", octets=avant)
        garde = contenu(recu)
        assert b"Exif" in avant and b"Exif" not in garde and b"Fabricant" not in garde
        assert (recu.taille, recu.nom) == (len(garde), "IMG_2041.jpg")

    @pytest.mark.parametrize(
        ("nom", "octets", "dit"),
        [
            ("a.docx", archive(bureau(**{"word/vbaProject.bin": b"x"})), "macros"),
            ("a.docx", archive(bureau("xlsx")), "n’est pas ce que dit son nom"),
            ("a.pdf", pdf() + archive({"a": b"x"}), "autres fichiers"),
            ("a.pdf", pdf(b"/OpenAction<</S/Launch>>"), "programme"),
            ("a.png", b"\x89PNG\r\n\x1a\n", "abîmée"),
            ("a.zip", archive({"a": b"x"}), "archive ZIP"),
        ],
    )
    def test_un_fichier_piege_n_est_pas_garde(self, acteur, nom, octets, dit, sur_le_disque):
        with pytest.raises(Refus, match=dit):
            recevoir(par=acteur, nom=nom, octets=octets)
        assert sur_le_disque() == [] and not Fichier.objects.exists()

    def test_la_piece_choisit_ce_qu_elle_accepte(self, acteur):
        with pytest.raises(Refus, match=r"ne convient pas : donnez-le en JPEG ou PNG\."):
            recevoir(par=acteur, nom="a.pdf", octets=pdf(), accepte=IMAGES)


class TestLireAPart:
    def test_un_lecteur_qui_tombe_ne_fait_tomber_que_lui(self, monkeypatch):
        monkeypatch.setattr(a_part, "_ENFANT", "import os; os.abort()")
        with pytest.raises(Refus) as leve:
            relire("pdf", pdf())
        assert leve.value.motifs == [relecture.ILLISIBLE]

    def test_un_lecteur_sans_fin_est_arrete(self, monkeypatch):
        monkeypatch.setattr(a_part, "_ENFANT", "import time; time.sleep(30)")
        monkeypatch.setattr(a_part, "_MARGE", 0.5)
        monkeypatch.setattr(relecture, "SECONDES_MAX", 0)
        with pytest.raises(Refus, match="échoue"):
            relire("pdf", pdf())

    def test_un_lecteur_qui_veut_toute_la_memoire_est_arrete(self, monkeypatch):
        monkeypatch.setattr(
            a_part, "_ENFANT", "from parvis.socle import a_part; a_part._borner(9); bytes(2**32)"
        )
        with pytest.raises(Refus, match="trop de mémoire"):
            relire("pdf", pdf())

    def test_rien_de_la_lecture_ne_se_charge_dans_le_site(self):
        import subprocess
        import sys

        essai = (
            "import sys, parvis.documents.controle; "
            "sys.exit(any(m in sys.modules for m in ('PIL', 'pypdfium2', 'lxml', 'django')))"
        )
        fini = subprocess.run([sys.executable, "-c", essai], cwd=a_part.RACINE, check=False)
        assert fini.returncode == 0


class TestLAntivirus:
    def test_un_fichier_sain_porte_la_date_de_son_examen(self, acteur, clamd):
        recu = recevoir(par=acteur, nom="a.pdf", octets=pdf())
        assert recu.est_examine and recu.controle_le is not None

    def test_il_voit_ce_qui_a_ete_envoye_et_non_ce_qui_est_garde(self, clamd):
        with pytest.raises(Refus, match="Eicar-Test-Signature"):
            controler(nom="photo.jpg", octets=fichiers.image() + EICAR)

    def test_un_fichier_infecte_n_est_pas_garde(self, acteur, clamd, sur_le_disque):
        for nom, octets in (
            ("a.pdf", pdf(queue="% ") + EICAR),
            ("a.docx", archive(bureau(**{"word/media/a.png": EICAR}), mode=0)),
        ):
            with pytest.raises(Refus, match="L’antivirus a trouvé « Eicar-Test-Signature »"):
                recevoir(par=acteur, nom=nom, octets=octets)
        assert sur_le_disque() == [] and not Fichier.objects.exists()

    @pytest.mark.parametrize("mode", ["tronque", "panne", "vide"])
    def test_en_panne_il_bloque_le_depot_et_cela_se_dit(self, acteur, clamd, mode, sur_le_disque):
        clamd.mode = mode
        with pytest.raises(Refus, match="L’antivirus du site ne répond pas"):
            recevoir(par=acteur, nom="a.pdf", octets=pdf())
        assert sur_le_disque() == [] and not Fichier.objects.exists()

    def test_arrete_il_bloque_le_depot(self, acteur, settings):
        settings.ANTIVIRUS = "tcp://127.0.0.1:9"
        with pytest.raises(Refus, match="Réessayez dans quelques minutes"):
            recevoir(par=acteur, nom="a.pdf", octets=pdf())

    def test_un_fichier_refuse_pour_son_nom_ne_lui_est_pas_montre(self, clamd):
        with pytest.raises(Refus):
            controler(nom="a.zip", octets=b"PK\x03\x04")
        assert clamd.appels == []
