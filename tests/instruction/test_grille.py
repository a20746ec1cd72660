"""Noter un dossier : pour son service et lui seul, à plusieurs sans rien effacer."""

import pytest
from django.db import IntegrityError, transaction

from parvis.comptes.enums import Role
from parvis.dossiers.enums import EtatDeDossier
from parvis.dossiers.models import Dossier
from parvis.instruction.actions.consultations import consulter, inviter_un_expert
from parvis.instruction.actions.equipe import lever_un_deport, se_deporter
from parvis.instruction.actions.grille import noter_un_dossier
from parvis.instruction.enums import Qualite
from parvis.instruction.models import Note
from parvis.instruction.queries.grille import (
    grille_a_noter,
    grille_du_dossier,
    notes_du_service,
)
from parvis.instruction.rules.grille import Choix
from parvis.journal.models import Evenement
from parvis.organismes.models import Organisme
from parvis.socle.refus import Refus
from tests.decors import decor
from tests.fabriques import instruction

pytestmark = pytest.mark.django_db


@decor
def etude():
    """Rend un dossier recevable d'un appel qui a une grille."""
    return instruction.etude(avec_grille=True)


@pytest.fixture
def paul(etude):
    """Le collègue de Samia."""
    return etude.ici.monde.ajouter("paul", etude.ici.caisse, Role.INSTRUCTEUR)


def actes(etude):
    return Evenement.objects.filter(
        action="instruction.noter_un_dossier", objet=f"dossier:{etude.dossier.pk}"
    )


def test_un_service_note_change_et_retire(etude, paul):
    lue = etude.noter(etude.samia, service_a_la_fiche=3, faisabilite=(1, "  Calendrier court. "))
    # 3 sur 3 au poids 3, 1 sur 3 au poids 2 : (3 + 2/3) / 5.
    assert (lue.score.sur_cent, lue.score.avancement) == (73, "2 critères sur 7 notés")
    note = Note.objects.get(cle="faisabilite")
    assert (note.niveau, note.sur, note.poids) == (1, 3, 2)
    assert (note.commentaire, note.notee_par) == ("Calendrier court.", "Samia Essai")
    etude.noter(paul, faisabilite=(2, "Vu avec eux."), service_a_la_fiche=(None, ""))
    note.refresh_from_db()
    assert (note.niveau, note.commentaire, note.notee_par) == (2, "Vu avec eux.", "Paul Essai")
    assert [n.cle for n in Note.objects.all()] == ["faisabilite"]


def test_le_journal_dit_l_acte_et_rien_de_plus(etude):
    etude.noter(etude.samia, faisabilite=(1, "Calendrier court."))
    acte = actes(etude).get()
    assert acte.details.contenu == {"organisme": "Caisse des Tilleuls"}
    etude.noter(etude.samia, faisabilite=(1, "Calendrier court."))
    assert actes(etude).count() == 1, "rien n'a changé : rien au journal"


def test_un_collegue_ne_s_efface_pas_sans_le_savoir(etude, paul):
    depart = {x.critere.cle: x.choix for x in grille_a_noter(etude.samia, etude.dossier).lignes}
    etude.noter(paul, faisabilite=3)
    dits = {"faisabilite": Choix(1), "droit-commun": Choix(2)}
    commun = {"par": etude.samia, "dossier": etude.dossier, "choix": dits}
    with pytest.raises(Refus, match="Paul Essai a choisi « Oui, tout est prêt »"):
        noter_un_dossier(**commun, depart=depart)
    assert Note.objects.count() == 1
    # Ce que Samia n'a pas touché reste au collègue.
    noter_un_dossier(
        par=etude.samia,
        dossier=etude.dossier,
        choix={"faisabilite": Choix(), "droit-commun": Choix(2)},
        depart=depart,
    )
    assert Note.objects.get(cle="faisabilite").niveau == 3
    etude.noter(etude.samia, faisabilite=1)
    assert Note.objects.get(cle="faisabilite").notee_par == "Samia Essai"


def test_ce_qui_ne_va_pas_n_ecrit_rien(etude):
    with pytest.raises(Refus) as refus:
        etude.noter(etude.samia, faisabilite=9, droit_commun=(None, "Oui"), inconnu=1)
    assert len(refus.value.motifs) == 3
    Dossier.objects.filter(pk=etude.dossier.pk).update(
        etat=EtatDeDossier.A_COMPLETER, tranche_le=None, tranche_par=""
    )
    with pytest.raises(Refus, match="pas encore dit recevable"):
        etude.noter(etude.samia, faisabilite=1)
    assert not Note.objects.exists() and not actes(etude).exists()


def test_la_base_refuse_un_niveau_hors_de_la_grille_et_deux_notes(etude):
    etude.noter(etude.samia, faisabilite=1)
    note = Note.objects.get()
    for faute in ({"niveau": 4}, {"sur": 5}, {"sur": 0, "niveau": 0}, {"poids": 0}, {"poids": 6}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Note.objects.filter(pk=note.pk).update(**faute)
    note.pk, note._state.adding = None, True
    with pytest.raises(IntegrityError), transaction.atomic():
        note.save()


def test_chaque_service_a_ses_notes(etude):
    etude.noter(etude.samia, faisabilite=3)
    etude.noter(etude.olga, faisabilite=0)
    assert grille_du_dossier(etude.samia, etude.dossier).score.sur_cent == 100
    assert grille_du_dossier(etude.olga, etude.dossier).score.sur_cent == 0
    assert notes_du_service(etude.samia).get().organisme == etude.ici.caisse


@pytest.mark.parametrize(
    "role", [Role.GESTIONNAIRE, Role.CONTRIBUTEUR, Role.SIGNATAIRE, Role.LECTEUR, Role.ELU]
)
def test_dans_le_service_seuls_ses_instructeurs_les_lisent(etude, role):
    etude.noter(etude.samia, faisabilite=3)
    du_contrat = {"contrat": etude.ici.contrat.code} if role == Role.ELU else {}
    collegue = etude.ici.monde.ajouter("collegue", etude.ici.caisse, role, **du_contrat)
    assert not notes_du_service(collegue).exists()
    with pytest.raises(Dossier.DoesNotExist):
        noter_un_dossier(par=collegue, dossier=etude.dossier, choix={}, depart={})


@pytest.mark.parametrize("qui", ["pilote", "gestionnaire", "delegue", "conseiller", "inscrit"])
def test_nul_hors_du_service_ne_les_lit(etude, qui):
    etude.noter(etude.samia, faisabilite=3)
    autre = etude.ici.acteur(qui)
    assert not notes_du_service(autre).exists()
    with pytest.raises(Dossier.DoesNotExist):
        noter_un_dossier(par=autre, dossier=etude.dossier, choix={}, depart={})


def test_qui_est_consulte_ne_note_pas(etude):
    prefecture = Organisme.objects.get(nom="Préfecture")
    consulter(
        par=etude.pilote,
        dossiers=[etude.dossier],
        qualite=Qualite.DELEGUE_DU_PREFET,
        organisme=prefecture,
    )
    delegue = etude.ici.acteur("delegue")
    assert grille_du_dossier(delegue, etude.dossier) is None
    with pytest.raises(Dossier.DoesNotExist):
        grille_a_noter(delegue, etude.dossier)


def test_l_expert_invite_par_le_service_ne_lit_pas_ses_notes(etude):
    etude.noter(etude.samia, faisabilite=3)
    nour = etude.ici.monde.ajouter(
        "nour", etude.ici.caisse, Role.EXPERT, contrat=etude.ici.contrat.code
    )
    inviter_un_expert(par=etude.samia, dossier=etude.dossier, courriel=nour.utilisateur.courriel)
    assert grille_du_dossier(nour, etude.dossier) is None
    assert not notes_du_service(nour).exists()


def test_qui_s_est_deporte_ne_les_voit_plus_ses_collegues_si(etude, paul):
    etude.noter(etude.samia, faisabilite=3)
    deport = se_deporter(par=etude.samia, dossier=etude.dossier, motif="Un lien.")
    assert not notes_du_service(etude.samia).exists()
    assert notes_du_service(paul).exists()
    with pytest.raises(Dossier.DoesNotExist):
        noter_un_dossier(par=etude.samia, dossier=etude.dossier, choix={}, depart={})
    lever_un_deport(par=etude.pilote, deport=deport)
    assert notes_du_service(etude.samia).exists()


def test_un_appel_sans_grille_ne_se_note_pas():
    sans = instruction.etude()
    assert grille_du_dossier(sans.samia, sans.dossier) is None
    with pytest.raises(Dossier.DoesNotExist):
        noter_un_dossier(par=sans.samia, dossier=sans.dossier, choix={}, depart={})
