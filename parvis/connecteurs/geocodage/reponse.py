"""Lire ce que rend le géocodeur sans rien lui supposer : une adresse mal située est passée."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from parvis.connecteurs.appel import ReponseIllisible, objet, texte


@dataclass(frozen=True)
class AdresseTrouvee:
    """Une adresse située ; `score` dit de 0 à 1 à quel point elle répond, `type` ce qu'elle désigne.

    `type` vaut « housenumber », « street », « locality », « municipality » ou un mot du service.
    """

    libelle: str
    score: float
    type: str
    lon: float
    lat: float
    code_postal: str = ""
    commune_code: str = ""
    commune_nom: str = ""
    voie: str = ""
    numero: str = ""


def lire(corps: bytes) -> list[AdresseTrouvee]:
    """Rend les adresses d'une réponse GeoJSON.

    Lève ReponseIllisible sans liste de résultats, et ValueError si ce n'est pas du JSON.
    """
    contenu = json.loads(corps)
    resultats = contenu.get("features") if isinstance(contenu, Mapping) else None
    if not isinstance(resultats, list):
        raise ReponseIllisible
    lues = (
        _adresse(objet(resultat, "properties"), *_point(objet(resultat, "geometry")))
        for resultat in resultats
    )
    return [lue for lue in lues if lue]


def lire_le_lot(corps: bytes) -> dict[str, AdresseTrouvee]:
    """Rend les adresses d'une réponse CSV, chacune sous le rang qu'elle porte.

    Lève ReponseIllisible, et ValueError si ce n'est pas du texte.
    """
    # addok ouvre sa réponse par une marque d'ordre des octets.
    tableau = csv.DictReader(io.StringIO(corps.decode("utf-8-sig"), newline=""))
    trouvees: dict[str, AdresseTrouvee] = {}
    try:
        if not {"rang", "latitude", "longitude"} <= set(tableau.fieldnames or ()):
            raise ReponseIllisible
        for ligne in tableau:
            champs = {nom.removeprefix("result_"): v for nom, v in ligne.items() if nom}
            lue = _adresse(champs, champs.get("longitude"), champs.get("latitude"))
            if lue:
                trouvees.setdefault(texte(champs, "rang"), lue)
    except csv.Error:
        raise ReponseIllisible from None
    return trouvees


def _adresse(champs: Mapping[str, Any], lon: Any, lat: Any) -> AdresseTrouvee | None:
    libelle, score = texte(champs, "label"), _nombre(champs.get("score"), 0, 1)
    est, nord = _nombre(lon, -180, 180), _nombre(lat, -90, 90)
    if not libelle or score is None or est is None or nord is None:
        return None
    sorte = texte(champs, "type")
    # Une voie sans numéro porte son nom dans « name », et pas toujours dans « street ».
    voie = texte(champs, "street") or (texte(champs, "name") if sorte == "street" else "")
    return AdresseTrouvee(
        libelle=libelle,
        score=score,
        type=sorte,
        lon=est,
        lat=nord,
        code_postal=texte(champs, "postcode"),
        commune_code=texte(champs, "citycode"),
        commune_nom=texte(champs, "city"),
        voie=voie,
        numero=texte(champs, "housenumber"),
    )


def _point(geometrie: Mapping[str, Any]) -> tuple[Any, Any]:
    """Rend la longitude et la latitude d'un point, encore à vérifier."""
    couple = geometrie.get("coordinates")
    if geometrie.get("type") != "Point" or not isinstance(couple, list) or len(couple) < 2:
        return None, None
    return couple[0], couple[1]


def _nombre(valeur: Any, bas: float, haut: float) -> float | None:
    """Rend le nombre s'il est entre ces bornes, à six décimales (dix centimètres au sol)."""
    if isinstance(valeur, bool) or not isinstance(valeur, int | float | str):
        return None
    try:
        nombre = round(float(valeur), 6)
    except (ValueError, OverflowError):
        return None
    return nombre if bas <= nombre <= haut else None
