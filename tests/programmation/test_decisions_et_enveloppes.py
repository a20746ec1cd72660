"""Ce qu'une décision vote se prend sur les enveloppes du financeur, et jamais au-delà."""

from decimal import Decimal

import pytest

from parvis.dossiers.enums import EtatDeDemande
from parvis.dossiers.models import Demande
from parvis.programmation.actions import decisions as actions
from parvis.programmation.actions.decisions import Dit
from parvis.programmation.enums import Resultat
from parvis.programmation.models import Imputation
from parvis.programmation.queries import decisions as queries
from parvis.socle.refus import Refus
from tests.decors import decor
from tests.fabriques import decisions
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


def test_l_enveloppe_ne_se_depasse_jamais_et_rien_n_est_vote_a_moitie(vote):
    pauvre = decisions.enveloppe(vote.etude, vote.samia, 1000, ligne="Fonds de secours")
    decision = vote.decision()
    vote.repondre(decision, Dit(Resultat.ACCORDE, Decimal(1500), pauvre.pk))
    with pytest.raises(Refus, match="la décision y prend 1"):
        actions.publier_la_decision(par=vote.samia, decision=decision)
    decision.refresh_from_db()
    assert decision.publiee_le is None
    assert demande(vote).montant_vote is None


def test_une_decision_suivante_corrige_la_premiere(vote):
    vote.publiee("2000")
    plus_bas = vote.decision(numero="13")
    vote.accorder(plus_bas, "800")
    [prise] = queries.prises_sur_les_enveloppes(plus_bas.lignes.all())
    assert (prise.pris, prise.apres) == (Decimal(-1200), Decimal(4200))
    actions.publier_la_decision(par=vote.samia, decision=plus_bas)
    assert reste(vote) == Decimal(4200)
    retrait = vote.decision(numero="14")
    vote.repondre(retrait, Dit(Resultat.REFUSE, motif="Hors des priorités de l’année."))
    actions.publier_la_decision(par=vote.samia, decision=retrait)
    assert reste(vote) == Decimal(5000)
    assert (demande(vote).etat, demande(vote).montant_vote) == (EtatDeDemande.REFUSEE, None)
    [reponse] = queries.reponses_publiees(vote.etude.dossier)
    assert reponse.decision == retrait


def test_changer_d_enveloppe_en_changeant_le_montant(vote):
    vote.publiee("1500")
    autre = decisions.enveloppe(vote.etude, vote.samia, 2000, ligne="Fonds de secours")
    decision = vote.decision(numero="13")
    vote.repondre(decision, Dit(Resultat.ACCORDE, Decimal(2000), autre.pk))
    actions.publier_la_decision(par=vote.samia, decision=decision)
    autre.refresh_from_db()
    assert (reste(vote), autre.montant_reste) == (Decimal(5000), Decimal(0))


def test_un_apport_en_nature_ne_se_prend_sur_aucune_enveloppe(vote):
    Demande.objects.filter(pk=demande(vote).pk).update(nature="nature")
    decision = vote.decision()
    vote.accorder(decision, "1500")
    assert decision.lignes.get().enveloppe is None
    actions.publier_la_decision(par=vote.samia, decision=decision)
    assert demande(vote).montant_vote == Decimal(1500)
    assert reste(vote) == Decimal(5000)


def test_l_argent_se_deplace_entre_deux_enveloppes_pleines(vote):
    """Deux demandes échangent leurs enveloppes, où il ne reste rien : la base n'est jamais dépassée."""
    from tests.fabriques import instruction

    autre_dossier = instruction.recevable(vote.etude.ici, titre="Le potager")
    seconde = autre_dossier.demandes.get(financeur=vote.etude.ici.caisse)
    une = decisions.enveloppe(vote.etude, vote.samia, 1000, ligne="Une")
    autre = decisions.enveloppe(vote.etude, vote.samia, 1000, ligne="Autre")

    def publier(numero, dans):
        decision = vote.decision(numero=numero)
        actions.repondre(
            par=vote.samia,
            decision=decision,
            reponses={
                pk: Dit(Resultat.ACCORDE, Decimal(1000), enveloppe.pk)
                for pk, enveloppe in dans.items()
            },
        )
        actions.publier_la_decision(par=vote.samia, decision=decision)

    publier("20", {demande(vote).pk: une, seconde.pk: autre})
    publier("21", {demande(vote).pk: autre, seconde.pk: une})
    for enveloppe in (une, autre):
        enveloppe.refresh_from_db()
        assert enveloppe.montant_reste == 0
    assert Imputation.objects.get(demande=seconde).enveloppe == une


def test_l_enveloppe_probable_est_celle_de_la_ligne(vote):
    decision = vote.decision()
    assert queries.a_decider(vote.samia, decision)[0].enveloppe == vote.enveloppe
    decisions.enveloppe(vote.etude, vote.samia, 10, ligne="Fonds de secours")
    assert queries.a_decider(vote.samia, decision)[0].enveloppe == vote.enveloppe


# La loi, sans base.
