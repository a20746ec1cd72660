"""Écrire une demande que tout géocodeur accepte : un refus ferait croire à une panne."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

# Les bornes de la Géoplateforme, les plus étroites.
LONGUEUR_MINIMALE, LONGUEUR_MAXIMALE = 3, 200
COLONNES = ("rang", "adresse", "code_postal", "commune_code")


@dataclass(frozen=True)
class AdresseCherchee:
    """Une adresse écrite librement ; les deux codes, s'ils sont là, resserrent la recherche."""

    texte: str
    code_postal: str = ""
    commune_code: str = ""


def nettoyer(adresse: AdresseCherchee) -> AdresseCherchee | None:
    """Rend l'adresse telle que le service l'accepte, ou rien s'il n'y a pas de quoi chercher.

    Un code mal formé est laissé de côté : l'adresse se cherche alors partout.
    """
    texte = _sans_debut_refuse(_lisible(adresse.texte))[:LONGUEUR_MAXIMALE].strip()
    if len(texte) < LONGUEUR_MINIMALE:
        return None
    postal, commune = adresse.code_postal.strip(), adresse.commune_code.strip().upper()
    return AdresseCherchee(
        texte,
        postal if re.fullmatch(r"[0-9]{5}", postal) else "",
        commune if re.fullmatch(r"[0-9]{5}|[0-9][AB][0-9]{3}", commune) else "",
    )


def ecrire_le_lot(adresses: Iterable[tuple[int, AdresseCherchee]]) -> bytes:
    """Rend le tableau CSV d'un lot, chaque adresse avec son rang."""
    sortie = io.StringIO()
    # Tout entre guillemets : le service devine le séparateur, et n'a pas à s'y tromper.
    tableau = csv.writer(sortie, quoting=csv.QUOTE_ALL, lineterminator="\n")
    tableau.writerow(COLONNES)
    for rang, adresse in adresses:
        tableau.writerow((rang, adresse.texte, adresse.code_postal, adresse.commune_code))
    return sortie.getvalue().encode()


def _lisible(texte: str) -> str:
    """Rend le texte d'une seule ligne, sans signe de commande ni image.

    Une image compte pour deux signes chez un service écrit en JavaScript.
    """
    signes = (s if s.isprintable() and s <= "\uffff" else " " for s in texte)
    return " ".join("".join(signes).split())


def _sans_debut_refuse(texte: str) -> str:
    """Rend le texte depuis sa première lettre ou son premier chiffre ; le reste ouvre une formule."""
    for rang, signe in enumerate(texte):
        if signe.lower() != signe.upper() or "0" <= signe <= "9":
            return texte[rang:]
    return ""
