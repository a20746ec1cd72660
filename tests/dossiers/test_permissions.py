"""Qui lit et écrit un projet : son porteur, qui le porte pour lui, et nul autre."""

import pytest

from parvis.dossiers import permissions as p
from parvis.dossiers.models import Projet
from parvis.dossiers.queries.dossiers import projets
from tests.decors import decor
from tests.fabriques import dossiers
from tests.fabriques.cadre import contrat_publie
from tests.fabriques.comptes import monde, organisme
from tests.fabriques.quartiers import territoire_du_contrat

pytestmark = pytest.mark.django_db


@decor
def lieux():
    territoire_du_contrat()
    return monde()


@decor
def appel(lieux):
    contrat = contrat_publie("tilleuls").contrat
    return dossiers.appel_ouvert(lieux.acteurs["pilote"], contrat).appel


@decor
def projet(lieux, appel):
    return dossiers.brouillon(lieux.acteurs["gestionnaire"], appel).projet


def lisent(lieux, projet) -> set[str]:
    """Rend qui lit le projet ; la lecture et la permission disent toujours la même chose."""
    par_lecture = {nom for nom, a in lieux.acteurs.items() if projet in projets(a, projet.contrat)}
    relu = Projet.objects.get(pk=projet.pk)
    assert par_lecture == {nom for nom, a in lieux.acteurs.items() if p.est_du_porteur(a, relu)}
    return par_lecture


def ecrivent(lieux, projet) -> set[str]:
    relu = Projet.objects.get(pk=projet.pk)
    return {nom for nom, a in lieux.acteurs.items() if p.peut_ecrire_le_projet(a, relu)}


def test_les_membres_confirmes_lisent_les_roles_qui_ecrivent_ecrivent(lieux, projet):
    assert lisent(lieux, projet) == {"gestionnaire", "signataire", "contributeur", "lecteur"}
    assert ecrivent(lieux, projet) == {"gestionnaire", "signataire", "contributeur"}


def test_qui_attend_n_ouvre_que_ce_qu_il_a_cree(lieux, appel, projet):
    assert "attente" not in lisent(lieux, projet)
    sien = dossiers.brouillon(lieux.acteurs["attente"], appel, "Le sien").projet
    assert "attente" in lisent(lieux, sien) & ecrivent(lieux, sien)
    assert not p.peut_deposer_le_dossier(lieux.acteurs["attente"], sien)


def test_un_doublon_vaut_l_organisme_garde(lieux, appel):
    lieux.ajouter("jumelle", organisme("Amis du Verger"), "gestionnaire")
    projet = dossiers.brouillon(lieux.acteurs["jumelle"], appel).projet
    doublon = lieux.acteurs["jumelle"].rattachement.organisme
    doublon.fusionne_dans = lieux.verger
    doublon.save()
    assert {"jumelle", "gestionnaire", "lecteur"} <= lisent(lieux, projet)
    assert {"jumelle", "gestionnaire"} <= ecrivent(lieux, projet)


def test_la_structure_porteuse_lit_et_ecrit_si_elle_est_confirmee(lieux, projet):
    lieux.ajouter("moulinet", lieux.moulin, "contributeur", etat="en_attente")
    projet.structure_porteuse = lieux.moulin
    projet.save()
    assert lisent(lieux, projet) >= {"meuniere"}
    assert "meuniere" in ecrivent(lieux, projet)
    assert "moulinet" not in lisent(lieux, projet)
