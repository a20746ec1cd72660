"""Le jour d'un vote, corrigé après la publication : par le service, dit à chaque porteur."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from parvis.courriels.models import Courriel
from parvis.dossiers.queries.suivi import proposition_a_voter
from parvis.journal.models import Evenement
from parvis.programmation.actions.seances import apporter, inscrire
from parvis.programmation.actions.votes_prevus import dater_le_vote
from parvis.programmation.models import ApportDeSeance, Seance
from parvis.programmation.queries.votes_prevus import VotePrevu, vote_prevu
from parvis.socle.refus import Refus
from tests.decors import decor
from tests.fabriques import decisions, seances
from tests.programmation.essais_de_seance import arbitrer, oui, simple, suivante

pytestmark = pytest.mark.django_db
JOUR = timezone.localdate()
DIT, AUTRE = JOUR + timedelta(days=20), JOUR + timedelta(days=50)


@decor
def ouverte():
    """Ouvre une séance où la caisse dit le jour de son vote, et où sa demande est arbitrée."""
    tenue = seances.seance().ouvrir()
    apporter(
        par=tenue.samia,
        seance=tenue.seance,
        financeur=tenue.samia.organisme,
        montant=Decimal(5000),
        vote_prevu_le=DIT,
    )
    tenue.arbitrer(tenue.samia, montant="1500")
    return tenue


@decor
def publiee(ouverte):
    """Publie la séance."""
    return ouverte.publier()


def dater(tenue, le=AUTRE, par=None, **autres):
    return dater_le_vote(par=par or tenue.samia, seance=tenue.seance, vote_prevu_le=le, **autres)


def demande(tenue, de=None):
    return tenue.etude.demande(de or tenue.samia)


def test_le_service_corrige_le_jour_et_chaque_porteur_l_apprend(publiee):
    autre_avant = demande(publiee, publiee.etude.olga).vote_prevu_le
    Courriel.objects.all().delete()
    assert dater(publiee) == 1
    assert demande(publiee).vote_prevu_le == AUTRE
    assert demande(publiee, publiee.etude.olga).vote_prevu_le == autre_avant
    courriels = Courriel.objects.filter(objet__contains="un vote change de jour")
    adresses = [courriel.destinataire for courriel in courriels]
    assert adresses and len(adresses) == len(set(adresses))
    for courriel in courriels:
        assert f"votera le {AUTRE.day}" in simple(courriel.texte)
        assert "rien n’est accordé" in courriel.texte
    actes = Evenement.objects.filter(action__startswith="programmation.dater_le_vote")
    assert sorted(acte.objet.split(":")[0] for acte in actes) == ["dossier", "seance"]
    # Ce qui s'est dit en séance reste ce qu'il était.
    assert ApportDeSeance.objects.get().vote_prevu_le == DIT


def test_un_jour_passe_ne_se_lit_plus_puis_se_corrige(publiee):
    passe = DIT + timedelta(days=1)
    assert f"{DIT.day}" not in proposition_a_voter(demande(publiee), jour=passe)
    assert vote_prevu(publiee.samia, publiee.seance, jour=passe) == VotePrevu(DIT, True)
    dater(publiee, jour=passe)
    assert f"{AUTRE.day}" in proposition_a_voter(demande(publiee), jour=passe)
    assert vote_prevu(publiee.samia, publiee.seance, jour=passe) == VotePrevu(AUTRE, False)


def test_un_vote_peut_ne_plus_avoir_de_jour(publiee):
    assert dater(publiee, None) == 1
    assert demande(publiee).vote_prevu_le is None
    assert Courriel.objects.filter(objet__contains="un vote est remis").exists()
    with pytest.raises(Refus, match="Aucun jour n’est prévu"):
        dater(publiee, None)


@pytest.mark.parametrize(
    ("le", "motif"),
    [(DIT, "déjà le jour prévu"), (JOUR - timedelta(days=1), "Ce jour est passé")],
)
def test_un_jour_qui_ne_dit_rien_se_refuse(publiee, le, motif):
    with pytest.raises(Refus, match=motif):
        dater(publiee, le)
    assert demande(publiee).vote_prevu_le == DIT


def test_avant_la_publication_le_jour_se_dit_avec_l_apport(ouverte):
    with pytest.raises(Refus, match="se dit avec l’apport"):
        dater(ouverte)


def test_nul_autre_que_le_service_ne_le_corrige(publiee):
    for autre in (publiee.pilote, publiee.etude.ici.monde.acteurs["gestionnaire"]):
        with pytest.raises(Seance.DoesNotExist):
            dater(publiee, par=autre)
        assert vote_prevu(autre, publiee.seance, jour=JOUR) is None
    assert demande(publiee).vote_prevu_le == DIT


def test_ce_qui_est_vote_n_a_plus_de_jour_a_corriger(publiee):
    decisions.vote(publiee.etude).publiee("1500")
    with pytest.raises(Refus, match="n’attend encore son vote"):
        dater(publiee)
    assert vote_prevu(publiee.samia, publiee.seance, jour=JOUR) is None


def test_ce_qu_une_seance_reunie_depuis_a_repris_est_a_elle(publiee):
    apres = suivante(publiee)
    inscrire(par=publiee.pilote, seance=apres, dossiers=[publiee.etude.dossier.pk])
    seconde = seances.Tenue(publiee.etude, publiee.instance, publiee.mandats, apres).ouvrir()
    arbitrer(seconde, demande(publiee), oui(900))
    seconde.publier()
    with pytest.raises(Refus, match="n’attend encore son vote"):
        dater(publiee)
    assert dater(seconde) == 1
