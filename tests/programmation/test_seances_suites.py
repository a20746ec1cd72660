"""D'une séance à la suivante, et de la séance à la décision : rien ne se perd, rien ne se vote deux fois."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from parvis.dossiers.enums import Guichet, NatureDeDemande
from parvis.dossiers.models import Demande
from parvis.dossiers.queries.suivi import proposition_a_voter
from parvis.instances.actions import annuler_une_reunion
from parvis.instruction.actions.equipe import se_deporter
from parvis.programmation.actions import arbitrages, seances
from parvis.programmation.actions import decisions as actes
from parvis.programmation.actions.arbitrages import Propose
from parvis.programmation.actions.decisions import Dit
from parvis.programmation.actions.reprise_de_seance import reprendre_une_seance
from parvis.programmation.enums import Resultat
from parvis.programmation.models import Decision, DeportDeSeance, LigneDeDecision, PointDeSeance
from parvis.programmation.queries.seances import arbitrages_a_reprendre, seances_a_reprendre
from parvis.socle.refus import Refus
from tests.decors import decor
from tests.fabriques import comptes, decisions, instances
from tests.fabriques import seances as fabrique
from tests.fabriques.seances import Tenue
from tests.programmation import essais_de_seance as essais
from tests.programmation.essais_de_seance import NON, oui

pytestmark = pytest.mark.django_db
PLUS_TARD = Propose(Resultat.AJOURNE, motif="Le plan de financement est à revoir.")


@decor
def ouverte() -> Tenue:
    return fabrique.seance().ouvrir()


@pytest.fixture(autouse=True)
def reserve_neuve(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "fichiers"
    settings.ANTIVIRUS = ""


@pytest.fixture
def caisse(ouverte) -> Demande:
    return ouverte.etude.demande(ouverte.samia)


def dossiers(seance) -> list[int]:
    return list(seance.points.order_by("rang").values_list("dossier", flat=True))


def tenir(ouverte, seance) -> Tenue:
    """Ouvre une autre séance de la même instance."""
    return replace(ouverte, seance=seance).ouvrir()


# Les ajournés vont à la séance suivante.


def test_ce_qui_est_ajourne_et_attend_toujours_ouvre_la_seance_suivante(ouverte, caisse):
    (deux, trois) = essais.ajouter_des_dossiers(ouverte, 2)
    essais.arbitrer(ouverte, caisse, PLUS_TARD)
    essais.arbitrer(ouverte, ouverte.etude.demande(ouverte.etude.olga), NON)
    for dossier in (deux, trois):
        for demande in dossier.demandes.all():
            essais.arbitrer(ouverte, demande, oui(5) if dossier == deux else PLUS_TARD)
    se_deporter(par=ouverte.samia, dossier=trois, motif="Un lien.")
    ouverte.publier()
    Demande.objects.filter(dossier=trois, financeur=caisse.financeur).update(etat="retiree")
    autre = essais.suivante(ouverte)
    assert autre.suite_de == ouverte.seance
    assert dossiers(autre) == [ouverte.etude.dossier.pk, trois.pk]
    assert DeportDeSeance.objects.get(point__seance=autre).point.dossier == trois
    Demande.objects.filter(dossier=trois).update(etat="retiree")
    seances.jeter_la_seance(par=ouverte.pilote, seance=autre)
    assert dossiers(essais.suivante(ouverte)) == [ouverte.etude.dossier.pk]


def test_preparee_avant_que_l_autre_ne_soit_levee_elle_recoit_aussi_les_ajournes(ouverte, caisse):
    loin = essais.suivante(ouverte, dans_jours=20)
    proche = essais.suivante(ouverte, dans_jours=5)
    annulee = essais.suivante(ouverte, dans_jours=2)
    annuler_une_reunion(par=ouverte.pilote, reunion=annulee.reunion, motif="Pas de salle.")
    assert (proche.suite_de, dossiers(proche)) == (None, [])
    ouverte.publier()
    attendus = {proche.pk: ouverte.seance, loin.pk: None, annulee.pk: None}
    for seance in (proche, loin, annulee):
        seance.refresh_from_db()
        assert seance.suite_de == attendus[seance.pk]
        assert dossiers(seance) == ([ouverte.etude.dossier.pk] if seance == proche else [])


def test_preparee_entre_la_levee_et_la_publication_elle_recoit_ce_qui_s_ajourne_encore(
    ouverte, caisse
):
    (autre,) = essais.ajouter_des_dossiers(ouverte)
    essais.arbitrer(ouverte, caisse, PLUS_TARD)
    ouverte.lever()
    suite = essais.suivante(ouverte, dans_jours=5)
    assert dossiers(suite) == [ouverte.etude.dossier.pk]
    arbitrages.ajourner_le_reste(par=ouverte.pilote, seance=ouverte.seance)
    arbitrages.publier_la_seance(par=ouverte.pilote, seance=ouverte.seance)
    assert dossiers(suite) == [ouverte.etude.dossier.pk, autre.pk]


def test_ni_une_autre_instance_ni_un_autre_exercice_ne_recoit_les_ajournes(ouverte):
    conseil = instances.instance(ouverte.pilote, ouverte.etude.ici.contrat, nom="Conseil")
    ailleurs = essais.suivante(replace(ouverte, instance=conseil), dans_jours=3)
    reunie = instances.reunion(ouverte.pilote, ouverte.instance, dans_jours=3)
    exercice = ouverte.seance.exercice + 1
    plus_tard = seances.preparer_une_seance(par=ouverte.pilote, reunion=reunie, exercice=exercice)
    ouverte.publier()
    assert dossiers(ailleurs) == dossiers(plus_tard) == []


def test_une_seance_suivante_deja_ouverte_ne_change_pas(ouverte):
    (autre,) = essais.ajouter_des_dossiers(ouverte)
    ouverte.lever()
    suite = essais.suivante(ouverte, dans_jours=-1)
    PointDeSeance.objects.create(seance=suite, dossier=autre, rang=1)
    suite = tenir(ouverte, suite)
    arbitrages.ajourner_le_reste(par=ouverte.pilote, seance=ouverte.seance)
    arbitrages.publier_la_seance(par=ouverte.pilote, seance=ouverte.seance)
    assert dossiers(suite.seance) == [autre.pk]


@pytest.mark.parametrize(
    ("propose", "arbitre", "dit"),
    [
        (oui(900), Decimal(900), "proposition favorable de Caisse des Tilleuls"),
        (NON, Decimal(0), "pas de proposition favorable de Caisse des Tilleuls"),
        (PLUS_TARD, None, ""),
    ],
)
def test_la_seconde_seance_remplace_ce_que_disait_la_premiere(
    ouverte, caisse, propose, arbitre, dit
):
    essais.arbitrer(ouverte, caisse, oui(1500))
    ouverte.publier()
    seconde = tenir(ouverte, essais.suivante(ouverte, dans_jours=-1))
    essais.arbitrer(seconde, caisse, propose)
    caisse.refresh_from_db()
    assert caisse.montant_arbitre == 1500
    seconde.publier()
    caisse.refresh_from_db()
    assert caisse.montant_arbitre == arbitre
    assert proposition_a_voter(caisse, jour=timezone.localdate()).startswith(dit) and bool(dit) == (
        arbitre is not None
    )


# Une décision se prépare depuis la séance.


def reprendre(ouverte, decision, par=None) -> tuple[int, list[str]]:
    return reprendre_une_seance(par=par or ouverte.samia, decision=decision, seance=ouverte.seance)


def lignes(decision) -> list[tuple[str, Decimal | None, bool]]:
    lues = decision.lignes.order_by("pk")
    return [(ligne.resultat, ligne.montant, ligne.enveloppe_id is not None) for ligne in lues]


@pytest.mark.parametrize(
    ("propose", "attendue"),
    [
        (oui(1500, condition="Un lieu."), ("accorde", Decimal(1500), True)),
        (NON, ("refuse", None, False)),
        (Propose(Resultat.ORIENTE, motif="Un séjour", vers="Été"), ("oriente", None, False)),
    ],
)
def test_ce_que_propose_la_seance_entre_dans_la_decision_sans_rien_voter(
    ouverte, caisse, propose, attendue
):
    essais.arbitrer(ouverte, caisse, propose)
    ouverte.publier()
    decision = decisions.vote(ouverte.etude).decision()
    assert reprendre(ouverte, decision) == (1, [])
    assert lignes(decision) == [attendue]
    ligne = decision.lignes.get()
    assert (ligne.condition, ligne.motif, ligne.vers) == (
        propose.condition,
        propose.motif,
        propose.vers,
    )
    # Ce qui n'accorde rien nomme qui appeler, comme le demande toute réponse.
    assert bool(ligne.a_qui) == (propose.resultat != Resultat.ACCORDE)
    caisse.refresh_from_db()
    assert (caisse.etat, caisse.montant_vote) == ("demandee", None)
    with pytest.raises(Refus, match="rien à reprendre"):
        reprendre(ouverte, decision)


def test_ce_qui_est_ajourne_n_a_rien_a_decider(ouverte, caisse):
    essais.arbitrer(ouverte, caisse, PLUS_TARD)
    ouverte.publier()
    decision = decisions.vote(ouverte.etude).decision()
    assert seances_a_reprendre(ouverte.samia, decision) == []
    with pytest.raises(Refus, match="rien à reprendre"):
        reprendre(ouverte, decision)


def test_sans_enveloppe_la_reponse_n_entre_pas_et_dit_pourquoi(ouverte, caisse):
    salle = essais.demander(ouverte, caisse.financeur, 300, nature=NatureDeDemande.NATURE)
    essais.arbitrer(ouverte, caisse, oui(1500))
    essais.arbitrer(ouverte, salle, oui(300))
    ouverte.publier()
    decision = actes.preparer_une_decision(
        par=ouverte.samia,
        contrat=ouverte.etude.ici.contrat,
        exercice=caisse.exercice,
        sorte="conseil",
        prise_le=timezone.localdate(),
    )
    nombre, motifs = reprendre(ouverte, decision)
    assert nombre == 1 and len(motifs) == 1
    assert "choisissez l’enveloppe où l’argent se prend" in motifs[0]
    assert lignes(decision) == [("accorde", Decimal(300), False)]
    # Seule reste celle qui n'a pas d'enveloppe : le dire n'écrit rien.
    avant = LigneDeDecision.objects.count()
    assert reprendre(ouverte, decision) == (0, motifs)
    assert LigneDeDecision.objects.count() == avant


def test_une_demande_suivie_ailleurs_ou_d_un_autre_service_ne_se_reprend_pas(ouverte, caisse):
    la = essais.demander(ouverte, caisse.financeur, guichet=Guichet.AILLEURS)
    essais.arbitrer(ouverte, la, oui(100))
    essais.arbitrer(ouverte, ouverte.etude.demande(ouverte.etude.olga), oui(100))
    essais.arbitrer(ouverte, caisse, oui(1500))
    ouverte.publier()
    decision = decisions.vote(ouverte.etude).decision()
    reprises = arbitrages_a_reprendre(ouverte.samia, decision, ouverte.seance)
    assert [arbitrage.demande for arbitrage in reprises] == [caisse]
    assert seances_a_reprendre(ouverte.samia, decision) == [(ouverte.seance, 1)]
    for nom in ("pilote", "voisine", "gestionnaire", "elu", "administrateur", "visiteur"):
        qui = ouverte.etude.ici.acteur(nom)
        assert seances_a_reprendre(qui, decision) == []
        with pytest.raises(Refus, match="rien à reprendre"):
            reprendre(ouverte, decision, qui)
    # Un autre financeur ne met rien dans cette décision, même ce que la séance lui propose.
    decisions.enveloppe(ouverte.etude, ouverte.etude.olga)
    with pytest.raises(Decision.DoesNotExist):
        reprendre(ouverte, decision, ouverte.etude.olga)
    assert lignes(decision) == []


def test_qui_s_est_deporte_ne_reprend_pas_un_collegue_si(ouverte, caisse):
    essais.arbitrer(ouverte, caisse, oui(1500))
    ouverte.publier()
    decision = decisions.vote(ouverte.etude).decision()
    se_deporter(par=ouverte.samia, dossier=ouverte.etude.dossier, motif="Un lien.")
    assert seances_a_reprendre(ouverte.samia, decision) == []
    with pytest.raises(Refus, match="rien à reprendre"):
        reprendre(ouverte, decision)
    paul = ouverte.etude.ici.monde.ajouter("paul", ouverte.etude.ici.caisse, "signataire")
    assert reprendre(ouverte, decision, paul) == (1, [])


def test_rien_ne_se_reprend_avant_la_publication_ni_apres_le_vote(ouverte, caisse):
    essais.arbitrer(ouverte, caisse, oui(1500))
    vote = decisions.vote(ouverte.etude)
    for _ in range(2):
        assert seances_a_reprendre(ouverte.samia, vote.decision(numero="")) == []
        if ouverte.seance.levee_le is None:
            arbitrages.ajourner_le_reste(par=ouverte.pilote, seance=ouverte.seance)
            ouverte.lever()
    arbitrages.publier_la_seance(par=ouverte.pilote, seance=ouverte.seance)
    reprise = vote.decision(numero="20")
    reprendre(ouverte, reprise)
    actes.publier_la_decision(par=ouverte.samia, decision=reprise)
    caisse.refresh_from_db()
    assert (caisse.etat, caisse.montant_vote) == ("accordee", 1500)
    assert seances_a_reprendre(ouverte.samia, vote.decision(numero="21")) == []


def test_ce_que_la_decision_dit_deja_reste(ouverte, caisse):
    essais.arbitrer(ouverte, caisse, oui(1500))
    seconde = essais.demander(ouverte, caisse.financeur, 400, ligne="Jeunesse")
    essais.arbitrer(ouverte, seconde, oui(400))
    ouverte.publier()
    vote = decisions.vote(ouverte.etude)
    decision = vote.decision()
    dit = Dit(Resultat.ACCORDE, Decimal(700), vote.enveloppe.pk)
    actes.repondre(par=ouverte.samia, decision=decision, reponses={caisse.pk: dit})
    assert reprendre(ouverte, decision) == (1, [])
    assert lignes(decision) == [("accorde", Decimal(700), True), ("accorde", Decimal(400), True)]


def test_ce_qu_un_collegue_ecrit_au_meme_instant_ne_s_efface_pas(ouverte, caisse, monkeypatch):
    essais.arbitrer(ouverte, caisse, oui(1500))
    ouverte.publier()
    vote = decisions.vote(ouverte.etude)
    decision = vote.decision()
    lus = list(arbitrages_a_reprendre(ouverte.samia, decision, ouverte.seance))
    dit = Dit(Resultat.ACCORDE, Decimal(700), vote.enveloppe.pk)
    actes.repondre(par=ouverte.samia, decision=decision, reponses={caisse.pk: dit})
    # Le service avait lu la séance avant que son collègue ne réponde.
    monkeypatch.setattr(
        "parvis.programmation.actions.reprise_de_seance.arbitrages_a_reprendre", lambda *_: lus
    )
    with pytest.raises(Refus, match="un collègue vient d’y répondre"):
        reprendre(ouverte, decision)
    assert lignes(decision) == [("accorde", Decimal(700), True)]


def test_le_dernier_mot_publie_se_reprend_jamais_celui_qu_il_remplace(ouverte, caisse):
    essais.arbitrer(ouverte, caisse, oui(1500))
    ouverte.publier()
    decision = decisions.vote(ouverte.etude).decision()
    seconde = tenir(ouverte, essais.suivante(ouverte, dans_jours=-1))
    essais.arbitrer(seconde, caisse, oui(900))
    assert seances_a_reprendre(ouverte.samia, decision) == [(ouverte.seance, 1)]
    seconde.publier()
    assert seances_a_reprendre(ouverte.samia, decision) == [(seconde.seance, 1)]
    with pytest.raises(Refus, match="rien à reprendre"):
        reprendre(ouverte, decision)
    assert reprendre(seconde, decision) == (1, [])
    assert lignes(decision) == [("accorde", Decimal(900), True)]


def test_une_decision_publiee_ou_d_un_autre_exercice_ne_reprend_rien(ouverte, caisse):
    essais.arbitrer(ouverte, caisse, oui(1500))
    ouverte.publier()
    vote = decisions.vote(ouverte.etude)
    suivant = vote.decision(exercice=caisse.exercice + 1, numero="30")
    assert seances_a_reprendre(ouverte.samia, suivant) == []
    region = comptes.organisme("Région", "region")
    ines = ouverte.etude.ici.monde.ajouter("ines", region, "instructeur")
    assert seances_a_reprendre(ines, suivant) == []
    autre = vote.decision(numero="31", prise_le=timezone.localdate() - timedelta(days=1))
    seconde = essais.demander(ouverte, caisse.financeur, 400)
    dit = Dit(Resultat.REFUSE, motif="Non.")
    actes.repondre(par=ouverte.samia, decision=autre, reponses={seconde.pk: dit})
    actes.publier_la_decision(par=ouverte.samia, decision=autre)
    with pytest.raises(Refus, match="elle ne change plus"):
        reprendre(ouverte, autre)
    assert lignes(autre) == [("refuse", None, False)]


def test_une_seconde_seance_ne_defait_pas_ce_que_la_premiere_a_propose(ouverte):
    caisse = ouverte.etude.demande(ouverte.samia)
    commune = ouverte.etude.demande(ouverte.etude.olga)
    essais.arbitrer(ouverte, caisse, oui(900))
    essais.arbitrer(ouverte, commune, PLUS_TARD)
    arbitrages_publies = ouverte.publier()
    suite = tenir(ouverte, essais.suivante(arbitrages_publies, dans_jours=-1))
    # Seule l'ajournée est à arbitrer ; l'autre attend le vote de son financeur.
    assert suite.restent == 1
    assert arbitrages.ajourner_le_reste(par=suite.pilote, seance=suite.seance) == 1
    suite.lever()
    arbitrages.publier_la_seance(par=suite.pilote, seance=suite.seance)
    caisse.refresh_from_db()
    assert caisse.montant_arbitre == 900
