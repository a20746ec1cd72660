"""Le client de l'API : délais courts, une seule reprise, mémoire d'un jour ; jamais d'écran bloqué."""

import hashlib
import json
import math
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

import httpx
from django.conf import settings
from django.core.cache import cache

from parvis.connecteurs.recherche_entreprises.reponse import (
    EntrepriseTrouvee,
    ReponseIllisible,
    lire,
)

DELAI_DE_CONNEXION, DELAI_TOTAL = 2.0, 4.0
ATTENTE_SANS_CONSIGNE = 0.3
# Vingt-cinq réponses complètes pèsent moins de 500 ko.
TAILLE_MAXIMALE = 2_000_000
PAR_PAGE = 10
UN_JOUR, UNE_HEURE = 86_400, 3_600
# Après un échec, on n'attend pas de nouveau quatre secondes à chaque écran.
REPOS = 20
AGENT = "Parvis (plateforme libre de contrat de ville)"
EN_PANNE = "recherche-entreprises:en-panne"


class RechercheIndisponible(Exception):
    """L'API ne répond pas ou pas bien ; le message dit que l'on peut continuer sans elle."""


class _AReprendre(Exception):
    """Une réponse 429 ou 5xx : le service demande de revenir dans `attente` secondes."""

    def __init__(self, attente: float) -> None:
        self.attente = attente


def chercher_un_numero(numero: str) -> list[EntrepriseTrouvee]:
    """Rend l'organisme d'un Siren, d'un Siret ou d'un RNA déjà normalisé, s'il existe.

    Lève RechercheIndisponible.
    """
    trouvees = _demander(numero, siret=numero if len(numero) == 14 else "", memoire=UN_JOUR)
    return [t for t in trouvees if numero in (t.siren, t.siret, t.rna)]


def chercher_un_nom(nom: str) -> list[EntrepriseTrouvee]:
    """Rend les organismes qui répondent à un nom ; rien sous trois lettres. Lève RechercheIndisponible."""
    propre = " ".join(nom.split())[:200]
    return _demander(propre, siret="", memoire=UNE_HEURE) if len(propre) >= 3 else []


def _demander(terme: str, *, siret: str, memoire: int) -> list[EntrepriseTrouvee]:
    base = settings.RECHERCHE_ENTREPRISES
    if not base:
        raise RechercheIndisponible(
            "La recherche dans les registres publics est éteinte sur ce site. "
            "Remplissez la fiche à la main."
        )
    empreinte = hashlib.sha256(f"{base}\0{siret}\0{terme.lower()}".encode()).hexdigest()
    cle = f"recherche-entreprises:{empreinte}"
    gardees = cache.get(cle)
    if gardees is not None:
        return gardees
    if cache.get(EN_PANNE):
        raise _indisponible()
    try:
        trouvees = lire(_dans_le_delai(lambda fin: _appeler(base, terme, fin)), siret)
    except (httpx.HTTPError, httpx.InvalidURL, ReponseIllisible, ValueError, RecursionError):
        cache.set(EN_PANNE, True, REPOS)
        raise _indisponible() from None
    cache.set(cle, trouvees, memoire)
    return trouvees


def _indisponible() -> RechercheIndisponible:
    return RechercheIndisponible(
        "L’annuaire public des entreprises et des associations ne répond pas. "
        "Remplissez la fiche à la main, ou réessayez plus tard."
    )


def _dans_le_delai(appel: Callable[[float], Any]) -> Any:
    """Rend ce que rend l'appel, ou lève httpx.TimeoutException quand le délai total est passé.

    Dans un fil à part : ni la recherche d'un nom de domaine sans réseau, ni des en-têtes envoyés
    lettre à lettre n'ont de délai dans httpx.
    """
    reponses: SimpleQueue[tuple[Any, Exception | None]] = SimpleQueue()

    def mener() -> None:
        try:
            reponses.put((appel(time.monotonic() + DELAI_TOTAL), None))
        except Exception as erreur:
            reponses.put((None, erreur))

    Thread(target=mener, name="recherche-entreprises", daemon=True).start()
    try:
        valeur, erreur = reponses.get(timeout=DELAI_TOTAL)
    except Empty:
        raise httpx.ReadTimeout("délai total passé") from None
    if erreur:
        raise erreur
    return valeur


def _appeler(base: str, terme: str, fin: float) -> Any:
    """Interroge l'API, et une seconde fois si elle le demande et que le délai total le permet."""
    delais = httpx.Timeout(DELAI_TOTAL, connect=DELAI_DE_CONNEXION)
    with httpx.Client(timeout=delais, headers={"User-Agent": AGENT}) as client:
        try:
            return _lire_une_fois(client, base, terme, fin)
        except _AReprendre as reprise:
            if time.monotonic() + reprise.attente >= fin:
                raise ReponseIllisible from None
            time.sleep(reprise.attente)
        try:
            return _lire_une_fois(client, base, terme, fin)
        except _AReprendre:
            raise ReponseIllisible from None


def _lire_une_fois(client: httpx.Client, base: str, terme: str, fin: float) -> Any:
    adresse = f"{base.rstrip('/')}/search"
    questions = {"q": terme, "page": 1, "per_page": PAR_PAGE}
    # Une redirection n'est jamais suivie : elle mènerait hors de l'hôte réglé.
    with client.stream("GET", adresse, params=questions, follow_redirects=False) as reponse:
        if reponse.status_code == 429 or reponse.status_code >= 500:
            raise _AReprendre(_attente(reponse.headers.get("Retry-After", "")))
        if reponse.status_code != 200:
            raise ReponseIllisible
        corps = bytearray()
        for morceau in reponse.iter_bytes():
            corps += morceau
            if len(corps) > TAILLE_MAXIMALE or time.monotonic() > fin:
                raise ReponseIllisible
    return json.loads(corps)


def _attente(consigne: str) -> float:
    """Rend les secondes que demande l'en-tête ; une date ou un mot vaut plus que notre délai."""
    try:
        attente = float(consigne) if consigne else ATTENTE_SANS_CONSIGNE
    except ValueError:
        return DELAI_TOTAL
    return max(attente, 0.0) if math.isfinite(attente) else DELAI_TOTAL
