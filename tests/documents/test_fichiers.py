"""La vie d'un fichier : contrôlé, rangé chiffré, servi à enregistrer, effacé."""

import errno
import hashlib
import os
import stat
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from parvis.accueil.execution import TACHES
from parvis.documents import actions, reserve
from parvis.documents.enums import Sorte, Verdict
from parvis.documents.models import Fichier
from parvis.documents.queries import a_servir, antivirus_regle, contenu
from parvis.documents.reserve import FichierPerdu
from parvis.documents.rules.formats import FORMATS
from parvis.documents.vues import servir
from parvis.socle.refus import Refus
from tests.fabriques import fichiers
from tests.fabriques.fichiers import fichier, pdf

pytestmark = pytest.mark.django_db
SECRET = b"Releve d'identite bancaire de l'association"


class TestRanger:
    def test_garde_qui_quoi_et_quand(self, acteur):
        octets = pdf(queue="% a")
        recu = fichier(acteur, "Statuts.pdf", octets)
        relu = Fichier.objects.get(identifiant=recu.identifiant)
        assert (relu.nom, relu.sorte, relu.taille) == ("Statuts.pdf", Sorte.PDF, len(octets))
        assert relu.empreinte == hashlib.sha256(octets).hexdigest()
        assert (relu.depose_par, relu.auteur) == ("Amina Traoré", str(acteur.utilisateur.pk))
        assert relu.depose_le <= timezone.now()
        assert not relu.est_examine and not relu.est_efface and str(relu) == "Statuts.pdf"
        assert relu.poids == f"{len(octets)} octets"
        assert contenu(relu) == octets

    def test_est_chiffre_sous_un_nom_qui_ne_dit_rien(self, acteur, sur_le_disque):
        recu = fichier(acteur, "RIB.pdf", pdf() + SECRET)
        (range_ici,) = sur_le_disque()
        assert SECRET not in range_ici.read_bytes() and b"%PDF" not in range_ici.read_bytes()
        assert "RIB" not in str(range_ici) and str(recu.identifiant) not in str(range_ici)
        assert SECRET in contenu(recu)

    def test_seul_le_service_lit_le_dossier(self, acteur, sur_le_disque, reserve_neuve):
        fichier(acteur)
        (range_ici,) = sur_le_disque()
        assert stat.S_IMODE(range_ici.stat().st_mode) == 0o600
        for dossier in (range_ici.parent, range_ici.parents[1], reserve_neuve):
            assert stat.S_IMODE(dossier.stat().st_mode) == 0o700

    def test_deux_fichiers_pareils_ne_se_ressemblent_pas_sur_le_disque(self, acteur, sur_le_disque):
        fichier(acteur), fichier(acteur)
        un, deux = (p.read_bytes() for p in sur_le_disque())
        assert un != deux

    def test_une_cle_secrete_d_avant_ouvre_encore(self, acteur, settings):
        recu, avant = fichier(acteur), settings.SECRET_KEY
        settings.SECRET_KEY = "n" * 60
        with pytest.raises(FichierPerdu):
            contenu(recu)
        settings.SECRET_KEY_FALLBACKS = [avant]
        assert contenu(recu) == pdf()


class TestUnDisquePlein:
    def test_se_dit_et_ne_laisse_rien(self, acteur, monkeypatch, sur_le_disque, caplog):
        def ecrire_un_peu(contenu):
            yield contenu.read(500)
            assert len(sur_le_disque()) == 1
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(ContentFile, "chunks", ecrire_un_peu)
        with pytest.raises(Refus, match="n’a pas pu garder ce fichier"):
            fichier(acteur)
        monkeypatch.undo()
        assert sur_le_disque() == [] and not Fichier.objects.exists()
        assert "un fichier ne peut pas être gardé" in caplog.text
        assert fichier(acteur) and Fichier.objects.count() == 1

    def test_un_stockage_en_panne_se_dit_de_meme(self, acteur, monkeypatch):
        def tomber(*args, **kwargs):
            raise RuntimeError("le stockage lointain ne répond pas")

        monkeypatch.setattr(FileSystemStorage, "_save", tomber)
        with pytest.raises(Refus, match="prévenez la personne"):
            fichier(acteur)

    def test_une_ligne_refusee_ne_laisse_pas_ses_octets(self, acteur, sur_le_disque):
        with pytest.raises(IntegrityError), transaction.atomic():
            fichier(acteur, verdict=Verdict.SAIN, controle_le=None)
        assert sur_le_disque() == []


class TestServir:
    @pytest.mark.parametrize("sorte", Sorte)
    def test_chaque_sorte_s_enregistre_et_ne_s_affiche_jamais(self, acteur, sorte):
        octets = fichiers.VALIDES[sorte]()
        reponse = servir(fichier(acteur, "Procès-verbal « 2026 ».x", octets, sorte=sorte))
        assert reponse.content == octets
        assert reponse["Content-Type"] == FORMATS[sorte].media
        assert reponse["Content-Disposition"].startswith("attachment; filename*=utf-8''Proc%C3%A8s")
        assert reponse["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in reponse["Content-Security-Policy"]
        assert reponse["Cache-Control"] == "private, no-store"

    def test_la_politique_du_site_ne_remplace_pas_la_sienne(self, acteur, rf):
        from csp.middleware import CSPMiddleware

        reponse = CSPMiddleware(lambda _: servir(fichier(acteur)))(rf.get("/"))
        assert reponse["Content-Security-Policy"].endswith("sandbox")

    def test_un_fichier_perdu_repond_absent_et_se_journalise(self, acteur, sur_le_disque, caplog):
        recu = fichier(acteur)
        sur_le_disque()[0].unlink()
        with pytest.raises(Http404):
            servir(recu)
        assert "fichier perdu" in caplog.text

    def test_des_octets_echanges_sur_le_disque_se_voient(self, acteur, sur_le_disque):
        un, deux = fichier(acteur), fichier(acteur, octets=pdf(queue="% autre"))
        bas, haut = sur_le_disque()
        bas_avant, haut_avant = bas.read_bytes(), haut.read_bytes()
        bas.write_bytes(haut_avant), haut.write_bytes(bas_avant)
        for recu in (un, deux):
            with pytest.raises(FichierPerdu, match="l'empreinte"):
                contenu(recu)
        bas.write_bytes(b"x" + bas_avant[1:])
        haut.write_bytes(haut_avant)
        perdus = 0
        for recu in (un, deux):
            try:
                contenu(recu)
            except FichierPerdu:
                perdus += 1
        assert perdus == 1


class TestEffacer:
    def test_les_octets_et_le_nom_partent_la_ligne_reste(
        self, acteur, sur_le_disque, django_capture_on_commit_callbacks
    ):
        recu = fichier(acteur, "RIB de Mme Traoré.pdf")
        with django_capture_on_commit_callbacks(execute=True):
            efface = actions.effacer(par=acteur, fichier=recu)
        assert sur_le_disque() == []
        assert efface.est_efface and str(efface) == "fichier effacé"
        relu = Fichier.objects.get()
        assert (relu.nom, relu.cle) == ("", "")
        assert (relu.empreinte, relu.taille) == (recu.empreinte, recu.taille)
        with pytest.raises(Fichier.DoesNotExist):
            a_servir(relu)
        with pytest.raises(Http404):
            servir(relu)

    def test_un_acte_defait_garde_les_octets(self, acteur, sur_le_disque):
        recu = fichier(acteur)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            actions.effacer(par=acteur, fichier=recu)
            raise ZeroDivisionError
        assert len(sur_le_disque()) == 1 and contenu(Fichier.objects.get()) == pdf()

    def test_une_seule_fois(self, acteur):
        recu = fichier(acteur)
        actions.effacer(par=acteur, fichier=recu)
        with pytest.raises(Refus, match="déjà effacé"):
            actions.effacer(par=acteur, fichier=recu)


class TestLesOrphelins:
    @staticmethod
    def vieillir(chemin, jours):
        avant = (timezone.now() - timedelta(days=jours)).timestamp()
        os.utime(chemin, (avant, avant))

    def test_un_acte_defait_laisse_des_octets_que_la_tache_retire(self, acteur, sur_le_disque):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            fichier(acteur)
            raise ZeroDivisionError
        (orphelin,) = sur_le_disque()
        assert actions.oublier_les_orphelins() == 0  # trop jeune : un dépôt est peut-être en cours
        self.vieillir(orphelin, 8)
        assert actions.oublier_les_orphelins() == 1
        assert sur_le_disque() == []

    def test_un_fichier_garde_n_est_jamais_retire(self, acteur, sur_le_disque):
        gardes = [fichier(acteur) for _ in range(3)]
        for chemin in sur_le_disque():
            self.vieillir(chemin, 4_000)
        assert actions.oublier_les_orphelins() == 0
        assert all(contenu(recu) for recu in gardes)

    def test_ce_qu_une_autre_piece_range_n_est_pas_touche(self, reserve_neuve):
        default_storage.save("autre/ab/chose", ContentFile(b"x"))
        self.vieillir(reserve_neuve / "autre/ab/chose", 40)
        assert actions.oublier_les_orphelins() == 0
        assert default_storage.exists("autre/ab/chose")

    def test_sans_aucun_fichier_il_n_y_a_rien_a_faire(self):
        assert actions.oublier_les_orphelins() == 0

    def test_une_requete_par_tiroir(self, acteur, sur_le_disque, django_assert_max_num_queries):
        for _ in range(12):
            fichier(acteur)
        tiroirs = len({chemin.parent for chemin in sur_le_disque()})
        with django_assert_max_num_queries(tiroirs):
            actions.oublier_les_orphelins()

    def test_l_executant_s_en_charge(self, acteur, sur_le_disque):
        reserve.deposer(b"x")
        self.vieillir(sur_le_disque()[0], 8)
        TACHES["oublier les fichiers orphelins"].faire("essai")
        assert sur_le_disque() == []


class TestLesContraintes:
    @pytest.mark.parametrize(
        "champs",
        [
            {"sorte": "exe"},
            {"taille": 0},
            {"verdict": "sain"},
            {"controle_le": "2026-01-01T00:00Z"},
            {"efface_le": "2026-01-01T00:00Z"},
            {"nom": ""},
            {"cle": ""},
        ],
    )
    def test_la_base_refuse_une_ligne_incoherente(self, acteur, champs):
        recu = fichier(acteur)
        with pytest.raises(IntegrityError), transaction.atomic():
            Fichier.objects.filter(pk=recu.pk).update(**champs)

    def test_deux_lignes_n_ont_pas_les_memes_octets(self, acteur):
        un, deux = fichier(acteur), fichier(acteur)
        with pytest.raises(IntegrityError), transaction.atomic():
            Fichier.objects.filter(pk=deux.pk).update(cle=un.cle)

    def test_plusieurs_fichiers_effaces(self, acteur):
        for _ in range(2):
            actions.effacer(par=acteur, fichier=fichier(acteur))
        assert Fichier.objects.filter(cle="").count() == 2


def test_l_ecran_du_pilote_sait_s_il_y_a_un_antivirus(settings):
    assert not antivirus_regle()
    settings.ANTIVIRUS = "tcp://127.0.0.1:3310"
    assert antivirus_regle()
