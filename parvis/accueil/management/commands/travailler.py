"""L'exécutant d'un déploiement : un processus à côté de ceux qui servent les pages."""

import signal
import sys

from django.core.management.base import BaseCommand

from parvis.accueil import execution

SIGNAUX = {signal.SIGTERM, signal.SIGINT}


class Command(BaseCommand):
    help = "Envoie les courriels et mène les travaux longs, jusqu'à Ctrl+C."

    def handle(self, *args, **options):
        # Le fil hérite des signaux retenus : seul ce fil-ci les attend, et rien n'est coupé.
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNAUX)
        fil, arret = execution.demarrer(est_seul=False)
        while fil.is_alive() and not signal.sigtimedwait(SIGNAUX, 1):
            pass
        arret.set()
        while fil.is_alive():
            if signal.sigtimedwait(SIGNAUX, 0.1):
                sys.exit("Arrêt sans attendre la fin du travail en cours.")
