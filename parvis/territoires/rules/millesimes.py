"""Les générations de quartiers prioritaires, et leurs dates."""

from datetime import date

# Un millésime vaut de sa date d'effet à la veille du suivant
# (décrets n° 2014-1750 du 30 décembre 2014 et n° 2023-1314 du 28 décembre 2023).
VALIDITES: dict[int, tuple[date, date | None]] = {
    2015: (date(2015, 1, 1), date(2023, 12, 31)),
    2024: (date(2024, 1, 1), None),
}
DECRETS = {
    2015: "décret n° 2014-1750 du 30 décembre 2014",
    2024: "décret n° 2023-1314 du 28 décembre 2023",
}
FRANCE = "france"


def millesime_du(jour: date) -> int:
    """Rend le millésime en vigueur un jour donné ; avant 2015, le premier."""
    en_vigueur = [annee for annee, (debut, _) in VALIDITES.items() if debut <= jour]
    return max(en_vigueur, default=min(VALIDITES))


def departement_de(commune: str) -> str:
    """Rend le département d'une commune, d'après son code Insee."""
    return commune[:3] if commune.startswith(("97", "98")) else commune[:2]


def est_couverte(commune: str, portees: frozenset[str]) -> bool:
    """Dit si tous les quartiers d'une commune (code Insee) sont connus, d'après les portées chargées."""
    return not portees.isdisjoint({FRANCE, commune, departement_de(commune)})
