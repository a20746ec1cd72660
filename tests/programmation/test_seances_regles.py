"""La loi d'une séance, sans base : chaque refus et ses mots, ce qui se propose, ce qui se dit."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier
from parvis.dossiers.rules.suivi import dire_la_proposition
from parvis.instances.enums import EtatDeReunion
from parvis.programmation.enums import EtatDeSeance, Resultat
from parvis.programmation.rules import seances as rules
from parvis.programmation.rules.seances import Avancee, DemandeAArbitrer
from parvis.socle.montants import INSECABLE

LE_JOUR = date(2026, 3, 10)
UNE = DemandeAArbitrer("CAF", Decimal(2000), EtatDeDemande.DEMANDEE, EtatDeDossier.RECEVABLE)
MONTANTS = st.decimals(-10, 10**6, places=2)


def simple(texte: str) -> str:
    return texte.replace(INSECABLE, " ").replace("\u202f", " ")


def preparer(**valeurs):
    depart = {
        "reunion": EtatDeReunion.PREVUE,
        "exercice": 2026,
        "reunie_le": LE_JOUR,
        "en_a_une": False,
    }
    return rules.motifs_empechant_de_preparer_la_seance(**(depart | valeurs))


@pytest.mark.parametrize(
    ("valeurs", "motif"),
    [
        ({"en_a_une": True}, "Cette réunion a déjà sa séance."),
        ({"reunion": EtatDeReunion.TENUE}, "Cette réunion est « tenue »."),
        ({"reunion": EtatDeReunion.ANNULEE}, "Cette réunion est « annulée »."),
        ({"exercice": 2028}, "Une réunion de 2026 n’arbitre pas l’exercice 2028."),
        ({"exercice": 2024}, "Une réunion de 2026 n’arbitre pas l’exercice 2024."),
    ],
)
def test_une_seance_se_prepare_pour_une_reunion_a_venir_de_son_temps(valeurs, motif):
    assert preparer(**valeurs) == [motif]


def test_preparer_est_permis_l_annee_d_avant_la_meme_et_celle_d_apres():
    assert [preparer(exercice=annee) for annee in (2025, 2026, 2027)] == [[], [], []]
    assert preparer(reunion=EtatDeReunion.CONVOQUEE) == []
    assert len(preparer(en_a_une=True, reunion=EtatDeReunion.TENUE, exercice=1990)) == 3


def test_l_ordre_du_jour_ne_change_plus_une_fois_la_seance_levee():
    permis = {e for e in EtatDeSeance if not rules.motifs_si_la_seance_ne_se_complete_plus(e)}
    assert permis == {EtatDeSeance.PREPAREE, EtatDeSeance.OUVERTE}
    assert rules.motifs_si_la_seance_ne_se_complete_plus(EtatDeSeance.LEVEE) == [
        "Cette séance est « levée » : son ordre du jour ne change plus."
    ]


def test_un_dossier_arbitre_ne_sort_pas_de_l_ordre_du_jour():
    assert rules.motifs_empechant_de_retirer(etat=EtatDeSeance.OUVERTE, est_arbitre=False) == []
    assert rules.motifs_empechant_de_retirer(etat=EtatDeSeance.OUVERTE, est_arbitre=True) == [
        "La séance a déjà arbitré ce dossier : annulez d’abord ses arbitrages."
    ]
    assert len(rules.motifs_empechant_de_retirer(etat=EtatDeSeance.LEVEE, est_arbitre=True)) == 2


def apport(**valeurs):
    depart = {
        "etat": EtatDeSeance.OUVERTE,
        "est_attendu": True,
        "montant": Decimal(100),
        "vote_prevu_le": LE_JOUR,
        "reunie_le": LE_JOUR,
    }
    return rules.motifs_empechant_l_apport(**(depart | valeurs))


@pytest.mark.parametrize(
    ("valeurs", "motif"),
    [
        ({"etat": EtatDeSeance.PUBLIEE}, "Cette séance est « publiée » : elle ne change plus."),
        (
            {"est_attendu": False},
            "Aucun dossier de la séance ne demande rien à ce financeur.",
        ),
        ({"montant": Decimal("-0.01")}, "Un apport ne peut pas être négatif."),
        ({"vote_prevu_le": date(2026, 3, 9)}, "Le vote ne peut pas venir avant la séance."),
    ],
)
def test_un_apport_refuse_dit_pourquoi(valeurs, motif):
    assert apport(**valeurs) == [motif]


@pytest.mark.parametrize("montant", [None, Decimal(0), Decimal("0.01")])
@pytest.mark.parametrize("etat", [e for e in EtatDeSeance if e != EtatDeSeance.PUBLIEE])
def test_un_financeur_apporte_ce_qu_il_veut_dire_jusqu_a_la_publication(montant, etat):
    assert apport(montant=montant, etat=etat, vote_prevu_le=None) == []


def ouvrir(**valeurs):
    depart = {
        "etat": EtatDeSeance.PREPAREE,
        "reunion": EtatDeReunion.CONVOQUEE,
        "reunie_le": LE_JOUR,
        "jour": LE_JOUR,
        "points": 3,
        "membres": 2,
        "absents_de_la_feuille": [],
        "quorum": "",
    }
    return rules.motifs_empechant_d_ouvrir(**(depart | valeurs))


@pytest.mark.parametrize(
    ("valeurs", "motif"),
    [
        (
            {"etat": EtatDeSeance.OUVERTE},
            "Cette séance est « ouverte » : cela ne se fait pas, ou plus.",
        ),
        ({"reunion": EtatDeReunion.ANNULEE}, "La réunion est annulée."),
        (
            {"jour": date(2026, 3, 9)},
            "La réunion n’est pas aujourd’hui : la séance s’ouvre ce jour-là.",
        ),
        ({"points": 0}, "Rien n’est à l’ordre du jour."),
        (
            {"membres": 0},
            "Personne ne siège dans cette instance : nommez d’abord ses membres.",
        ),
        (
            {"absents_de_la_feuille": ["Mme Dupré", "Samia Essai"], "quorum": "0 voix sur 2"},
            "Notez d’abord la présence de chacun : il manque Mme Dupré, Samia Essai.",
        ),
        (
            {"quorum": "1 voix sur 4, il en faut 2 : le quorum n’est pas atteint"},
            "1 voix sur 4, il en faut 2 : le quorum n’est pas atteint : la séance ne s’ouvre pas. "
            "Convoquez de nouveau.",
        ),
    ],
)
def test_une_seance_qui_ne_s_ouvre_pas_dit_pourquoi(valeurs, motif):
    assert ouvrir() == []
    assert ouvrir(**valeurs) == [motif]


def test_une_reunion_deja_tenue_ou_passee_s_ouvre_encore():
    assert ouvrir(reunion=EtatDeReunion.TENUE, jour=date(2026, 3, 20)) == []


def test_lever_et_publier_suivent_la_table_des_passages():
    assert [e for e in EtatDeSeance if not rules.motifs_empechant_de_lever(e)] == [
        EtatDeSeance.OUVERTE
    ]
    publier = rules.motifs_empechant_de_publier_la_seance
    assert [e for e in EtatDeSeance if not publier(etat=e, restent=0)] == [EtatDeSeance.LEVEE]
    assert publier(etat=EtatDeSeance.LEVEE, restent=1) == [
        "1 demande sans arbitrage : arbitrez, ou ajournez ce qui reste."
    ]
    assert publier(etat=EtatDeSeance.OUVERTE, restent=3) == [
        "Cette séance est « ouverte » : cela ne se fait pas, ou plus.",
        "3 demandes sans arbitrage : arbitrez, ou ajournez ce qui reste.",
    ]


def test_la_table_des_passages_est_entiere_et_ne_revient_jamais():
    assert set(rules.PASSAGES) == set(EtatDeSeance)
    rangs = {etat: rang for rang, etat in enumerate(EtatDeSeance)}
    assert all(rangs[v] == rangs[d] + 1 for d, vers in rules.PASSAGES.items() for v in vers)


def arbitrer(resultat=Resultat.ACCORDE, montant=None, motif="", vers="", **valeurs):
    depart = {"seance": EtatDeSeance.OUVERTE, "demande": UNE}
    return rules.motifs_empechant_l_arbitrage(
        resultat=resultat, montant=montant, motif=motif, vers=vers, **(depart | valeurs)
    )


@given(st.decimals(0, 10**6, places=2), MONTANTS)
def test_on_propose_plus_de_zero_et_jamais_plus_que_demande(demande, montant):
    une = DemandeAArbitrer("CAF", demande, EtatDeDemande.DEMANDEE, EtatDeDossier.RECEVABLE)
    assert (arbitrer(montant=montant, demande=une) == []) == (0 < montant <= demande)


@pytest.mark.parametrize(
    ("dit", "motifs"),
    [
        (("accorde",), ["CAF : écrivez le montant."]),
        (("accorde", Decimal(0)), ["CAF : écrivez le montant."]),
        (("accorde", Decimal("2000.01")), ["CAF : 2 000,01 € pour 2 000 € demandés."]),
        (("refuse",), ["CAF : dites pourquoi."]),
        (("refuse", None, " … "), ["CAF : dites pourquoi."]),
        (("ajourne",), ["CAF : dites pourquoi."]),
        (("oriente", None, "Un séjour"), ["CAF : dites vers quel dispositif."]),
        (("oriente", None, "Un séjour", "?"), ["CAF : dites vers quel dispositif."]),
        (("oriente",), ["CAF : dites pourquoi.", "CAF : dites vers quel dispositif."]),
        (("peut-etre", None, "x"), ["CAF : choisissez ce que propose la séance."]),
        (("",), ["CAF : choisissez ce que propose la séance."]),
    ],
)
def test_un_arbitrage_incomplet_dit_ce_qui_manque(dit, motifs):
    assert [simple(motif) for motif in arbitrer(*dit)] == motifs


@pytest.mark.parametrize("etat", EtatDeDemande)
@pytest.mark.parametrize("dossier", EtatDeDossier)
def test_seule_une_demande_qui_attend_dans_un_dossier_recevable_s_arbitre(etat, dossier):
    motifs = arbitrer(
        montant=Decimal(10), demande=DemandeAArbitrer("CAF", Decimal(10), etat, dossier)
    )
    attend = (etat, dossier) == (EtatDeDemande.DEMANDEE, EtatDeDossier.RECEVABLE)
    assert motifs == ([] if attend else ["CAF : cette demande n’est plus à arbitrer."])


def test_on_n_arbitre_qu_en_seance_et_jusqu_a_la_publication():
    attendus = {
        EtatDeSeance.PREPAREE: ["La séance n’est pas ouverte."],
        EtatDeSeance.OUVERTE: [],
        EtatDeSeance.LEVEE: [],
        EtatDeSeance.PUBLIEE: ["Cette séance est « publiée » : elle ne change plus."],
    }
    for etat, motifs in attendus.items():
        assert rules.motifs_si_la_seance_n_arbitre_pas(etat) == motifs
        assert arbitrer(montant=Decimal(10), seance=etat) == motifs


@pytest.mark.parametrize("resultat", rules.MOTIFS)
def test_les_motifs_a_une_touche_suffisent(resultat):
    for motif in rules.MOTIFS[resultat]:
        assert arbitrer(resultat, None, motif, vers="Quartiers d’été") == []
    assert arbitrer(Resultat.AJOURNE, None, rules.RESTE_AJOURNE) == []
    assert set(rules.MOTIFS) == set(Resultat) - {Resultat.ACCORDE}


@pytest.mark.parametrize(
    ("depart", "actuel", "dit", "motif"),
    [
        (0, 0, "", ""),
        (2, 2, "accordée, 10 €", ""),
        (0, 1, "accordée, 10 €", "quelqu’un vient de l’arbitrer (accordée, 10 €)"),
        (1, 3, "refusée", "quelqu’un vient de l’arbitrer (refusée)"),
        (1, 0, "", "quelqu’un vient d’annuler son arbitrage"),
        (
            2,
            1,
            "refusée",
            "quelqu’un vient d’annuler son arbitrage (refusée vaut de nouveau)",
        ),
    ],
)
def test_qui_arbitre_sans_avoir_lu_le_dernier_mot_l_apprend(depart, actuel, dit, motif):
    motifs = rules.motifs_si_un_autre_a_arbitre(nom="CAF", depart=depart, actuel=actuel, dit=dit)
    assert motifs == ([f"CAF : {motif}. Relisez, puis recommencez."] if motif else [])


@pytest.mark.parametrize(
    ("avancee", "phrase"),
    [
        (Avancee(0, 0), "Rien à arbitrer"),
        (Avancee(1, 0), "1 demande à arbitrer"),
        (Avancee(200, 0), "200 demandes à arbitrer"),
        (Avancee(200, 188), "12 demandes à arbitrer sur 200"),
        (Avancee(2, 1), "1 demande à arbitrer sur 2"),
        (Avancee(2, 2), "Tout est arbitré"),
    ],
)
def test_ou_en_est_la_seance_se_dit_en_mots(avancee, phrase):
    assert avancee.phrase == phrase


@pytest.mark.parametrize(
    ("propose", "reste", "attendu"),
    [
        (None, None, 2000),
        (1500, None, 1500),
        (1500, 1200, 1200),
        (None, 5000, 2000),
        (1500, 0, None),
        (1500, -300, None),
    ],
)
def test_le_montant_d_abord_est_le_propose_dans_ce_qui_reste_et_rien_sans_reste(
    propose, reste, attendu
):
    lu = [None if m is None else Decimal(m) for m in (propose, reste)]
    assert rules.montant_propose_d_abord(Decimal(2000), *lu) == attendu


@pytest.mark.parametrize(
    ("dit", "phrase"),
    [
        ({"resultat": "accorde", "montant": Decimal(2000)}, "accordée, 2 000 €"),
        (
            {"resultat": "accorde", "montant": Decimal(800), "condition": "Un lieu."},
            "accordée en partie, 800 € sur 2 000 € demandés, sous réserve : Un lieu",
        ),
        ({"resultat": "refuse", "montant": None}, "refusée"),
        (
            {"resultat": "oriente", "montant": None, "vers": "Été"},
            "orientée vers un autre dispositif (Été)",
        ),
    ],
)
def test_un_arbitrage_se_dit_en_peu_de_mots(dit, phrase):
    assert simple(rules.dire_l_arbitrage(demande=Decimal(2000), **dit)) == phrase


@given(st.lists(st.one_of(st.none(), st.decimals(0, 10**6, places=2))))
def test_la_somme_ne_compte_que_ce_qui_est_dit(montants):
    assert rules.somme(montants) == sum(m or 0 for m in montants)
    assert isinstance(rules.somme([]), Decimal)


def test_le_porteur_lit_une_proposition_jamais_un_accord():
    dite = dire_la_proposition(nom="CAF", montant=Decimal(1500), vote="3 avril 2026")
    assert (
        simple(dite)
        == "proposition favorable de CAF : 1 500 €, sous réserve du vote du 3 avril 2026"
    )
    dite = dire_la_proposition(nom="CAF", montant=Decimal(1500), vote="")
    assert simple(dite) == "proposition favorable de CAF : 1 500 €, sous réserve de son vote"
    dite = dire_la_proposition(nom="CAF", montant=Decimal(0), vote="3 avril 2026")
    assert dite == "pas de proposition favorable de CAF, dont la décision dira pourquoi"
