"""Un faux géocodeur, pour les tests et les démonstrations sans réseau.

À la main : `python -m parvis.connecteurs.geocodage.faux_serveur --port 8766`, puis
`PARVIS_GEOCODAGE=http://127.0.0.1:8766`. Voies, communes et codes postaux y sont inventés.
"""

import csv
import io
import json
import re
import unicodedata
from contextlib import AbstractContextManager
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qs, urlsplit

from parvis.connecteurs import faux

# « melange » rend un lot dans le désordre, sans sa première ligne ; « barre » renvoie à la même
# adresse, la barre finale en plus ou en moins.
MODES = (*faux.MODES, "melange", "barre")

COMMUNES = {
    "94081": ("Val-des-Tilleuls", "94990", 2.3925, 48.7875),
    "94041": ("Port-Tilleul", "94980", 2.3870, 48.8120),
}

# Voie, commune, où elle commence, son dernier numéro.
VOIES = (
    ("Rue des Tilleuls", "94081", 2.3902, 48.7861, 120),
    ("Avenue du Verger", "94081", 2.3951, 48.7903, 88),
    ("Allée de l'Étang-Sec", "94081", 2.3837, 48.7842, 30),
    ("Place du Vieux-Lavoir", "94081", 2.3988, 48.7926, 14),
    ("Boulevard des Bateliers", "94081", 2.4043, 48.7958, 160),
    ("Rue des Tilleuls", "94041", 2.3846, 48.8137, 64),
    ("Quai du Port-Tilleul", "94041", 2.3979, 48.8098, 210),
    ("Rue de la Passerelle", "94041", 2.3812, 48.8165, 45),
    ("Impasse du Chanvre", "94041", 2.3768, 48.8119, 9),
)
MOTS_SANS_POIDS = {"de", "des", "du", "la", "le", "les", "l", "d"}
PAS_D_UN_NUMERO = 0.00002


def mots(texte: str) -> list[str]:
    """Rend les mots d'un texte, sans accent ni majuscule."""
    plat = unicodedata.normalize("NFKD", texte.lower())
    plat = "".join(signe for signe in plat if not unicodedata.combining(signe))
    return [mot for mot in re.findall(r"[a-z0-9]+", plat) if mot not in MOTS_SANS_POIDS]


def trouver(texte: str, code_postal: str = "", commune: str = "") -> list[dict[str, Any]]:
    """Rend ce qui répond à une adresse, comme le ferait le vrai service, la meilleure d'abord."""
    demandes = mots(texte)
    numero = next((m for m in demandes if re.fullmatch(r"[0-9]{1,4}", m)), "")
    utiles = [m for m in demandes if m != numero]
    permises = [
        code
        for code, (_, postal, *_) in COMMUNES.items()
        if commune in ("", code) and code_postal in ("", postal)
    ]
    candidats = [_commune(code) for code in permises]
    candidats += [_voie(voie, numero) for voie in VOIES if voie[1] in permises]
    notes = [(_note(utiles, candidat), candidat) for candidat in candidats]
    retenus = [candidat | {"score": note} for note, candidat in notes if note >= 0.5]
    return sorted(retenus, key=lambda candidat: -candidat["score"])


def _note(utiles: list[str], candidat: dict[str, Any]) -> float:
    """Rend la part des mots demandés que porte le candidat ; une voie répond par son nom."""
    portes = mots(candidat["label"])
    if candidat["type"] != "municipality" and not set(utiles) & set(mots(candidat["street"])):
        return 0.0
    trouves = sum(mot in portes for mot in utiles)
    oublies = sum(mot not in utiles for mot in mots(candidat["name"]) if not mot.isdigit())
    return round(0.97 * trouves / (len(utiles) + 0.2 * oublies), 4) if utiles else 0.0


def _commune(code: str) -> dict[str, Any]:
    nom, postal, lon, lat = COMMUNES[code]
    return {
        "label": nom,
        "id": code,
        "type": "municipality",
        "name": nom,
        "postcode": postal,
        "citycode": code,
        "city": nom,
        "lon": lon,
        "lat": lat,
    }


def _voie(voie: tuple[str, str, float, float, int], numero: str) -> dict[str, Any]:
    nom, code, lon, lat, dernier = voie
    commune, postal, *_ = COMMUNES[code]
    existe = bool(numero) and 1 <= int(numero) <= dernier
    ecart = int(numero) * PAS_D_UN_NUMERO if existe else 0.0
    devant = f"{int(numero)} " if existe else ""
    return {
        "label": f"{devant}{nom} {postal} {commune}",
        "id": f"{code}_{'_'.join(mots(nom))}",
        "type": "housenumber" if existe else "street",
        "name": f"{devant}{nom}",
        "street": nom,
        "housenumber": devant.strip(),
        "postcode": postal,
        "citycode": code,
        "city": commune,
        "lon": round(lon + ecart, 6),
        "lat": round(lat + ecart / 2, 6),
    }


def geojson(trouves: list[dict[str, Any]]) -> dict[str, Any]:
    """Rend les réponses d'une recherche, en GeoJSON."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [t["lon"], t["lat"]]},
                "properties": {n: v for n, v in t.items() if n not in ("lon", "lat") and v != ""},
            }
            for t in trouves
        ],
    }


def tableau(formulaire: dict[str, list[str]], *, en_desordre: bool) -> str:
    """Rend le tableau reçu et, pour chaque ligne, ce qui lui répond le mieux."""
    lecteur = csv.DictReader(io.StringIO(formulaire["data"][0], newline=""))
    recues = list(lecteur)
    if en_desordre:
        recues = recues[:0:-1]
    rendues = formulaire.get("result_columns", ["longitude", "latitude", "result_label"])
    sortie = io.StringIO()
    colonnes = [*(lecteur.fieldnames or ()), *rendues, "result_status"]
    ecrivain = csv.DictWriter(sortie, colonnes, extrasaction="ignore", restval="")
    ecrivain.writeheader()
    for ligne in recues:
        ecrivain.writerow(ligne | _meilleure(ligne, formulaire))
    return sortie.getvalue()


def _meilleure(ligne: dict[str, str], formulaire: dict[str, list[str]]) -> dict[str, Any]:
    texte = " ".join(ligne[colonne] for colonne in formulaire["columns"])
    codes = [ligne.get(formulaire.get(nom, [""])[0], "") for nom in ("postcode", "citycode")]
    trouves = trouver(texte, *codes)
    if not trouves:
        return {"result_status": "not-found"}
    premier = {f"result_{nom}": valeur for nom, valeur in trouves[0].items()}
    lieu = {"longitude": trouves[0]["lon"], "latitude": trouves[0]["lat"]}
    return premier | lieu | {"result_status": "ok"}


# Chaque champ a un type ou une valeur que le service n'annonce pas ; seule la dernière se lit.
LIEU = {"type": "Point", "coordinates": [2.39, 48.79]}
DITE = {"label": "Lieu", "score": 0.5}
MALFORMES: dict[str, Any] = {
    "features": [
        None,
        "texte",
        {"properties": "nulle part", "geometry": LIEU},
        {"properties": DITE, "geometry": None},
        {"properties": DITE, "geometry": {"type": "Point", "coordinates": [2.39]}},
        {"properties": DITE, "geometry": {"type": "Point", "coordinates": {"lon": 2}}},
        {"properties": DITE, "geometry": {"type": "Polygon", "coordinates": [2.39, 48.79]}},
        {"properties": DITE, "geometry": {"type": "Point", "coordinates": [200, 48.79]}},
        {"properties": DITE, "geometry": {"type": "Point", "coordinates": [2.39, float("nan")]}},
        {"properties": DITE, "geometry": {"type": "Point", "coordinates": [10**400, 48.79]}},
        {"properties": DITE | {"score": float("inf")}, "geometry": LIEU},
        {"properties": DITE | {"score": 1.5}, "geometry": LIEU},
        {"properties": DITE | {"score": True}, "geometry": LIEU},
        {"properties": DITE | {"score": "beaucoup"}, "geometry": LIEU},
        {"properties": DITE | {"score": [0.5]}, "geometry": LIEU},
        {"properties": DITE | {"label": ["x"]}, "geometry": LIEU},
        {
            "properties": {"label": "LISIBLE\u0000", "score": 1.0000000002, "type": 4, "city": []},
            "geometry": LIEU,
        },
    ]
}


class Reponse(faux.Reponse):
    """Une requête reçue par le faux service."""

    enorme = b'{"features": ['
    malforme = json.dumps(MALFORMES).encode()

    def do_GET(self) -> None:
        self.adresse = urlsplit(self.path)
        self.questions = parse_qs(self.adresse.query)
        self.traiter(self.questions.get("q", [""])[0], self.adresse.path)

    def do_POST(self) -> None:
        self.adresse = urlsplit(self.path)
        self.questions = self._formulaire()
        self.traiter(self.questions.get("data", [""])[0], self.adresse.path)

    def repondre(self) -> None:
        chemin, en_lot = self.adresse.path, self.command == "POST"
        if self.server.mode == "barre" and len(self.server.appels) == 1:
            autre = chemin.rstrip("/") if chemin.endswith("/") else f"{chemin}/"
            self.envoyer(308, b"", {"Location": autre})
        elif chemin.rstrip("/") != ("/search/csv" if en_lot else "/search"):
            self.envoyer(404, b"{}")
        elif en_lot:
            rendu = tableau(self.questions, en_desordre=self.server.mode == "melange")
            # Comme addok, qui ouvre sa réponse par une marque d'ordre des octets.
            self.envoyer(200, rendu.encode("utf-8-sig"), {"Content-Type": "text/csv"})
        else:
            self._une_adresse()

    def _une_adresse(self) -> None:
        dits = {nom: valeurs[0] for nom, valeurs in self.questions.items()}
        texte, nombre = dits.get("q", ""), int(dits.get("limit", "5"))
        # Les bornes de la Géoplateforme.
        if not 3 <= len(texte) <= 200 or not texte[0].isalnum() or not 1 <= nombre <= 20:
            self.envoyer(400, b'{"code": 400, "message": "Failed parsing query"}')
            return
        trouves = trouver(texte, dits.get("postcode", ""), dits.get("citycode", ""))
        self.envoyer(200, json.dumps(geojson(trouves[:nombre])).encode())

    def _formulaire(self) -> dict[str, list[str]]:
        """Rend les champs d'un envoi en plusieurs parties."""
        corps = self.rfile.read(int(self.headers["Content-Length"]))
        entete = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        champs: dict[str, list[str]] = {}
        for partie in BytesParser(policy=HTTP).parsebytes(entete + corps).iter_parts():
            nom = partie.get_param("name", header="Content-Disposition")
            valeur = partie.get_payload(decode=True)
            champs.setdefault(str(nom), []).append(bytes(valeur).decode())
        return champs


def demarre(mode: str = "normal", lenteur: float = 6.0) -> AbstractContextManager[faux.Serveur]:
    """Fait tourner le faux service dans un fil, sur un port libre."""
    return faux.demarre(Reponse, mode, lenteur)


if __name__ == "__main__":
    faux.servir(Reponse, __doc__, 8766, MODES)
