"""Le client du géocodeur : délais courts, une seule reprise ; jamais d'écran bloqué.

Une adresse est une donnée personnelle : ni elle ni sa réponse ne sont journalisées ou gardées.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from django.conf import settings

from parvis.connecteurs import appel
from parvis.connecteurs.geocodage.demande import AdresseCherchee, ecrire_le_lot, nettoyer
from parvis.connecteurs.geocodage.reponse import AdresseTrouvee, lire, lire_le_lot

EN_PANNE = "geocodage:en-panne"
DELAI_TOTAL, DELAI_D_UN_LOT = 4.0, 30.0
LOT_MAXIMAL = 500
# La Géoplateforme refuse d'en rendre davantage.
NOMBRE_MAXIMAL = 20
# Nos noms de filtres, et ceux du service.
FILTRES = {"code_postal": "postcode", "commune_code": "citycode"}
RENDUES = (
    "longitude latitude result_label result_score result_type result_housenumber result_name "
    "result_street result_postcode result_city result_citycode"
).split()

T = TypeVar("T")


class GeocodageIndisponible(Exception):
    """Le géocodeur ne répond pas ou pas bien ; le message dit comment situer un lieu sans lui."""


def chercher(adresse: AdresseCherchee, nombre: int = 5) -> list[AdresseTrouvee]:
    """Rend les adresses qui répondent, la meilleure d'abord ; rien sous trois lettres.

    Lève GeocodageIndisponible.
    """
    propre = nettoyer(adresse)
    if propre is None:
        return []
    base, combien = _base(), min(max(nombre, 1), NOMBRE_MAXIMAL)
    return _obtenir(lambda fin: lire(_appeler(base, propre, combien, fin)), delai=DELAI_TOTAL)


def chercher_en_lot(adresses: Sequence[AdresseCherchee]) -> list[AdresseTrouvee | None]:
    """Rend, dans l'ordre, ce qui répond le mieux à chaque adresse, ou rien. Ne garde rien.

    Lève GeocodageIndisponible, et ValueError au-delà de LOT_MAXIMAL adresses.
    """
    if len(adresses) > LOT_MAXIMAL:
        raise ValueError(f"Un lot tient {LOT_MAXIMAL} adresses : en voici {len(adresses)}.")
    nettes = ((rang, nettoyer(adresse)) for rang, adresse in enumerate(adresses))
    lot = [(rang, propre) for rang, propre in nettes if propre]
    if not lot:
        return [None] * len(adresses)
    base = _base()
    trouvees = _obtenir(
        lambda fin: lire_le_lot(_appeler_en_lot(base, lot, fin)), delai=DELAI_D_UN_LOT
    )
    envoyes = {rang for rang, _ in lot}
    return [trouvees.get(str(r)) if r in envoyes else None for r in range(len(adresses))]


def _base() -> str:
    base = settings.GEOCODAGE
    if not base:
        raise GeocodageIndisponible(
            "La recherche d’adresses est éteinte sur ce site. "
            "Donnez les coordonnées, ou placez le point sur la carte."
        )
    return base.rstrip("/")


def _obtenir(question: Callable[[float], T], *, delai: float) -> T:
    try:
        return appel.obtenir(question, en_panne=EN_PANNE, delai=delai)
    except appel.ServiceMuet:
        raise GeocodageIndisponible(
            "Le service qui situe les adresses ne répond pas. "
            "Donnez les coordonnées, ou placez le point sur la carte."
        ) from None


# Sans barre finale : la Géoplateforme et addok acceptent les deux écritures.


def _appeler(base: str, adresse: AdresseCherchee, nombre: int, fin: float) -> bytes:
    filtres = {sien: getattr(adresse, notre) for notre, sien in FILTRES.items()}
    questions = {"q": adresse.texte, "limit": nombre, "autocomplete": 0}
    questions |= {nom: valeur for nom, valeur in filtres.items() if valeur}
    return appel.envoyer("GET", f"{base}/search", fin, params=questions)


def _appeler_en_lot(base: str, lot: Sequence[tuple[int, AdresseCherchee]], fin: float) -> bytes:
    filtres = {s: n for n, s in FILTRES.items() if any(getattr(a, n) for _, a in lot)}
    formulaire = {
        "columns": ["adresse"],
        "result_columns": RENDUES,
        # addok devine ces trois-là si on ne les dit pas ; la Géoplateforme les passe.
        "encoding": "utf-8",
        "delimiter": ",",
        "quote": '"',
    }
    fichier = ("adresses.csv", ecrire_le_lot(lot), "text/csv")
    return appel.envoyer(
        "POST", f"{base}/search/csv", fin, data=formulaire | filtres, files={"data": fichier}
    )
