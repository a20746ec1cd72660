"""Ce que chacun lit d'une séance : le proposé, l'arbitré, l'apport, et jamais le reste d'une enveloppe."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.dossiers.enums import EtatDeDemande
from parvis.dossiers.models import Demande
from parvis.instances.actions import convoquer, finir_un_mandat
from parvis.instruction.actions.avis import partager_le_montant
from parvis.instruction.actions.equipe import se_deporter
from parvis.journal.enums import Regard
from parvis.journal.queries.frise import frise
from parvis.programmation.actions import seances
from parvis.programmation.actions.deports_de_seance import deporter
from parvis.programmation.enums import Resultat
from parvis.programmation.models import ApportDeSeance, PointDeSeance
from parvis.programmation.queries import seances as queries
from parvis.programmation.queries.ordre_du_jour import ordre_du_jour
from tests.decors import decor
from tests.fabriques import comptes, decisions, instances
from tests.fabriques import programmation as pleine
from tests.fabriques import seances as fabrique
from tests.fabriques.cadre import contrat_publie
from tests.fabriques.seances import Tenue
from tests.programmation import essais_de_seance as essais
from tests.programmation.essais_de_seance import NON, oui, simple

pytestmark = pytest.mark.django_db
SANS_SIEGE = ("olga", "voisine", "delegue", "gestionnaire", "administrateur", "visiteur")


@decor
def tenue() -> Tenue:
    """Rend une séance à venir où siègent Samia, de la caisse, et l'élu."""
    tenue = fabrique.seance()
    instances.membre(tenue.pilote, tenue.instance, tenue.etude.ici.acteur("elu"))
    return tenue


@decor
def ouverte() -> Tenue:
    return fabrique.seance().ouvrir()


@pytest.fixture(autouse=True)
def reserve_neuve(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "fichiers"
    settings.ANTIVIRUS = ""


def siennes(tenue, nom: str) -> list[int]:
    """Rend les séances qu'une personne lit, à quelque titre que ce soit."""
    qui, contrat = tenue.etude.ici.acteur(nom), tenue.etude.ici.contrat
    lues = {s.pk for s in queries.seances(qui, contrat)}
    return sorted(lues | {s.pk for s in queries.seances_de_membre(qui, contrat)})


# Quelles séances.


def test_la_pilote_lit_ses_seances_un_membre_une_fois_convoque_nul_autre(tenue):
    a_venir = essais.suivante(tenue, dans_jours=5)
    assert siennes(tenue, "pilote") == sorted([tenue.seance.pk, a_venir.pk])
    for nom in ("samia", "elu", *SANS_SIEGE):
        assert siennes(tenue, nom) == []
    convoquer(par=tenue.pilote, reunion=a_venir.reunion)
    for nom in ("samia", "elu"):
        assert siennes(tenue, nom) == [a_venir.pk]
    for nom in SANS_SIEGE:
        assert siennes(tenue, nom) == []


def test_une_seance_ouverte_sans_convocation_se_lit_de_ses_membres(ouverte):
    assert siennes(ouverte, "samia") == [ouverte.seance.pk]
    assert siennes(ouverte, "elu") == siennes(ouverte, "olga") == []


def test_un_mandat_fini_ou_a_venir_n_ouvre_rien(ouverte):
    jour = timezone.localdate()
    finir_un_mandat(
        par=ouverte.pilote, mandat=ouverte.mandats["samia"], fin_le=jour - timedelta(days=2)
    )
    instances.membre(
        ouverte.pilote,
        ouverte.instance,
        ouverte.etude.ici.acteur("elu"),
        debut_le=jour,
    )
    assert siennes(ouverte, "samia") == siennes(ouverte, "elu") == []


def test_une_seance_ne_se_lit_que_dans_son_contrat(ouverte):
    voisin = contrat_publie("voisin").contrat
    for qui in (ouverte.pilote, ouverte.samia, ouverte.etude.ici.acteur("voisine")):
        assert not queries.seances(qui, voisin).exists()
        assert not queries.seances_de_membre(qui, voisin).exists()


def test_on_ne_choisit_un_dossier_a_inscrire_que_si_on_le_recoit(tenue):
    seances.retirer(par=tenue.pilote, seance=tenue.seance, point=tenue.point)
    dossier = tenue.etude.dossier
    assert list(queries.dossiers_a_inscrire(tenue.pilote, tenue.seance)) == [dossier]
    for nom in ("samia", "elu", *SANS_SIEGE):
        qui = tenue.etude.ici.acteur(nom)
        assert not queries.dossiers_a_inscrire(qui, tenue.seance).exists()


# Le montant proposé.


def propose_lu(tenue, qui: Acteur) -> list[Decimal | None]:
    """Rend, de la caisse puis de la commune, le montant proposé que lit une personne."""
    (point,) = ordre_du_jour(qui, tenue.seance).points
    return [d.propose for d in point.demandes]


def test_le_propose_se_lit_dans_son_service_puis_chez_les_cofinanceurs_jamais_ailleurs(tenue):
    etude = tenue.etude
    region = comptes.organisme("Région", "region")
    ines = etude.ici.monde.ajouter("ines", region, Role.INSTRUCTEUR)
    etude.rendre(etude.samia, montant="1500")
    rien, le_sien = [None, None], [Decimal(1500), None]
    qui = (etude.samia, etude.olga, tenue.pilote, ines, etude.ici.acteur("elu"))
    assert [propose_lu(tenue, un) for un in qui] == [le_sien, rien, rien, rien, rien]
    partager_le_montant(par=etude.samia, dossier=etude.dossier)
    # Ines finance aussi, mais pas ce dossier : elle siège, elle n'est pas cofinanceur.
    assert [propose_lu(tenue, un) for un in qui] == [le_sien, le_sien, le_sien, rien, rien]
    for nom in ("delegue", "conseiller", "voisine", "gestionnaire", "visiteur"):
        assert propose_lu(tenue, etude.ici.acteur(nom)) == rien


def test_un_cofinanceur_dont_la_demande_est_votee_lit_encore_ce_qui_est_partage(tenue):
    etude = tenue.etude
    etude.rendre(etude.olga, montant="700")
    partager_le_montant(par=etude.olga, dossier=etude.dossier)
    decisions.vote(etude).publiee("1200")
    assert propose_lu(tenue, etude.samia) == [Decimal(700)]


def test_d_un_doublon_reuni_le_service_lit_sa_proposition(tenue):
    etude = tenue.etude
    etude.rendre(etude.samia, montant="1500")
    double = comptes.organisme("Caisse (doublon)", "protection_sociale")
    Demande.objects.filter(financeur=etude.samia.organisme).update(financeur=double)
    type(double).objects.filter(pk=double.pk).update(fusionne_dans=etude.samia.organisme)
    assert propose_lu(tenue, etude.samia)[0] == Decimal(1500)


# L'apport, et le reste d'une enveloppe.


def test_la_seance_ne_lit_aucune_enveloppe(ouverte):
    vote = decisions.vote(ouverte.etude, montant=4321)
    essais.arbitrer(ouverte, ouverte.etude.demande(ouverte.samia), oui(1500))
    assert vote.enveloppe.montant_reste == 4321
    for qui in (ouverte.pilote, ouverte.samia, ouverte.etude.olga):
        with CaptureQueriesContext(connection) as requetes:
            lue = ordre_du_jour(qui, ouverte.seance)
        assert not any("programmation_enveloppe" in r["sql"] for r in requetes)
        assert not any("note_interne" in r["sql"] for r in requetes)
        assert [(t.montant, t.reste, t.part) for t in lue.tables] == [(None, None, 0)] * 2


def test_le_reste_d_un_apport_se_compte_sur_ce_qui_est_dit(ouverte):
    caisse = ouverte.samia.organisme
    for montant, reste, part in ((6000, 4500, 25), (1000, -500, 100), (0, -1500, 0)):
        seances.apporter(
            par=ouverte.samia, seance=ouverte.seance, financeur=caisse, montant=Decimal(montant)
        )
        if not ouverte.point.arbitrages.exists():
            essais.arbitrer(ouverte, ouverte.etude.demande(ouverte.samia), oui(1500))
        table = ordre_du_jour(ouverte.etude.olga, ouverte.seance).tables[0]
        assert (table.montant, table.reste, table.part) == (montant, reste, part)
        assert table.depassement == max(0, -reste)


def test_un_doublon_reuni_ne_fait_qu_une_table_et_son_dernier_apport_vaut(ouverte):
    caisse = ouverte.samia.organisme
    double = comptes.organisme("Caisse (doublon)", "protection_sociale")
    demande = essais.demander(ouverte, double, 300)
    seances.apporter(
        par=ouverte.pilote, seance=ouverte.seance, financeur=double, montant=Decimal(70)
    )
    essais.arbitrer(ouverte, demande, oui(200))
    essais.arbitrer(ouverte, ouverte.etude.demande(ouverte.samia), oui(1500))
    type(double).objects.filter(pk=double.pk).update(fusionne_dans=caisse)
    double.refresh_from_db()
    le_vote = timezone.localdate() + timedelta(days=9)
    seances.apporter(
        par=ouverte.samia,
        seance=ouverte.seance,
        financeur=double,
        montant=Decimal(5000),
        vote_prevu_le=le_vote,
    )
    assert ApportDeSeance.objects.count() == 2
    tables = ordre_du_jour(ouverte.pilote, ouverte.seance).tables
    assert [(t.nom, t.demande, t.arbitre, t.montant) for t in tables] == [
        ("Caisse des Tilleuls", 2300, 1700, 5000),
        ("Commune du Val-des-Tilleuls", 1000, 0, None),
    ]
    ouverte.publier()
    demande.refresh_from_db()
    assert demande.vote_prevu_le == le_vote


# Ce qu'un point dit de chaque demande.


def test_un_point_dit_l_an_d_avant_et_ce_qu_une_seance_publiee_en_a_dit(ouverte):
    caisse = ouverte.etude.demande(ouverte.samia)
    avant = Demande.objects.get(pk=caisse.pk)
    avant.pk, avant.exercice, avant.rang, avant._state.adding = None, caisse.exercice - 1, 40, True
    avant.etat, avant.montant_vote = EtatDeDemande.ACCORDEE, Decimal(750)
    avant.vote_le = timezone.localdate()
    avant.save()
    essais.arbitrer(ouverte, caisse, essais.Propose(Resultat.AJOURNE, motif="À revoir."))
    autre = essais.suivante(ouverte, dans_jours=-1)
    PointDeSeance.objects.create(seance=autre, dossier=ouverte.etude.dossier, rang=1)

    def lue():
        return ordre_du_jour(ouverte.pilote, autre).points[0].demandes[0]

    assert (lue().vote_avant, lue().avant, lue().dit_avant) == (750, None, "")
    ouverte.publier()
    assert (lue().dit_avant, lue().dit, lue().rang) == ("ajournée", "", 0)
    # La première, elle, ne lit pas d'avance ce que dira la seconde.
    assert ordre_du_jour(ouverte.pilote, ouverte.seance).points[0].demandes[0].avant is None


def test_un_point_dit_ou_il_en_est(ouverte):
    (point,) = ordre_du_jour(ouverte.samia, ouverte.seance).points
    assert (point.est_arbitre, point.restent, point.demande, point.fiche) == (False, 2, 3000, "1-1")
    essais.arbitrer(ouverte, ouverte.etude.demande(ouverte.samia), oui(1500, condition="Un lieu."))
    (point,) = ordre_du_jour(ouverte.samia, ouverte.seance).points
    assert (point.est_arbitre, point.restent, point.arbitre) == (True, 1, 1500)
    dite = simple(point.demandes[0].dit)
    assert dite == "accordée en partie, 1 500 € sur 2 000 € demandés, sous réserve : Un lieu"
    assert (point.demandes[0].rang, point.demandes[1].rang) == (1, 0)


def test_reduire_la_lecture_a_un_point_garde_les_sommes_de_toute_la_seance(ouverte):
    (autre,) = essais.ajouter_des_dossiers(ouverte)
    vus = PointDeSeance.objects.filter(dossier=autre)
    lue = ordre_du_jour(ouverte.pilote, ouverte.seance, points=vus)
    assert [point.dossier for point in lue.points] == [autre]
    assert [table.demande for table in lue.tables] == [4000, 2000] and lue.avancee.demandes == 4
    se_deporter(par=ouverte.samia, dossier=autre, motif="Un lien.")
    assert ordre_du_jour(ouverte.samia, ouverte.seance, points=vus).points == []


def test_une_seance_publiee_reste_lue_telle_qu_elle_fut(ouverte):
    essais.arbitrer(ouverte, ouverte.etude.demande(ouverte.samia), oui(1500))
    essais.arbitrer(ouverte, ouverte.etude.demande(ouverte.etude.olga), NON)
    ouverte.publier()
    decisions.vote(ouverte.etude).publiee("900")
    lue = ordre_du_jour(ouverte.samia, ouverte.seance)
    assert [(t.arbitre, t.demandes, t.restent) for t in lue.tables] == [(1500, 1, 0), (0, 1, 0)]
    assert lue.avancee.phrase == "Tout est arbitré"


def test_le_journal_de_la_seance_ne_dit_ni_dossier_ni_montant(ouverte):
    essais.arbitrer(ouverte, ouverte.etude.demande(ouverte.samia), oui(1500))
    essais.arbitrer(ouverte, ouverte.etude.demande(ouverte.etude.olga), NON)
    ouverte.publier()
    objet = f"seance:{ouverte.seance.pk}"
    phrases = [simple(ligne.phrase) for ligne in frise(objet, regard=Regard.PILOTAGE).lignes]
    assert len(phrases) == 7
    for phrase in phrases:
        assert "verger" not in phrase.lower() and "1 500" not in phrase
        assert "Caisse" not in phrase and "épuisée" not in phrase
    for regard in (Regard.MEMBRES, Regard.PUBLIC):
        assert frise(objet, regard=regard).lignes == []


# Le nombre de requêtes.


def test_une_seance_se_lit_en_autant_de_requetes_pour_trois_dossiers_que_pour_douze():
    tout = pleine.programmation(14)
    pilote = tout.ici.acteur("pilote")
    comite = instances.instance(pilote, tout.ici.contrat)
    instances.membre(pilote, comite, tout.samia)
    dossiers = list(tout.ici.version.appel.dossiers.order_by("numero"))
    reunie = instances.reunion(pilote, comite, dans_jours=-1)
    seance = seances.preparer_une_seance(par=pilote, reunion=reunie, exercice=dossiers[0].exercice)
    inscriptibles = queries.dossiers_inscriptibles(pilote, seance, None)[:12]
    nombres = {}
    for combien in (3, 12):
        manquent = set(inscriptibles[:combien]) - set(
            seance.points.values_list("dossier", flat=True)
        )
        seances.inscrire(par=pilote, seance=seance, dossiers=manquent)
        for point in seance.points.all():
            if not point.deports.exists():
                deporter(
                    par=pilote,
                    seance=seance,
                    point=point,
                    mandat=instances.membre(pilote, comite, f"Membre {point.pk}"),
                    motif="x",
                )
        for qui in (pilote, tout.samia):
            with CaptureQueriesContext(connection) as requetes:
                lue = ordre_du_jour(qui, seance)
                [(str(d.mandat), p.fiche, p.quartiers) for p in lue.points for d in p.deports]
                [str(p.dossier.projet.porteur.retenu) for p in lue.points]
            assert len(lue.points) == combien
            nombres.setdefault(qui.utilisateur_nom, []).append(len(requetes))
    assert all(trois == douze for trois, douze in nombres.values()), nombres
