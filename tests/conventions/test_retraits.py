"""Reverser et retirer : après avoir entendu, au prorata, et rien de plus ne se verse ensuite."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from parvis.conventions.actions import retraits as actions
from parvis.conventions.actions import reversements
from parvis.conventions.actions.versements import annuler_un_versement
from parvis.conventions.models import Acte, Retrait
from parvis.conventions.rules.retraits import (
    LigneARetirer,
    au_prorata,
    motifs_empechant_de_retirer,
    rendre_avant,
    reprendre,
)
from parvis.courriels.models import Courriel
from parvis.journal.models import Details, Evenement
from tests.conventions.controle import ecarts
from tests.conventions.test_versements import refus
from tests.decors import decor
from tests.fabriques import versements as fabrique
from tests.fabriques.versements import UN_JOUR

D = Decimal


@decor
def guichet() -> fabrique.Guichet:
    return fabrique.guichet()


@pytest.mark.parametrize(
    ("montant", "manquement", "retire"),
    [
        ("1000", date(2026, 1, 1), "1000"),
        ("1000", date(2026, 12, 31), "2.74"),
        ("1000", date(2026, 7, 2), "501.37"),
        ("0.01", date(2026, 7, 2), "0.01"),
    ],
)
def test_le_prorata_compte_les_jours_qui_restaient(montant, manquement, retire):
    periode = {"debut": date(2026, 1, 1), "fin": date(2026, 12, 31)}
    assert au_prorata(D(montant), manquement=manquement, **periode) == D(retire)


def test_un_manquement_hors_de_la_periode_n_a_pas_de_prorata():
    for jour in (date(2025, 12, 31), date(2027, 1, 1)):
        with pytest.raises(ValueError, match="période"):
            au_prorata(D(1), debut=date(2026, 1, 1), fin=date(2026, 12, 31), manquement=jour)


@pytest.mark.parametrize(
    ("decide", "avant"),
    [
        (date(2026, 1, 15), date(2026, 7, 15)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2026, 6, 30), date(2026, 12, 30)),
        (date(2026, 7, 31), date(2027, 1, 31)),
    ],
)
def test_six_mois_pour_rendre(decide, avant):
    assert rendre_avant(decide) == avant


LIGNES = st.lists(
    st.tuples(st.integers(1, 10**7), st.integers(0, 100), st.integers(0, 100)),
    min_size=1,
    max_size=6,
)


@given(LIGNES, st.integers(1, 100))
def test_un_retrait_ne_redemande_que_ce_qui_est_verse_et_de_trop(dites, pour_cent):
    lignes = []
    for centimes, verse, rendu in dites:
        paye = centimes * verse // 100
        lignes.append(LigneARetirer(D(centimes) / 100, D(paye) / 100, D(paye * rendu // 100) / 100))
    montant = (sum(un.montant for un in lignes) * pour_cent / 100).quantize(D("0.01"))
    reprises = reprendre(montant, lignes)
    assert sum(r.montant for r in reprises) == montant
    for ligne, reprise in zip(lignes, reprises, strict=True):
        assert 0 <= reprise.montant <= ligne.montant
        assert reprise.degage == ligne.montant - ligne.verse >= 0
        garde = ligne.montant - reprise.montant
        # Ce qui est redemandé d'une ligne y est versé, et de trop.
        assert 0 <= reprise.a_rendre <= max(0, ligne.verse - ligne.rendu - garde)
    verse = sum(un.verse - un.rendu for un in lignes)
    garde = sum(un.montant for un in lignes) - montant
    # L'organisme garde tout ce qui est versé, ou juste ce qu'il garde : jamais moins, jamais plus.
    assert verse - sum(r.a_rendre for r in reprises) == min(verse, garde)


def test_on_entend_avant_de_retirer():
    delai = {"etat": "a_entendre", "repondre_avant_le": date(2026, 3, 16)}
    avant = motifs_empechant_de_retirer(est_entendu=False, jour=date(2026, 3, 16), **delai)
    assert "16/03/2026" in avant[0]
    for dit in (
        {"est_entendu": True, "jour": date(2026, 3, 1)},
        {"est_entendu": False, "jour": date(2026, 3, 17)},
    ):
        assert motifs_empechant_de_retirer(**delai, **dit) == []


def test_un_retrait_arrete_les_versements_et_redemande_le_trop_verse(guichet):
    guichet.verser(1)
    retrait = guichet.retirer()
    # Cinquante jours restaient sur cent : la moitié de 2 000 € est retirée, 1 400 € sont versés.
    assert (retrait.etat, retrait.montant) == ("decide", D(1000))
    dus = [(r.demande_id, r.montant) for r in guichet.lu.reversements]
    assert dus == [(d.pk, s) for d, s in zip(guichet.demandes, (D(300), D(100)), strict=True)]
    assert {r.avant_le for r in guichet.lu.reversements} == {rendre_avant(timezone.localdate())}
    assert [d.montant_engage for d in guichet.demandes] == [D(1050), D(350)]
    assert "est retirée" in refus(guichet.verser, 2)[0]
    assert ecarts() == []
    for du in guichet.lu.reversements:
        reversements.recevoir_un_reversement(
            par=guichet.samia, reversement=du, recu_le=timezone.localdate()
        )
    assert [d.montant_verse for d in guichet.demandes] == [D(750), D(250)]
    assert [d.montant_engage for d in guichet.demandes] == [D(750), D(250)]
    assert ecarts() == []


def test_un_retrait_avant_tout_versement_degage_tout(guichet):
    guichet.retirer()
    assert [d.montant_engage for d in guichet.demandes] == [None, None]
    assert guichet.lu.reversements == []
    assert "est retirée" in refus(guichet.verser, 1)[0]


def test_apres_un_retrait_un_versement_ne_s_annule_plus(guichet):
    (fait,) = guichet.verser(1)
    guichet.retirer()
    motifs = refus(annuler_un_versement, par=guichet.samia, versement=fait, motif="Erreur")
    assert motifs == ["Un retrait s’appuie sur ce versement : il ne s’annule plus."]


def test_retirer_sans_avoir_entendu_se_refuse_meme_a_la_base(guichet, sans_declencheurs):
    ouvert = guichet.observations()
    assert "a jusqu’au" in refus(actions.retirer, par=guichet.samia, retrait=ouvert)[0]
    assert "déjà ouvert" in refus(guichet.observations)[0]
    jour = timezone.localdate()
    with sans_declencheurs(tables={"conventions_retrait"}):
        Retrait.objects.update(
            observations_demandees_le=jour - 20 * UN_JOUR, repondre_avant_le=jour - UN_JOUR
        )
    assert actions.retirer(par=guichet.samia, retrait=ouvert, sans_verser=True).decide_le == jour


def test_un_retrait_abandonne_laisse_payer_et_peut_se_rouvrir(guichet):
    ouvert = guichet.observations()
    assert refus(actions.abandonner_le_retrait, par=guichet.samia, retrait=ouvert, motif="") == [
        "Dites pourquoi vous y renoncez."
    ]
    actions.abandonner_le_retrait(par=guichet.samia, retrait=ouvert, motif="Manquement non établi")
    guichet.verser(1)
    for faire in (
        lambda: actions.retirer(par=guichet.samia, retrait=ouvert, sans_verser=True),
        lambda: actions.abandonner_le_retrait(par=guichet.samia, retrait=ouvert, motif="x"),
        lambda: actions.noter_les_observations(
            par=guichet.samia, retrait=ouvert, observations="x", recues_le=timezone.localdate()
        ),
    ):
        assert refus(faire) == ["Ce retrait est déjà décidé ou abandonné."]
    assert guichet.retirer().montant == D(1000)


def test_un_acte_en_nature_dit_qu_il_n_a_pas_d_argent_a_retirer(guichet):
    pret = fabrique.autre_demande(guichet.site, rang=30, nature="nature")
    guichet.acte = fabrique.notifier(guichet.site, {pret.pk: "700"}, numero="13")
    assert guichet.acte.montant_nature == D(700)
    assert refus(guichet.observations) == [
        "Cet acte n’engage pas d’argent : il n’y a rien à retirer."
    ]


@pytest.mark.parametrize(
    ("dit", "motif"),
    [
        ({"motif": " "}, "quel est le manquement"),
        ({"manquement_le": None}, "Écrivez le jour du manquement"),
        ({"fin_le": timezone.localdate() - UN_JOUR}, "dans la période"),
        ({"manquement_le": timezone.localdate() + UN_JOUR}, "à venir"),
    ],
)
def test_ouvrir_mal_un_retrait_se_refuse(guichet, dit, motif):
    motifs = refus(guichet.observations, **dit)
    assert len(motifs) == 1 and motif in motifs[0]


def test_des_observations_sans_texte_ni_jour_se_refusent(guichet):
    ouvert = guichet.observations()
    motifs = refus(
        actions.noter_les_observations,
        par=guichet.samia,
        retrait=ouvert,
        observations=" ",
        recues_le=timezone.localdate() - UN_JOUR,
    )
    assert len(motifs) == 2


def test_nul_autre_service_ne_retire_ni_ne_redemande(guichet):
    guichet.verser(1)
    du, ouvert = guichet.reversement(), guichet.observations()
    olga, jour = guichet.site.vote.etude.olga, timezone.localdate()
    for faire in (
        lambda: guichet.reversement(par=olga),
        lambda: reversements.recevoir_un_reversement(par=olga, reversement=du, recu_le=jour),
        lambda: reversements.abandonner_un_reversement(par=olga, reversement=du, motif="x"),
        lambda: actions.retirer(par=olga, retrait=ouvert),
        lambda: actions.abandonner_le_retrait(par=olga, retrait=ouvert, motif="x"),
        lambda: actions.noter_les_observations(
            par=olga, retrait=ouvert, observations="x", recues_le=jour
        ),
        lambda: actions.demander_les_observations(
            par=olga, acte=guichet.acte, motif="x", manquement_le=jour, debut_le=jour, fin_le=jour
        ),
    ):
        with pytest.raises(Acte.DoesNotExist):
            faire()


def test_ce_qui_reste_du_se_verse_ou_se_confirme_avant_de_retirer(guichet):
    ouvert = guichet.observations()
    guichet.repondre()
    guichet.payer("400")
    motif = "600 € restent dus à l’organisme : versez-les d’abord"
    dits = refus(actions.retirer, par=guichet.samia, retrait=ouvert)
    assert len(dits) == 1 and motif in dits[0].replace("\xa0", " ")
    guichet.payer("600")
    assert actions.retirer(par=guichet.samia, retrait=ouvert).montant == D(1000)
    assert [d.montant_verse for d in guichet.demandes] == [D(750), D(250)]
    assert guichet.lu.reversements == []
    assert ecarts() == []


def test_retirer_sans_verser_ce_qui_reste_du_se_dit(guichet):
    ouvert = guichet.observations()
    guichet.repondre()
    guichet.payer("400")
    Courriel.objects.all().delete()
    actions.retirer(par=guichet.samia, retrait=ouvert, sans_verser=True)
    dit = Courriel.objects.filter(objet__contains="retire").first().texte.replace("\xa0", " ")
    assert "600 € qui vous restaient dus ne seront pas versés." in dit
    note = Evenement.objects.get(action="conventions.retirer")
    assert "600" in Details.objects.get(evenement=note).contenu["non_verse"]
