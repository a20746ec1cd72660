"""La loi des courriels : un objet n'ajoute jamais d'en-tête, un sujet de sûreté ne s'arrête pas."""

from datetime import datetime, time, timedelta
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import pytest
from django.core.mail import EmailMessage
from hypothesis import given
from hypothesis import strategies as st

from parvis.courriels import rules
from parvis.courriels.enums import Etat, Frequence, Sujet
from tests.architecture.regles import passages_incomplets

PARIS = ZoneInfo("Europe/Paris")
HEURE = time(7, 30)


def test_la_table_couvre_tous_les_etats():
    assert passages_incomplets(rules.PASSAGES, Etat, Etat.A_ENVOYER) == []
    assert rules.peut_passer(Etat.ABANDONNE, Etat.A_ENVOYER)
    assert not rules.peut_passer(Etat.ENVOYE, Etat.A_ENVOYER)


def test_chaque_sujet_a_sa_regle():
    assert list(rules.SUJETS) == list(Sujet)
    for regle in rules.SUJETS.values():
        assert regle.frequence != Frequence.JAMAIS
        assert not regle.pourquoi.endswith(".")


@pytest.mark.parametrize("sujet", [s for s, r in rules.SUJETS.items() if r.est_secret])
def test_ce_qui_ouvre_un_compte_part_tout_de_suite_et_ne_s_arrete_pas(sujet):
    regle = rules.SUJETS[sujet]
    assert (regle.frequence, regle.est_desabonnable) == (Frequence.IMMEDIAT, False)
    assert rules.motifs_empechant_le_choix(sujet=sujet, frequence=Frequence.JAMAIS)


def test_le_resume_n_est_jamais_lui_meme_resume():
    assert rules.SUJETS[Sujet.RESUME].frequence == Frequence.IMMEDIAT
    assert not rules.SUJETS[Sujet.RESUME].est_desabonnable


@given(st.text())
def test_un_objet_quelconque_ne_fait_qu_un_en_tete(objet):
    propre = rules.nettoyer_objet(objet)
    assert len(propre) <= rules.LONGUEUR_DE_L_OBJET
    assert len(propre.splitlines()) <= 1
    assert rules.nettoyer_objet(propre) == propre
    ecrit = EmailMessage(subject=propre, body="x", to=["a@b.example"], from_email="c@d.example")
    lu = message_from_bytes(ecrit.message().as_bytes(), policy=policy.default)
    assert lu.keys() == ecrit.message().keys()
    assert lu.get_content().strip() == "x"


@given(st.text())
def test_un_texte_quelconque_se_range_en_base_et_s_envoie(texte):
    propre = rules.nettoyer_texte(texte)
    assert "\0" not in propre
    assert "\r" not in propre
    assert propre.encode().decode() == rules.nettoyer_texte(propre) == propre


@pytest.mark.parametrize(
    ("ecrit", "propre"),
    [
        ("Bonjour\r\nBcc: tous@autre.example", "Bonjour Bcc: tous@autre.example"),
        ("Un\u2028deux\u202etrois", "Un deux trois"),
        ("Résumé\u00a0: 2", "Résumé\u00a0: 2"),
        ("x" * 200, "x" * 149 + "…"),
    ],
)
def test_un_objet_se_nettoie(ecrit, propre):
    assert rules.nettoyer_objet(ecrit) == propre


@pytest.mark.parametrize(
    ("change", "motif"),
    [
        ({"destinataire": "sans-arobase"}, "n’est pas une adresse"),
        ({"destinataire": "a@b.example\nBcc: c@d.example"}, "n’est pas une adresse"),
        ({"destinataire": "a@b.example,c@d.example"}, "n’est pas une adresse"),
        ({"destinataire": f"a@{'b' * 250}.example"}, "n’est pas une adresse"),
        ({"sujet": "publicite"}, "Le sujet « publicite » n’existe pas."),
        ({"objet": " \n\t"}, "n’a pas d’objet"),
    ],
)
def test_un_depot_impossible_dit_pourquoi(change, motif):
    bon = {"destinataire": "amina@tilleuls.example", "sujet": Sujet.SECURITE, "objet": "Un code"}
    assert rules.motifs_empechant_le_depot(**bon) == []
    assert motif in " ".join(rules.motifs_empechant_le_depot(**bon | change))


def test_tous_les_motifs_sont_dits_ensemble():
    assert len(rules.motifs_empechant_le_depot(destinataire="", sujet="", objet="")) == 3


@pytest.mark.parametrize(
    ("sujet", "frequence", "motif"),
    [
        ("publicite", Frequence.JAMAIS, "Le sujet"),
        (Sujet.ORGANISME, "parfois", "La fréquence"),
        (Sujet.SECURITE, Frequence.QUOTIDIEN, "ne se règlent pas"),
    ],
)
def test_un_choix_impossible_dit_pourquoi(sujet, frequence, motif):
    assert motif in rules.motifs_empechant_le_choix(sujet=sujet, frequence=frequence)[0]


def test_un_choix_possible():
    choix = {"sujet": Sujet.ORGANISME, "frequence": Frequence.JAMAIS}
    assert rules.motifs_empechant_le_choix(**choix) == []


def test_les_essais_s_espacent_puis_cessent():
    maintenant = datetime(2015, 6, 1, tzinfo=PARIS)
    attentes = [rules.prochain_essai(essais, maintenant) for essais in range(1, 8)]
    assert attentes[-1] is None
    minutes = [(a - maintenant) // timedelta(minutes=1) for a in attentes[:-1]]
    assert minutes == [1, 5, 30, 120, 480, 1440]


@pytest.mark.parametrize(
    ("code", "definitif"), [(250, False), (450, False), (500, True), (554, True), (600, False)]
)
def test_un_refus_est_definitif_a_partir_de_500(code, definitif):
    assert rules.est_definitif(code) is definitif


@pytest.mark.parametrize(
    ("maintenant", "attendu"),
    [
        (datetime(2015, 6, 2, 7, 30), datetime(2015, 6, 2, 7, 30)),
        (datetime(2015, 6, 2, 7, 29, 59), datetime(2015, 6, 1, 7, 30)),
        (datetime(2015, 6, 2, 23, 0), datetime(2015, 6, 2, 7, 30)),
        # L'heure change dans la nuit : le rendez-vous reste à l'heure de la montre.
        (datetime(2015, 3, 29, 6, 0), datetime(2015, 3, 28, 7, 30)),
        (datetime(2015, 10, 25, 8, 0), datetime(2015, 10, 25, 7, 30)),
    ],
)
def test_le_resume_a_une_heure_de_montre(maintenant, attendu):
    rendu = rules.dernier_rendez_vous(maintenant.replace(tzinfo=PARIS), HEURE)
    assert rendu == attendu.replace(tzinfo=PARIS)


def test_une_adresse_masquee_ne_se_devine_pas():
    assert rules.masquer("amina.traore@tilleuls.example") == "a•••@t•••.example"
