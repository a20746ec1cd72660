"""Qui lit quel projet sur les pages de tous : public une fois voté, à ses gens avant, à nul autre."""

from datetime import timedelta
from decimal import Decimal
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier, Guichet, NatureDeDemande
from parvis.dossiers.models import Demande, Dossier, Projet
from parvis.dossiers.queries.ici import Ici, projets_des_fiches, projets_ici
from parvis.dossiers.queries.projets_visibles import dossiers_visibles, projets_visibles
from parvis.dossiers.rules.publicite import est_public, est_votee
from tests.decors import decor
from tests.fabriques import projets as fabrique
from tests.fabriques.quartiers import territoire_du_contrat

pytestmark = pytest.mark.django_db
PORTENT = {"gestionnaire", "signataire", "contributeur", "lecteur"}
VISITEUR = Acteur.anonyme()


@decor
def quartier(ici):
    return territoire_du_contrat()


@decor
def lieu(quartier):
    return Ici(frozenset(quartier.communes.values_list("pk", flat=True)), frozenset({quartier.pk}))


def lisent(ici, dossier) -> set[str]:
    """Rend qui lit ce dossier."""
    return {
        nom
        for nom, acteur in ici.monde.acteurs.items()
        if dossier in dossiers_visibles(acteur, ici.contrat)
    }


def plat(texte: str) -> str:
    return texte.replace("\xa0", " ")


def depose(ici, titre="Le verger", *lieux, **valeurs) -> Dossier:
    return fabrique.projet(ici.version, ici.monde.verger, titre, *lieux, **valeurs)


class TestQuiLit:
    def test_un_brouillon_n_est_qu_a_ceux_qui_le_portent(self, ici):
        assert lisent(ici, depose(ici, etat=EtatDeDossier.BROUILLON)) == PORTENT

    def test_qui_attend_sa_confirmation_ne_lit_que_ce_qu_il_a_commence(self, ici):
        attente = ici.monde.acteurs["attente"]
        dossier = depose(ici, etat=EtatDeDossier.BROUILLON)
        assert "attente" not in lisent(ici, dossier)
        Projet.objects.update(auteur=attente.utilisateur_identifiant)
        assert "attente" in lisent(ici, dossier)

    @pytest.mark.parametrize("etat", [EtatDeDossier.DEPOSE, EtatDeDossier.RECEVABLE])
    def test_un_depot_se_lit_aussi_du_pilote_de_ce_contrat_et_de_lui_seul(self, ici, etat):
        assert lisent(ici, depose(ici, etat=etat)) == {*PORTENT, "pilote"}

    @pytest.mark.parametrize("etat", [EtatDeDossier.RETIRE, EtatDeDossier.IRRECEVABLE])
    def test_ce_qui_a_pris_fin_ne_se_lit_plus_que_de_qui_le_porte(self, ici, etat):
        assert lisent(ici, depose(ici, etat=etat)) == PORTENT

    def test_un_vote_rend_public(self, ici):
        dossier = depose(ici, etat=EtatDeDossier.RECEVABLE)
        fabrique.voter(dossier, ici.caisse)
        assert lisent(ici, dossier) == set(ici.monde.acteurs)

    def test_le_vote_que_le_porteur_recopie_ne_rend_pas_public(self, ici):
        dossier = depose(ici, etat=EtatDeDossier.RECEVABLE)
        fabrique.voter(dossier, ici.caisse, guichet=Guichet.AILLEURS)
        assert lisent(ici, dossier) == {*PORTENT, "pilote"}

    def test_le_vote_que_dit_l_export_du_financeur_rend_public(self, ici):
        dossier = depose(ici)
        fabrique.voter(dossier, ici.caisse, guichet=Guichet.AILLEURS, source="export")
        assert lisent(ici, dossier) == set(ici.monde.acteurs)

    def test_la_lecture_suit_la_loi_dans_tous_les_cas(self, ici):
        jour = timezone.localdate()
        etats = (EtatDeDossier.DEPOSE, EtatDeDossier.RECEVABLE, EtatDeDossier.RETIRE)
        venus = (("plateforme", ""), ("ailleurs", "personne"), ("ailleurs", "export"))
        demandes = (EtatDeDemande.ACCORDEE, EtatDeDemande.DEMANDEE, EtatDeDemande.REFUSEE)
        cas = product(etats, venus, demandes, ("0", "100"), (-1, 0, 1))
        attendus = {}
        for rang, (etat, venu, demande, vote, jours) in enumerate(cas):
            dossier = depose(ici, f"Projet {rang}", etat=etat)
            ecrite = fabrique.voter(
                dossier,
                ici.caisse,
                vote,
                guichet=venu[0],
                source=venu[1],
                etat=demande,
                le=jour + timedelta(days=jours),
            )
            votee = est_votee(
                guichet=venu[0],
                source=venu[1],
                etat=demande,
                vote=ecrite.montant_vote,
                vote_le=ecrite.vote_le,
                jour=jour,
            )
            attendus[dossier.pk] = est_public(etat=etat, votees=[votee])
        publics = set(dossiers_visibles(VISITEUR, ici.contrat).values_list("pk", flat=True))
        lus = {pk: pk in publics for pk in attendus}
        assert lus == attendus
        assert 0 < sum(lus.values()) < len(lus)


class TestCeQueLOnLit:
    def test_le_public_lit_ce_qui_est_vote_jamais_ce_qui_est_demande(self, ici, quartier):
        dossier = depose(ici, "Le verger", quartier, etat=EtatDeDossier.RECEVABLE)
        fabrique.voter(dossier, ici.caisse)
        fabrique.voter(dossier, ici.commune, etat=EtatDeDemande.REFUSEE)
        (vu,) = projets_visibles(VISITEUR, ici.contrat)
        assert vu.est_public and vu.lieux == "Le Pré-Joli"
        assert [(plat(a.argent), a.etat) for a in vu.annees] == [("2 000 € votés", "")]

    def test_une_annee_qui_n_est_pas_votee_reste_cachee_du_public(self, ici):
        dossier = depose(ici, etat=EtatDeDossier.RECEVABLE, annee=2025)
        fabrique.voter(dossier, ici.caisse)
        neuf = depose(ici)
        Dossier.objects.filter(pk=neuf.pk).update(projet=dossier.projet)
        (vu,) = projets_visibles(VISITEUR, ici.contrat)
        assert [a.annee for a in vu.annees] == [2025]
        (vu,) = projets_visibles(ici.porte, ici.contrat)
        assert [a.annee for a in vu.annees] == [neuf.exercice, 2025]

    def test_qui_porte_lit_l_etat_et_l_argent_demande(self, ici):
        fabrique.voter(depose(ici), ici.caisse, etat=EtatDeDemande.DEMANDEE)
        depose(ici, "L’ébauche", etat=EtatDeDossier.BROUILLON)
        dits = {v.projet.titre: v.annees[0] for v in projets_visibles(ici.porte, ici.contrat)}
        assert dits["Le verger"].etat == "déposé"
        assert plat(dits["Le verger"].argent) == "3 000 € demandés"
        assert dits["L’ébauche"].etat == "brouillon, rien n’est déposé"
        assert [v.est_public for v in projets_visibles(ici.porte, ici.contrat)] == [False, False]

    def test_un_autre_contrat_ne_se_melange_pas(self, ici):
        from tests.fabriques.cadre import contrat_publie

        fabrique.voter(depose(ici, etat=EtatDeDossier.RECEVABLE), ici.caisse)
        autre = contrat_publie("voisin").contrat
        for acteur in ici.monde.acteurs.values():
            assert projets_visibles(acteur, autre) == []


class TestOu:
    def test_du_plus_proche_au_plus_large(self, ici, quartier, lieu):
        (commune,) = quartier.communes.all()
        depose(ici, "Partout", echelle="agglomeration")
        depose(ici, "La commune", commune, echelle="communes")
        depose(ici, "Le quartier", quartier, echelle="quartiers")
        depose(ici, "Nulle part")
        ranges = projets_ici(ici.acteur("pilote"), ici.contrat, lieu)
        assert [(p.value, [v.projet.titre for v in vus]) for p, vus in ranges.groupes] == [
            ("ici", ["Le quartier"]),
            ("commune", ["La commune"]),
            ("partout", ["Partout"]),
        ]
        assert ranges.nombre == 3 and ranges.a_des_reserves
        entiere = projets_ici(ici.acteur("pilote"), ici.contrat, Ici(lieu.communes))
        assert {p.value: len(vus) for p, vus in entiere.groupes} == {"ici": 2, "partout": 1}

    def test_un_visiteur_n_y_lit_rien_avant_un_vote(self, ici, quartier, lieu):
        depose(ici, "Le quartier", quartier, echelle="quartiers")
        assert projets_ici(VISITEUR, ici.contrat, lieu).groupes == []

    def test_par_fiche(self, ici):
        dossier = depose(ici)
        fiche = ici.contrat.fiches.first()
        dossier.fiches.update_or_create(fiche=fiche, defaults={"est_principale": True})
        trouves = projets_des_fiches(ici.acteur("pilote"), ici.contrat, [fiche.pk])
        assert [v.projet for v in trouves[fiche.pk]] == [dossier.projet]
        assert projets_des_fiches(VISITEUR, ici.contrat, [fiche.pk]) == {}


@pytest.mark.parametrize("nom", ["visiteur", "gestionnaire", "pilote"])
def test_le_nombre_de_requetes_ne_depend_pas_des_projets(ici, quartier, lieu, nom):
    acteur, couts = ici.monde.acteurs[nom], []
    for nombre in (1, 3, 50):
        while Projet.objects.count() < nombre:
            dossier = depose(ici, f"P{Projet.objects.count()}", quartier, etat="recevable")
            fabrique.voter(dossier, ici.caisse)
        with CaptureQueriesContext(connection) as requetes:
            lus = projets_ici(acteur, ici.contrat, lieu)
            for _, vus in lus.groupes:
                assert all(v.lieux and v.fiches is not None and v.annees[0].argent for v in vus)
        assert lus.nombre == nombre
        couts.append(len(requetes))
    assert len(set(couts)) == 1 and couts[0] <= 10, couts


def test_un_montant_nul_n_est_pas_un_vote():
    jour = timezone.localdate()
    commun = {
        "guichet": "plateforme",
        "source": "",
        "etat": "accordee",
        "vote_le": jour,
        "jour": jour,
    }
    assert not est_votee(vote=Decimal(0), **commun)
    assert not est_votee(vote=None, **commun)
    assert est_votee(vote=Decimal("0.01"), **commun)


def test_une_salle_pretee_ne_s_ajoute_pas_aux_euros_votes(ici, quartier, lieu):
    dossier = depose(ici, "Le verger", quartier, etat="recevable")
    fabrique.voter(dossier, ici.caisse)
    avant = projets_visibles(VISITEUR, ici.contrat)
    salle = fabrique.voter(dossier, ici.commune)
    Demande.objects.filter(pk=salle.pk).update(nature=NatureDeDemande.NATURE)
    assert [v.annees[0].argent for v in avant] == [
        v.annees[0].argent for v in projets_visibles(VISITEUR, ici.contrat)
    ]
