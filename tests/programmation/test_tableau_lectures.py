"""Ce que le tableau de programmation lit, selon qui le lit : lignes, N-1, seuil, fiches, enveloppes."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from parvis.dossiers.enums import EtatDeDemande, Guichet, SourceDuSuivi
from parvis.dossiers.models import Demande, Dossier, LieuDeDossier, Projet
from parvis.instruction.actions import equipe
from parvis.instruction.actions.consultations import consulter
from parvis.programmation.queries.tableau import tableau
from parvis.programmation.queries.tableau_faits import dossiers_programmes
from parvis.programmation.rules.tableau import AILLEURS
from parvis.programmation.templatetags.programmation import rangees
from parvis.territoires.models import Quartier
from tests.decors import decor
from tests.fabriques import comptes, decisions, enveloppes, instruction
from tests.pilotage.test_dossiers import copier

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def reserve_neuve(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "fichiers"
    settings.ANTIVIRUS = ""


@decor
def etude():
    return instruction.etude()


def lire(etude, qui=None, **choix):
    return tableau(qui or etude.samia, etude.ici.contrat, choix, annee=2026)


def voter(demande, montant, le=None):
    demande.etat, demande.montant_vote = EtatDeDemande.ACCORDEE, Decimal(montant)
    demande.vote_le = le or timezone.localdate()
    demande.save()


def test_chacun_ne_voit_que_ce_qu_il_finance_le_pilote_voit_tout(etude):
    region = comptes.organisme("Région", "region")
    etude.ici.monde.ajouter("ines", region, "instructeur")
    ines = etude.ici.acteur("ines")
    voisine = etude.ici.acteur("voisine")
    combien = [
        dossiers_programmes(qui, etude.ici.contrat).count()
        for qui in (etude.samia, etude.olga, etude.pilote, ines, voisine, etude.ici.porte)
    ]
    assert combien == [1, 1, 1, 0, 0, 0]


def test_une_commune_seulement_consultee_n_y_lit_rien(etude):
    Demande.objects.filter(financeur=etude.olga.organisme).update(
        financeur=comptes.organisme("Région", "region")
    )
    consulter(
        par=etude.pilote,
        dossiers=[etude.dossier],
        qualite="commune",
        organisme=etude.olga.organisme,
    )
    assert not lire(etude, etude.olga).lignes


def test_le_meme_projet_dit_ce_qu_il_a_eu_l_an_d_avant(etude):
    demande = etude.demande(etude.samia)
    avant = Demande.objects.get(pk=demande.pk)
    avant.pk, avant.exercice, avant._state.adding = None, demande.exercice - 1, True
    avant.rang = 40
    avant.save()
    voter(avant, "750.50")
    (ligne,) = lire(etude).lignes
    assert ligne.vote_avant == Decimal("750.50")
    # Ce n'est pas de cet exercice : rien d'autre n'en dit rien.
    assert (ligne.tout.demande, ligne.tout.vote) == (3000, None)


def test_le_seuil_compte_tous_les_dossiers_du_meme_porteur(etude):
    copier(etude.dossier, 1)
    autre = Dossier.objects.exclude(pk=etude.dossier.pk).get()
    ici, la = etude.demande(etude.samia), autre.demandes.get(financeur=etude.samia.organisme)
    Demande.objects.filter(pk__in=[ici.pk, la.pk]).update(montant_demande=20_000)
    voter(ici, 12_000)
    voter(la, 11_000)
    assert not lire(etude).avertissements.seuils
    voter(la, "11000.01")
    (seuil,) = lire(etude).avertissements.seuils
    assert (seuil.fait.est_vote, seuil.fait.vote) == (True, Decimal("23000.01"))
    # Choisir un seul dossier n'y change rien, et les deux le disent.
    assert lire(etude, alerte="seuil").tout.nombre == 2
    # Un dossier que l'on n'étudie pas compte encore : un vote se lit partout.
    equipe.se_deporter(par=etude.samia, dossier=autre, motif="Un lien.")
    (seuil,) = lire(etude).avertissements.seuils
    assert seuil.fait.vote == Decimal("23000.01")


def test_ce_qui_est_propose_ailleurs_sans_etre_montre_ne_passe_pas_le_seuil(etude):
    demande = etude.demande(etude.samia)
    Demande.objects.filter(pk=demande.pk).update(montant_demande=30_000)
    etude.rendre(etude.samia, montant="25000")
    (seuil,) = lire(etude).avertissements.seuils
    assert (seuil.fait.est_vote, seuil.fait.attendu) == (False, 25_000)
    for autre in (etude.olga, etude.pilote):
        lu = lire(etude, autre)
        assert not lu.avertissements.seuils and not lu.lignes[0].seuils
        assert lu.lignes[0].trou == 0 and lu.lignes[0].tout.propose is None
        assert not lu.enveloppes


def test_une_commune_n_a_pas_besoin_de_convention(etude):
    projet = Projet.objects.get(pk=etude.dossier.projet_id)
    projet.porteur = comptes.organisme("Commune du Bas", "commune")
    projet.save()
    Demande.objects.update(montant_demande=30_000)
    voter(etude.demande(etude.samia), 30_000)
    assert not lire(etude).avertissements.seuils


def test_ce_qui_est_demande_ailleurs_a_sa_colonne(etude):
    demande = etude.demande(etude.olga)
    demande.guichet, demande.suivi_source = Guichet.AILLEURS, SourceDuSuivi.PERSONNE
    demande.save()
    voter(demande, 600)
    lu = lire(etude)
    assert [(c.nom, c.est_a_nous) for c in lu.colonnes] == [
        ("Caisse des Tilleuls", True),
        ("Ailleurs", False),
    ]
    case = lu.lignes[0].cases[AILLEURS]
    assert (case.demande, case.vote, case.parts[0].est_de_memoire) == (1000, 600, True)
    # Ce que le porteur note de mémoire n'oblige à aucune convention.
    Demande.objects.filter(pk=demande.pk).update(montant_demande=50_000, montant_vote=50_000)
    assert not lire(etude).avertissements.seuils


def test_un_dossier_de_deux_quartiers_compte_dans_chacun(etude):
    quartiers = [
        Quartier.objects.create(
            code=f"QN{n}", millesime=2024, nom=f"Quartier {n}", valide_du=date(2024, 1, 1)
        )
        for n in (1, 2)
    ]
    for quartier in quartiers:
        LieuDeDossier.objects.create(dossier=etude.dossier, quartier=quartier)
    lu = lire(etude)
    (axe,) = [axe for axe in lu.axes if axe.titre == "Par quartier"]
    assert [(p.nom, p.tout.demande) for p in axe.postes] == [
        ("Quartier 1", 3000),
        ("Quartier 2", 3000),
    ]
    assert "dans chacun" in axe.note and lu.tout.demande == 3000
    assert not lire(etude, quartier=str(quartiers[0].pk), avis="rendu").lignes


def test_les_fiches_sans_dossier_se_disent(etude):
    numeros = [numero for numero, _ in lire(etude).avertissements.fiches]
    citees = [f.fiche.numero for f in etude.dossier.fiches.all()]
    assert citees == ["1-1"] and "1-1" not in numeros
    toutes = etude.ici.contrat.fiches.count()
    assert len(numeros) == toutes - 1


def test_les_enveloppes_ne_se_totalisent_que_pour_leur_service(etude):
    b = enveloppes.Bourse(etude.ici, etude.samia, etude.olga, etude.dossier)
    enveloppe = enveloppes.enveloppe(b, 1000)
    etude.rendre(etude.samia, montant="1500")
    lu = lire(etude)
    assert (lu.sans_enveloppe.nombre, lu.sans_enveloppe.propose) == (1, 1500)
    assert not lu.avertissements.enveloppes
    enveloppes.actions.imputer(
        par=etude.samia, demande=etude.demande(etude.samia), enveloppe=enveloppe
    )
    lu = lire(etude)
    (poste,) = lu.enveloppes
    assert (poste.somme.nombre, poste.somme.propose, poste.comptes.reste) == (1, 1500, 1000)
    assert lu.avertissements.enveloppes == [poste] and lu.sans_enveloppe.nombre == 0
    assert not lire(etude, etude.olga).enveloppes and not lire(etude, etude.pilote).enveloppes


def test_un_doublon_reuni_ne_fait_qu_une_colonne(etude):
    double = comptes.organisme("Caisse (doublon)", "protection_sociale")
    demande = etude.demande(etude.samia)
    autre = Demande.objects.get(pk=demande.pk)
    autre.pk, autre.rang, autre.financeur, autre._state.adding = None, 30, double, True
    autre.save()
    type(double).objects.filter(pk=double.pk).update(fusionne_dans=etude.samia.organisme)
    lu = lire(etude)
    assert [c.nom for c in lu.colonnes][:1] == ["Caisse des Tilleuls"] and len(lu.colonnes) == 2
    assert lu.lignes[0].service.demande == 4000


def test_sans_aucun_dossier_le_tableau_est_vide(etude):
    Dossier.objects.update(etat="retire")
    lu = lire(etude)
    assert (lu.exercice, lu.lignes, lu.colonnes, lu.avertissements.fiches) == (2026, [], [], [])


def test_une_decision_de_plus_dit_ce_qu_elle_change_a_ce_qui_etait_vote(etude):
    """Ce que l'avenant apporte se lit chez tous, sur la ligne du dossier ; le total dit le voté qui vaut."""
    vote = decisions.vote(etude)
    vote.publiee("1500")
    assert lire(etude, etude.pilote).lignes[0].parts[0].vote_precedent is None
    vote.publiee("1900", numero="13")
    lu = lire(etude, etude.pilote)
    (ligne,) = lu.lignes
    (case,) = [case for case in ligne.cases.values() if case.vote is not None]
    assert (case.vote, case.ecart_du_vote, ligne.tout.vote) == (1900, 400, 1900)
    rangee = rangees(lu, etude.ici.contrat, "pilotage").replace("\xa0", " ")
    assert "1 900 € votés" in rangee.replace("\u202f", " ")
    assert "au lieu de 1 500 € (+ 400 €)" in rangee.replace("\u202f", " ")
    vote.publiee("1700.50", numero="14")
    rangee = rangees(lire(etude), etude.ici.contrat, "espace_financeur").replace("\xa0", " ")
    assert "au lieu de 1 900 € (− 199,50 €)" in rangee.replace("\u202f", " ")
