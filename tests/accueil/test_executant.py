"""La boucle de l'exécutant : une panne n'arrête rien, un seul `servir` travaille, l'arrêt est propre."""

import os
import signal
import subprocess
import sys
import time
from threading import Event, Thread, Timer

import pytest
from django.db import OperationalError

from parvis.accueil import execution
from parvis.accueil.execution import Tache
from parvis.socle.auteur import Machine
from parvis.travaux import actions as travaux
from parvis.travaux import execution as mener
from parvis.travaux.enums import Etat
from parvis.travaux.models import Bail, Travail
from tests.architecture.regles import RACINE
from tests.courriels.serveur import port_libre

MOI = "exécutant-1"


@pytest.fixture
def tourne(monkeypatch):
    """Rend de quoi faire tourner des tâches d'essai ici même ; chacune peut lever l'arrêt."""

    def tourner(boucle=execution.tourner, **taches: Tache) -> None:
        monkeypatch.setattr(execution, "TACHES", taches)
        # Fermer ici la connexion perdrait la transaction de l'essai.
        monkeypatch.setattr(execution.connections, "close_all", lambda: None)
        monkeypatch.setattr(execution, "close_old_connections", lambda: None)
        boucle(arret=arret, executant=MOI)

    arret = tourner.arret = Event()
    # Une boucle qui ne finirait pas fait échouer son essai au lieu de le bloquer.
    butee = Timer(20, arret.set)
    butee.start()
    yield tourner
    butee.cancel()


@pytest.mark.django_db
class TestTourner:
    def test_chaque_tache_a_sa_cadence(self, tourne):
        faits = []

        def compter(executant):
            faits.append(executant)
            if len(faits) == 3:
                tourne.arret.set()

        rares = []
        tourne(vite=Tache(0.01, compter), rare=Tache(60, rares.append))
        assert faits == [MOI] * 3
        assert rares == [MOI]

    def test_une_panne_attend_et_n_arrete_pas_les_autres(self, tourne, caplog):
        pannes, faits = [], []

        def tomber(executant):
            pannes.append(1)
            raise OperationalError("la base est partie")

        def compter(executant):
            faits.append(1)
            if len(faits) == 5:
                tourne.arret.set()

        tourne(casse=Tache(0, tomber), va=Tache(0.01, compter))
        assert (len(pannes), len(faits)) == (1, 5)
        assert "tâche en panne" in caplog.text

    def test_l_arret_coupe_entre_deux_taches(self, tourne):
        faits = []
        tourne(une=Tache(0, lambda e: tourne.arret.set()), deux=Tache(0, faits.append))
        assert faits == []

    def test_seul_il_prend_le_bail_et_le_rend(self, tourne):
        tenus = []

        def regarder(executant):
            tenus.append(Bail.objects.get().tenu_par)
            tourne.arret.set()

        tourne(execution.tourner_seul, une=Tache(0, regarder))
        assert tenus == [MOI]
        assert Bail.objects.get().tenu_par == ""

    def test_seul_il_ne_fait_rien_tant_qu_un_autre_tient_le_bail(self, tourne, monkeypatch):
        duree = execution.DUREE_DU_BAIL
        assert travaux.prendre_le_bail(nom=execution.BAIL, tenu_par="autre", duree=duree)
        faits = []
        monkeypatch.setattr(tourne.arret, "wait", lambda delai: tourne.arret.set())
        tourne(execution.tourner_seul, une=Tache(0, faits.append))
        assert faits == []
        assert Bail.objects.get().tenu_par == "autre"

    def test_seul_il_garde_ses_echeances_en_prolongeant(self, tourne, monkeypatch):
        monkeypatch.setattr(execution, "PROLONGATION", 0.02)
        faits, rares = [], []

        def compter(executant):
            faits.append(1)
            if len(faits) == 10:
                tourne.arret.set()

        tourne(execution.tourner_seul, vite=Tache(0.01, compter), rare=Tache(3600, rares.append))
        assert rares == [MOI]


@pytest.mark.django_db(transaction=True)
def test_mene_un_travail_de_la_file_par_tour(monkeypatch):
    def faire(parametres, avancer):
        return {}

    monkeypatch.setattr(mener, "NATURES", {"essai": faire})
    for _ in range(2):
        travaux.demander(par=Machine("essai"), nature="essai", parametres={})
    for faits in (1, 2, 2):
        execution.mener_les_travaux(MOI)
        assert Travail.objects.filter(etat=Etat.TERMINE).count() == faits


@pytest.mark.django_db
def test_demarrer_rend_un_fil_que_l_on_arrete(monkeypatch):
    monkeypatch.setattr(execution, "TACHES", {"rien": Tache(60, lambda e: None)})
    fil, arret = execution.demarrer(est_seul=False)
    assert isinstance(fil, Thread)
    assert fil.daemon
    arret.set()
    fil.join(5)
    assert not fil.is_alive()


@pytest.fixture
def lancer(tmp_path):
    """Rend de quoi lancer une commande de Parvis sur une base neuve, arrêtée quoi qu'il arrive."""
    lances = []
    propre = {nom: valeur for nom, valeur in os.environ.items() if not nom.startswith("PARVIS_")}
    propre |= {"PARVIS_VAR": str(tmp_path), "PARVIS_HTTPS": "non"}

    def lancer_une_commande(*commande: str, attendre: str) -> subprocess.Popen:
        sortie = tmp_path / f"sortie-{len(lances)}.txt"
        with sortie.open("wb") as fichier:
            lance = subprocess.Popen(
                [sys.executable, "manage.py", *commande],
                cwd=RACINE,
                env=propre,
                stdout=fichier,
                stderr=fichier,
            )
        lances.append(lance)
        limite = time.monotonic() + 180
        while attendre not in sortie.read_text():
            assert time.monotonic() < limite, sortie.read_text()
            assert lance.poll() is None, sortie.read_text()
            time.sleep(0.05)
        return lance

    yield lancer_une_commande
    for lance in lances:
        if lance.poll() is None:
            lance.kill()
            lance.wait(10)


@pytest.mark.parametrize("signe", [signal.SIGTERM, signal.SIGINT])
def test_travailler_s_arrete_proprement(lancer, signe):
    lance = lancer("travailler", attendre="exécutant en marche")
    lance.send_signal(signe)
    assert lance.wait(10) == 0


def test_servir_travaille_aussi_et_s_arrete_proprement(lancer):
    lance = lancer("servir", "--port", str(port_libre()), attendre="exécutant en marche")
    lance.send_signal(signal.SIGINT)
    assert lance.wait(10) == 0
