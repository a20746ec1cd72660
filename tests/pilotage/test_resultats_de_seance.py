"""Les résultats d'une séance en tableau : une ligne par demande, rien de caché, jamais une formule."""

import io
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from parvis.dossiers.models import Projet
from parvis.instruction.models import Deport
from parvis.programmation.actions.arbitrages import publier_la_seance
from parvis.programmation.actions.deports_de_seance import deporter
from parvis.programmation.enums import Resultat
from parvis.programmation.queries.resultats import COLONNES, resultats
from tests.decors import decor
from tests.fabriques import instances, seances
from tests.pilotage.test_seances import Site
from tests.programmation.essais_de_seance import ajouter_des_dossiers, autre_pilote

pytestmark = pytest.mark.django_db


@decor
def levee():
    """Lève une séance qui accorde à l'une, refuse à l'autre."""
    tenue = seances.seance().ouvrir()
    tenue.arbitrer(tenue.samia, montant="1500", condition="L’accord du bailleur.")
    tenue.arbitrer(tenue.etude.olga, Resultat.REFUSE, motif="=1+1")
    return tenue.lever()


def lu_en_csv(reponse) -> list[list[str]]:
    assert reponse.status_code == 200
    return [ligne.split(";") for ligne in reponse.content.decode("utf-8-sig").splitlines()]


def prendre(tenue, extension="csv", qui="pilote"):
    return Site(tenue, qui).get("resultats_de_seance", tenue.seance.pk, extension)


def test_une_ligne_par_demande_avec_ce_qui_est_propose(levee):
    titres, *lignes = lu_en_csv(prendre(levee))
    assert titres == list(COLONNES)
    lues = [dict(zip(titres, ligne, strict=True)) for ligne in lignes]
    assert len(lues) == 2
    par_resultat = {une["Résultat"]: une for une in lues}
    oui, non = par_resultat["Accordée"], par_resultat["Refusée"]
    assert (oui["Proposé (€)"], oui["Sous réserve de"]) == ("1500,00", "L’accord du bailleur.")
    assert oui["Numéro"] == non["Numéro"] == levee.etude.dossier.reference
    assert non["Proposé (€)"] == "" and non["Motif"] == "'=1+1"


def test_le_classeur_dit_la_meme_chose_et_n_a_pas_de_formule(levee):
    Projet.objects.update(titre="=cmd|'/c calc'!A1")
    octets = prendre(levee, "xlsx").content
    titres, *lignes = (
        CalamineWorkbook.from_filelike(io.BytesIO(octets)).get_sheet_by_index(0).to_python()
    )
    assert titres == list(COLONNES)
    lues = [dict(zip(titres, ligne, strict=True)) for ligne in lignes]
    assert {une["Projet"] for une in lues} == {"=cmd|'/c calc'!A1"}
    assert {une["Proposé (€)"] for une in lues} == {1500.0, ""}
    assert resultats(levee.pilote, levee.seance)[0][10] > Decimal(0)


def test_avant_la_levee_il_n_y_a_rien_a_emporter():
    tenue = seances.seance().ouvrir()
    assert prendre(tenue).status_code == 404
    assert "resultats.csv" not in Site(tenue).get("seance").content.decode()


def test_la_page_y_mene_et_dit_s_ils_sont_provisoires(levee):
    assert "demande par demande, provisoires" in Site(levee).get("seance").content.decode()
    assert "-provisoire.csv" in prendre(levee)["Content-Disposition"]
    levee.seance = publier_la_seance(par=levee.pilote, seance=levee.seance)
    assert "provisoire" not in prendre(levee)["Content-Disposition"]


def test_un_pilote_deporte_n_y_lit_pas_le_dossier():
    tenue = seances.seance()
    autre = autre_pilote(tenue)
    ajouter_des_dossiers(tenue)
    siege = instances.membre(tenue.pilote, tenue.instance, autre)
    tenue.mandats["paule"] = siege
    tenue.ouvrir()
    deporter(
        par=tenue.pilote, seance=tenue.seance, point=tenue.point, mandat=siege, motif="Sa sœur."
    )
    tenue.publier()
    assert Deport.objects.filter(utilisateur=autre.utilisateur).exists()
    tous = {ligne[1] for ligne in resultats(tenue.pilote, tenue.seance)}
    siens = {ligne[1] for ligne in resultats(autre, tenue.seance)}
    assert tous - siens == {tenue.etude.dossier.reference} and siens


def test_le_nombre_de_requetes_ne_depend_pas_des_dossiers():
    couts = []
    for nombre in (0, 3):
        with transaction.atomic():
            tenue = seances.seance()
            if nombre:
                ajouter_des_dossiers(tenue, nombre)
            tenue.ouvrir().lever()
            with CaptureQueriesContext(connection) as requetes:
                lues = resultats(tenue.pilote, tenue.seance)
            assert len({ligne[1] for ligne in lues}) == nombre + 1
            couts.append(len(requetes))
            transaction.set_rollback(True)
    assert couts[0] == couts[1]
