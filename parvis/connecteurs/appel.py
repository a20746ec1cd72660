"""Appeler un service extérieur sans bloquer un écran, et lire ce qu'il rend sans rien lui supposer."""

import hashlib
import logging
import math
import time
from collections.abc import Callable, Mapping
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

import httpx
from django.core.cache import cache

DELAI_DE_CONNEXION = 2.0
ATTENTE_SANS_CONSIGNE = 0.3
# Bien plus que ce que rend le plus long de nos appels.
TAILLE_MAXIMALE = 2_000_000
LONGUEUR = 300
# Après un échec, on n'attend pas de nouveau tout le délai à chaque écran.
REPOS = 20
AGENT = "Parvis (plateforme libre de contrat de ville)"
REDIRECTIONS = (301, 302, 307, 308)
# La demande est mal faite : le service, lui, va bien.
REFUS = (400, 413, 414, 422)

# Ces deux bibliothèques écrivent l'adresse appelée, donc ce qui est cherché : un nom, un domicile.
for _bavarde in ("httpx", "httpcore"):
    logging.getLogger(_bavarde).setLevel(logging.WARNING)

T = TypeVar("T")


class ServiceMuet(Exception):
    """Le service ne répond pas, répond mal, ou se repose après un échec."""


class ReponseIllisible(Exception):
    """La réponse n'a pas la forme que le service documente."""


class DemandeRefusee(ReponseIllisible):
    """Le service refuse cette demande-ci ; les autres peuvent passer."""


class _AReprendre(Exception):
    """Le service demande de revenir dans `attente` secondes, à cette adresse."""

    def __init__(self, attente: float, adresse: str) -> None:
        self.attente, self.adresse = attente, adresse


def cle(service: str, *parties: object) -> str:
    """Rend la clé de cache d'une demande ; ce qui est cherché n'y est pas en clair."""
    empreinte = hashlib.sha256("\0".join(map(str, parties)).encode()).hexdigest()
    return f"{service}:{empreinte}"


def obtenir(
    appel: Callable[[float], T], *, en_panne: str, delai: float, cle: str = "", memoire: int = 0
) -> T:
    """Rend la réponse gardée sous cette clé, ou celle de l'appel, qui reçoit l'heure de sa fin.

    `en_panne` nomme le repos du service après un échec. Sans clé, rien n'est gardé.
    Lève ServiceMuet.
    """
    gardee = cache.get(cle) if cle else None
    if gardee is not None:
        return gardee
    if cache.get(en_panne):
        raise ServiceMuet
    try:
        valeur = _dans_le_delai(appel, delai)
    except DemandeRefusee:
        raise ServiceMuet from None
    except (httpx.HTTPError, httpx.InvalidURL, ReponseIllisible, ValueError, RecursionError):
        cache.set(en_panne, True, REPOS)
        raise ServiceMuet from None
    if cle:
        cache.set(cle, valeur, memoire)
    return valeur


def _dans_le_delai(appel: Callable[[float], T], delai: float) -> T:
    """Rend ce que rend l'appel, ou lève httpx.TimeoutException quand le délai total est passé.

    Dans un fil à part : ni la recherche d'un nom de domaine sans réseau, ni des en-têtes envoyés
    lettre à lettre n'ont de délai dans httpx.
    """
    reponses: SimpleQueue[tuple[Any, Exception | None]] = SimpleQueue()

    def mener() -> None:
        try:
            reponses.put((appel(time.monotonic() + delai), None))
        except Exception as erreur:
            reponses.put((None, erreur))

    Thread(target=mener, name="connecteur", daemon=True).start()
    try:
        valeur, erreur = reponses.get(timeout=delai)
    except Empty:
        raise httpx.ReadTimeout("délai total passé") from None
    if erreur:
        raise erreur
    return valeur


def envoyer(methode: str, adresse: str, fin: float, **contenu: Any) -> bytes:
    """Rend le corps de la réponse ; appelle une seconde fois si le service le demande à temps.

    `contenu` est ce que httpx envoie : `params`, `data`, `files`. Lève DemandeRefusee,
    ReponseIllisible et les erreurs de httpx.
    """
    delais = httpx.Timeout(fin - time.monotonic(), connect=DELAI_DE_CONNEXION)
    with httpx.Client(timeout=delais, headers={"User-Agent": AGENT}) as client:
        try:
            return _recevoir(client, methode, adresse, fin, contenu)
        except _AReprendre as reprise:
            if time.monotonic() + reprise.attente >= fin:
                raise ReponseIllisible from None
            time.sleep(reprise.attente)
            seconde = reprise.adresse
        try:
            return _recevoir(client, methode, seconde, fin, contenu)
        except _AReprendre:
            raise ReponseIllisible from None


def _recevoir(
    client: httpx.Client, methode: str, adresse: str, fin: float, contenu: Mapping[str, Any]
) -> bytes:
    with client.stream(methode, adresse, follow_redirects=False, **contenu) as reponse:
        code = reponse.status_code
        if code == 429 or code >= 500:
            raise _AReprendre(attente(reponse.headers.get("Retry-After", "")), adresse)
        if code in REDIRECTIONS:
            raise _AReprendre(0, a_une_barre_pres(adresse, reponse.headers.get("Location", "")))
        if code != 200:
            raise DemandeRefusee if code in REFUS else ReponseIllisible
        corps = bytearray()
        for morceau in reponse.iter_bytes():
            corps += morceau
            if len(corps) > TAILLE_MAXIMALE or time.monotonic() > fin:
                raise ReponseIllisible
    return bytes(corps)


def a_une_barre_pres(adresse: str, destination: str) -> str:
    """Rend l'adresse avec ou sans barre finale, si c'est tout ce que la redirection demande.

    Toute autre mènerait hors de l'hôte réglé. Lève ReponseIllisible.
    """
    ici, la = httpx.URL(adresse), httpx.URL(adresse).join(destination)
    meme_hote = (ici.scheme, ici.host, ici.port) == (la.scheme, la.host, la.port)
    if not meme_hote or ici.path == la.path or ici.path.rstrip("/") != la.path.rstrip("/"):
        raise ReponseIllisible
    return adresse.rstrip("/") if adresse.endswith("/") else f"{adresse}/"


def attente(consigne: str) -> float:
    """Rend les secondes que demande l'en-tête ; une date ou un mot vaut plus que tout délai."""
    try:
        secondes = float(consigne) if consigne else ATTENTE_SANS_CONSIGNE
    except ValueError:
        return math.inf
    return max(secondes, 0.0) if math.isfinite(secondes) else math.inf


def objet(parent: Any, champ: str) -> Mapping[str, Any]:
    """Rend l'objet que porte ce champ ; vide, s'il a un autre type."""
    valeur = parent.get(champ) if isinstance(parent, Mapping) else None
    return valeur if isinstance(valeur, Mapping) else {}


def texte(parent: Mapping[str, Any], champ: str) -> str:
    """Rend le texte que porte ce champ, d'une ligne et sans excès ; vide, s'il a un autre type."""
    valeur = parent.get(champ)
    if not isinstance(valeur, str):
        return ""
    return " ".join(valeur.replace("\x00", " ").split())[:LONGUEUR]
