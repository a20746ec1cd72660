"""Le calendrier se relit : dates, textes échappés, lignes coupées en octets."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from parvis.socle.ics import OCTETS_PAR_LIGNE, Repere, calendrier

ECRIT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def lire(contenu: bytes) -> list[str]:
    """Rend les lignes du calendrier, recollées."""
    return contenu.decode().replace("\r\n ", "").split("\r\n")


def test_un_instant_est_en_temps_universel_un_jour_est_entier():
    quand = datetime(2026, 4, 3, 18, tzinfo=ZoneInfo("Europe/Paris"))
    lignes = lire(
        calendrier(
            "Appels",
            [Repere("a@x", "A", quand, ECRIT), Repere("b@x", "B", date(2026, 12, 31), ECRIT)],
        )
    )
    assert "DTSTART:20260403T160000Z" in lignes
    assert "DTSTART;VALUE=DATE:20261231" in lignes
    assert "DTEND;VALUE=DATE:20270101" in lignes
    assert lignes[0] == "BEGIN:VCALENDAR" and lignes[-2:] == ["END:VCALENDAR", ""]


def test_un_texte_n_ouvre_pas_une_autre_propriete():
    piege = "Un; deux, trois\\\r\nATTACH:http://mal.example\nfin"
    lignes = lire(calendrier("x", [Repere("a@x", piege, date(2026, 1, 1), ECRIT, texte=piege)]))
    assert "SUMMARY:Un\\; deux\\, trois\\\\\\nATTACH:http://mal.example\\nfin" in lignes
    assert not any(ligne.startswith("ATTACH") for ligne in lignes)


def test_une_longue_ligne_se_coupe_sans_casser_une_lettre():
    titre = "é" * 200
    contenu = calendrier("x", [Repere("a@x", titre, date(2026, 1, 1), ECRIT)])
    assert all(len(ligne) <= OCTETS_PAR_LIGNE for ligne in contenu.split(b"\r\n"))
    assert f"SUMMARY:{titre}" in lire(contenu)
