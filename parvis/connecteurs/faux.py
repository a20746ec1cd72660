"""Ce que partagent les faux services : leurs façons de mal répondre, et comment ils tournent."""

import argparse
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODES = (
    "normal",
    "lent",
    "trop",
    "trop_puis_normal",
    "panne",
    "html",
    "enorme",
    "types",
    "ailleurs",
)


class Serveur(ThreadingHTTPServer):
    """Un faux service ; `mode` dit comment il répond, `appels` ce qu'on lui a demandé."""

    daemon_threads = True

    def __init__(
        self, reponse: type["Reponse"], port: int = 0, mode: str = "normal", lenteur: float = 6.0
    ) -> None:
        super().__init__(("127.0.0.1", port), reponse)
        self.mode, self.lenteur, self.attente = mode, lenteur, "1"
        self.appels: list[tuple[str, ...]] = []

    @property
    def adresse(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Reponse(BaseHTTPRequestHandler, ABC):
    """Une requête reçue par un faux service, qui dit ce qu'il répond quand tout va bien."""

    server: Serveur
    # Un début de réponse avant dix millions d'espaces, et une réponse aux types imprévus.
    enorme: bytes
    malforme: bytes

    def traiter(self, *demande: str) -> None:
        """Note la demande et répond selon le mode."""
        self.server.appels.append((*demande, self.headers.get("User-Agent", "")))
        mode = self.server.mode
        if mode == "lent":
            time.sleep(self.server.lenteur)
        if mode == "trop" or (mode == "trop_puis_normal" and len(self.server.appels) == 1):
            self.envoyer(429, b"{}", {"Retry-After": self.server.attente})
        elif mode == "panne":
            self.envoyer(503, b"")
        elif mode == "ailleurs":
            self.envoyer(302, b"", {"Location": f"{self.server.adresse}/autre-hote"})
        elif mode == "html":
            self.envoyer(200, b"<html><body>Portail captif</body></html>")
        elif mode == "enorme":
            self.envoyer(200, self.enorme + b" " * 10_000_000)
        elif mode == "types":
            self.envoyer(200, self.malforme)
        else:
            self.repondre()

    @abstractmethod
    def repondre(self) -> None:
        """Répond comme le service qui va bien."""

    def envoyer(self, code: int, corps: bytes, entetes: dict[str, str] | None = None) -> None:
        """Envoie une réponse entière."""
        try:
            self.send_response(code)
            for nom, valeur in ({"Content-Type": "application/json"} | (entetes or {})).items():
                self.send_header(nom, valeur)
            self.send_header("Content-Length", str(len(corps)))
            self.end_headers()
            self.wfile.write(corps)
        except ConnectionError:
            # Le client est parti sans attendre la fin : c'est ce qu'on veut voir.
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """N'écrit rien sur la sortie."""


@contextmanager
def demarre(
    reponse: type[Reponse], mode: str = "normal", lenteur: float = 6.0
) -> Iterator[Serveur]:
    """Fait tourner un faux service dans un fil, sur un port libre."""
    serveur = Serveur(reponse, mode=mode, lenteur=lenteur)
    fil = threading.Thread(
        target=serveur.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    fil.start()
    try:
        yield serveur
    finally:
        serveur.shutdown()
        serveur.server_close()
        fil.join()


def servir(
    reponse: type[Reponse], presentation: str | None, port: int, modes: tuple[str, ...] = MODES
) -> None:
    """Sert un faux service, réglé par la ligne de commande, jusqu'à l'arrêt du programme."""
    lecteur = argparse.ArgumentParser(description=presentation)
    lecteur.add_argument("--port", type=int, default=port)
    lecteur.add_argument("--mode", choices=modes, default="normal")
    choix = lecteur.parse_args()
    serveur = Serveur(reponse, choix.port, choix.mode)
    print(f"Faux service sur {serveur.adresse} (mode {choix.mode}). Ctrl+C pour l'arrêter.")
    try:
        serveur.serve_forever()
    except KeyboardInterrupt:
        serveur.server_close()
