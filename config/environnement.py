"""Lit les réglages dans l'environnement et dit clairement, en français, ce qui ne va pas."""

import os
import re
from dataclasses import dataclass
from datetime import time
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

VRAI = {"1", "oui", "vrai", "true", "yes"}
FAUX = {"0", "non", "faux", "false", "no", ""}


class ReglageInvalide(Exception):
    """Un réglage manque ou ne se lit pas ; le message dit lequel et comment le corriger."""


def texte(nom: str, defaut: str | None = None) -> str:
    """Rend la valeur du réglage, ou son défaut ; lève ReglageInvalide s'il est obligatoire."""
    valeur = os.environ.get(nom, defaut)
    if valeur is None:
        raise ReglageInvalide(f"Le réglage {nom} est obligatoire : donnez-le dans l'environnement.")
    return valeur.strip()


def booleen(nom: str, defaut: bool) -> bool:
    """Rend vrai ou faux ; lève ReglageInvalide si la valeur n'est ni oui ni non."""
    valeur = os.environ.get(nom)
    if valeur is None:
        return defaut
    if valeur.strip().lower() in VRAI:
        return True
    if valeur.strip().lower() in FAUX:
        return False
    raise ReglageInvalide(f"Le réglage {nom} vaut « {valeur} » : écrivez oui ou non.")


def entier(nom: str, defaut: int) -> int:
    """Rend un entier ; lève ReglageInvalide si la valeur n'en est pas un."""
    valeur = os.environ.get(nom)
    if valeur is None:
        return defaut
    try:
        return int(valeur)
    except ValueError:
        raise ReglageInvalide(
            f"Le réglage {nom} vaut « {valeur} » : écrivez un nombre entier."
        ) from None


def liste(nom: str, defaut: str = "") -> list[str]:
    """Rend une liste séparée par des virgules, sans éléments vides."""
    return [element.strip() for element in texte(nom, defaut).split(",") if element.strip()]


def chemin(nom: str, defaut: Path) -> Path:
    """Rend un chemin de fichier ou de dossier, relatif au dossier courant s'il n'est pas absolu."""
    return Path(texte(nom, str(defaut))).expanduser()


def heure(nom: str, defaut: str) -> time:
    """Rend une heure du jour ; lève ReglageInvalide si elle ne s'écrit pas HH:MM."""
    valeur = texte(nom, defaut)
    try:
        if re.fullmatch(r"\d\d:\d\d", valeur):
            return time.fromisoformat(valeur)
    except ValueError:
        pass
    raise ReglageInvalide(f"Le réglage {nom} vaut « {valeur} » : écrivez une heure, comme 07:30.")


def adresse_du_site(nom: str, defaut: str) -> str:
    """Rend l'adresse du site sans barre finale ; lève ReglageInvalide si ce n'en est pas une."""
    valeur = texte(nom, defaut).rstrip("/")
    if not re.fullmatch(r"https?://[^\s/?#@]+", valeur):
        raise ReglageInvalide(
            f"Le réglage {nom} vaut « {valeur} » : "
            "écrivez l'adresse du site, comme https://contrat.agglo.example."
        )
    return valeur


def expediteur(nom: str, defaut: str | None) -> str:
    """Rend l'expéditeur des courriels ; lève ReglageInvalide si ce n'est pas une adresse."""
    valeur = texte(nom, defaut)
    if re.search(r"[\r\n]", valeur) or not re.fullmatch(r"[^\s@]+@[^\s@]+", parseaddr(valeur)[1]):
        raise ReglageInvalide(
            f"Le réglage {nom} vaut « {valeur} » : "
            "écrivez une adresse, comme ne-pas-repondre@agglo.example ou Nom <adresse>."
        )
    return valeur


@dataclass(frozen=True)
class Smtp:
    """Un serveur d'envoi ; sans hôte, il n'y en a pas."""

    hote: str = ""
    port: int = 0
    utilisateur: str = ""
    mot_de_passe: str = ""
    tls: bool = False
    ssl: bool = False


def smtp(nom: str) -> Smtp:
    """Rend le serveur d'envoi ; lève ReglageInvalide, sans jamais montrer le mot de passe."""
    valeur = texte(nom, "")
    if not valeur:
        return Smtp()
    modele = "smtp://utilisateur:mot-de-passe@hote:587/?tls=oui ou smtps://…"
    try:
        adresse = urlsplit(valeur)
        port, options = adresse.port, dict(parse_qsl(adresse.query, keep_blank_values=True))
    except ValueError:
        raise ReglageInvalide(f"Le réglage {nom} ne se lit pas : écrivez {modele}.") from None
    tls, ssl = options.pop("tls", "oui").lower(), adresse.scheme == "smtps"
    if adresse.scheme not in ("smtp", "smtps") or not adresse.hostname or options:
        raise ReglageInvalide(f"Le réglage {nom} ne se lit pas : écrivez {modele}.")
    if tls not in VRAI | FAUX:
        raise ReglageInvalide(f"Le réglage {nom} dit tls={tls} : écrivez oui ou non.")
    est_chiffre = ssl or tls in VRAI
    if adresse.password and not est_chiffre:
        raise ReglageInvalide(
            f"Le réglage {nom} enverrait le mot de passe en clair : écrivez tls=oui ou smtps://."
        )
    return Smtp(
        hote=adresse.hostname,
        port=port or (465 if ssl else 587 if est_chiffre else 25),
        utilisateur=unquote(adresse.username or ""),
        mot_de_passe=unquote(adresse.password or ""),
        tls=est_chiffre and not ssl,
        ssl=ssl,
    )


def adresse_de_service(nom: str, defaut: str) -> str:
    """Rend l'adresse d'un service extérieur, vide s'il est éteint (« non »)."""
    valeur = texte(nom, defaut)
    if valeur.lower() in FAUX:
        return ""
    try:
        est_complete = valeur.startswith(("https://", "http://")) and urlsplit(valeur).hostname
    except ValueError:
        est_complete = False
    if not est_complete:
        raise ReglageInvalide(
            f"Le réglage {nom} vaut « {valeur} » : écrivez une adresse en https://, ou non."
        )
    return valeur


def antivirus(nom: str) -> str:
    """Rend l'adresse d'un serveur clamd, vide s'il n'y en a pas.

    Lève ReglageInvalide si ce n'est ni tcp://hote:port ni unix:///chemin.
    """
    valeur = texte(nom, "")
    if valeur.lower() in FAUX:
        return ""
    if not re.fullmatch(r"tcp://([\w.-]+|\[[0-9A-Fa-f:]+\])(:\d{1,5})?|unix:///\S+", valeur):
        raise ReglageInvalide(
            f"Le réglage {nom} vaut « {valeur} » : écrivez l'adresse de clamd, comme "
            "tcp://127.0.0.1:3310 ou unix:///run/clamav/clamd.ctl."
        )
    return valeur


@dataclass(frozen=True)
class FondDeCarte:
    """Les tuiles d'un fond de carte ; sans adresse, il n'y en a pas."""

    adresse: str = ""
    hotes: tuple[str, ...] = ()
    mention: str = ""


def fond_de_carte(nom: str) -> FondDeCarte:
    """Rend les tuiles du fond de carte, et l'hôte à permettre ; vide s'il est éteint.

    Lève ReglageInvalide si l'adresse n'a pas {z}, {x} et {y}.
    """
    valeur = texte(nom, "")
    if valeur.lower() in FAUX:
        return FondDeCarte()
    origine = re.match(r"https?://[A-Za-z0-9.-]+(:\d+)?(?=/)", valeur)
    if origine is None or not all(repere in valeur for repere in ("{z}", "{x}", "{y}")):
        raise ReglageInvalide(
            f"Le réglage {nom} vaut « {valeur} » : écrivez l'adresse des tuiles, comme "
            "https://tuiles.example/{z}/{x}/{y}.png."
        )
    return FondDeCarte(valeur, (origine[0],), texte(f"{nom}_MENTION", ""))
