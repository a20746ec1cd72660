"""La loi d'une réponse : son montant, ses mots, les passages qu'elle permet."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.dossiers.enums import EtatDeDemande
from parvis.dossiers.rules.demandes import PASSAGES
from parvis.programmation.enums import Resultat
from parvis.programmation.rules import decisions as rules
from parvis.programmation.rules.decisions import DemandeADecider, Reponse

UNE = DemandeADecider("Le verger", Decimal(2000), "numeraire", "demandee", "recevable")


@given(st.decimals(0, 10**6, places=2), st.decimals(-10, 10**6, places=2))
def test_on_accorde_plus_de_zero_et_jamais_plus_que_demande(demande_, montant):
    une = DemandeADecider("Le verger", demande_, "numeraire", "demandee", "recevable")
    motifs = rules.motifs_empechant_la_reponse(
        demande=une, reponse=Reponse(Resultat.ACCORDE, montant, True)
    )
    assert (motifs == []) == (0 < montant <= demande_)


def test_l_argent_a_une_enveloppe_la_nature_non():
    sans = Reponse(Resultat.ACCORDE, Decimal(10))
    assert (
        "choisissez l’enveloppe" in rules.motifs_empechant_la_reponse(demande=UNE, reponse=sans)[0]
    )
    nature = DemandeADecider("Le verger", Decimal(2000), "nature", "demandee", "recevable")
    assert rules.motifs_empechant_la_reponse(demande=nature, reponse=sans) == []


def test_ce_qui_est_engage_ne_se_reprend_pas():
    engagee = DemandeADecider(
        "Le verger", Decimal(2000), "numeraire", "accordee", "recevable", Decimal(900)
    )
    for reponse in (
        Reponse(Resultat.ACCORDE, Decimal(800), True),
        Reponse(Resultat.REFUSE, motif="Non.", a_qui="Accueil"),
    ):
        assert (
            "déjà engagés" in rules.motifs_empechant_la_reponse(demande=engagee, reponse=reponse)[0]
        )


@pytest.mark.parametrize("etat", EtatDeDemande)
def test_seule_une_demande_vivante_ou_decidee_se_decide(etat):
    une = DemandeADecider("Le verger", Decimal(2000), "numeraire", etat, "recevable")
    motifs = rules.motifs_empechant_la_reponse(
        demande=une, reponse=Reponse(Resultat.REFUSE, motif="Non.", a_qui="Accueil")
    )
    assert (motifs == []) == (etat in rules.A_DECIDER)


@pytest.mark.parametrize("resultat", [r for r in Resultat if r != Resultat.AJOURNE])
@pytest.mark.parametrize("etat", rules.A_DECIDER)
def test_chaque_effet_d_une_reponse_est_un_passage_permis(resultat, etat):
    vers = rules.EFFETS[resultat]
    assert vers == etat or vers in PASSAGES[etat]


def test_une_reponse_inconnue_ou_avec_un_montant_de_trop_se_dit():
    assert (
        "choisissez une réponse"
        in rules.motifs_empechant_la_reponse(demande=UNE, reponse=Reponse("peut-etre"))[0]
    )
    motifs = rules.motifs_empechant_la_reponse(
        demande=UNE, reponse=Reponse(Resultat.ORIENTE, Decimal(5))
    )
    assert len(motifs) == 4


def test_un_refus_sans_personne_a_qui_parler_se_dit():
    muette = rules.motifs_empechant_la_reponse(
        demande=UNE, reponse=Reponse(Resultat.REFUSE, motif="Non.")
    )
    assert "à qui en parler" in muette[0]
