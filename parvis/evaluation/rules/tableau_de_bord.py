"""Les chiffres d'un tableau de bord : parts, délais, concentration ; chacun avec ce qu'il veut dire."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from statistics import median

from parvis.evaluation.rules.couverture import DossierCompte

ZERO = Decimal("0.00")
# Chaque étape d'une demande, dans l'ordre.
ETAPES = {
    "depot": "Dépôt",
    "avis": "Premier avis",
    "seance": "Séance",
    "vote": "Vote",
    "signature": "Acte signé",
    "versement": "Premier versement",
}
# De chaque étape à la suivante, puis ce que le porteur attend en tout.
MESURES = (*pairwise(ETAPES), ("depot", "vote"), ("depot", "versement"))
PREMIERS = 5


@dataclass(frozen=True)
class Parcours:
    """Le jour où une demande a passé chaque étape ; une étape non passée n'y est pas."""

    dossier: int
    titre: str
    jours: Mapping[str, date]


@dataclass(frozen=True)
class Delai:
    """Ce que dure un passage d'une étape à une autre, en jours ; le dossier du plus long."""

    depart: str
    arrivee: str
    nombre: int = 0
    mediane: Decimal | None = None
    pire: int | None = None
    dossier: int | None = None
    titre: str = ""


@dataclass(frozen=True)
class Attente:
    """Des demandes arrêtées à une étape : combien, et la plus ancienne, en jours."""

    etape: str
    nombre: int
    jours: int
    dossier: int
    titre: str


@dataclass(frozen=True)
class Concentration:
    """Comment l'argent voté se répartit entre les porteurs d'un exercice."""

    porteurs: int
    # La part des premiers, en pour cent ; None sans argent.
    part_des_premiers: int | None
    nouveaux: int
    vote_des_nouveaux: Decimal


def part(morceau: Decimal | int, tout: Decimal | int) -> int | None:
    """Rend une part en pour cent, arrondie ; None quand il n'y a rien à partager."""
    if not tout:
        return None
    return int((100 * Decimal(morceau) / Decimal(tout)).quantize(Decimal(1), ROUND_HALF_UP))


def delais(parcours: Collection[Parcours]) -> list[Delai]:
    """Rend ce que dure chaque passage, médiane et pire, des seules demandes qui en ont passé les deux bouts.

    Deux étapes dans l'ordre inverse se valent : zéro jour.
    """
    return [_delai(depart, arrivee, parcours) for depart, arrivee in MESURES]


def _delai(depart: str, arrivee: str, parcours: Iterable[Parcours]) -> Delai:
    durees = [
        (max(0, (un.jours[arrivee] - un.jours[depart]).days), un.dossier, un.titre)
        for un in parcours
        if depart in un.jours and arrivee in un.jours
    ]
    if not durees:
        return Delai(ETAPES[depart], ETAPES[arrivee])
    pire, dossier, titre = max(durees)
    # Un demi-jour près : la médiane d'un nombre pair de délais est entre deux.
    milieu = Decimal(str(median(duree for duree, *_ in durees)).removesuffix(".0"))
    return Delai(ETAPES[depart], ETAPES[arrivee], len(durees), milieu, pire, dossier, titre)


def attentes(parcours: Iterable[Parcours], jour: date) -> list[Attente]:
    """Rend, par étape, les demandes qui s'y sont arrêtées, et depuis combien de jours la plus ancienne."""
    arretees: dict[str, list[tuple[int, int, str]]] = {}
    for un in parcours:
        derniere = [code for code in ETAPES if code in un.jours][-1]
        duree = max(0, (jour - un.jours[derniere]).days)
        arretees.setdefault(derniere, []).append((duree, un.dossier, un.titre))
    return [
        Attente(ETAPES[code], len(arretees[code]), *max(arretees[code]))
        for code in list(ETAPES)[:-1]
        if code in arretees
    ]


def concentration(comptes: Sequence[DossierCompte], exercice: int) -> Concentration:
    """Rend la part des cinq premiers porteurs dans le voté, et ceux que rien n'avait soutenus avant."""
    votes: dict[int, Decimal] = {}
    anciens = set()
    for compte in comptes:
        if not compte.est_soutenu:
            continue
        if compte.exercice == exercice:
            votes[compte.porteur] = votes.get(compte.porteur, ZERO) + compte.vote
        elif compte.exercice < exercice:
            anciens.add(compte.porteur)
    tout = sum(votes.values(), ZERO)
    premiers = sum(sorted(votes.values(), reverse=True)[:PREMIERS], ZERO)
    nouveaux = set(votes) - anciens
    return Concentration(
        len(votes),
        part(premiers, tout),
        len(nouveaux),
        sum((votes[porteur] for porteur in nouveaux), ZERO),
    )


def dire_la_concentration(lue: Concentration) -> str:
    """Rend en deux phrases si l'argent va à peu de porteurs, et s'il en vient de nouveaux ; vide sans un."""
    if lue.part_des_premiers is None:
        return ""
    if lue.porteurs > PREMIERS:
        dite = f"Les {PREMIERS} premiers porteurs sur {lue.porteurs} reçoivent {lue.part_des_premiers} %."
    else:
        dite = f"Porteurs soutenus : {lue.porteurs}."
    if lue.nouveaux:
        verbe = "sont nouveaux" if lue.nouveaux > 1 else "est nouveau"
        dite += f" {lue.nouveaux} {verbe} : rien ne les avait soutenus dans ce contrat avant cet exercice."
    return dite


def habitants(comptes: Iterable[DossierCompte]) -> tuple[int, int]:
    """Rend les habitants des quartiers, et les personnes parmi lesquelles on les compte.

    Seuls comptent les projets soutenus qui disent les deux.
    """
    dits = [
        (compte.habitants, compte.personnes)
        for compte in comptes
        if compte.est_soutenu and compte.habitants is not None and compte.personnes
    ]
    return sum(combien for combien, _ in dits), sum(tout for _, tout in dits)
