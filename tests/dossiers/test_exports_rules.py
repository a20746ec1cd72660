"""Lire l'export d'un portail : colonnes, statuts, montants, numéros ; juger ce qu'il changerait."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.dossiers.enums import EtatDeDemande
from parvis.dossiers.rules.exports import (
    STATUTS,
    LigneBrute,
    LigneDExport,
    LigneIllisible,
    Reponse,
    Suivie,
    ce_que_devient,
    change,
    dire_la_reponse,
    ecarter_les_doublons,
    est_a_confirmer,
    lire_la_ligne,
    motifs_empechant_la_reprise,
    reconnaitre_les_colonnes,
)
from parvis.socle.montants import ecrire_montant

JOUR = date(2026, 11, 27)
SUIVIE = Suivie(2026, "demandee", "DA01234567", "", "", False, date(2026, 1, 15))
ACCORDEE = LigneDExport(4, "DA01234567", "A justifier", "accordee", Decimal(800))


def lire(**faits):
    return lire_la_ligne(LigneBrute(7, faits))


# Les colonnes.


@pytest.mark.parametrize(
    ("titres", "trouvees"),
    [
        (
            ["Référence administrative", "Statut", "Montant voté", "Exercice budgétaire"],
            {"numero": 0, "statut": 1, "vote": 2, "exercice": 3},
        ),
        (
            ["exerciceBudgetaire", "montantVote.ht", "statut", "referenceAdministrative"],
            {"numero": 3, "statut": 2, "vote": 1, "exercice": 0},
        ),
        (
            ["Action de demande - Code dossier", "CHORUS -EJ", "ETAT", "Date de la décision"],
            {"numero": 0, "statut": 2, "vote_le": 3},
        ),
        # La première colonne de ce nom l'emporte ; une autre du même sens ne la remplace pas.
        (["numéro", "n° action", "statut"], {"numero": 0, "statut": 2}),
    ],
)
def test_les_colonnes_se_reconnaissent_par_leur_nom(titres, trouvees):
    colonnes, motifs = reconnaitre_les_colonnes(titres, {})
    assert motifs == []
    assert colonnes == {fait: titres[rang] for fait, rang in trouvees.items()}


def test_la_correspondance_gardee_passe_avant_si_la_colonne_est_encore_la():
    titres = ["numéro", "Mon numéro", "statut"]
    assert reconnaitre_les_colonnes(titres, {"numero": "Mon numéro"})[0]["numero"] == "Mon numéro"
    assert reconnaitre_les_colonnes(titres, {"numero": "Partie"})[0]["numero"] == "numéro"


def test_une_colonne_necessaire_qui_manque_se_dit_avec_celles_du_fichier():
    _, motifs = reconnaitre_les_colonnes(["Intitulé", "Montant voté"], {})
    assert [motif.partition(".")[0] for motif in motifs] == [
        "Aucune colonne ne dit le numéro de l’action",
        "Aucune colonne ne dit le statut",
    ]
    assert "Intitulé, Montant voté" in motifs[0]


# Une ligne.


@pytest.mark.parametrize(
    ("statut", "etat"),
    [
        ("Rejetée", "refusee"),
        ("REJETEE", "refusee"),
        ("A justifier", "accordee"),
        ("À justifier", "accordee"),
        ("A été versé", "accordee"),
        ("Justification en cours", "accordee"),
        ("Clôturée", "irrecevable"),
        ("Non recevable", "irrecevable"),
        ("Prise en charge", "demandee"),
        ("En attente d’attestation", "demandee"),
        ("En cours", "demandee"),
    ],
)
def test_les_mots_du_portail_ont_notre_etat(statut, etat):
    assert lire(numero="01234567", statut=statut).etat == etat


def test_chaque_statut_mene_a_un_etat_que_porte_une_demande():
    assert set(STATUTS.values()) <= set(EtatDeDemande.values)
    assert len(STATUTS) == 15


def test_une_ligne_entiere_se_lit():
    ligne = lire(
        numero=" da 01234567-1",
        statut="A justifier",
        vote="1 000,50 €",
        vote_le="2026-05-12T00:00:00",
        exercice="2026",
    )
    assert ligne == LigneDExport(
        7, "DA01234567-1", "A justifier", "accordee", Decimal("1000.50"), date(2026, 5, 12), 2026
    )
    assert ligne.racine == "01234567"


def test_une_ligne_illisible_dit_tout_ce_qui_ne_va_pas():
    illisible = lire(numero="AB", statut="Perdue", vote="1,000", vote_le="hier", exercice="l’an 2")
    assert isinstance(illisible, LigneIllisible) and illisible.ligne == 7
    dits = " ".join(illisible.motifs)
    assert len(illisible.motifs) == 5
    for mot in ("« AB »", "« Perdue »", "se lit de deux façons", "« hier »", "« l’an 2 »"):
        assert mot in dits


def test_une_ligne_vide_ne_dit_rien():
    assert lire(numero=" ", statut="") is None


@given(st.decimals(min_value=0, max_value=10**8, places=2))
def test_un_montant_ecrit_a_la_francaise_se_relit(montant):
    lue = lire(numero="01234567", statut="A justifier", vote=ecrire_montant(montant))
    assert lue.vote == montant


@given(st.text(max_size=20))
def test_un_montant_quelconque_se_lit_ou_se_dit(texte):
    lue = lire(numero="01234567", statut="En cours", vote=texte)
    if isinstance(lue, LigneIllisible):
        assert "montant voté" in lue.motifs[0]
    else:
        assert lue.vote is None or lue.vote >= 0


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)), st.sampled_from(["%d/%m/%Y", "%Y-%m-%d"]))
def test_une_date_se_lit_dans_ses_deux_ecritures(jour, forme):
    assert lire(numero="01234567", statut="En cours", vote_le=jour.strftime(forme)).vote_le == jour


def test_les_doublons_semblables_n_en_font_qu_un_les_autres_se_disent():
    pareille = replace(ACCORDEE, ligne=5, numero="01234567-1")
    autre_an = replace(ACCORDEE, ligne=6, exercice=2025)
    autre = replace(ACCORDEE, ligne=9, vote=Decimal(1))
    assert ecarter_les_doublons([ACCORDEE, pareille, autre_an]) == ([ACCORDEE, autre_an], [])
    gardees, doublons = ecarter_les_doublons([ACCORDEE, pareille, autre])
    assert gardees == [] and "4, 5, 9" in doublons[0].motifs[0]


# Ce qu'une demande devient.


@pytest.mark.parametrize(
    ("suivie", "ligne", "quand"),
    [
        # Sans date, le jour de l'import.
        (SUIVIE, ACCORDEE, JOUR),
        (SUIVIE, replace(ACCORDEE, vote_le=date(2026, 5, 1)), date(2026, 5, 1)),
        # Le même vote garde sa date, d'un import au suivant.
        (
            replace(
                SUIVIE,
                etat="accordee",
                vote=Decimal(800),
                vote_le=date(2026, 6, 1),
                source="export",
            ),
            ACCORDEE,
            date(2026, 6, 1),
        ),
        # La date qu'une personne a notée vaut mieux que celle de l'export.
        (
            replace(
                SUIVIE,
                etat="accordee",
                vote=Decimal(800),
                vote_le=date(2026, 6, 1),
                est_notee=True,
            ),
            replace(ACCORDEE, vote_le=date(2026, 7, 1)),
            date(2026, 6, 1),
        ),
    ],
)
def test_la_date_d_une_decision(suivie, ligne, quand):
    assert ce_que_devient(suivie, ligne, JOUR).vote_le == quand


def test_une_demande_qui_n_est_pas_accordee_n_a_pas_de_montant():
    ligne = replace(ACCORDEE, statut="Rejetée", etat="refusee")
    assert ce_que_devient(SUIVIE, ligne, JOUR).vote is None


VERS = Reponse("accordee", "DA01234567", "A justifier", Decimal(800), date(2026, 5, 1))
REFUS = Reponse("refusee", "DA01234567", "Rejetée")
VOTEE = replace(SUIVIE, etat="accordee", vote=Decimal(900), vote_le=date(2026, 4, 1))


@pytest.mark.parametrize(
    ("suivie", "vers", "motif"),
    [
        (SUIVIE, VERS, ""),
        (SUIVIE, REFUS, ""),
        (SUIVIE, replace(REFUS, etat="irrecevable"), ""),
        (VOTEE, REFUS, ""),
        (replace(SUIVIE, etat="refusee"), replace(REFUS, etat="irrecevable"), ""),
        (replace(SUIVIE, etat="irrecevable"), VERS, ""),
        (replace(SUIVIE, etat="irrecevable"), replace(REFUS, etat="demandee"), ""),
        (
            replace(SUIVIE, etat="retiree"),
            VERS,
            "retirée ici, et le portail la dit « A justifier »",
        ),
        (VOTEE, replace(REFUS, etat="irrecevable", statut="Cloturée"), "le portail la dit"),
        (replace(VOTEE, engage=Decimal(900)), REFUS, "une convention est déjà notée"),
        (replace(VOTEE, engage=Decimal(900)), VERS, "plus petit que la convention"),
        (SUIVIE, replace(VERS, vote=None, vote_le=None), "ne dit pas combien"),
        (SUIVIE, replace(VERS, vote=Decimal(0)), "le montant voté est nul"),
        (SUIVIE, replace(VERS, vote_le=JOUR + timedelta(days=1)), "un jour à venir"),
        (SUIVIE, replace(VERS, vote_le=date(2025, 1, 1)), "avant la demande"),
    ],
)
def test_ce_qui_empeche_une_reprise(suivie, vers, motif):
    motifs = motifs_empechant_la_reprise(suivie, vers, JOUR)
    assert motif in " ".join(motifs) and bool(motifs) is bool(motif)


@pytest.mark.parametrize(
    ("suivie", "attend"),
    [
        (VOTEE, False),
        (replace(VOTEE, est_notee=True), True),
        (replace(VOTEE, est_notee=True, source="personne"), True),
        # Un import remplace un import sans rien demander.
        (replace(VOTEE, est_notee=True, source="export"), False),
        # Il ne contredit rien : il apprend le statut.
        (replace(VOTEE, est_notee=True, vote=Decimal(800)), False),
    ],
)
def test_l_export_n_efface_pas_ce_qu_une_personne_a_note(suivie, attend):
    assert est_a_confirmer(suivie, VERS) is attend


def test_ce_qui_est_deja_su_ne_change_rien():
    deja = replace(
        SUIVIE, etat="accordee", vote=Decimal(800), vote_le=VERS.vote_le, statut="A justifier"
    )
    assert not change(deja, VERS)
    for autre in (
        replace(VERS, vote=Decimal(801)),
        replace(VERS, numero="01234567"),
        replace(VERS, statut="Justifiée"),
        replace(VERS, vote_le=JOUR),
    ):
        assert change(deja, autre)


def test_une_reponse_se_dit_en_quelques_mots():
    dit = dire_la_reponse("accordee", Decimal(800), JOUR, "A justifier", "DA01234567")
    assert dit.replace("\u00a0", " ") == (
        "accordée, 800 € votés le 27/11/2026, « A justifier », n° DA01234567"
    )
    assert "1\u00a0€ voté le" in dire_la_reponse("accordee", Decimal(1), JOUR, "", "")
    assert dire_la_reponse("demandee", None, None, "", "") == "demandée"
