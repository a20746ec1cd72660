"""Le tableau de bord : chaque chiffre refait autrement, chaque délai compté sur ses dates."""

from datetime import date, timedelta
from decimal import Decimal
from statistics import median

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from parvis.cadre.models import Edition
from parvis.dossiers.enums import EtatDeDemande, Guichet
from parvis.dossiers.models import Demande, Dossier
from parvis.evaluation.queries.tableau_de_bord import (
    COLONNES,
    annee_de,
    tableau_de_bord,
    tableau_des_annees,
)
from parvis.evaluation.queries.tableaux_de_couverture import lecture
from parvis.evaluation.rules.couverture import DossierCompte
from parvis.evaluation.rules.tableau_de_bord import (
    Attente,
    Concentration,
    Parcours,
    attentes,
    concentration,
    delais,
    dire_la_concentration,
    habitants,
    part,
)
from tests.decors import decor
from tests.fabriques import comptes as organismes_
from tests.fabriques import depots, programmation, projets

JOUR = date(2026, 6, 30)


def compte(porteur: int = 1, exercice: int = 2026, vote: str = "100", **autres) -> DossierCompte:
    return DossierCompte(1, 1, porteur, exercice, vote=Decimal(vote), est_soutenu=True, **autres)


# --- La loi ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("morceau", "tout", "attendu"),
    [(1, 3, 33), (2, 3, 67), (1, 200, 1), (0, 5, 0), (5, 0, None), (Decimal("0.5"), 1, 50)],
)
def test_une_part_s_arrondit_et_ne_se_dit_pas_de_rien(morceau, tout, attendu):
    assert part(morceau, tout) == attendu


def passage(lus, depart: str, arrivee: str):
    (lu,) = [un for un in lus if (un.depart, un.arrivee) == (depart, arrivee)]
    return lu


def test_un_delai_ne_se_mesure_que_sur_les_demandes_qui_en_ont_passe_les_deux_bouts():
    jours = [
        {"depot": date(2026, 1, 1), "vote": date(2026, 1, 11), "signature": date(2026, 2, 10)},
        {"depot": date(2026, 1, 1), "avis": date(2026, 1, 6), "vote": date(2026, 1, 31)},
        {"depot": date(2026, 1, 1)},
    ]
    lus = delais([Parcours(n, f"Projet {n}", un) for n, un in enumerate(jours)])
    vote = passage(lus, "Dépôt", "Vote")
    assert (vote.nombre, vote.mediane, vote.pire, vote.titre) == (2, Decimal(20), 30, "Projet 1")
    assert passage(lus, "Dépôt", "Premier avis").mediane == Decimal(5)
    assert passage(lus, "Vote", "Acte signé").pire == 30
    assert passage(lus, "Séance", "Vote").nombre == 0
    assert passage(lus, "Dépôt", "Premier versement").mediane is None


def test_une_mediane_entre_deux_garde_son_demi_jour_et_un_ordre_inverse_vaut_zero():
    jours = [{"depot": JOUR, "avis": JOUR + timedelta(days=n)} for n in (1, 4)]
    lus = delais([Parcours(1, "P", un) for un in jours])
    assert str(passage(lus, "Dépôt", "Premier avis").mediane) == "2.5"
    lus = delais([Parcours(1, "P", {"depot": JOUR, "avis": JOUR - timedelta(days=9)})])
    assert passage(lus, "Dépôt", "Premier avis").pire == 0


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=60))
def test_la_mediane_et_le_pire_sont_ceux_des_jours(durees):
    lus = delais(
        [
            Parcours(n, "P", {"depot": JOUR, "vote": JOUR + timedelta(days=duree)})
            for n, duree in enumerate(durees)
        ]
    )
    vote = passage(lus, "Dépôt", "Vote")
    assert vote.mediane == Decimal(str(median(durees)))
    assert (vote.pire, vote.nombre) == (max(durees), len(durees))


def test_chaque_demande_attend_a_sa_derniere_etape_et_payee_n_attend_plus():
    lus = attentes(
        [
            Parcours(1, "A", {"depot": date(2026, 6, 1)}),
            Parcours(2, "B", {"depot": date(2026, 6, 10)}),
            Parcours(3, "C", {"depot": date(2026, 1, 1), "vote": date(2026, 6, 20)}),
            Parcours(4, "D", {"depot": date(2026, 1, 1), "versement": date(2026, 3, 1)}),
        ],
        JOUR,
    )
    assert lus == [Attente("Dépôt", 2, 29, 1, "A"), Attente("Vote", 1, 10, 3, "C")]


def test_les_cinq_premiers_porteurs_et_les_nouveaux():
    votes = [compte(porteur, vote=str(porteur * 100)) for porteur in range(1, 7)]
    ancien = compte(6, exercice=2025)
    jamais = DossierCompte(1, 1, 5, 2025)
    lue = concentration([*votes, ancien, jamais], 2026)
    assert lue == Concentration(6, 95, 5, Decimal(1500))
    assert dire_la_concentration(lue) == (
        "Les 5 premiers porteurs sur 6 reçoivent 95 %. "
        "5 sont nouveaux : rien ne les avait soutenus dans ce contrat avant cet exercice."
    )


def test_peu_de_porteurs_se_disent_sans_part():
    lue = concentration([compte(1), compte(1, exercice=2025)], 2026)
    assert dire_la_concentration(lue) == "Porteurs soutenus : 1."
    assert "1 est nouveau" in dire_la_concentration(concentration([compte(2)], 2026))
    assert dire_la_concentration(concentration([], 2026)) == ""


def test_les_habitants_se_rapportent_aux_seules_personnes_que_l_on_sait_situer():
    lus = [
        compte(personnes=100, habitants=80),
        compte(personnes=50),
        compte(habitants=3),
        DossierCompte(1, 1, 1, 2026, personnes=10, habitants=10),
    ]
    assert habitants(lus) == (80, 100)


# --- En base --------------------------------------------------------------------------------------


@decor
def grand():
    return programmation.programmation(40, fiches=6)


@decor
def lieu():
    return depots.lieux()


def bord_de(ici, exercice: int | None = None):
    pilote, contrat = ici.acteur("pilote"), ici.contrat
    lue = lecture(pilote, contrat, Edition.objects.courante(contrat.code))
    voulu = exercice or ici.version.appel.exercice
    return tableau_de_bord(pilote, contrat, lue, voulu)


@pytest.mark.django_db
def test_chaque_somme_se_refait_depuis_les_demandes(grand):
    bord = bord_de(grand.ici)
    sommes = Demande.objects.aggregate(demande=Sum("montant_demande"))
    votees = Demande.objects.filter(guichet=Guichet.PLATEFORME, montant_vote__isnull=False)
    vote = votees.aggregate(vote=Sum("montant_vote"))["vote"]
    annee = bord.annee
    assert (annee.demande, annee.vote) == (sommes["demande"], vote)
    assert (annee.recus, annee.soutenus) == (40, votees.values("dossier").distinct().count())
    for postes in (bord.par_financeur, bord.par_pilier):
        assert sum(un.vote for un in postes) == vote
        assert sum(un.demande for un in postes) == sommes["demande"]
    assert sum(un.vote for un in bord.par_porteur) == vote
    par_nom = {un.nom: un for un in bord.par_financeur}
    for financeur in {un.financeur for un in votees.select_related("financeur")}:
        siennes = votees.filter(financeur=financeur)
        assert par_nom[str(financeur)].vote == siennes.aggregate(s=Sum("montant_vote"))["s"]
        assert par_nom[str(financeur)].projets == siennes.values("dossier").distinct().count()
    porteurs = {un.projet.porteur_id for un in Dossier.objects.filter(demandes__in=votees)}
    assert annee.porteurs == bord.concentration.porteurs == len(porteurs)
    assert sum(un.nombre for un in bord.solidites) == 40


@pytest.mark.django_db
def test_un_vote_sur_un_autre_portail_compte_et_ce_que_le_porteur_note_non(lieu):
    dossier = projets.projet(lieu.version, lieu.porte.organisme, "Le verger")
    projets.voter(dossier, lieu.caisse, "700", guichet="ailleurs", source="export")
    projets.voter(dossier, lieu.commune, "900", guichet="ailleurs", source="personne")
    bord = bord_de(lieu)
    assert bord.annee.vote == Decimal("700.00")
    assert {un.nom: un.vote for un in bord.par_financeur} == {
        str(lieu.caisse): Decimal("700.00"),
        str(lieu.commune): Decimal("0.00"),
    }


@pytest.mark.django_db
def test_deux_noms_d_un_meme_organisme_n_en_font_qu_un(lieu):
    jumeau = organismes_.organisme("Le Verger, autre nom")
    for porteur in (lieu.porte.organisme, jumeau):
        projets.voter(projets.projet(lieu.version, porteur, "Le verger"), lieu.caisse, "500")
    assert bord_de(lieu).annee.porteurs == 2
    type(jumeau).objects.filter(pk=jumeau.pk).update(fusionne_dans=lieu.porte.organisme)
    bord = bord_de(lieu)
    assert bord.annee.porteurs == 1
    assert [(un.nom, un.vote) for un in bord.par_porteur] == [
        (str(lieu.porte.organisme), Decimal("1000.00"))
    ]


@pytest.mark.django_db
def test_les_porteurs_au_dela_des_premiers_tiennent_en_une_ligne_qui_ne_perd_rien():
    ici = programmation.programmation(200, fiches=5).ici
    bord = bord_de(ici)
    assert bord.annee.porteurs > 21
    assert len(bord.par_porteur) == 21
    assert bord.par_porteur[-1].nom == "Tous les autres"
    for champ in ("vote", "engage", "verse"):
        somme = sum(getattr(un, champ) for un in bord.par_porteur)
        assert somme == getattr(bord.annee, champ)


@pytest.mark.django_db
def test_l_annee_d_avant_et_le_tableau_des_annees(lieu):
    an = lieu.version.appel.exercice
    avant = projets.projet(lieu.version, lieu.porte.organisme, "Avant", annee=an - 1)
    projets.voter(avant, lieu.caisse, "300")
    projets.projet(lieu.version, lieu.porte.organisme, "Après")
    bord = bord_de(lieu)
    assert bord.avant is not None and bord.avant.vote == Decimal("300.00")
    assert bord_de(lieu, an - 1).avant is None
    lignes = tableau_des_annees(bord.annees)
    assert [ligne[0] for ligne in lignes] == [an - 1, an]
    assert all(len(ligne) == len(COLONNES) for ligne in lignes)
    assert annee_de([], 1999).part_votee is None


@pytest.mark.django_db
def test_les_delais_partent_du_depot_et_s_arretent_a_ce_qui_est_fait(lieu):
    dossier = projets.projet(lieu.version, lieu.porte.organisme, "Le verger")
    depot = timezone.localdate(dossier.depose_le)
    projets.voter(dossier, lieu.caisse, le=depot)
    projets.voter(dossier, lieu.commune, etat=EtatDeDemande.DEMANDEE)
    projets.voter(dossier, lieu.commune, etat=EtatDeDemande.REFUSEE)
    bord = bord_de(lieu)
    vote = passage(bord.delais, "Dépôt", "Vote")
    assert (vote.nombre, vote.pire, vote.titre) == (1, 0, "Le verger")
    assert {un.etape: un.nombre for un in bord.attentes} == {"Dépôt": 1, "Vote": 1}


@pytest.mark.django_db
@pytest.mark.parametrize("nombre", [2, 30])
def test_le_nombre_de_requetes_ne_depend_pas_des_dossiers(nombre):
    ici = programmation.programmation(nombre, fiches=5).ici
    pilote, edition = ici.acteur("pilote"), Edition.objects.courante(ici.contrat.code)
    lue = lecture(pilote, ici.contrat, edition)
    with CaptureQueriesContext(connection) as faites:
        tableau_de_bord(pilote, ici.contrat, lue, ici.version.appel.exercice)
    assert len(faites) <= 20
