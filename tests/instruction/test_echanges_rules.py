"""La loi d'un échange, sans base."""

from datetime import date, timedelta

import pytest

from parvis.dossiers.enums import EtatDeDossier
from parvis.instruction.rules import echanges as loi

JOUR = date(2027, 3, 1)
OUVERTS = {EtatDeDossier.DEPOSE, EtatDeDossier.A_COMPLETER, EtatDeDossier.RECEVABLE}


def question(**autres):
    valeurs = {
        "etat": "recevable",
        "sorte": "avec_le_porteur",
        "sortes": ("avec_le_porteur", "entre_services"),
        "est_situee": True,
        "texte": "Pourquoi ?",
        "echeance": JOUR + timedelta(days=10),
        "jour": JOUR,
    }
    return loi.motifs_empechant_la_question(**(valeurs | autres))


@pytest.mark.parametrize("etat", EtatDeDossier)
def test_on_s_ecrit_sur_un_dossier_qui_s_etudie_et_sur_lui_seul(etat):
    for motifs in (
        loi.motifs_empechant_l_echange(etat),
        question(etat=etat),
        loi.motifs_empechant_la_reponse(etat=etat, est_close=False, texte="Oui."),
    ):
        assert bool(motifs) is (etat not in OUVERTS)


@pytest.mark.parametrize(
    ("autres", "motif"),
    [
        ({"sorte": "public"}, "Choisissez à qui"),
        ({"sortes": ("entre_services",)}, "Choisissez à qui"),
        ({"est_situee": False}, "une partie du dossier"),
        ({"texte": " … "}, "Écrivez votre question."),
        ({"texte": "a" * 4001}, "4000 signes au plus : il y en a 4001"),
        ({"echeance": JOUR}, "après aujourd’hui"),
        ({"echeance": JOUR - timedelta(days=1)}, "après aujourd’hui"),
        ({"echeance": JOUR + timedelta(days=91)}, "dans 90 jours au plus"),
    ],
)
def test_ce_qui_empeche_une_question(autres, motif):
    [dit] = question(**autres)
    assert motif in dit


def test_une_question_se_pose_sans_echeance_ou_a_quatre_vingt_dix_jours():
    assert question(echeance=None) == question(echeance=JOUR + timedelta(days=90)) == []
    assert question(echeance=JOUR + timedelta(days=1), texte="a" * 4000) == []


def test_tous_les_motifs_viennent_ensemble():
    assert len(question(etat="retire", sorte="", est_situee=False, texte="", echeance=JOUR)) == 5


def test_une_question_close_ne_recoit_plus_rien():
    [motif] = loi.motifs_empechant_la_reponse(etat="recevable", est_close=True, texte="Oui.")
    assert "close" in motif
    assert loi.motifs_empechant_la_reponse(etat="recevable", est_close=False, texte=" ") == [
        "Écrivez votre réponse."
    ]
    assert loi.motifs_empechant_de_clore(est_close=True) == ["Cette question est déjà close."]
    assert loi.motifs_empechant_de_clore(est_close=False) == []


def test_le_retard_suppose_une_echeance_passee_et_une_attente():
    hier = JOUR - timedelta(days=1)
    assert loi.est_en_retard(echeance=hier, attend=True, jour=JOUR)
    assert not loi.est_en_retard(echeance=JOUR, attend=True, jour=JOUR)
    assert not loi.est_en_retard(echeance=hier, attend=False, jour=JOUR)
    assert not loi.est_en_retard(echeance=None, attend=True, jour=JOUR)


def jours_de_rappel(ecrite: int, dernier: int = 30) -> list[int]:
    """Rend les jours où part un rappel, comptés depuis l'échéance ; le site tourne chaque jour."""
    echeance, rappelee, partis = JOUR, None, []
    for ecart in range(ecrite, dernier):
        jour = echeance + timedelta(days=ecart)
        if loi.rappel_du(
            echeance=echeance,
            ecrite_le=echeance + timedelta(days=ecrite),
            rappelee_le=rappelee,
            jour=jour,
        ):
            partis.append(ecart)
            rappelee = jour
    return partis


def test_deux_rappels_et_pas_un_de_plus():
    assert jours_de_rappel(ecrite=-20) == [-3, 1]
    assert jours_de_rappel(ecrite=-3) == [-3, 1]


def test_une_question_pressee_ne_se_rappelle_qu_en_retard():
    assert jours_de_rappel(ecrite=-2) == [1]


@pytest.mark.parametrize(
    ("ecart", "part"), [(-2, True), (0, True), (4, True), (7, True), (8, False)]
)
def test_un_rappel_manque_se_rattrape_une_semaine(ecart, part):
    du = loi.rappel_du(
        echeance=JOUR,
        ecrite_le=JOUR - timedelta(days=20),
        rappelee_le=None,
        jour=JOUR + timedelta(days=ecart),
    )
    assert du is part


@pytest.mark.parametrize(
    ("attente", "phrase"),
    [
        (
            loi.Attente(2, 1, "3 avril 2027"),
            "2 questions au porteur, 1 attend sa réponse avant le 3 avril 2027",
        ),
        (loi.Attente(1, 1), "1 question au porteur, 1 attend sa réponse"),
        (loi.Attente(1, 0), "1 question au porteur, plus rien n’est attendu"),
        (
            loi.Attente(3, 2, "3 avril 2027"),
            "3 questions au porteur, 2 attendent sa réponse, la première avant le 3 avril 2027",
        ),
        (
            loi.Attente(3, 1, "3 avril 2027", est_passe=True),
            "3 questions au porteur, 1 attend sa réponse depuis le 3 avril 2027",
        ),
    ],
)
def test_qui_attend_qui_se_dit_en_une_phrase(attente, phrase):
    assert loi.dire_l_attente(attente, a_qui="au porteur", de_qui="sa réponse") == phrase


def test_au_porteur_on_ne_dit_pas_qu_il_est_le_porteur():
    dit = loi.dire_l_attente(loi.Attente(1, 1), a_qui="", de_qui="votre réponse")
    assert dit == "1 question, 1 attend votre réponse"
