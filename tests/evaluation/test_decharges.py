"""Un bilan reçu autrement, ou dispensé : noté une fois pour tous, il n'arrête plus rien, et cela s'annule."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from parvis.conventions.queries.paiements import bilans_acceptes
from parvis.courriels.models import Courriel
from parvis.dossiers.models import BilanAttendu, Dossier
from parvis.dossiers.queries.bilans import bilans_en_retard
from parvis.evaluation.actions.decharger import annuler_la_decharge
from parvis.evaluation.actions.recevoir import accepter_le_bilan, demander_un_complement_au_bilan
from parvis.evaluation.models import Decharge
from parvis.instruction.actions.equipe import se_deporter
from parvis.socle.refus import Refus
from tests.fabriques import bilans

pytestmark = pytest.mark.django_db


@pytest.fixture
def en_retard(vote):
    BilanAttendu.objects.update(attendu_le=timezone.localdate() - timedelta(days=5))
    return vote


def manquants() -> int:
    return bilans_en_retard(timezone.localdate()).count()


def test_recu_autrement_il_ne_manque_plus_et_ouvre_le_solde(en_retard):
    assert manquants() == 1
    decharge = en_retard.decharger()
    attendu = en_retard.attendu
    assert manquants() == 0 and attendu.rendu_le == decharge.recu_le
    couple = (en_retard.dossier.pk, en_retard.dossier.exercice)
    assert couple in bilans_acceptes([en_retard.dossier.pk])
    courriel = Courriel.objects.filter(objet__contains="plus à rendre").first()
    assert "Rendu sur papier à la mairie." in courriel.texte


def test_dispense_il_ne_manque_plus_et_n_ouvre_aucun_solde(en_retard):
    en_retard.decharger("dispense", motif="La convention est retirée")
    assert manquants() == 0 and not bilans_acceptes([en_retard.dossier.pk])


def test_l_annuler_l_attend_de_nouveau_au_meme_jour(en_retard):
    attendu_le = en_retard.attendu.attendu_le
    en_retard.decharger()
    with pytest.raises(Refus, match="pourquoi"):
        annuler_la_decharge(par=en_retard.pilote, attendu=en_retard.attendu, motif=" ")
    annuler_la_decharge(par=en_retard.pilote, attendu=en_retard.attendu, motif="Autre dossier")
    attendu = en_retard.attendu
    assert (attendu.attendu_le, attendu.rendu_le, attendu.decharge) == (attendu_le, None, "")
    assert manquants() == 1 and en_retard.ouvrir()
    # Ce qui était noté reste, avec qui l'a repris et pourquoi.
    assert Decharge.objects.get().motif_d_annulation == "Autre dossier"
    with pytest.raises(Decharge.DoesNotExist):
        annuler_la_decharge(par=en_retard.pilote, attendu=en_retard.attendu, motif="Encore")


def test_jamais_deux_fois_ni_a_cote_d_un_bilan_rendu_ici(vote):
    vote.decharger()
    with pytest.raises(Refus, match="« reçu autrement »"):
        vote.decharger("dispense")
    with pytest.raises(IntegrityError), transaction.atomic():
        Decharge.objects.create(
            dossier=vote.dossier, exercice=vote.dossier.exercice, sorte="dispense",
            motif="Encore", notee_le=timezone.now(), notee_par="Moi", auteur="x",
        )  # fmt: skip
    annuler_la_decharge(par=vote.pilote, attendu=vote.attendu, motif="Erreur")
    bilan = vote.rendu()
    with pytest.raises(Refus, match="rendu ici"):
        vote.decharger()
    accepter_le_bilan(par=vote.pilote, bilan=bilan)
    with pytest.raises(Refus, match="déjà accepté"):
        vote.decharger()


def test_un_brouillon_decharge_ne_s_ecrit_ni_ne_se_rend_et_se_retrouve(vote):
    bilan = vote.remplir(vote.ouvrir())
    vote.decharger()
    with pytest.raises(Refus, match="plus à rendre ici"):
        vote.rendre(bilan)
    with pytest.raises(Refus, match="plus à rendre ici"):
        vote.ecrire(bilan, "recit", {"fait": "Autre chose."})
    annuler_la_decharge(par=vote.pilote, attendu=vote.attendu, motif="Erreur")
    vote.rendre(bilan)


def test_decharge_rien_ne_s_ouvre_et_un_complement_ne_se_redemande_pas(vote):
    bilan = vote.rendu()
    demande = {
        "par": vote.pilote, "section": "recit", "texte": "Racontez.",
        "echeance": timezone.localdate() + timedelta(days=10),
    }  # fmt: skip
    demander_un_complement_au_bilan(bilan=bilan, **demande)
    vote.decharger()
    with pytest.raises(Refus, match="plus à rendre ici"):
        demander_un_complement_au_bilan(bilan=bilans.relire(bilan), **demande)


def test_sans_bilan_ouvert_il_ne_s_ouvre_plus(vote):
    vote.decharger()
    for sorte in ("definitif", "intermediaire"):
        with pytest.raises(Refus, match="plus à rendre ici"):
            vote.ouvrir(sorte)


def test_tous_les_motifs_d_un_coup(vote):
    with pytest.raises(Refus) as refus:
        vote.decharger(recu_le=timezone.localdate() + timedelta(days=1), motif=" ")
    assert len(refus.value.motifs) == 2
    with pytest.raises(Refus, match="quel jour"):
        vote.decharger(recu_le=None)
    with pytest.raises(Refus, match="avant l’exercice"):
        vote.decharger(recu_le=timezone.localdate().replace(year=vote.dossier.exercice - 1))


def test_seul_le_pilote_qui_ne_s_est_pas_deporte(vote):
    for par in (vote.samia, vote.porte, vote.ici.acteur("visiteur")):
        with pytest.raises(Dossier.DoesNotExist):
            vote.decharger(par=par)
    se_deporter(par=vote.pilote, dossier=vote.dossier, motif="J’y siège")
    with pytest.raises(Dossier.DoesNotExist):
        vote.decharger()


def test_la_base_refuse_une_decharge_qui_manque_encore(vote):
    with pytest.raises(DatabaseError), transaction.atomic():
        BilanAttendu.objects.update(decharge="dispense")
