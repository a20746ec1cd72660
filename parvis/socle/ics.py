"""Écrire un calendrier qu'un agenda relit (iCalendar, RFC 5545)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

# Une ligne plus longue se coupe, en octets (RFC 5545, 3.1).
OCTETS_PAR_LIGNE = 75


@dataclass(frozen=True)
class Repere:
    """Une date à retenir : un jour entier, ou un instant."""

    identifiant: str
    titre: str
    quand: date
    ecrit_le: datetime
    texte: str = ""
    adresse: str = ""
    version: int = 0


def calendrier(nom: str, reperes: Iterable[Repere]) -> bytes:
    """Rend le calendrier de ces dates, dans l'ordre donné."""
    lignes = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Parvis//Calendrier//FR",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_texte(nom)}",
    ]
    for repere in reperes:
        lignes += _evenement(repere)
    lignes.append("END:VCALENDAR")
    return "".join(f"{_plier(ligne)}\r\n" for ligne in lignes).encode()


def _evenement(repere: Repere) -> list[str]:
    if isinstance(repere.quand, datetime):
        dates = [f"DTSTART:{_instant(repere.quand)}", f"DTEND:{_instant(repere.quand)}"]
    else:
        lendemain = repere.quand + timedelta(days=1)
        dates = [
            f"DTSTART;VALUE=DATE:{repere.quand:%Y%m%d}",
            f"DTEND;VALUE=DATE:{lendemain:%Y%m%d}",
        ]
    return [
        "BEGIN:VEVENT",
        f"UID:{repere.identifiant}",
        f"DTSTAMP:{_instant(repere.ecrit_le)}",
        f"SEQUENCE:{repere.version}",
        *dates,
        f"SUMMARY:{_texte(repere.titre)}",
        *([f"DESCRIPTION:{_texte(repere.texte)}"] if repere.texte else []),
        *([f"URL:{repere.adresse}"] if repere.adresse else []),
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _instant(quand: datetime) -> str:
    return f"{quand.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _texte(texte: str) -> str:
    """Échappe un texte (RFC 5545, 3.3.11) ; une fin de ligne n'ouvre pas une autre propriété."""
    lignes = texte.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(lignes.splitlines())


def _plier(ligne: str) -> str:
    morceaux, reste, place = [], ligne, OCTETS_PAR_LIGNE
    while len(reste.encode()) > place:
        coupe = reste.encode()[:place].decode(errors="ignore")
        morceaux.append(coupe)
        # La suite commence par une espace, qui compte.
        reste, place = reste[len(coupe) :], OCTETS_PAR_LIGNE - 1
    return "\r\n ".join([*morceaux, reste])
