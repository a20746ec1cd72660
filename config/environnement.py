"""Lit les réglages dans l'environnement et dit clairement, en français, ce qui ne va pas."""

import os
from pathlib import Path
from urllib.parse import urlsplit

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
