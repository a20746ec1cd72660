"""Douze personnes retouchent la même section : aucun ajout enregistré ne disparaît."""

from threading import Barrier

import pytest

from parvis.cadre.actions.brouillons import preparer_un_avenant
from parvis.cadre.actions.sections import ConflitDeSection
from parvis.cadre.models import Edition
from parvis.cadre.sections import empreinte
from parvis.comptes.acteur import Acteur
from tests.fabriques.cadre import contrat_publie
from tests.fabriques.fils import dans_des_fils
from tests.fabriques.retouches import dit, retoucher

pytestmark = pytest.mark.django_db(transaction=True)
PERSONNES = 12
OU = ("fiche-1-1", "types_d_action")


def preparer(_rang: int) -> Edition:
    return preparer_un_avenant(par=Acteur.machine("essai"), edition=contrat_publie())


def ajouts(edition: Edition) -> list[str]:
    (lignes,) = dans_des_fils(lambda _: dit(edition, *OU), 1)
    return sorted(x["texte"] for x in lignes if x["texte"].startswith("Ajout"))


def saisir(lue: list[dict], rang: int) -> list[dict[str, str]]:
    return [{"texte": x["texte"]} for x in lue] + [{"texte": f"Ajout {rang:02}"}]


def test_aucun_ajout_enregistre_ne_disparait(base_partagee):
    (edition,) = dans_des_fils(preparer, 1)
    depart = Barrier(PERSONNES, timeout=60)

    def ajouter(rang: int) -> int:
        par = Acteur.machine(f"Personne {rang}")
        lue = dit(edition, *OU)
        depart.wait()
        for essai in range(200):
            try:
                retoucher(par, edition, *OU, saisie=saisir(lue, rang), lue=empreinte(lue))
                return essai
            except ConflitDeSection as conflit:
                lue = conflit.actuelle
        raise AssertionError("trop d'essais")

    conflits = sum(dans_des_fils(ajouter, PERSONNES))
    assert ajouts(edition) == [f"Ajout {rang:02}" for rang in range(PERSONNES)]
    # Sans un conflit au moins, ce test n'aurait rien montré.
    assert conflits > 0


def test_sans_l_empreinte_lue_des_ajouts_se_perdent(base_partagee):
    """Le témoin : qui dit avoir lu ce qui est enregistré, sans l'avoir lu, efface les autres."""
    (edition,) = dans_des_fils(preparer, 1)
    tous_ont_lu = Barrier(4, timeout=60)

    def ajouter(rang: int) -> None:
        lue = dit(edition, *OU)
        tous_ont_lu.wait()
        for _ in range(200):
            try:
                retoucher(Acteur.machine(f"P{rang}"), edition, *OU, saisie=saisir(lue, rang))
                return
            except ConflitDeSection:
                continue

    dans_des_fils(ajouter, 4)
    assert len(ajouts(edition)) < 4
