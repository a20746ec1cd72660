"""Qui se retire d'un dossier de la séance n'en voit plus rien, n'y fait plus rien, et le relevé le dit."""

from datetime import timedelta

import pytest
from django.utils import timezone

from parvis.courriels.models import Courriel
from parvis.dossiers.models import Demande
from parvis.instances.actions import finir_un_mandat
from parvis.instances.models import Mandat
from parvis.instruction.actions.equipe import (
    declarer_un_lien,
    finir_un_lien,
    lever_un_deport,
    se_charger,
    se_deporter,
)
from parvis.instruction.models import Deport, PriseEnCharge
from parvis.instruction.queries.dossiers import dossiers_a_etudier
from parvis.journal.enums import Regard
from parvis.journal.queries.frise import frise
from parvis.programmation.actions import arbitrages, deports_de_seance, seances
from parvis.programmation.models import DeportDeSeance, PointDeSeance
from parvis.programmation.queries.ordre_du_jour import ordre_du_jour
from parvis.programmation.queries.seances import deports_a_proposer, dossiers_a_inscrire
from parvis.socle.refus import Refus
from tests.decors import decor
from tests.fabriques import instances
from tests.fabriques import seances as fabrique
from tests.fabriques.seances import Tenue
from tests.programmation import essais_de_seance as essais
from tests.programmation.essais_de_seance import NON, oui

pytestmark = pytest.mark.django_db


@decor
def tenue() -> Tenue:
    """Rend une séance où siègent Samia, de la caisse, l'élu, et Mme Dupré qui n'a pas de compte."""
    tenue = fabrique.seance()
    for nom, qui in (("elu", tenue.etude.ici.acteur("elu")), ("dupre", "Mme Dupré")):
        tenue.mandats[nom] = instances.membre(tenue.pilote, tenue.instance, qui)
    return tenue


@pytest.fixture(autouse=True)
def reserve_neuve(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "fichiers"
    settings.ANTIVIRUS = ""


def deporter(tenue, nom="samia", par=None, motif="Sa sœur y est salariée.", point=None):
    deports_de_seance.deporter(
        par=par or tenue.pilote,
        seance=tenue.seance,
        point=point or tenue.point,
        mandat=tenue.mandats[nom],
        motif=motif,
    )


def retires(tenue) -> list[str]:
    """Rend qui s'est retiré, tel que le relevé le lira."""
    lus = DeportDeSeance.objects.filter(point__seance=tenue.seance)
    return sorted(un.mandat.nom for un in lus)


# Qui le note, et pour qui.


def test_un_membre_deporte_ne_voit_plus_rien_du_dossier(tenue):
    autre = essais.ajouter_des_dossiers(tenue)[0]
    tenue.ouvrir()
    tenue.arbitrer(tenue.samia, montant="1500")
    se_charger(par=tenue.samia, dossier=tenue.etude.dossier)
    deporter(tenue)
    lue = ordre_du_jour(tenue.samia, tenue.seance)
    assert [point.dossier for point in lue.points] == [autre]
    assert [(t.nom, t.demande, t.arbitre, t.demandes) for t in lue.tables] == [
        ("Caisse des Tilleuls", 2000, 0, 1),
        ("Commune du Val-des-Tilleuls", 1000, 0, 1),
    ]
    assert (lue.avancee.phrase, lue.caches) == ("2 demandes à arbitrer", 1)
    etudies = dossiers_a_etudier(tenue.samia, tenue.etude.ici.contrat)
    assert tenue.etude.dossier not in etudies and autre in etudies
    assert not PriseEnCharge.objects.filter(rendue_le__isnull=True).exists()
    assert (
        ordre_du_jour(tenue.pilote, tenue.seance).points[0].deports[0].mandat.nom == "Samia Essai"
    )


def test_un_membre_se_deporte_lui_meme_et_lui_seul(tenue):
    with pytest.raises(Mandat.DoesNotExist):
        deporter(tenue, "elu", par=tenue.samia)
    with pytest.raises(Mandat.DoesNotExist):
        deporter(tenue, "dupre", par=tenue.samia)
    for nom in ("voisine", "olga", "gestionnaire", "administrateur", "visiteur"):
        with pytest.raises(Mandat.DoesNotExist):
            deporter(tenue, par=tenue.etude.ici.acteur(nom))
    deporter(tenue, par=tenue.samia)
    deporter(tenue, "elu", par=tenue.etude.ici.acteur("elu"))
    assert retires(tenue) == ["Elu Essai", "Samia Essai"]


def test_un_membre_sans_compte_se_retire_et_le_releve_le_dit(tenue):
    deporter(tenue, "dupre")
    assert retires(tenue) == ["Mme Dupré"] and not Deport.objects.exists()


@pytest.mark.parametrize("siege_pour", ["rien", "la commune"])
def test_un_deport_dit_pour_qui_le_membre_siege_jamais_l_organisme_de_la_pilote(tenue, siege_pour):
    commune = tenue.etude.ici.commune
    Mandat.objects.update(organisme=commune if siege_pour == "la commune" else None)
    deporter(tenue)
    attendu = commune if siege_pour == "la commune" else tenue.samia.organisme
    assert Deport.objects.get().organisme == attendu


def test_un_membre_qui_n_agit_pour_personne_s_adresse_a_la_pilote(tenue):
    inscrit = tenue.etude.ici.acteur("inscrit")
    tenue.mandats["inscrit"] = instances.membre(tenue.pilote, tenue.instance, inscrit)
    with pytest.raises(Refus, match="Demandez au pilote de noter votre retrait"):
        deporter(tenue, "inscrit", par=inscrit)
    assert retires(tenue) == []
    deporter(tenue, "inscrit")
    assert retires(tenue) == ["Inscrit Essai"]


def test_un_deport_dit_pourquoi_et_ne_se_note_qu_une_fois(tenue):
    with pytest.raises(Refus, match="ourquoi"):
        deporter(tenue, motif=" … ")
    assert retires(tenue) == [] and not Deport.objects.exists()
    deporter(tenue)
    with pytest.raises(Refus, match="Samia Essai s’est déjà retiré de ce dossier"):
        deporter(tenue)


def test_seul_qui_siege_ce_jour_la_se_retire(tenue):
    autre = instances.instance(tenue.pilote, tenue.etude.ici.contrat, nom="Conseil")
    jour = timezone.localdate()
    finir_un_mandat(par=tenue.pilote, mandat=tenue.mandats["elu"], fin_le=jour - timedelta(days=9))
    tenue.mandats |= {
        "ailleurs": instances.membre(tenue.pilote, autre, "M. Sow"),
        "futur": instances.membre(tenue.pilote, tenue.instance, "Mme Roy", debut_le=jour),
    }
    for nom in ("elu", "ailleurs", "futur"):
        with pytest.raises(Mandat.DoesNotExist):
            deporter(tenue, nom)


def test_publiee_la_seance_ne_recoit_plus_de_deport(tenue):
    tenue.ouvrir().publier()
    with pytest.raises(Refus, match="son relevé ne change plus"):
        deporter(tenue)


def test_le_journal_dit_qui_se_retire_sans_dire_de_quoi(tenue):
    deporter(tenue)
    (phrase,) = [
        ligne.phrase
        for ligne in frise(f"seance:{tenue.seance.pk}", regard=Regard.PILOTAGE).lignes
        if "Samia" in ligne.phrase
    ]
    assert phrase == "Samia Essai se retire d’un dossier de « Programmation de l’année (2026) »."


# Ce qui est déclaré ailleurs se reporte sur la séance.


def test_un_deport_declare_ailleurs_se_reporte_a_l_ouverture_et_a_la_levee(tenue):
    se_deporter(par=tenue.samia, dossier=tenue.etude.dossier, motif="Un lien.")
    assert retires(tenue) == []
    tenue.ouvrir()
    assert retires(tenue) == ["Samia Essai"]
    deporter(tenue, "elu", par=tenue.etude.ici.acteur("elu"))
    (autre,) = essais.ajouter_des_dossiers(tenue)
    se_deporter(par=tenue.samia, dossier=autre, motif="Un lien.")
    tenue.arbitrer(tenue.samia, montant="10")
    assert retires(tenue) == ["Elu Essai", "Samia Essai"]
    tenue.lever()
    assert retires(tenue) == ["Elu Essai", "Samia Essai", "Samia Essai"]


def test_un_deport_deja_declare_se_reporte_des_l_inscription(tenue):
    se_deporter(par=tenue.samia, dossier=tenue.etude.dossier, motif="Un lien.")
    seances.retirer(par=tenue.pilote, seance=tenue.seance, point=tenue.point)
    seances.inscrire(par=tenue.pilote, seance=tenue.seance, dossiers=[tenue.etude.dossier.pk])
    assert retires(tenue) == ["Samia Essai"]
    with pytest.raises(Refus, match="déjà retiré"):
        deporter(tenue)
    assert Deport.objects.count() == 1


@pytest.mark.parametrize("quand", ["avant l’ouverture", "avant la levée"])
def test_un_deport_leve_par_erreur_s_ote_celui_d_un_membre_sans_compte_reste(tenue, quand):
    if quand == "avant la levée":
        tenue.ouvrir()
    deporter(tenue)
    deporter(tenue, "dupre")
    lever_un_deport(par=tenue.pilote, deport=Deport.objects.get())
    assert retires(tenue) == ["Mme Dupré", "Samia Essai"]
    tenue.lever() if quand == "avant la levée" else tenue.ouvrir()
    assert retires(tenue) == ["Mme Dupré"]
    assert ordre_du_jour(tenue.samia, tenue.seance).points


def test_le_deport_de_qui_ne_siege_plus_n_est_pas_au_releve(tenue):
    se_deporter(par=tenue.samia, dossier=tenue.etude.dossier, motif="Un lien.")
    se_deporter(par=tenue.etude.olga, dossier=tenue.etude.dossier, motif="Un lien.")
    veille = timezone.localdate() - timedelta(days=30)
    finir_un_mandat(par=tenue.pilote, mandat=tenue.mandats.pop("samia"), fin_le=veille)
    tenue.ouvrir()
    assert retires(tenue) == []


def test_un_membre_revenu_se_retire_une_seule_fois(tenue):
    jour = timezone.localdate()
    ancien = tenue.mandats["samia"]
    finir_un_mandat(par=tenue.pilote, mandat=ancien, fin_le=jour - timedelta(days=30))
    debut = jour - timedelta(days=20)
    tenue.mandats["samia"] = instances.membre(
        tenue.pilote, tenue.instance, tenue.samia, debut_le=debut
    )
    deporter(tenue)
    tenue.ouvrir()
    assert DeportDeSeance.objects.get().mandat == tenue.mandats["samia"]


# La pilote se déporte aussi.


def test_une_pilote_deportee_ne_fait_rien_sur_le_dossier(tenue):
    paule = essais.autre_pilote(tenue)
    autre = essais.ajouter_des_dossiers(tenue)[0]
    tenue.ouvrir()
    se_deporter(par=paule, dossier=tenue.etude.dossier, motif="Un lien.")
    ici = {"par": paule, "seance": tenue.seance}
    demande = tenue.etude.demande(tenue.samia)
    for geste, erreur in (
        (lambda: arbitrages.arbitrer(**ici, demande=demande, propose=NON), Demande.DoesNotExist),
        (lambda: seances.retirer(**ici, point=tenue.point), PointDeSeance.DoesNotExist),
        (
            lambda: seances.deplacer(**ici, point=tenue.point, vers="avant"),
            PointDeSeance.DoesNotExist,
        ),
        (lambda: deporter(tenue, "dupre", par=paule), PointDeSeance.DoesNotExist),
    ):
        with pytest.raises(erreur):
            geste()
    # Remettre à plus tard n'est pas se prononcer : le dossier caché en est.
    assert arbitrages.ajourner_le_reste(**ici) == 4
    assert tenue.restent == 0
    with pytest.raises(Refus, match="Tout est déjà arbitré"):
        arbitrages.ajourner_le_reste(**ici)
    lue = ordre_du_jour(paule, tenue.seance)
    assert (lue.avancee.phrase, lue.caches) == ("Tout est arbitré", 1)
    assert [point.dossier for point in lue.points] == [autre]
    assert tenue.etude.dossier not in dossiers_a_inscrire(paule, tenue.seance)


def test_une_pilote_deportee_n_annule_pas_ce_qu_elle_ne_voit_pas(tenue):
    paule = essais.autre_pilote(tenue)
    tenue.ouvrir()
    essais.arbitrer(tenue, tenue.etude.demande(tenue.samia), oui(10))
    se_deporter(par=paule, dossier=tenue.etude.dossier, motif="Un lien.")
    with pytest.raises(Refus, match="dont vous êtes déporté") as refus:
        arbitrages.annuler_le_dernier(par=paule, seance=tenue.seance)
    assert "verger" not in str(refus.value) and "10" not in str(refus.value)
    assert tenue.restent == 1


def test_deplacer_saute_le_dossier_que_l_on_ne_voit_pas(tenue):
    paule = essais.autre_pilote(tenue)
    cache, dernier = essais.ajouter_des_dossiers(tenue, 2)
    se_deporter(par=paule, dossier=cache, motif="Un lien.")
    point = tenue.seance.points.get(dossier=dernier)
    seances.deplacer(par=paule, seance=tenue.seance, point=point, vers="avant")
    ordre = tenue.seance.points.order_by("rang").values_list("dossier", flat=True)
    assert list(ordre) == [dernier.pk, cache.pk, tenue.etude.dossier.pk]


def test_aucun_courriel_ne_part_a_qui_s_est_retire(tenue):
    tenue.ouvrir()
    tenue.arbitrer(tenue.samia, montant="1500")
    avant = Courriel.objects.count()
    deporter(tenue)
    assert Courriel.objects.count() == avant
    tenue.publier()
    adresses = Courriel.objects.order_by("pk").values_list("destinataire", flat=True)[avant:]
    assert list(adresses) and tenue.samia.utilisateur.courriel not in adresses


# Les déports que la plateforme propose.


def test_un_lien_declare_propose_un_deport_tant_qu_il_dure(tenue):
    verger, moulin = tenue.etude.ici.monde.verger, tenue.etude.ici.monde.moulin
    elu = tenue.etude.ici.acteur("elu")

    def proposes(par=None):
        return [m.nom for _, m in deports_a_proposer(par or tenue.pilote, tenue.seance)]

    declarer_un_lien(par=tenue.samia, organisme=moulin, lien="bénévole")
    declarer_un_lien(par=tenue.etude.olga, organisme=verger, lien="ne siège pas")
    assert proposes() == []
    lien = declarer_un_lien(par=tenue.samia, organisme=verger, lien="trésorière")
    declarer_un_lien(par=elu, organisme=verger, lien="fondateur")
    assert sorted(proposes()) == ["Elu Essai", "Samia Essai"]
    deporter(tenue, "elu")
    assert proposes() == ["Samia Essai"]
    paule = essais.autre_pilote(tenue)
    se_deporter(par=paule, dossier=tenue.etude.dossier, motif="Un lien.")
    assert proposes(paule) == []
    finir_un_lien(par=tenue.samia, lien=lien)
    assert proposes() == []


def test_un_lien_avec_la_structure_porteuse_ou_un_doublon_propose_aussi(tenue):
    moulin, verger = tenue.etude.ici.monde.moulin, tenue.etude.ici.monde.verger
    declarer_un_lien(par=tenue.samia, organisme=moulin, lien="trésorière")
    projet = tenue.etude.dossier.projet
    projet.structure_porteuse = moulin
    projet.save(update_fields=["structure_porteuse"])
    assert [m for _, m in deports_a_proposer(tenue.pilote, tenue.seance)] == [
        tenue.mandats["samia"]
    ]
    projet.structure_porteuse = None
    projet.save(update_fields=["structure_porteuse"])
    assert deports_a_proposer(tenue.pilote, tenue.seance) == []
    moulin.fusionne_dans = verger
    moulin.save(update_fields=["fusionne_dans"])
    assert [m for _, m in deports_a_proposer(tenue.pilote, tenue.seance)] == [
        tenue.mandats["samia"]
    ]
