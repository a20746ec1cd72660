"""La loi des enveloppes : chaque motif, et tous à la fois."""

from datetime import date
from decimal import Decimal

import pytest

from parvis.programmation.rules import enveloppes as rules
from parvis.programmation.rules.enveloppes import Acte, DemandeAImputer, Place

JOUR = date(2026, 6, 1)
ICI, SUIVANTE = Place(1, 10, 2026), Place(1, 10, 2027)


def acte(montant=100, motif="", decide_le=JOUR) -> Acte:
    return Acte(Decimal(montant), motif, decide_le, JOUR)


def creer(**change) -> list[str]:
    valeurs = {"ligne": "P147", "exercice": 2026, "debut": 2024, "annee": 2026, "est_d_ici": True}
    return rules.motifs_empechant_de_creer(**(valeurs | change))


@pytest.mark.parametrize(
    ("change", "debut"),
    [
        ({"ligne": " — "}, "Nommez la ligne"),
        ({"exercice": 2023}, "L’exercice est une année, de 2024 à 2030."),
        ({"exercice": 2031}, "L’exercice est une année"),
        ({"est_d_ici": False}, "Choisissez une commune ou un pilier"),
    ],
)
def test_ce_qui_empeche_de_creer(change, debut):
    (motif,) = creer(**change)
    assert motif.startswith(debut)


def test_tous_les_motifs_de_creer_se_disent_a_la_fois():
    assert creer() == creer(exercice=2030) == creer(exercice=2024) == []
    assert len(creer(ligne="", exercice=1999, est_d_ici=False)) == 3


def test_une_sous_enveloppe_n_a_qu_un_niveau_et_le_meme_exercice():
    def motifs(mere=ICI, est_fille=False):
        return rules.motifs_empechant_une_sous_enveloppe(mere=mere, voulue=ICI, est_fille=est_fille)

    assert motifs() == []
    assert len(motifs(est_fille=True)) == 1
    assert len(motifs(Place(1, 10, 2025), est_fille=True)) == 2


def doter(acte_, est_fille=False, dote=500, reste=300) -> list[str]:
    return rules.motifs_empechant_de_doter(
        acte=acte_, est_fille=est_fille, dote=Decimal(dote), reste=Decimal(reste)
    )


@pytest.mark.parametrize(
    ("acte_", "debut"),
    [
        (acte(0), "Écrivez un montant"),
        (acte(-100), "Dites pourquoi l’enveloppe diminue."),
        (acte(-100, " … "), "Dites pourquoi l’enveloppe diminue."),
        (acte(-301, "Gel"), "L’enveloppe ne peut pas baisser de 301"),
        (acte(decide_le=date(2026, 6, 2)), "Une décision ne peut pas être datée"),
    ],
)
def test_ce_qui_empeche_de_doter(acte_, debut):
    (motif,) = doter(acte_)
    assert motif.startswith(debut)


def test_doter_et_ajuster_jusqu_au_dernier_euro():
    assert doter(acte(1)) == doter(acte(-300, "Gel")) == []
    # Un report reçu ne se reprend pas par la dotation.
    assert len(doter(acte(-300, "Gel"), dote=200)) == 1
    assert len(doter(acte(-900, "Gel"), est_fille=True)) == 3


def deleguer(acte_, est_sa_mere=True, delegue=200, reste=300, fille=50) -> list[str]:
    return rules.motifs_empechant_de_deleguer(
        acte=acte_,
        est_sa_mere=est_sa_mere,
        delegue=Decimal(delegue),
        reste=Decimal(reste),
        reste_de_la_fille=Decimal(fille),
    )


@pytest.mark.parametrize(
    ("acte_", "options", "debut"),
    [
        (acte(301), {}, "Il ne reste que 300"),
        (acte(100), {"est_sa_mere": False}, "On ne délègue qu’à une sous-enveloppe"),
        (acte(-50), {}, "Dites pourquoi cet argent revient."),
        (acte(-51, "Retour"), {}, "Il ne reste que 50"),
        (acte(-201, "Retour"), {"fille": 900}, "Ne revient que ce qui a été délégué : 200"),
        (acte(0), {}, "Écrivez un montant"),
    ],
)
def test_ce_qui_empeche_de_deleguer(acte_, options, debut):
    (motif,) = deleguer(acte_, **options)
    assert motif.startswith(debut)


def test_deleguer_tout_ce_qui_reste_et_le_reprendre():
    assert deleguer(acte(300)) == deleguer(acte(-50, "Retour")) == []
    assert len(deleguer(acte(-900), est_sa_mere=False)) == 4


def reporter(acte_, depuis=ICI, vers=SUIVANTE, reporte=100, reste=300, autre=40):
    return rules.motifs_empechant_de_reporter(
        acte=acte_,
        depuis=depuis,
        vers=vers,
        reporte=Decimal(reporte),
        reste=Decimal(reste),
        reste_de_l_autre=Decimal(autre),
    )


@pytest.mark.parametrize(
    ("acte_", "options", "debut"),
    [
        (acte(100), {}, "Nommez l’acte qui décide ce report"),
        (acte(301, "Délibération 12"), {}, "Il ne reste que 300"),
        (acte(1, "Délibération 12"), {"vers": ICI}, "Un report va vers un exercice suivant."),
        (acte(1, "Délibération 12"), {"vers": Place(2, 10, 2027)}, "Un report reste chez le même"),
        (acte(1, "Délibération 12"), {"vers": Place(1, 11, 2027)}, "Un report reste chez le même"),
        (acte(-41, "Erreur"), {}, "Il ne reste que 40"),
        (acte(-101, "Erreur"), {"autre": 900}, "Ne s’annule que ce qui a été reporté : 100"),
    ],
)
def test_ce_qui_empeche_de_reporter(acte_, options, debut):
    (motif,) = reporter(acte_, **options)
    assert motif.startswith(debut)


def test_un_report_nomme_toujours_son_acte_et_s_annule():
    assert reporter(acte(300, "Délibération 12")) == reporter(acte(-40, "Annulée")) == []
    assert len(reporter(acte(-900), vers=Place(2, 11, 2026))) == 5


def imputer(reste=300, est_la_sienne=False, **change) -> list[str]:
    valeurs = {
        "place": ICI,
        "nature": "numeraire",
        "guichet": "plateforme",
        "etat": "demandee",
        "vote": Decimal(0),
    }
    return rules.motifs_empechant_d_imputer(
        demande=DemandeAImputer(**(valeurs | change)),
        enveloppe=ICI,
        reste=Decimal(reste),
        est_la_sienne=est_la_sienne,
    )


@pytest.mark.parametrize(
    ("change", "debut"),
    [
        ({"nature": "nature"}, "Un apport en nature"),
        ({"guichet": "ailleurs"}, "Cette demande se suit ailleurs"),
        ({"etat": "preparee"}, "Cette demande n’est pas faite"),
        ({"etat": "refusee"}, "Cette demande n’est pas faite"),
        ({"place": Place(2, 10, 2026)}, "Cette demande est d’un autre contrat."),
        ({"place": Place(1, 11, 2026)}, "Cette demande est faite à un autre financeur."),
        ({"place": Place(1, None, 2026)}, "Cette demande est faite à un autre financeur."),
        ({"place": Place(1, 10, 2027)}, "Cette demande est pour 2027, l’enveloppe pour 2026."),
        ({"vote": Decimal(301)}, "L’enveloppe ne peut pas donner 301"),
        ({"est_la_sienne": True}, "Cette demande se prend déjà"),
    ],
)
def test_ce_qui_empeche_d_imputer(change, debut):
    (motif,) = imputer(**change)
    assert motif.startswith(debut)


def test_imputer_une_demande_faite_ou_deja_votee():
    assert imputer() == imputer(etat="accordee", vote=Decimal(300)) == []
    tout = {
        "nature": "nature",
        "guichet": "ailleurs",
        "etat": "retiree",
        "place": Place(2, 11, 2027),
    }
    assert len(imputer(**tout)) == 6


def test_une_demande_votee_ne_quitte_pas_son_enveloppe():
    assert rules.motifs_empechant_de_desimputer(vote=Decimal(0)) == []
    assert "changer d’enveloppe" in rules.motifs_empechant_de_desimputer(vote=Decimal(1))[0]


@pytest.mark.parametrize(
    ("disponible", "vote", "dit"),
    [
        (0, 0, "Cette enveloppe est vide."),
        (800, 800, "Tout est voté : 800\u00a0€."),
        (800, 0, "Il reste tout : 800\u00a0€."),
        (800, 300, "Il reste 500\u00a0€ sur 800\u00a0€."),
    ],
)
def test_le_reste_se_dit_en_une_phrase(disponible, vote, dit):
    assert rules.dire_le_reste(disponible=Decimal(disponible), vote=Decimal(vote)) == dit


@pytest.mark.parametrize(
    ("montant", "deja", "refuse"),
    [(300, 0, False), (301, 0, True), (400, 100, False), (401, 100, True)],
)
def test_un_vote_tient_dans_ce_qui_reste(montant, deja, refuse):
    motifs = rules.motifs_empechant_de_voter(
        montant=Decimal(montant), deja=Decimal(deja), reste=Decimal(300)
    )
    assert bool(motifs) is refuse
