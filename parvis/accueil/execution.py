"""La boucle de l'exécutant : ce que le site fait sans que personne ne le demande."""

import logging
import math
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Event, Thread

from django.core.management import call_command
from django.db import close_old_connections, connections
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from parvis.comptes.actions.envois import oublier_les_envois_echus
from parvis.comptes.actions.rattachements import finir_les_roles_echus
from parvis.courriels import actions as courriels
from parvis.courriels.execution import envoyer_les_dus
from parvis.documents.actions import oublier_les_orphelins
from parvis.dossiers.actions.rappels import rappeler_les_brouillons
from parvis.evaluation.actions.attendre import attendre_les_bilans, rappeler_les_bilans
from parvis.instruction.actions.rappels import rappeler_les_questions
from parvis.travaux import actions as travaux
from parvis.travaux.execution import TACHES_DES_PIECES, Tache

logger = logging.getLogger(__name__)

SECONDE, MINUTE, JOUR = 1, 60, 24 * 60 * 60
REPOS_APRES_UNE_PANNE = 30 * SECONDE
BAIL, DUREE_DU_BAIL, PROLONGATION = "executant", timedelta(seconds=30), 10 * SECONDE


def mener_les_travaux(executant: str) -> None:
    """Mène un travail de la file ; un seul, pour que les courriels n'attendent pas toute la file."""
    if DBTaskResult.objects.ready().exists():
        Worker(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=1,
            worker_id=executant,
            excluded_queue_names=[],
        ).run()


# Ce que le site fait tout seul. Une pièce d'écran, qu'accueil ne peut pas nommer, inscrit ses tâches
# elle-même (`travaux.execution.inscrire_une_tache`).
TACHES: dict[str, Tache] = {
    "envoyer les courriels": Tache(2 * SECONDE, lambda e: envoyer_les_dus(executant=e)),
    "mener les travaux": Tache(SECONDE, mener_les_travaux),
    "préparer les résumés": Tache(MINUTE, lambda _: courriels.preparer_les_resumes()),
    "reprendre les travaux perdus": Tache(MINUTE, lambda _: travaux.reprendre_les_perdus()),
    "oublier les textes gardés": Tache(10 * MINUTE, lambda _: oublier_les_envois_echus()),
    "finir les rôles échus": Tache(60 * MINUTE, lambda _: finir_les_roles_echus()),
    "rappeler les brouillons": Tache(30 * MINUTE, lambda _: rappeler_les_brouillons()),
    "rappeler les questions": Tache(30 * MINUTE, lambda _: rappeler_les_questions()),
    "attendre les bilans": Tache(30 * MINUTE, lambda _: attendre_les_bilans()),
    "rappeler les bilans": Tache(30 * MINUTE, lambda _: rappeler_les_bilans()),
    "oublier les sessions finies": Tache(JOUR, lambda _: call_command("clearsessions")),
    "oublier les fichiers orphelins": Tache(JOUR, lambda _: oublier_les_orphelins()),
    "oublier les anciens courriels": Tache(JOUR, lambda _: courriels.oublier_les_anciens()),
}


def demarrer(*, est_seul: bool) -> tuple[Thread, Event]:
    """Met l'exécutant en marche dans un fil ; rend ce fil, et de quoi l'arrêter.

    `est_seul` : il ne fait rien tant qu'un autre processus tient le bail de l'exécutant.
    """
    arret, executant = Event(), uuid.uuid4().hex
    fil = Thread(
        target=tourner_seul if est_seul else tourner,
        kwargs={"arret": arret, "executant": executant},
        name="executant",
        daemon=True,
    )
    fil.start()
    logger.info("exécutant en marche", extra={"executant": executant})
    return fil, arret


def tourner(*, arret: Event, executant: str) -> None:
    """Refait chaque tâche à sa cadence jusqu'à l'arrêt ; l'une en panne n'arrête pas les autres."""
    try:
        _tourner(arret, executant, {}, math.inf)
    finally:
        connections.close_all()


def tourner_seul(*, arret: Event, executant: str) -> None:
    """Comme `tourner`, mais seulement quand ce processus tient le bail de l'exécutant."""
    echeances: dict[str, float] = {}
    tenir = partial(travaux.prendre_le_bail, nom=BAIL, tenu_par=executant, duree=DUREE_DU_BAIL)
    rendre = partial(travaux.rendre_le_bail, nom=BAIL, tenu_par=executant)
    try:
        while not arret.is_set():
            if _essayer("tenir le bail", tenir):
                _tourner(arret, executant, echeances, time.monotonic() + PROLONGATION)
            else:
                arret.wait(PROLONGATION)
        _essayer("rendre le bail", rendre)
    finally:
        connections.close_all()


def _tourner(arret: Event, executant: str, echeances: dict[str, float], fin: float) -> None:
    while not arret.is_set() and time.monotonic() < fin:
        for nom, tache in (TACHES | TACHES_DES_PIECES).items():
            if arret.is_set() or time.monotonic() < echeances.get(nom, 0):
                continue
            est_en_panne = _essayer(nom, partial(tache.faire, executant)) is False
            attente = max(tache.cadence, REPOS_APRES_UNE_PANNE) if est_en_panne else tache.cadence
            echeances[nom] = time.monotonic() + attente
        arret.wait(max(0, min([*echeances.values(), fin]) - time.monotonic()))


def _essayer(nom: str, faire: Callable[[], object]) -> object:
    """Rend ce que rend la tâche, ou False si elle tombe en panne."""
    close_old_connections()
    try:
        return faire()
    except Exception:
        logger.exception("tâche en panne", extra={"tache": nom})
        return False
