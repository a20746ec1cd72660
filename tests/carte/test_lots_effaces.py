"""La vie d'un lot d'adresses : effacé, recommencé ; et ce qui n'en reste nulle part."""

import logging
from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.carte import rules
from parvis.carte.actions import lots as actions
from parvis.carte.models import Lot
from parvis.socle.refus import Refus
from parvis.travaux.enums import Etat
from tests.carte.lots import (
    SECRETS,
    deposer,
    fuites,
    mener,
    relire,
    telecharger,
)

pytestmark = pytest.mark.django_db
LUES = "Colonnes lues : « adresse », « code postal », « commune »."
PERDUE = (
    "1 adresse(s) n’ont pas été cherchées : le service qui les situe est éteint ou ne répond pas. "
    "Recommencez plus tard."
)


class TestEffacer:
    def test_en_attente_annule_le_travail_et_ne_laisse_rien(self, lot, moi):
        actions.effacer_le_lot(par=moi, lot=lot)
        vide = relire(lot)
        assert vide.est_efface and vide.travail.etat == Etat.ANNULE
        assert fuites() == {}
        mener(lot)
        assert not relire(lot).resultat

    @pytest.mark.parametrize("moment", ["situer_un_tableau", "ecrire_tableau"])
    def test_pendant_le_travail_l_effacement_l_emporte(self, lot, moi, monkeypatch, moment):
        faire = getattr(actions, moment)

        def effacer_puis_faire(*args):
            actions.effacer_le_lot(par=moi, lot=lot)
            return faire(*args)

        monkeypatch.setattr(actions, moment, effacer_puis_faire)
        fini = mener(lot)
        assert fini.est_efface and not fini.est_pret and not fini.travail.est_ouvert
        assert fuites() == {}

    def test_efface_avant_d_etre_mene_il_n_y_a_rien_a_faire(self, lot):
        Lot.objects.filter(pk=lot.pk).update(contenu="", fichier="", efface_le=timezone.now())
        assert mener(lot).travail.etat == Etat.TERMINE
        assert relire(lot).decompte == {}

    def test_au_bout_de_vingt_quatre_heures_tout_s_efface(self, lot, moi, contrat):
        recent = mener(deposer(moi, contrat))
        for garde, depuis in ((lot, 25), (recent, 23)):
            depose = timezone.now() - timedelta(hours=depuis)
            Lot.objects.filter(pk=garde.pk).update(depose_le=depose)
        mener(lot)
        assert actions.oublier_les_lots_echus() == 1
        assert relire(lot).est_efface and not relire(lot).resultat
        assert relire(recent).est_pret
        assert actions.oublier_les_lots_echus() == 0
        with pytest.raises(Refus):
            telecharger(moi, lot)

    def test_le_decompte_reste_un_mois_puis_la_ligne_disparait(self, lot, moi, contrat):
        recent = deposer(moi, contrat)
        for garde, jours in ((lot, 31), (recent, 29)):
            telecharger(moi, mener(garde))
            efface = timezone.now() - timedelta(days=jours)
            Lot.objects.filter(pk=garde.pk).update(depose_le=efface, efface_le=efface)
        ouvert = mener(deposer(moi, contrat))
        # Aucun tableau n'était à effacer : l'un l'est depuis un mois, l'autre pas encore.
        assert actions.oublier_les_lots_echus() == 0
        assert not Lot.objects.filter(pk=lot.pk).exists()
        assert relire(recent).decompte["millesimes"] and relire(ouvert).est_pret

    def test_un_tableau_oublie_un_mois_s_efface_d_abord(self, lot):
        depose = timezone.now() - timedelta(days=40)
        Lot.objects.filter(pk=mener(lot).pk).update(depose_le=depose)
        assert actions.oublier_les_lots_echus() == 1
        assert relire(lot).est_efface and relire(lot).decompte["millesimes"]
        assert fuites() == {}

    def test_l_heure_promise_est_celle_de_l_effacement(self, lot):
        assert lot.efface_au_plus_tard_le - lot.depose_le == rules.DUREE_DE_GARDE


class TestRecommencer:
    def panne(self, *_args):
        raise ValueError("« 4 rue du Verger » ne se lit pas")

    def test_un_travail_echoue_recommence_et_aboutit(self, lot, moi, monkeypatch):
        with monkeypatch.context() as casse:
            casse.setattr(actions, "situer_un_tableau", self.panne)
            assert mener(lot).travail.etat == Etat.ECHOUE
        assert relire(lot).contenu and not relire(lot).est_pret
        actions.recommencer_le_lot(par=moi, lot=lot)
        assert mener(lot).est_pret
        assert b"Nadia" in telecharger(moi, lot).octets

    def test_l_erreur_gardee_ne_cite_pas_le_tableau(self, lot, moi, monkeypatch):
        monkeypatch.setattr(actions, "situer_un_tableau", self.panne)
        assert mener(lot).travail.erreur == "Le tableau n’a pas pu être situé."
        actions.effacer_le_lot(par=moi, lot=lot)
        assert fuites() == {}

    def test_le_journal_technique_n_en_dit_que_la_sorte(self, lot, monkeypatch, caplog):
        caplog.set_level(logging.DEBUG)
        monkeypatch.setattr(actions, "situer_un_tableau", self.panne)
        mener(lot)
        (ligne,) = [r for r in caplog.records if r.getMessage() == "lot d'adresses échoué"]
        assert (ligne.levelname, ligne.erreur, ligne.exc_info) == ("ERROR", "ValueError", None)
        ecrit = caplog.text + repr([vars(record) for record in caplog.records])
        for secret in (*SECRETS, "confidentiels", "ne se lit pas"):
            assert secret not in ecrit

    def test_un_tableau_situe_se_resitue(self, lot, moi):
        mener(lot)
        actions.recommencer_le_lot(par=moi, lot=lot)
        assert not relire(lot).est_pret and relire(lot).decompte == {}
        assert mener(lot).est_pret

    def test_ni_efface_ni_deja_en_cours(self, lot, moi):
        with pytest.raises(Refus, match="Ce tableau est déjà en cours"):
            actions.recommencer_le_lot(par=moi, lot=lot)
        actions.effacer_le_lot(par=moi, lot=lot)
        with pytest.raises(Refus, match="Ce tableau a été effacé : déposez-le de nouveau"):
            actions.recommencer_le_lot(par=moi, lot=lot)
