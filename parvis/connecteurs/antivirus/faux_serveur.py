"""Un faux clamd, pour les tests et les démonstrations : il ne reconnaît que le fichier d'essai EICAR.

À la main : `python -m parvis.connecteurs.antivirus.faux_serveur --port 3310`, puis
`PARVIS_ANTIVIRUS=tcp://127.0.0.1:3310`.
"""

import argparse
import socketserver
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Le fichier d'essai que tout antivirus reconnaît (https://www.eicar.org), en deux moitiés : entier,
# il ferait mettre ce fichier-ci en quarantaine.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SAIN, INFECTE = b"stream: OK\x00", b"stream: Eicar-Test-Signature FOUND\x00"
TROP_LONG = b"INSTREAM size limit exceeded. ERROR\x00"
# Ce que le faux serveur répond au lieu d'un verdict.
REPONSES = {
    "tronque": SAIN[:9],
    "sans_fin": SAIN[:-1],
    "panne": b"stream: Can't allocate memory ERROR\x00",
    "inconnue": b"UNKNOWN COMMAND\x00",
    "bavard": b"stream: OK" + b" " * 1_000_000 + b"\x00",
    "vide": b"",
}
MODES = ("normal", "lent", "muet", "au_compte_gouttes", *REPONSES)
_LONGUEUR = struct.Struct("!I")


class Reponse(socketserver.StreamRequestHandler):
    """Un flux reçu par le faux clamd."""

    server: "Serveur | ServeurUnix"

    def handle(self) -> None:
        try:
            self._traiter()
        except (ConnectionError, struct.error, EOFError):
            # Le client est parti sans attendre la fin, ou n'a pas parlé comme clamd l'attend.
            return

    def _traiter(self) -> None:
        if self.rfile.read(10) != b"zINSTREAM\x00":
            self.wfile.write(b"UNKNOWN COMMAND\x00")
            return
        morceaux: list[bytes] = []
        while taille := _LONGUEUR.unpack(self.rfile.read(4))[0]:
            if sum(map(len, morceaux)) + taille > self.server.limite:
                self.wfile.write(TROP_LONG)
                return
            morceaux.append(self.rfile.read(taille))
        self.server.appels.append(tuple(map(len, morceaux)))
        self._repondre(b"".join(morceaux))

    def _repondre(self, octets: bytes) -> None:
        mode, verdict = self.server.mode, INFECTE if EICAR in octets else SAIN
        if mode in ("lent", "muet"):
            time.sleep(self.server.lenteur)
        if mode == "muet":
            return
        if mode == "au_compte_gouttes":
            for rang in range(len(verdict)):
                self.wfile.write(verdict[rang : rang + 1])
                time.sleep(0.01)
            return
        self.wfile.write(REPONSES.get(mode, verdict))


class Serveur(socketserver.ThreadingTCPServer):
    """Un faux clamd sur un port ; `mode` dit comment il répond, `appels` la taille des morceaux reçus."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int = 0, mode: str = "normal", lenteur: float = 6.0) -> None:
        super().__init__(("127.0.0.1", port), Reponse)
        self.mode, self.lenteur, self.limite = mode, lenteur, 25 * 1024 * 1024
        self.appels: list[tuple[int, ...]] = []

    @property
    def adresse(self) -> str:
        return f"tcp://127.0.0.1:{self.server_address[1]}"


class ServeurUnix(socketserver.ThreadingUnixStreamServer):
    """Le même, sur une prise Unix."""

    daemon_threads = True

    def __init__(self, chemin: Path, mode: str = "normal", lenteur: float = 6.0) -> None:
        super().__init__(str(chemin), Reponse)
        self.mode, self.lenteur, self.limite = mode, lenteur, 25 * 1024 * 1024
        self.appels: list[tuple[int, ...]] = []
        self.adresse = f"unix://{chemin}"


@contextmanager
def demarre(
    mode: str = "normal", lenteur: float = 6.0, chemin: Path | None = None
) -> Iterator[Serveur | ServeurUnix]:
    """Fait tourner le faux clamd dans un fil, sur un port libre ou sur la prise Unix de ce chemin."""
    serveur = ServeurUnix(chemin, mode, lenteur) if chemin else Serveur(0, mode, lenteur)
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


if __name__ == "__main__":
    lecteur = argparse.ArgumentParser(description=__doc__)
    lecteur.add_argument("--port", type=int, default=3310)
    lecteur.add_argument("--mode", choices=MODES, default="normal")
    choix = lecteur.parse_args()
    with Serveur(choix.port, choix.mode) as a_servir:
        print(f"Faux antivirus sur {a_servir.adresse} (mode {choix.mode}). Ctrl+C pour l'arrêter.")
        a_servir.serve_forever()
