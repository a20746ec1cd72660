"""Tenir une instance : ses membres, ses réunions, qui y était."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.courriels.models import Courriel
from parvis.instances import actions, queries, rules
from parvis.instances.enums import EtatDePresence, EtatDeReunion, Voix
from parvis.instances.models import Instance, Mandat, Presence, Reunion
from parvis.instances.rules import Siege, Venue
from parvis.socle.refus import Refus
from tests.decors import decor
from tests.fabriques import instances
from tests.fabriques.cadre import contrat_publie
from tests.fabriques.comptes import Monde, monde

pytestmark = pytest.mark.django_db


@decor
def lieux() -> Monde:
    contrat_publie("tilleuls")
    contrat_publie("voisin")
    return monde()


@pytest.fixture
def pilote(lieux) -> Acteur:
    return lieux.acteurs["pilote"]


@pytest.fixture
def contrat(lieux) -> Contrat:
    return Contrat.objects.get(code="tilleuls")


@pytest.fixture
def comite(pilote, contrat) -> Instance:
    return instances.instance(pilote, contrat)


@pytest.fixture
def membres(lieux, pilote, comite) -> list[Mandat]:
    return [
        instances.membre(pilote, comite, lieux.acteurs["elu"]),
        instances.membre(pilote, comite, lieux.acteurs["instructeur"]),
        instances.membre(pilote, comite, "Mme Dupré, bailleur"),
        instances.membre(pilote, comite, lieux.acteurs["conseiller"], voix=Voix.CONSULTATIVE),
    ]


def passee(pilote, comite) -> Reunion:
    return instances.reunion(pilote, comite, dans_jours=-2)


def test_une_instance_se_cree_se_change_et_se_clot(pilote, contrat, comite):
    actions.modifier_une_instance(
        par=pilote, instance=comite, nom="Comité", sorte="pilotage", quorum=0
    )
    comite.refresh_from_db()
    assert (str(comite), comite.sorte, comite.quorum) == ("Comité", "pilotage", 0)
    actions.clore_une_instance(par=pilote, instance=comite)
    for geste in (
        lambda: actions.clore_une_instance(par=pilote, instance=comite),
        lambda: instances.membre(pilote, comite, "Quelqu’un"),
        lambda: instances.reunion(pilote, comite),
    ):
        with pytest.raises(Refus, match="close"):
            geste()
    instances.instance(pilote, contrat, nom="Comité")
    with pytest.raises(Refus, match="déjà une instance"):
        instances.instance(pilote, contrat, nom="Comité")
    with pytest.raises(Refus):
        instances.instance(pilote, contrat, nom=" ", sorte="autre", quorum=101)


def test_nul_autre_que_le_pilote_ne_tient_une_instance(lieux, contrat, comite):
    for nom in ("voisine", "administrateur", "elu", "instructeur", "gestionnaire"):
        qui = lieux.acteurs[nom]
        assert not queries.instances(qui, contrat).exists()
        with pytest.raises(Contrat.DoesNotExist):
            instances.instance(qui, contrat, nom="Autre")
        for geste in (
            lambda q=qui: instances.membre(q, comite, "Quelqu’un"),
            lambda q=qui: instances.reunion(q, comite),
            lambda q=qui: actions.clore_une_instance(par=q, instance=comite),
        ):
            with pytest.raises(Instance.DoesNotExist):
                geste()
        assert queries.personnes_a_nommer(qui, comite, jour=timezone.localdate()) == []


def test_un_mandat_a_une_personne_des_dates_et_une_fin(lieux, pilote, comite, membres):
    with pytest.raises(Refus, match="siège déjà"):
        instances.membre(pilote, comite, lieux.acteurs["elu"])
    with pytest.raises(Refus) as refus:
        instances.membre(pilote, comite, " ", fin_le=timezone.localdate() - timedelta(days=900))
    assert len(refus.value.motifs) == 2
    jour = timezone.localdate()
    assert [m.nom for m in queries.mandats_en_cours(comite, jour)][-1] == "Conseiller Essai"
    elu = membres[0]
    actions.finir_un_mandat(par=pilote, mandat=elu, fin_le=jour - timedelta(days=1))
    assert elu not in queries.mandats_en_cours(comite, jour)
    assert elu in queries.mandats_en_cours(comite, jour - timedelta(days=3))
    with pytest.raises(Refus, match="déjà fini"):
        actions.finir_un_mandat(par=pilote, mandat=elu)
    instances.membre(pilote, comite, lieux.acteurs["elu"], debut_le=jour)


def test_on_ne_propose_que_ceux_du_contrat_qui_ne_siegent_pas(lieux, pilote, comite, membres):
    proposees = queries.personnes_a_nommer(pilote, comite, jour=timezone.localdate())
    noms = {str(p) for p in proposees}
    assert "Delegue Essai" in noms
    assert noms.isdisjoint({"Elu Essai", "Instructeur Essai", "Voisine Essai", "Lecteur Essai"})


def test_convoquer_ecrit_aux_comptes_et_nomme_les_autres(lieux, pilote, comite, membres):
    prevue = instances.reunion(pilote, comite, ordre_du_jour="Les dossiers de l’année")
    assert (
        queries.mes_reunions(lieux.acteurs["elu"], comite.contrat, jour=timezone.localdate()) == []
    )
    sans_compte = actions.convoquer(par=pilote, reunion=prevue)
    assert [m.nom for m in sans_compte] == ["Mme Dupré, bailleur"]
    courriel = Courriel.objects.get(destinataire=lieux.acteurs["elu"].utilisateur.courriel)
    assert "14 h 00" in courriel.texte.replace("\xa0", " ")
    assert "Hôtel de ville" in courriel.texte and "Les dossiers de l’année" in courriel.texte
    [vue] = queries.mes_reunions(lieux.acteurs["elu"], comite.contrat, jour=timezone.localdate())
    assert vue == prevue
    assert queries.mes_reunions(pilote, comite.contrat, jour=timezone.localdate()) == []
    assert queries.mes_reunions(Acteur.anonyme(), comite.contrat, jour=timezone.localdate()) == []
    actions.modifier_une_reunion(
        par=pilote,
        reunion=prevue,
        objet="Programmation",
        commence_le=instances.a_quatorze_heures(12),
        lieu="Salle du Moulin",
    )
    actions.convoquer(par=pilote, reunion=prevue)
    dits = Courriel.objects.filter(destinataire=lieux.acteurs["elu"].utilisateur.courriel)
    assert dits.filter(objet__startswith="Changement").count() == 1


def test_on_ne_convoque_ni_au_passe_ni_personne(pilote, comite):
    with pytest.raises(Refus) as refus:
        actions.convoquer(par=pilote, reunion=passee(pilote, comite))
    assert len(refus.value.motifs) == 2


def test_annuler_previent_qui_etait_convoque(lieux, pilote, comite, membres):
    prevue = instances.reunion(pilote, comite)
    with pytest.raises(Refus, match="Dites pourquoi"):
        actions.annuler_une_reunion(par=pilote, reunion=prevue, motif=" ")
    actions.annuler_une_reunion(par=pilote, reunion=prevue, motif="Pas de salle.")
    assert not Courriel.objects.filter(objet__startswith="Annulée").exists()
    autre = instances.reunion(pilote, comite)
    actions.convoquer(par=pilote, reunion=autre)
    actions.annuler_une_reunion(par=pilote, reunion=autre, motif="Pas de salle.")
    assert Courriel.objects.filter(objet__startswith="Annulée").count() == 3
    for geste in (
        lambda: actions.annuler_une_reunion(par=pilote, reunion=autre, motif="Encore."),
        lambda: actions.convoquer(par=pilote, reunion=autre),
        lambda: actions.noter_les_presences(par=pilote, reunion=autre, venues={}),
        lambda: actions.tenir_une_reunion(par=pilote, reunion=autre),
    ):
        with pytest.raises(Refus):
            geste()


def test_les_presences_font_le_quorum(pilote, comite, membres):
    elu, caisse, bailleur, conseiller = membres
    tenue = passee(pilote, comite)
    actions.noter_les_presences(
        par=pilote,
        reunion=tenue,
        venues={
            elu.pk: Venue(EtatDePresence.PRESENT),
            caisse.pk: Venue(EtatDePresence.REPRESENTE, elu.pk),
            bailleur.pk: Venue(EtatDePresence.ABSENT),
        },
    )
    feuille = queries.feuille(tenue, jour=timezone.localdate(tenue.commence_le))
    assert feuille.quorum.phrase == "2 voix sur 3, il en faut 2 : le quorum est atteint"
    with pytest.raises(Refus, match="il manque Conseiller Essai"):
        actions.tenir_une_reunion(par=pilote, reunion=tenue)
    actions.noter_les_presences(
        par=pilote, reunion=tenue, venues={conseiller.pk: Venue(EtatDePresence.EXCUSE)}
    )
    actions.tenir_une_reunion(par=pilote, reunion=tenue)
    with pytest.raises(Refus, match="présences restent"):
        actions.noter_les_presences(
            par=pilote, reunion=tenue, venues={elu.pk: Venue(EtatDePresence.ABSENT)}
        )
    assert Presence.objects.get(mandat=caisse).represente_par == elu


def test_un_membre_parti_reste_sur_la_feuille_ou_il_etait(pilote, comite, membres):
    tenue = passee(pilote, comite)
    elu = membres[0]
    actions.noter_les_presences(
        par=pilote, reunion=tenue, venues={elu.pk: Venue(EtatDePresence.PRESENT)}
    )
    actions.finir_un_mandat(
        par=pilote, mandat=elu, fin_le=timezone.localdate() - timedelta(days=30)
    )
    feuille = queries.feuille(tenue, jour=timezone.localdate(tenue.commence_le))
    assert elu in [appel.mandat for appel in feuille.appels]


def test_on_ne_note_que_les_membres_appeles(pilote, contrat, comite, membres):
    autre = instances.instance(pilote, contrat, nom="Conseil")
    etranger = instances.membre(pilote, autre, "Quelqu’un")
    with pytest.raises(Mandat.DoesNotExist):
        actions.noter_les_presences(
            par=pilote,
            reunion=passee(pilote, comite),
            venues={etranger.pk: Venue(EtatDePresence.PRESENT)},
        )


def test_une_reunion_a_venir_ne_se_tient_pas(pilote, comite, membres):
    prevue = instances.reunion(pilote, comite)
    with pytest.raises(Refus, match="pas encore commencé"):
        actions.tenir_une_reunion(par=pilote, reunion=prevue)
    with pytest.raises(Refus):
        instances.reunion(pilote, comite, objet=" ", lieu="")


def test_une_reunion_ne_se_lit_que_dans_son_contrat(lieux, pilote, comite):
    prevue = instances.reunion(pilote, comite)
    voisin = Contrat.objects.get(code="voisin")
    assert queries.reunion(pilote, comite.contrat, prevue.pk) == prevue
    for qui, ou in ((pilote, voisin), (lieux.acteurs["voisine"], comite.contrat)):
        with pytest.raises(Reunion.DoesNotExist):
            queries.reunion(qui, ou, prevue.pk)


# La loi, sans base.

SIEGES = {1: Siege("Élue", True), 2: Siege("Caisse", True), 3: Siege("Conseil", False)}


@pytest.mark.parametrize(
    "venues, dit",
    [
        ({1: Venue("ailleurs")}, "dites s’il est présent"),
        ({1: Venue("represente")}, "quel autre membre"),
        ({1: Venue("represente", 1)}, "quel autre membre"),
        ({1: Venue("represente", 9)}, "quel autre membre"),
        ({1: Venue("represente", 2), 2: Venue("excuse")}, "sans être présent"),
        ({1: Venue("represente", 2)}, "sans être présent"),
    ],
)
def test_un_pouvoir_est_a_un_membre_present(venues, dit):
    motifs = rules.motifs_empechant_les_presences(etat="prevue", sieges=SIEGES, venues=venues)
    assert dit in motifs[0]


def test_un_membre_porte_un_pouvoir_au_plus():
    venues = {1: Venue("represente", 2), 2: Venue("present"), 3: Venue("represente", 2)}
    motifs = rules.motifs_empechant_les_presences(etat="prevue", sieges=SIEGES, venues=venues)
    assert motifs == ["Caisse porte 2 pouvoirs : un membre en porte un au plus."]


@given(st.integers(0, 100), st.integers(0, 40), st.integers(0, 40))
def test_le_quorum_s_arrondit_au_dessus(pour_cent, voix, presents):
    presents = min(presents, voix)
    sieges = {n: Siege("x", True) for n in range(voix)}
    venues = {n: Venue("present") for n in range(presents)}
    lu = rules.quorum(pour_cent, sieges, venues)
    assert lu.est_atteint == (presents * 100 >= voix * pour_cent)
    assert 0 <= lu.faut <= voix


def test_sans_quorum_la_phrase_le_dit():
    assert rules.quorum(0, SIEGES, {}).attente == "2 voix, sans quorum exigé"
    assert rules.quorum(60, SIEGES, {}).attente == "Il faudra 2 voix sur 2"
    assert rules.quorum(0, SIEGES, {}).phrase == "0 voix sur 2, sans quorum exigé"
    assert rules.quorum(60, SIEGES, {1: Venue("present")}).phrase.endswith("n’est pas atteint")


def test_la_table_des_passages_est_entiere():
    assert set(rules.PASSAGES) == set(EtatDeReunion)
