"""Cinquante personnes modifient le même organisme : aucun ajout accepté ne disparaît."""

from threading import Barrier

import pytest

from parvis.organismes import actions
from parvis.organismes.models import Organisme
from parvis.socle.refus import Refus
from tests.fabriques.fils import dans_des_fils
from tests.organismes.conftest import MOI

pytestmark = pytest.mark.django_db(transaction=True)
PERSONNES = 50


def creer(_rang: int) -> int:
    return actions.creer(par=MOI, nom="Le Commun", nature="association").pk


def relire(pk: int) -> list[str]:
    (adresse,) = dans_des_fils(lambda _: Organisme.objects.get(pk=pk).adresse, 1)
    return adresse.split()


def test_aucun_ajout_accepte_ne_disparait(base_partagee):
    (pk,) = dans_des_fils(creer, 1)
    depart = Barrier(PERSONNES, timeout=60)

    def ajouter(rang: int) -> int:
        depart.wait()
        lu = Organisme.objects.get(pk=pk)
        for essai in range(200):
            try:
                actions.modifier(
                    par=MOI,
                    organisme=lu,
                    version=lu.version,
                    valeurs={"adresse": f"{lu.adresse} p{rang}"},
                )
                return essai
            except actions.ConflitDeVersion as conflit:
                lu = conflit.courant
        raise AssertionError("trop d'essais")

    conflits = sum(dans_des_fils(ajouter, PERSONNES))
    assert sorted(relire(pk)) == sorted(f"p{rang}" for rang in range(PERSONNES))
    # Sans un conflit au moins, ce test n'aurait rien montré.
    assert conflits > 0


def test_sans_la_version_des_ajouts_se_perdent(base_partagee):
    """Le témoin : la même saisie, qui ne compare pas les versions, efface le travail des autres."""
    (pk,) = dans_des_fils(creer, 1)
    nombre = 10
    tous_ont_lu = Barrier(nombre, timeout=60)

    def ajouter(rang: int) -> None:
        lu = Organisme.objects.get(pk=pk)
        tous_ont_lu.wait()
        Organisme.objects.filter(pk=pk).update(adresse=f"{lu.adresse} p{rang}")

    dans_des_fils(ajouter, nombre)
    assert len(relire(pk)) < nombre


def test_deux_fusions_croisees_n_en_font_qu_une(base_partagee):
    premier, second = dans_des_fils(creer, 2)
    ensemble = Barrier(2, timeout=60)

    def fusionner(rang: int) -> bool:
        a, b = Organisme.objects.in_bulk([premier, second]).values()
        doublon, garde = (a, b) if rang else (b, a)
        ensemble.wait()
        try:
            actions.fusionner(par=MOI, doublon=doublon, garde=garde, raisons=["Même nom."])
        except Refus:
            return False
        return True

    assert sorted(dans_des_fils(fusionner, 2)) == [False, True]
