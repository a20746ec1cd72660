"""Quelle que soit la suite d'arbitrages et d'annulations, chaque somme est celle que l'on recompte."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from parvis.dossiers.enums import Guichet, NatureDeDemande
from parvis.dossiers.models import Demande
from parvis.instruction.actions.equipe import se_deporter
from parvis.programmation.actions import arbitrages
from parvis.programmation.actions.arbitrages import Propose
from parvis.programmation.enums import Resultat
from parvis.programmation.models import Arbitrage, PointDeSeance
from parvis.programmation.queries.ordre_du_jour import ordre_du_jour, tables_de_la_seance
from parvis.socle.refus import Refus
from tests.decors import decor
from tests.fabriques import comptes, instances
from tests.fabriques import seances as fabrique
from tests.fabriques.seances import Tenue
from tests.programmation import essais_de_seance as essais

pytestmark = pytest.mark.django_db

MONTANTS = st.sampled_from([Decimal(m) for m in ("0", "0.01", "99.99", "300", "1000", "2000.01")])
RANG = st.integers(0, 7)
PAS = st.one_of(
    st.tuples(st.just("arbitrer"), RANG, st.sampled_from(Resultat.values), MONTANTS),
    st.tuples(st.just("arbitrer"), RANG, st.just(Resultat.ACCORDE.value), MONTANTS),
    st.just(("annuler",)),
    st.just(("annuler",)),
    st.just(("ajourner",)),
)
# Ce qui vaut pour chaque demande : la pile de ce que la séance en a dit, sans ce qui est annulé.
Histoire = list[tuple[Demande, Propose]]


@decor
def ouverte() -> Tenue:
    """Rend deux dossiers en séance : de l'argent, de la nature, un doublon, un autre guichet.

    Une autre instance a déjà arbitré les mêmes demandes : ses montants ne sont pas d'ici.
    """
    tenue = fabrique.seance()
    caisse = tenue.etude.ici.caisse
    double = comptes.organisme("Caisse (doublon)", "protection_sociale", fusionne_dans=caisse)
    region = comptes.organisme("Région", "region")
    essais.demander(tenue, double, 300)
    essais.demander(tenue, caisse, 1000, nature=NatureDeDemande.NATURE)
    essais.demander(tenue, region, 1000, guichet=Guichet.AILLEURS)
    essais.demander(tenue, caisse, 99, ligne="Jeunesse")
    conseil = instances.instance(tenue.pilote, tenue.etude.ici.contrat, nom="Conseil")
    membres = {"dupre": instances.membre(tenue.pilote, conseil, "Mme Dupré")}
    ailleurs = replace(tenue, instance=conseil, mandats=membres)
    ailleurs.seance = essais.suivante(ailleurs, dans_jours=-3)
    # Une séance n'inscrit pas ce qu'une autre examine : celle-ci l'avait déjà.
    PointDeSeance.objects.create(seance=ailleurs.seance, dossier=tenue.etude.dossier, rang=1)
    ailleurs.ouvrir()
    for demande in tenue.etude.dossier.demandes.all():
        essais.arbitrer(ailleurs, demande, essais.oui(demande.montant_demande))
    ailleurs.lever()
    se_deporter(par=tenue.samia, dossier=essais.ajouter_des_dossiers(tenue)[0], motif="Un lien.")
    return tenue.ouvrir()


def mener(ouverte: Tenue, demandes: list[Demande], histoire: Histoire, pas: tuple) -> None:
    """Fait un pas par la vraie action, et le même sur la pile."""
    ici = {"par": ouverte.pilote, "seance": ouverte.seance}
    if pas[0] == "arbitrer":
        _, rang, resultat, montant = pas
        demande = demandes[rang % len(demandes)]
        propose = Propose(resultat, montant, motif="Une raison", vers="Été")
        permis = resultat != Resultat.ACCORDE or 0 < montant <= demande.montant_demande
        try:
            arbitrages.arbitrer(**ici, demande=demande, propose=propose)
        except Refus:
            assert not permis
            return
        assert permis
        histoire.append((demande, propose))
    elif pas[0] == "annuler":
        try:
            arbitrages.annuler_le_dernier(**ici)
        except Refus:
            assert histoire == []
            return
        histoire.pop()
    else:
        dites = {demande.pk for demande, _ in histoire}
        restent = [demande for demande in demandes if demande.pk not in dites]
        try:
            assert arbitrages.ajourner_le_reste(**ici) == len(restent)
        except Refus:
            assert restent == []
            return
        ecrits = Arbitrage.objects.filter(demande__in=restent, point__seance=ouverte.seance)
        for arbitrage in ecrits.filter(vaut=True).order_by("pk"):
            histoire.append((arbitrage.demande, Propose(Resultat.AJOURNE)))


def attendues(
    demandes: list[Demande], histoire: Histoire, retenus: dict[int, str]
) -> dict[str, tuple[Decimal, Decimal, int, int]]:
    """Rend, par financeur retenu : demandé, arbitré, combien de demandes, combien en restent."""
    valent = {demande.pk: propose for demande, propose in histoire}
    sommes: dict[str, tuple[Decimal, Decimal, int, int]] = {}
    for demande in demandes:
        nom = retenus[demande.financeur_id]
        demande_, arbitre, nombre, restent = sommes.get(nom, (Decimal(0), Decimal(0), 0, 0))
        propose = valent.get(demande.pk)
        if demande.nature == NatureDeDemande.NUMERAIRE:
            demande_ += demande.montant_demande
            if propose and propose.resultat == Resultat.ACCORDE:
                arbitre += propose.montant
        sommes[nom] = (demande_, arbitre, nombre + 1, restent + (propose is None))
    return sommes


def lues(tables) -> dict[str, tuple[Decimal, Decimal, int, int]]:
    return {t.nom: (t.demande, t.arbitre, t.demandes, t.restent) for t in tables}


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(suite=st.lists(PAS, min_size=3, max_size=14))
# Un apport en nature accordé ; un arbitrage corrigé, puis annulé jusqu'au premier.
@example(suite=[("arbitrer", 3, "accorde", Decimal(300)), ("ajourner",)])
@example(suite=[("arbitrer", 0, "accorde", Decimal(300))] * 2 + [("annuler",)] * 3)
def test_chaque_somme_de_la_seance_est_celle_que_l_on_recompte(ouverte, suite):
    dossier = ouverte.etude.dossier
    demandes = list(Demande.objects.select_related("financeur__fusionne_dans").order_by("pk"))
    retenus = {d.financeur_id: str(d.financeur.retenu) for d in demandes}
    histoire: Histoire = []
    with transaction.atomic():
        for pas in suite:
            mener(ouverte, demandes, histoire, pas)
            tables = tables_de_la_seance(ouverte.seance, ouverte.seance.points.all())
            assert lues(tables) == attendues(demandes, histoire, retenus)
            # Qui s'est déporté d'un dossier n'en lit rien, ni dans une somme ni dans un compte.
            siennes = [d for d in demandes if d.dossier_id == dossier.pk]
            vue = ordre_du_jour(ouverte.samia, ouverte.seance)
            assert lues(vue.tables) == attendues(siennes, histoire, retenus)
            assert vue.points[0].arbitre == sum(table.arbitre for table in vue.tables)
        valent = Arbitrage.objects.filter(point__seance=ouverte.seance, vaut=True)
        assert sorted(valent.values_list("demande", "resultat")) == sorted(
            {demande.pk: propose.resultat for demande, propose in histoire}.items()
        )
        for demande, propose in {d.pk: (d, p) for d, p in histoire}.values():
            valant = valent.get(demande=demande)
            accorde = propose.resultat == Resultat.ACCORDE
            assert valant.montant == (propose.montant if accorde else None)
        transaction.set_rollback(True)
