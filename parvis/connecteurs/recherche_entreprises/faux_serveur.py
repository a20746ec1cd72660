"""Un faux service, pour les tests et les démonstrations sans réseau.

À la main : `python -m parvis.connecteurs.recherche_entreprises.faux_serveur --port 8765`, puis
`PARVIS_RECHERCHE_ENTREPRISES=http://127.0.0.1:8765`. Tout y est inventé ; un vrai Siren ne
commence jamais par zéro.
"""

import argparse
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from stdnum import luhn

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

# Nom, sigle, forme juridique, code Insee, commune, association ?, fermée ?
INVENTES = (
    ("COMMUNE DU VAL-DES-TILLEULS", "", "7210", "94081", "Val-des-Tilleuls", False, False),
    ("CAISSE DES FAMILLES DES TILLEULS", "CFT", "8110", "94041", "Port-Tilleul", False, False),
    ("LES JARDINS DU VERGER", "", "9220", "94041", "Port-Tilleul", True, False),
    ("AMICALE DES LOCATAIRES DU VERGER", "ALV", "9220", "94041", "Port-Tilleul", True, False),
    ("REGIE DE QUARTIER DES TILLEULS", "RQT", "9220", "94081", "Val-des-Tilleuls", True, False),
    ("MISSION LOCALE DES TILLEULS", "MLT", "9220", "94081", "Val-des-Tilleuls", True, False),
    ("ATELIER VELO DU PORT", "AVP", "9221", "94041", "Port-Tilleul", True, False),
    ("FONDATION DU GRAND VERGER", "", "9300", "94022", "Tilleul-le-Roi", False, False),
    ("TILLEULS HABITAT", "TH", "5546", "94022", "Tilleul-le-Roi", False, False),
    ("COLLEGE ROSA PARKS", "", "7331", "94081", "Val-des-Tilleuls", False, False),
    ("BOULANGERIE DU QUAI", "", "5710", "94041", "Port-Tilleul", False, False),
    ("CINE-CLUB DES TILLEULS", "", "9220", "94081", "Val-des-Tilleuls", True, True),
)


def numero(debut: str) -> str:
    """Rend ce début suivi de sa clé de contrôle."""
    return debut + luhn.calc_check_digit(debut)


def entree(rang: int) -> dict[str, Any]:
    """Rend la réponse du service pour l'organisme inventé de ce rang."""
    nom, sigle, forme, code, commune, est_association, est_fermee = INVENTES[rang]
    siren = numero(f"000100{rang:02d}")
    siege = _etablissement(numero(f"{siren}0001"), code, commune, rang, est_fermee=est_fermee)
    antenne = _etablissement(numero(f"{siren}0002"), code, commune, rang + 50, est_fermee=False)
    return {
        "siren": siren,
        "nom_complet": f"{nom} ({sigle})" if sigle else nom,
        "nom_raison_sociale": nom,
        "sigle": sigle or None,
        "nature_juridique": forme,
        "etat_administratif": "C" if est_fermee else "A",
        "siege": siege | {"est_siege": True},
        "matching_etablissements": [antenne],
        "complements": {
            "est_association": est_association,
            "identifiant_association": f"W941{rang:06d}" if est_association else None,
        },
    }


def _etablissement(
    siret: str, code: str, commune: str, voie: int, *, est_fermee: bool
) -> dict[str, Any]:
    return {
        "siret": siret,
        "adresse": f"{voie + 1} RUE DES TILLEULS 94000 {commune.upper()}",
        "code_postal": "94000",
        "commune": code,
        "libelle_commune": commune.upper(),
        "etat_administratif": "F" if est_fermee else "A",
        "date_fermeture": "2020-06-30" if est_fermee else None,
        "est_siege": False,
    }


def repondre(question: str, par_page: int) -> dict[str, Any]:
    """Rend les inventés dont un numéro ou chaque mot du nom répond."""
    mots = question.upper().split()
    trouves = [
        e
        for e in map(entree, range(len(INVENTES)))
        if question
        in (e["siren"], e["siege"]["siret"], e["complements"]["identifiant_association"])
        or question == e["matching_etablissements"][0]["siret"]
        or (mots and all(mot in e["nom_complet"] for mot in mots))
    ]
    return {"results": trouves[:par_page], "total_results": len(trouves), "page": 1}


class Serveur(ThreadingHTTPServer):
    """Le faux service ; `mode` dit comment il répond, `appels` ce qu'on lui a demandé."""

    daemon_threads = True

    def __init__(self, port: int = 0, mode: str = "normal", lenteur: float = 6.0) -> None:
        super().__init__(("127.0.0.1", port), Reponse)
        self.mode, self.lenteur, self.attente = mode, lenteur, "1"
        self.appels: list[tuple[str, str]] = []

    @property
    def adresse(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Reponse(BaseHTTPRequestHandler):
    """Une requête reçue par le faux service."""

    server: Serveur

    def do_GET(self) -> None:
        adresse = urlsplit(self.path)
        questions = parse_qs(adresse.query)
        question = questions.get("q", [""])[0]
        self.server.appels.append((question, self.headers.get("User-Agent", "")))
        mode = self.server.mode
        if mode == "lent":
            time.sleep(self.server.lenteur)
        if mode == "trop" or (mode == "trop_puis_normal" and len(self.server.appels) == 1):
            self._envoyer(429, b"{}", {"Retry-After": self.server.attente})
        elif mode == "panne":
            self._envoyer(503, b"")
        elif mode == "ailleurs":
            self._envoyer(302, b"", {"Location": f"{self.server.adresse}/autre-hote"})
        elif mode == "html":
            self._envoyer(200, b"<html><body>Portail captif</body></html>")
        elif mode == "enorme":
            self._envoyer(200, b'{"results": [' + b" " * 10_000_000 + b"]}")
        elif mode == "types":
            self._envoyer(200, json.dumps(MALFORMES).encode())
        elif adresse.path != "/search" or len(question) < 3:
            self._envoyer(400, b'{"erreur": "3 caracteres minimum"}')
        else:
            par_page = int(questions.get("per_page", ["10"])[0])
            self._envoyer(200, json.dumps(repondre(question, par_page)).encode())

    def _envoyer(self, code: int, corps: bytes, entetes: dict[str, str] | None = None) -> None:
        try:
            self.send_response(code)
            for nom, valeur in (entetes or {}).items():
                self.send_header(nom, valeur)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(corps)))
            self.end_headers()
            self.wfile.write(corps)
        except ConnectionError:
            # Le client est parti sans attendre la fin : c'est ce qu'on veut voir.
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """N'écrit rien sur la sortie."""


# Chaque champ a un type que l'API n'annonce pas ; seule la dernière entrée est lisible.
MALFORMES: dict[str, Any] = {
    "results": [
        None,
        "texte",
        {"siren": 123, "nom_complet": ["x"], "siege": "nulle part"},
        {"siren": "12", "nom_complet": "Siren trop court"},
        {"siren": "000100008", "nom_complet": "[NON-DIFFUSIBLE]"},
        {
            "siren": "000100016",
            "nom_complet": "LISIBLE\u0000",
            "sigle": 4,
            "nature_juridique": None,
            "siege": {"siret": [], "date_fermeture": "hier", "adresse": {"a": 1}},
            "matching_etablissements": {"siret": "x"},
            "complements": [],
        },
    ]
}


@contextmanager
def demarre(mode: str = "normal", lenteur: float = 6.0) -> Iterator[Serveur]:
    """Fait tourner le faux service dans un fil, sur un port libre."""
    serveur = Serveur(mode=mode, lenteur=lenteur)
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


def main() -> None:
    """Sert le faux service jusqu'à l'arrêt du programme."""
    lecteur = argparse.ArgumentParser(description=__doc__)
    lecteur.add_argument("--port", type=int, default=8765)
    lecteur.add_argument("--mode", choices=MODES, default="normal")
    choix = lecteur.parse_args()
    serveur = Serveur(choix.port, choix.mode)
    print(f"Faux service sur {serveur.adresse} (mode {choix.mode}). Ctrl+C pour l'arrêter.")
    try:
        serveur.serve_forever()
    except KeyboardInterrupt:
        serveur.server_close()


if __name__ == "__main__":
    main()
