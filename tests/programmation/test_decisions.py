"""La décision d'un financeur : elle vote, une fois publiée, et jamais plus que son enveloppe."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from parvis.courriels.models import Courriel
from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier
from parvis.dossiers.models import Demande
from parvis.dossiers.queries.projets_visibles import dossiers_publics
from parvis.instruction.actions.equipe import se_deporter
from parvis.journal.enums import Regard
from parvis.journal.queries.frise import frise
from parvis.programmation.actions import decisions as actions
from parvis.programmation.actions.decisions import Dit
from parvis.programmation.enums import Resultat
from parvis.programmation.models import Decision, Imputation, LigneDeDecision
from parvis.programmation.queries import decisions as queries
from parvis.socle.refus import Refus
from tests.decors import decor
from tests.fabriques import decisions, fichiers
from tests.fabriques.decisions import Vote

pytestmark = pytest.mark.django_db


@decor
def vote() -> Vote:
    """Rend un dossier recevable, et une enveloppe de 5 000 € à la caisse."""
    return decisions.vote()


@pytest.fixture(autouse=True)
def reserve_neuve(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "fichiers"
    settings.ANTIVIRUS = ""


def demande(vote: Vote) -> Demande:
    return vote.etude.demande(vote.samia)


def reste(vote: Vote) -> Decimal:
    vote.enveloppe.refresh_from_db()
    return vote.enveloppe.montant_reste


REFUS = Dit(Resultat.REFUSE, motif="Hors des priorités de l’année.")


def test_rien_n_est_vote_avant_la_publication(vote):
    decision = vote.decision()
    vote.accorder(decision, "1500")
    assert (demande(vote).etat, demande(vote).montant_vote) == (EtatDeDemande.DEMANDEE, None)
    assert reste(vote) == Decimal(5000)
    assert queries.reponses_publiees(vote.etude.dossier) == []
    assert not Courriel.objects.filter(objet__contains="a répondu").exists()


def test_publier_vote_prend_sur_l_enveloppe_et_previent_le_porteur(vote):
    decision = vote.publiee("1500")
    lue = demande(vote)
    assert (lue.etat, lue.montant_vote, lue.vote_le) == (
        EtatDeDemande.ACCORDEE,
        Decimal(1500),
        decision.prise_le,
    )
    assert Imputation.objects.get(demande=lue).enveloppe == vote.enveloppe
    assert reste(vote) == Decimal(3500)
    courriel = Courriel.objects.filter(objet__contains="a répondu").first()
    assert "accordée en partie, 1 500 € sur 2 000 € demandés" in courriel.texte.replace("\xa0", " ")
    assert dossiers_publics(timezone.localdate()).filter(pk=vote.etude.dossier.pk).exists()


def test_une_decision_publiee_ne_change_plus(vote):
    decision = vote.publiee()
    for geste in (
        lambda: actions.publier_la_decision(par=vote.samia, decision=decision),
        lambda: actions.jeter_la_decision(par=vote.samia, decision=decision),
        lambda: vote.accorder(decision, "10"),
        lambda: actions.modifier_la_decision(
            par=vote.samia, decision=decision, sorte="arrete", prise_le=timezone.localdate()
        ),
    ):
        with pytest.raises(Refus, match="ne change plus"):
            geste()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE programmation_decision SET numero = '99'",
        "DELETE FROM programmation_decision",
        "UPDATE programmation_lignededecision SET motif = 'autre'",
        "DELETE FROM programmation_lignededecision",
        "INSERT INTO programmation_lignededecision (decision_id, demande_id, resultat, condition, "
        "motif, a_qui, ce_qui_changerait, vers) SELECT decision_id, (SELECT MAX(id) FROM "
        "dossiers_demande), 'refuse', '', 'x', '', '', '' FROM programmation_lignededecision",
    ],
)
def test_la_base_refuse_de_toucher_a_une_decision_publiee(vote, sql):
    vote.publiee()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(sql)
    assert LigneDeDecision.objects.count() == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="REPLACE est propre à SQLite")
def test_sqlite_refuse_aussi_de_remplacer_une_decision(vote):
    vote.publiee()
    for table in ("programmation_decision", "programmation_lignededecision"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as curseur:
            curseur.execute(f"REPLACE INTO {table} SELECT * FROM {table}")


def test_une_decision_en_preparation_se_corrige_et_se_jette(vote):
    decision = vote.decision()
    actions.modifier_la_decision(
        par=vote.samia,
        decision=decision,
        sorte="arrete",
        prise_le=timezone.localdate(),
        numero="13",
        fichier=fichiers.controle("arrete.pdf", fichiers.pdf()),
    )
    decision.refresh_from_db()
    assert (str(decision), decision.fichier.nom) == ("Arrêté n° 13", "arrete.pdf")
    vote.repondre(decision, REFUS)
    vote.accorder(decision, "100")
    [ligne] = queries.lignes(vote.samia, decision)
    assert (ligne.resultat, ligne.montant) == (Resultat.ACCORDE, Decimal(100))
    actions.retirer_une_reponse(par=vote.samia, decision=decision, ligne=ligne)
    vote.repondre(decision, REFUS)
    actions.jeter_la_decision(par=vote.samia, decision=decision)
    assert not Decision.objects.exists() and not LigneDeDecision.objects.exists()


def test_ajourner_laisse_la_demande_en_attente(vote):
    decision = vote.decision()
    vote.repondre(decision, Dit(Resultat.AJOURNE, motif="À la prochaine commission."))
    actions.publier_la_decision(par=vote.samia, decision=decision)
    assert demande(vote).etat == EtatDeDemande.DEMANDEE
    suivante = vote.decision(numero="13")
    assert [d.demande for d in queries.a_decider(vote.samia, suivante)] == [demande(vote)]


def test_orienter_refuse_et_dit_ou_aller(vote):
    decision = vote.decision()
    vote.repondre(
        decision, Dit(Resultat.ORIENTE, motif="C’est un séjour.", vers="Vacances pour tous")
    )
    actions.publier_la_decision(par=vote.samia, decision=decision)
    assert demande(vote).etat == EtatDeDemande.REFUSEE
    texte = Courriel.objects.filter(objet__contains="a répondu").first().texte
    assert "orientée vers un autre dispositif (Vacances pour tous)" in texte


def test_nul_autre_service_ne_decide(vote):
    decision, siennes = vote.decision(), {demande(vote).pk: REFUS}
    for nom in ("olga", "pilote", "gestionnaire", "delegue", "elu", "administrateur"):
        qui = vote.etude.ici.acteur(nom)
        assert not queries.decisions(qui, vote.etude.ici.contrat).exists()
        for geste in (
            lambda q=qui: actions.repondre(par=q, decision=decision, reponses=siennes),
            lambda q=qui: actions.publier_la_decision(par=q, decision=decision),
            lambda q=qui: actions.jeter_la_decision(par=q, decision=decision),
        ):
            with pytest.raises(Decision.DoesNotExist):
                geste()
    with pytest.raises(Decision.DoesNotExist):
        vote.decision(par=vote.etude.pilote)


def test_on_ne_repond_pas_pour_un_autre_financeur(vote):
    autre = vote.etude.demande(vote.etude.olga)
    with pytest.raises(Demande.DoesNotExist):
        actions.repondre(par=vote.samia, decision=vote.decision(), reponses={autre.pk: REFUS})


def test_qui_s_est_deporte_ne_decide_pas_du_dossier(vote):
    decision = vote.decision()
    vote.accorder(decision, "100")
    [ligne] = queries.lignes(vote.samia, decision)
    se_deporter(par=vote.samia, dossier=vote.etude.dossier, motif="Un lien.")
    assert queries.a_decider(vote.samia, vote.decision(numero="13")) == []
    assert queries.lignes(vote.samia, decision) == []
    lue = queries.decisions(vote.samia, vote.etude.ici.contrat).get(pk=decision.pk)
    assert (lue.nombre, lue.accorde, lue.deportees) == (0, None, 1)
    with pytest.raises(LigneDeDecision.DoesNotExist):
        queries.lignes_a_ecrire(vote.samia, decision).get(pk=ligne.pk)
    with pytest.raises(LigneDeDecision.DoesNotExist):
        actions.retirer_une_reponse(par=vote.samia, decision=decision, ligne=ligne)
    for geste in (actions.publier_la_decision, actions.jeter_la_decision):
        with pytest.raises(Refus, match="Vous êtes déporté") as refus:
            geste(par=vote.samia, decision=decision)
        assert "verger" not in str(refus.value)
    paul = vote.etude.ici.monde.ajouter("paul", vote.etude.ici.caisse, "signataire")
    assert actions.publier_la_decision(par=paul, decision=decision).est_publiee


def test_toutes_les_reponses_ou_aucune(vote):
    from tests.fabriques import instruction

    autre = instruction.recevable(vote.etude.ici, titre="Le potager")
    de_l_autre = autre.demandes.get(financeur=vote.etude.ici.caisse)
    with pytest.raises(Refus) as refus:
        actions.repondre(
            par=vote.samia,
            decision=(decision := vote.decision()),
            reponses={
                demande(vote).pk: Dit(Resultat.ACCORDE, Decimal(100), vote.enveloppe.pk),
                de_l_autre.pk: Dit(Resultat.REFUSE),
            },
        )
    assert "dites pourquoi" in refus.value.motifs[0]
    assert not decision.lignes.exists()
    with pytest.raises(Refus, match="Cochez au moins"):
        actions.repondre(par=vote.samia, decision=decision, reponses={})


def test_une_decision_a_venir_se_prepare_et_ne_se_publie_pas(vote):
    decision = vote.decision(prise_le=timezone.localdate() + timedelta(days=5))
    vote.accorder(decision, "10")
    with pytest.raises(Refus, match="pas encore prise"):
        actions.publier_la_decision(par=vote.samia, decision=decision)
    with pytest.raises(Refus, match="ne dit rien encore"):
        actions.publier_la_decision(par=vote.samia, decision=vote.decision(numero="13"))


def retirer(vote):
    vote.etude.dossier.etat = EtatDeDossier.RETIRE
    vote.etude.dossier.save(update_fields=["etat"])


def test_un_dossier_retire_entre_temps_arrete_la_publication_et_se_retire_de_la_decision(vote):
    decision = vote.decision()
    vote.accorder(decision, "10")
    retirer(vote)
    with pytest.raises(Refus, match="retiré"):
        actions.publier_la_decision(par=vote.samia, decision=decision)
    with pytest.raises(Refus, match="retiré"):
        vote.accorder(decision, "20")
    [ligne] = queries.lignes(vote.samia, decision)
    actions.retirer_une_reponse(par=vote.samia, decision=decision, ligne=ligne)
    assert not decision.lignes.exists()


def test_ce_qui_est_vote_a_un_dossier_retire_se_reprend(vote):
    vote.publiee("1500")
    retirer(vote)
    decision = vote.decision(numero="13")
    assert [d.demande for d in queries.a_decider(vote.samia, decision)] == [demande(vote)]
    with pytest.raises(Refus, match="retiré"):
        vote.accorder(decision, "100")
    vote.repondre(decision, REFUS)
    actions.publier_la_decision(par=vote.samia, decision=decision)
    assert reste(vote) == Decimal(5000)


def test_ce_qui_a_sa_reponse_ne_s_ajourne_plus(vote):
    vote.publiee("1500")
    decision = vote.decision(numero="13")
    with pytest.raises(Refus, match="ne s’ajourne plus"):
        vote.repondre(decision, Dit(Resultat.AJOURNE, motif="Plus tard."))


def test_un_refus_dit_toujours_a_qui_en_parler(vote):
    decision = vote.decision()
    vote.repondre(decision, REFUS)
    assert "01 99" in decision.lignes.get().a_qui


def test_un_exercice_prevu_ne_se_vote_pas(vote):
    suivant = vote.etude.dossier.exercice + 1
    prevue = demande(vote)
    prevue.pk, prevue.exercice, prevue._state.adding = None, suivant, True
    prevue.save()
    assert not queries.demandes_recues(vote.samia, vote.etude.ici.contrat, suivant).exists()


def test_un_numero_ne_sert_pas_deux_fois_et_une_date_lointaine_se_relit(vote):
    vote.decision()
    with pytest.raises(Refus, match="porte déjà ce numéro"):
        vote.decision()
    with pytest.raises(Refus, match="relisez sa date"):
        vote.decision(numero="13", prise_le=timezone.localdate() - timedelta(days=1500))
    with pytest.raises(Refus):
        vote.decision(numero="13", sorte="pile ou face")


def test_le_journal_dit_la_reponse_au_porteur_et_la_preparation_au_service_seul(vote):
    decision = vote.decision()
    vote.accorder(decision, "1500", condition="L’accord du bailleur.")
    objet = f"dossier:{vote.etude.dossier.pk}"
    assert not any(
        "répondu" in ligne.phrase for ligne in frise(objet, regard=Regard.MEMBRES).lignes
    )
    actions.publier_la_decision(par=vote.samia, decision=decision)
    [phrase] = [
        ligne.phrase
        for ligne in frise(objet, regard=Regard.MEMBRES).lignes
        if "répondu" in ligne.phrase
    ]
    assert "Caisse des Tilleuls a répondu" in phrase
    assert phrase.endswith("sous réserve : L’accord du bailleur.")
    assert frise(f"decision:{decision.pk}", regard=Regard.PUBLIC).lignes == []
    vues = [p.phrase for p in frise(f"decision:{decision.pk}", regard=Regard.PILOTAGE).lignes]
    assert not any("prépare" in phrase for phrase in vues)


def test_le_service_a_appeler_vient_de_l_appel(vote):
    assert "Service politique de la ville, 01 99" in queries.service_a_appeler(demande(vote))
