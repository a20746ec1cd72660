"""Une édition publiée, et l'avenant que l'on en prépare."""

from parvis.cadre.actions.brouillons import preparer_un_avenant
from parvis.comptes.acteur import Acteur
from tests.decors import decor
from tests.fabriques.cadre import contrat_publie


@decor
def publiee():
    return contrat_publie("tilleuls")


@decor
def brouillon(publiee):
    return preparer_un_avenant(par=Acteur.machine("Léa"), edition=publiee)
