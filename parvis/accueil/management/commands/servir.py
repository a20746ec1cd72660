"""Prépare l'instance puis la sert : un processus, quelques fils, rien à installer devant."""

import gc
import os
import signal
import socket
from argparse import ArgumentTypeError

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import get_resolver
from gunicorn.app.base import BaseApplication

from parvis.accueil import execution

FILS = 8
DERNIER_COURRIEL = 2  # secondes laissées à l'envoi en cours quand on arrête


def port(texte: str) -> int:
    """Rend un numéro de port ; lève ArgumentTypeError, en clair, si ce n'en est pas un."""
    if not (texte.isdigit() and 1 <= int(texte) <= 65535):
        raise ArgumentTypeError(f"« {texte} » ne convient pas : un nombre de 1 à 65535.")
    return int(texte)


class Serveur(BaseApplication):
    """gunicorn, réglé ici et non par la ligne de commande ou l'environnement."""

    def __init__(self, hote: str, port: int, annoncer) -> None:
        self.hote, self.port, self.annoncer = hote, port, annoncer
        super().__init__()

    def load_config(self):
        reglages = {
            # Une question se partage par son adresse : le plus que gunicorn accepte.
            "limit_request_line": 8190,
            "bind": f"[{self.hote}]:{self.port}"
            if ":" in self.hote
            else f"{self.hote}:{self.port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": FILS,
            # L'application est chargée avant la naissance du processus qui sert.
            "preload_app": True,
            # Un fil ne traverse pas la naissance d'un processus : il commence dans l'enfant.
            "post_worker_init": lambda enfant: self.commencer(),
            "worker_exit": lambda serveur, enfant: self.finir(),
            "graceful_timeout": 5,
            "control_socket_disable": True,
            "when_ready": lambda serveur: self.annoncer(),
            # Les journaux de gunicorn suivent ceux de Django : une ligne JSON par événement.
            "logconfig_dict": {
                **settings.LOGGING,
                "loggers": {
                    "gunicorn.error": {
                        "handlers": ["sortie"],
                        "level": "WARNING",
                        "propagate": False,
                    }
                },
            },
        }
        for nom, valeur in reglages.items():
            self.cfg.set(nom, valeur)

    def load(self):
        application = get_wsgi_application()
        # Comme config/wsgi.py : les vues se chargent ici, et ce qui est chargé ne se ramasse plus.
        get_resolver().url_patterns  # noqa: B018
        gc.collect()
        gc.freeze()
        return application

    def commencer(self):
        # Ctrl+C atteint aussi l'enfant : seul le parent décide de l'arrêt, et sans traîner.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self.fil, self.arret = execution.demarrer(est_seul=True)

    def finir(self):
        self.arret.set()
        self.fil.join(DERNIER_COURRIEL)


class Command(BaseCommand):
    help = "Prépare l'instance et sert le site sur cette machine, jusqu'à Ctrl+C."

    def add_arguments(self, parser):
        parser.add_argument("--hote", default="127.0.0.1", help="adresse d'écoute")
        parser.add_argument(
            "--port", type=port, default=os.environ.get("PORT", "8000"), help="port d'écoute"
        )

    def handle(self, *args, **options):
        hote, port = options["hote"], options["port"]
        self._verifier_le_port(hote, port)
        call_command("preparer", stdout=self.stdout)
        # Une connexion ouverte ne traverse pas la naissance d'un processus.
        connections.close_all()
        adresse = f"http://{hote}:{port}/"

        def annoncer():
            self.stdout.write(f"Parvis est prêt : {adresse} — Ctrl+C pour arrêter")
            self.stdout.flush()

        Serveur(hote, port, annoncer).run()

    def _verifier_le_port(self, hote, port):
        famille = socket.AF_INET6 if ":" in hote else socket.AF_INET
        with socket.socket(famille, socket.SOCK_STREAM) as essai:
            essai.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                essai.bind((hote, port))
            except (OSError, OverflowError) as erreur:
                raise CommandError(
                    f"Le port {port} de {hote} ne se prend pas ({erreur}). Un autre Parvis tourne "
                    f"peut-être déjà ; sinon, choisissez un autre port : make run PORT={port + 1}"
                ) from None
