"""Huit fils importent le même fichier ensemble : un seul écrit, les autres n'ont plus rien à changer.

Le témoin : sans la chaîne du journal tenue, tous lisent avant que le premier écrive, et la base refuse.
"""

from threading import Barrier

import pytest
from django.db import IntegrityError

from parvis.journal.models import Evenement
from parvis.programmation.actions import postes as actions
from parvis.programmation.enums import DispositifDePoste
from parvis.socle.auteur import Machine
from tests.fabriques.cadre import contrat_publie
from tests.fabriques.fils import dans_des_fils
from tests.fabriques.postes import brute, lus

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
FILS, ATTENTE = 8, 60


def courir(contrat):
    """Rend ce que chaque fil a écrit : un nombre de postes, ou le refus de la base."""
    ensemble = Barrier(FILS, timeout=ATTENTE)

    def mener(rang):
        ensemble.wait()
        try:
            return actions.importer_les_postes(
                par=Machine("essai"),
                contrat=contrat,
                dispositif=DispositifDePoste.FONJEP,
                lus=lus(brute(2), brute(3, exercice="2024")),
                source="fonjep.csv",
            ).nombre
        except IntegrityError:
            return "refusé"

    return sorted(map(str, dans_des_fils(mener, FILS)))


def test_un_seul_fil_ecrit():
    contrat = contrat_publie("tilleuls").contrat
    assert courir(contrat) == ["0"] * (FILS - 1) + ["2"]
    assert contrat.postes_aides.count() == 2
    assert Evenement.objects.filter(action="programmation.importer_les_postes").count() == 1


def test_le_temoin_sans_verrou_se_fait_refuser_par_la_base(monkeypatch):
    contrat = contrat_publie("tilleuls").contrat
    tous_ont_lu, comparer = Barrier(FILS, timeout=ATTENTE), actions.comparer_les_postes

    def lire_ensemble(*args):
        difference = comparer(*args)
        tous_ont_lu.wait()
        return difference

    monkeypatch.setattr(actions, "tenir_la_chaine", lambda contrat: None)
    monkeypatch.setattr(actions, "comparer_les_postes", lire_ensemble)
    assert courir(contrat) == ["2"] + ["refusé"] * (FILS - 1)
    assert contrat.postes_aides.count() == 2
