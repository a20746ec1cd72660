"""Le dossier de séance : ce qu'il dit à chacun, ce qu'il tait, et la vie de sa composition."""

import ctypes
from datetime import timedelta
from decimal import Decimal

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.documents.models import Fichier
from parvis.documents.queries import contenu
from parvis.dossiers.actions.comptes_bancaires import donner_un_iban
from parvis.dossiers.models import VersionDeposee
from parvis.instances.actions import convoquer, finir_un_mandat
from parvis.instruction.actions.avis import partager_le_montant
from parvis.programmation import tasks
from parvis.programmation.actions import dossiers_de_seance as actions
from parvis.programmation.actions.deports_de_seance import deporter
from parvis.programmation.document.dossier_de_seance import abreger, lire_ce_qui_est_depose
from parvis.programmation.models import Seance
from parvis.programmation.queries import dossiers_demandes as demandes
from parvis.programmation.queries.dossiers_de_seance import donnees_du_dossier
from parvis.socle.refus import Refus
from parvis.travaux import actions as travaux
from parvis.travaux import execution
from parvis.travaux.enums import Etat
from parvis.travaux.models import Travail
from tests.decors import decor
from tests.fabriques import decisions, depots, instances, instruction, seances
from tests.fabriques.pdf import serre, texte
from tests.fabriques.seances_pleines import seance_pleine

INTERNE = "Le président est un ami du directeur."
GRILLE = "Ce commentaire de grille ne sort pas."
RESTE = 7654


@decor
def tenue():
    """Rend une séance à venir d'un seul dossier, ses membres convoqués ; tout ce qui se tait y est écrit."""
    ici = depots.lieux(avec_grille=True)
    donner_un_iban(par=ici.porte, organisme=ici.monde.verger, iban=depots.IBAN)
    etude = instruction.etude(ici)
    decisions.enveloppe(etude, etude.samia, RESTE)
    motif = "Le budget est à préciser."
    etude.rendre(etude.samia, "sous_reserve", "1234", motif=motif, note_interne=INTERNE)
    etude.noter(etude.samia, faisabilite=(2, GRILLE))
    tenue = seances.seance(etude)
    habitante = ici.acteur("conseiller")
    tenue.mandats["conseiller"] = instances.membre(tenue.pilote, tenue.instance, habitante)
    tenue.mandats["olga"] = instances.membre(tenue.pilote, tenue.instance, etude.olga)
    reunion = tenue.seance.reunion
    reunion.commence_le = instances.a_quatorze_heures(10)
    reunion.save()
    convoquer(par=tenue.pilote, reunion=reunion)
    tenue.seance.refresh_from_db()
    return tenue


@decor
def grande():
    return seance_pleine(20)


def demander(qui, tenue):
    return actions.demander_le_dossier(par=qui, seance=tenue.seance)


def mener(travail):
    """Mène un travail, et le rend tel qu'il a fini."""
    execution.mener(str(travail.identifiant))
    return Travail.objects.get(pk=travail.pk)


def octets(qui, tenue):
    """Rend le PDF que cette personne demande et enregistre."""
    travail = mener(demander(qui, tenue))
    assert travail.etat == Etat.TERMINE, travail.erreur
    return contenu(demandes.fichier_demande(qui, tenue.seance))


def lu(qui, tenue):
    return texte(octets(qui, tenue))


def se_retirer(qui, tenue, point=None):
    deporter(
        par=qui,
        seance=tenue.seance,
        point=point or tenue.point,
        mandat=tenue.mandats["samia"],
        motif="Ma sœur y travaille.",
    )


class TestCeQuIlDit:
    def test_la_feuille_dit_le_projet_l_argent_et_les_avis(self, tenue):
        dit = lu(tenue.pilote, tenue)
        for attendu in (
            "Programmation de l’année", "Comité des financeurs", "Hôtel de ville",
            tenue.etude.dossier.reference, "Le verger du pied d’immeuble", "Les Amis du Verger",
            "Fiche 1-1", "Tout le territoire du contrat", "60", "80 % des quartiers prioritaires",
            "Du 1er mars", "au 30 novembre", "Première demande",
            "Planter des fruitiers avec les voisins.", "Il n’y a nulle part où s’asseoir.",
            "Six samedis de plantation.", "Familles venues : 40", "Achats", "4 000 €",
            "Caisse des Tilleuls (demandé)", "Total des recettes", "Politique de la ville",
            "Total en argent", "3 000 €", "75 %", "Favorable sous réserve", "Le budget est à préciser.",
            "Pas encore d’avis de : Commune du Val-des-Tilleuls.",
        ):  # fmt: skip
            assert serre(attendu) in dit, attendu

    def test_rien_de_prive_n_y_est(self, tenue):
        for qui in (tenue.pilote, tenue.samia, tenue.etude.olga):
            dit = lu(qui, tenue)
            for tu in (INTERNE, GRILLE, depots.IBAN, depots.IBAN[-12:], "7654", "7 654", "rib.pdf"):
                assert serre(tu) not in dit, tu
            assert "lucie@verger" not in dit and "contact@verger" not in dit
            assert "LucieBardet" not in dit

    def test_une_proposition_se_lit_chez_son_auteur_puis_chez_les_cofinanceurs(self, tenue):
        habitante = tenue.etude.ici.acteur("conseiller")
        assert "1234€" in lu(tenue.samia, tenue)
        for qui in (tenue.etude.olga, tenue.pilote, habitante):
            assert "1234€" not in lu(qui, tenue)
        partager_le_montant(par=tenue.samia, dossier=tenue.etude.dossier)
        for qui in (tenue.etude.olga, tenue.pilote):
            assert "1234€" in lu(qui, tenue)
        assert "1234€" not in lu(habitante, tenue)

    def test_qui_ne_finance_pas_ne_lit_pas_les_avis(self, tenue):
        dit = lu(tenue.etude.ici.acteur("conseiller"), tenue)
        assert "Leverger" in dit and "sousréserve" not in dit and "Pasencored’avis" not in dit

    def test_la_derniere_version_deposee_et_elle_seule(self, tenue):
        premiere = tenue.etude.dossier.versions_deposees.get()
        dits = dict(premiere.contenu)
        dits["projet"] = {**dits["projet"], "titre": "Le verger agrandi"}
        VersionDeposee.objects.create(
            dossier=premiere.dossier,
            numero=2,
            contenu=dits,
            empreinte="1" * 64,
            deposee_le=timezone.now(),
            deposee_par="Essai",
            auteur="0",
        )
        depots_du_projet = tenue.etude.dossier.projet
        depots_du_projet.titre = "Un titre de brouillon"
        depots_du_projet.save()
        dit = lu(tenue.pilote, tenue)
        assert "Levergeragrandi" in dit and "version2" in dit
        assert "Untitredebrouillon" not in dit

    def test_ce_que_la_seance_propose_et_qui_se_retire(self, tenue):
        tenue.seance.reunion.commence_le = instances.a_quatorze_heures(-1)
        tenue.seance.reunion.save()
        se_retirer(tenue.pilote, tenue)
        tenue.ouvrir()
        tenue.arbitrer(tenue.etude.olga, "refuse", motif="Le budget n’est pas assez justifié.")
        dit = lu(tenue.pilote, tenue)
        assert "Cetteséance(provisoire)" in dit and "Refusée" in dit
        assert "Lebudgetn’estpasassezjustifié." in dit
        assert "SamiaEssaiseretiredecedossier." in dit

    def test_l_ordre_du_jour_mene_a_chaque_feuille_et_le_document_est_balise(self, grande):
        pdf = pypdfium2.PdfDocument(octets(grande.pilote, grande))
        signets = [signet.get_title() for signet in pdf.get_toc()]
        assert len(signets) == 21 and "ordre du jour" in signets[0]
        assert pypdfium2.raw.FPDFCatalog_IsTagged(pdf)
        rang, lien, liens = ctypes.c_int(0), pypdfium2.raw.FPDF_LINK(), 0
        while pypdfium2.raw.FPDFLink_Enumerate(pdf[1], rang, lien):
            liens += 1
        assert liens >= 40
        assert len(pdf) <= 2 + 2 * 20


class TestQuiLeLit:
    def test_un_dossier_dont_on_s_est_retire_n_y_est_pas_et_les_numeros_restent(self, grande):
        grande.seance.reunion.refresh_from_db()
        retire = list(grande.seance.points.order_by("rang"))[2]
        se_retirer(grande.samia, grande, retire)
        donnees, pks = donnees_du_dossier(grande.samia, grande.seance, lambda _: None)
        assert retire.dossier_id not in pks and len(pks) == 19
        assert [f["rang"] for f in donnees["feuilles"]][:4] == ["1", "2", "4", "5"]
        assert retire.dossier.reference not in [f["reference"] for f in donnees["feuilles"]]
        assert any("1 dossier dont vous" in mention for mention in donnees["mentions"])
        assert len(donnees_du_dossier(grande.pilote, grande.seance, lambda _: None)[1]) == 20

    def test_retire_depuis_on_ne_l_enregistre_plus(self, tenue):
        mener(demander(tenue.samia, tenue))
        assert demandes.fichier_demande(tenue.samia, tenue.seance)
        se_retirer(tenue.samia, tenue)
        assert demandes.dossier_demande(tenue.samia, tenue.seance).est_perime
        with pytest.raises(Fichier.DoesNotExist):
            demandes.fichier_demande(tenue.samia, tenue.seance)

    def test_chacun_n_a_que_le_sien(self, tenue):
        mener(demander(tenue.samia, tenue))
        assert demandes.dossier_demande(tenue.pilote, tenue.seance) is None
        with pytest.raises(Fichier.DoesNotExist):
            demandes.fichier_demande(tenue.pilote, tenue.seance)

    def test_ni_l_autre_pilote_ni_qui_ne_siege_pas_ni_avant_la_convocation(self, tenue):
        monde = tenue.etude.ici.monde
        fini = tenue.mandats["olga"]
        finir_un_mandat(par=tenue.pilote, mandat=fini, fin_le=timezone.localdate() - timedelta(1))
        autres = [monde.acteurs[nom] for nom in ("voisine", "gestionnaire", "visiteur")]
        for qui in (*autres, tenue.etude.olga):
            for geste in (demandes.dossier_demande, demandes.fichier_demande):
                with pytest.raises(Seance.DoesNotExist):
                    geste(qui, tenue.seance)
            with pytest.raises(Seance.DoesNotExist):
                demander(qui, tenue)
        tenue.seance.reunion.convoquee_le = None
        tenue.seance.reunion.etat = "prevue"
        tenue.seance.reunion.save()
        with pytest.raises(Seance.DoesNotExist):
            demander(tenue.samia, tenue)
        assert demander(tenue.pilote, tenue)

    def test_un_mandat_fini_ferme_ce_qui_etait_pret(self, tenue):
        mener(demander(tenue.samia, tenue))
        hier = timezone.localdate() - timedelta(days=1)
        finir_un_mandat(par=tenue.pilote, mandat=tenue.mandats["samia"], fin_le=hier)
        with pytest.raises(Seance.DoesNotExist):
            demandes.fichier_demande(tenue.samia, tenue.seance)

    def test_un_role_fini_entre_temps_ne_compose_rien(self, tenue):
        travail = demander(tenue.samia, tenue)
        lien = tenue.samia.rattachement
        lien.fin_le = timezone.localdate() - timedelta(days=1)
        lien.save()
        fini = mener(travail)
        assert (fini.etat, fini.erreur) == (Etat.ECHOUE, actions.ECHEC)
        assert not Fichier.objects.filter(nom__startswith="dossier-de-seance").exists()


class TestSaVie:
    def test_le_nombre_de_requetes_ne_depend_pas_des_dossiers(self, grande):
        def compter():
            with CaptureQueriesContext(connection) as requetes:
                donnees_du_dossier(grande.pilote, grande.seance, lambda _: None)
            return len(requetes)

        compter()
        vingt = compter()
        grande.seance.points.filter(rang__gt=5).delete()
        assert compter() == vingt

    def test_l_avancement_monte_et_finit(self, grande, monkeypatch):
        pas = []

        def avancer(**dits):
            pas.append(dits["fait"])
            ecrire(**dits)

        ecrire = travaux.avancer
        monkeypatch.setattr(actions, "_SIGNE_DE_VIE", 0.02)
        monkeypatch.setattr(travaux, "avancer", avancer)
        fini = mener(demander(grande.pilote, grande))
        assert (fini.etat, fini.fait, fini.total) == (Etat.TERMINE, 40, 40)
        assert pas == sorted(pas) and {0, 10, 20, 40} <= set(pas)
        assert any(20 < fait < 40 for fait in pas), "la composition donne signe de vie"

    @pytest.mark.parametrize("moment", ["avant", "en lisant", "en composant"])
    def test_annuler_arrete_et_ne_garde_rien(self, grande, monkeypatch, moment):
        travail = demander(grande.pilote, grande)

        def annuler(*_, **__):
            actions.annuler_le_dossier(par=grande.pilote, seance=grande.seance)

        if moment == "avant":
            annuler()
        quand = {"en lisant": "donnees_du_dossier", "en composant": "composer_un_pdf"}.get(moment)
        if quand == "donnees_du_dossier":
            lire = actions.donnees_du_dossier
            monkeypatch.setattr(actions, quand, lambda *a: (annuler(), lire(*a))[1])
        elif quand:
            # Le fil du typographe n'écrit pas en base : l'annulation vient d'ailleurs.
            lire = actions.donnees_du_dossier
            monkeypatch.setattr(actions, "_SIGNE_DE_VIE", 0.01)
            monkeypatch.setattr(actions, "donnees_du_dossier", lambda *a: (lire(*a), annuler())[0])
        fini = mener(travail)
        assert fini.etat == Etat.ANNULE and fini.resultat is None
        assert not Fichier.objects.filter(nom__startswith="dossier-de-seance").exists()
        assert demander(grande.pilote, grande).pk != travail.pk

    def test_demande_deux_fois_il_ne_se_compose_qu_une(self, tenue):
        premier = demander(tenue.pilote, tenue)
        assert demander(tenue.pilote, tenue) == premier
        assert demander(tenue.samia, tenue) != premier

    def test_le_nouveau_efface_l_ancien(self, tenue):
        mener(demander(tenue.pilote, tenue))
        ancien = demandes.fichier_demande(tenue.pilote, tenue.seance)
        demander(tenue.pilote, tenue)
        ancien.refresh_from_db()
        assert ancien.est_efface
        assert not demandes.dossier_demande(tenue.pilote, tenue.seance).est_pret

    def test_coupe_apres_avoir_garde_il_rend_le_meme(self, tenue):
        travail = demander(tenue.pilote, tenue)
        premier = mener(travail).resultat
        Travail.objects.filter(pk=travail.pk).update(etat=Etat.EN_ATTENTE, termine_le=None)
        assert mener(travail).resultat == premier
        assert Fichier.objects.filter(nom__startswith="dossier-de-seance").count() == 1

    def test_il_s_oublie_apres_sept_jours(self, tenue):
        travail = mener(demander(tenue.pilote, tenue))
        assert tasks.oublier("") == 0
        avant = timezone.now() - demandes.DUREE_DE_GARDE - timedelta(minutes=1)
        Travail.objects.filter(pk=travail.pk).update(demande_le=avant, termine_le=avant)
        assert not demandes.dossier_demande(tenue.pilote, tenue.seance).est_pret
        assert tasks.oublier("") == 1
        assert Fichier.objects.get(identifiant=travail.resultat["fichier"]).est_efface
        assert tasks.oublier("") == 0

    def test_une_panne_ne_cite_rien_du_dossier(self, tenue, monkeypatch):
        def tomber(*_):
            raise ValueError("Lucie Bardet, 06 01 02 03 04")

        monkeypatch.setattr(actions, "composer_un_pdf", tomber)
        fini = mener(demander(tenue.pilote, tenue))
        assert (fini.etat, fini.erreur) == (Etat.ECHOUE, actions.ECHEC)

    def test_rien_a_l_ordre_du_jour_ou_beaucoup_trop(self, tenue, monkeypatch):
        monkeypatch.setattr(actions, "DOSSIERS_MAX", 0)
        with pytest.raises(Refus, match="en réunit 0"):
            demander(tenue.pilote, tenue)
        tenue.seance.points.all().delete()
        with pytest.raises(Refus, match="Rien n’est à l’ordre du jour"):
            demander(tenue.pilote, tenue)


class TestLire:
    @pytest.mark.parametrize(
        ("texte_", "signes", "attendu"),
        [
            ("Court.", 20, "Court."),
            ("Une phrase entière. Puis une autre.", 25, "Une phrase entière. […]"),
            ("Une. Puis une phrase bien plus longue", 25, "Une. Puis une phrase […]"),
            ("A" * 50, 20, "A" * 20 + " […]"),
            ("Un.\n\nDeux.", 20, "Un.\nDeux."),
        ],
    )
    def test_abreger(self, texte_, signes, attendu):
        assert abreger(texte_, signes) == attendu

    def test_une_ancienne_version_sans_le_nom_de_ses_champs(self):
        sections = {
            "projet": {"champs": [["Ce que vous ferez", "Des ateliers."], ["Autre", "Ignoré"]]},
            "calendrier": {"champs": [["Commence le", "au printemps"]]},
        }
        lu = lire_ce_qui_est_depose({"sections": sections, "projet": {"titre": "Un"}}, 2026)
        assert [fait.texte for fait in lu.depose.textes] == ["Des ateliers."]
        assert [fait.texte for fait in lu.depose.faits] == ["au printemps"]
        assert lu.cout == Decimal(0) and lu.depose.notes == ["Aucun budget n’est déposé."]
