"""La loi des avis, de l'équipe et des consultations, sans base."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier
from parvis.instruction.enums import Qualite, SensDAvis
from parvis.instruction.rules.avis import (
    DemandeAJuger,
    dire_les_avis,
    motifs_empechant_l_avis,
    motifs_empechant_l_instruction,
)
from parvis.instruction.rules.consultations import (
    motifs_empechant_de_consulter,
    motifs_sur_l_echeance,
)
from parvis.instruction.rules.equipe import (
    motifs_empechant_de_se_charger,
    motifs_empechant_le_deport,
    motifs_empechant_le_lien,
)
from parvis.organismes.enums import Nature

JOUR = date(2026, 3, 2)
DEUX_MILLE = {1: DemandeAJuger("Politique de la ville", Decimal(2000))}


def juger(**autres):
    valeurs = {
        "etat": EtatDeDossier.RECEVABLE,
        "qualite": Qualite.FINANCEUR,
        "sens": SensDAvis.FAVORABLE,
        "motif": "",
        "propositions": {},
        "demandes": DEUX_MILLE,
    }
    return motifs_empechant_l_avis(**(valeurs | autres))


def test_un_avis_favorable_se_rend_sans_motif_et_avec_un_montant():
    assert juger() == []
    assert juger(propositions={1: Decimal(2000)}) == []
    assert juger(sens=SensDAvis.SANS) == []


@pytest.mark.parametrize("etat", EtatDeDossier)
def test_seul_un_dossier_recevable_s_etudie(etat):
    motifs = motifs_empechant_l_instruction(etat)
    assert (motifs == []) == (etat == EtatDeDossier.RECEVABLE)
    assert juger(etat=etat) == motifs


@pytest.mark.parametrize("sens", [SensDAvis.SOUS_RESERVE, SensDAvis.RESERVE, SensDAvis.DEFAVORABLE])
def test_un_avis_qui_n_est_pas_favorable_dit_pourquoi(sens):
    assert "écrivez le motif" in juger(sens=sens)[0]
    assert juger(sens=sens, motif="Le budget ne suit pas.") == []


def test_tous_les_motifs_viennent_ensemble():
    motifs = juger(etat=EtatDeDossier.RETIRE, sens="peut-etre", propositions={1: Decimal(3000)})
    assert len(motifs) == 3
    assert "plus que les 2" in motifs[2]


def test_on_ne_propose_que_pour_ce_que_son_service_recoit():
    assert "son service" in juger(propositions={7: Decimal(10)})[0]
    assert "négatif" in juger(propositions={1: Decimal(-1)})[0]
    close = {1: DemandeAJuger("Crédits", Decimal(2000), EtatDeDemande.RETIREE)}
    assert "retirée" in juger(propositions={1: Decimal(10)}, demandes=close)[0]


@pytest.mark.parametrize("qualite", [q for q in Qualite if q != Qualite.FINANCEUR])
def test_qui_est_consulte_ne_propose_pas_de_montant(qualite):
    assert juger(qualite=qualite) == []
    assert "Seul un financeur" in juger(qualite=qualite, propositions={1: Decimal(1)})[0]


@pytest.mark.parametrize("sens", [SensDAvis.DEFAVORABLE, SensDAvis.SANS])
def test_un_avis_sans_soutien_ne_propose_pas_d_argent(sens):
    motifs = juger(sens=sens, motif="Non.", propositions={1: Decimal(5)})
    assert "laissez le montant vide" in motifs[0]
    assert juger(sens=sens, motif="Non.", propositions={1: Decimal(0)}) == []


@given(st.decimals(0, 10**7, places=2), st.decimals(-(10**7), 10**7, places=2))
def test_un_montant_se_propose_de_zero_a_ce_qui_est_demande(demande, montant):
    motifs = juger(propositions={1: montant}, demandes={1: DemandeAJuger("Crédits", demande)})
    assert (motifs == []) == (0 <= montant <= demande)


@pytest.mark.parametrize(
    "demandes, rendus, phrase",
    [
        (0, 0, "Aucun avis demandé"),
        (1, 0, "1 demandé, 0 rendu"),
        (3, 2, "3 demandés, 2 rendus"),
    ],
)
def test_les_avis_se_comptent_en_mots(demandes, rendus, phrase):
    assert dire_les_avis(demandes, rendus) == phrase


def test_on_ne_prend_un_dossier_a_un_collegue_qu_en_le_disant():
    assert motifs_empechant_de_se_charger(agent="", est_soi=False, reprend=False) == []
    assert motifs_empechant_de_se_charger(agent="Samia", est_soi=False, reprend=True) == []
    assert (
        "Samia étudie déjà"
        in motifs_empechant_de_se_charger(agent="Samia", est_soi=False, reprend=False)[0]
    )
    for reprend in (True, False):
        assert (
            "Vous étudiez déjà"
            in motifs_empechant_de_se_charger(agent="Moi", est_soi=True, reprend=reprend)[0]
        )


def test_un_deport_et_un_lien_se_disent():
    assert motifs_empechant_le_deport("…")
    assert motifs_empechant_le_deport("Je préside l’association.") == []
    assert motifs_empechant_le_lien("Membre du bureau", est_le_sien=False) == []
    assert len(motifs_empechant_le_lien(" ", est_le_sien=True)) == 2


def consulter(**autres):
    valeurs = {
        "qualite": Qualite.COMMUNE,
        "nature": Nature.COMMUNE,
        "echeance": None,
        "jour": JOUR,
        "combien": 1,
    }
    return motifs_empechant_de_consulter(**(valeurs | autres))


def test_on_consulte_un_organisme_de_la_bonne_nature():
    assert consulter() == []
    assert consulter(qualite=Qualite.DELEGUE_DU_PREFET, nature=Nature.ETAT) == []
    assert "ne donne pas d’avis" in consulter(nature=Nature.ASSOCIATION)[0]
    for qualite in (Qualite.FINANCEUR, Qualite.EXPERT, "autre"):
        assert "Choisissez à qui" in consulter(qualite=qualite)[0]


def test_on_consulte_sur_des_dossiers_et_pour_un_jour_a_venir():
    motifs = consulter(combien=0, echeance=JOUR - timedelta(days=1))
    assert len(motifs) == 2
    assert "au plus à la fois" in consulter(combien=501)[0]
    assert motifs_sur_l_echeance(JOUR, JOUR) == []
