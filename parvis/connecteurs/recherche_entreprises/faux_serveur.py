"""Un faux service, pour les tests et les démonstrations sans réseau.

À la main : `python -m parvis.connecteurs.recherche_entreprises.faux_serveur --port 8765`, puis
`PARVIS_RECHERCHE_ENTREPRISES=http://127.0.0.1:8765`. Tout y est inventé ; un vrai Siren ne
commence jamais par zéro.
"""

import json
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from stdnum import luhn

from parvis.connecteurs import faux

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


class Reponse(faux.Reponse):
    """Une requête reçue par le faux service."""

    enorme = b'{"results": ['
    malforme = json.dumps(MALFORMES).encode()

    def do_GET(self) -> None:
        self.adresse = urlsplit(self.path)
        self.questions = parse_qs(self.adresse.query)
        self.question = self.questions.get("q", [""])[0]
        self.traiter(self.question)

    def repondre(self) -> None:
        if self.adresse.path != "/search" or len(self.question) < 3:
            self.envoyer(400, b'{"erreur": "3 caracteres minimum"}')
            return
        par_page = int(self.questions.get("per_page", ["10"])[0])
        self.envoyer(200, json.dumps(repondre(self.question, par_page)).encode())


def demarre(mode: str = "normal", lenteur: float = 6.0) -> AbstractContextManager[faux.Serveur]:
    """Fait tourner le faux service dans un fil, sur un port libre."""
    return faux.demarre(Reponse, mode, lenteur)


if __name__ == "__main__":
    faux.servir(Reponse, __doc__, 8765)
