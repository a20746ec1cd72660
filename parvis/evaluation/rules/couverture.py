"""Ce que le contrat couvre : des dossiers comptés par fiche, par quartier, par public ; ce qui manque.

Un dossier compte pour chaque exercice qu'un financeur a voté. Son argent et ses habitants vont à sa fiche
principale seulement, pour que les sommes tombent juste ; ses autres fiches le comptent « aussi ». Un lieu
parmi plusieurs en prend une part égale.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from parvis.evaluation.rules.publics import GENRES, TRANCHES

# Le numéro d'une fiche, ou la clé d'un quartier.
Cle = TypeVar("Cle", str, int)
ZERO = Decimal("0.00")
CENTIME = Decimal("0.01")
# Ce qu'un dossier ou un bilan compte : des âges, puis des femmes et des hommes.
PUBLICS_COMPTES = {code: mot for code, mot in TRANCHES.items() if code != "inconnu"} | GENRES
# Les publics du contrat qui se reconnaissent à ces comptes ; les autres ne se comptent nulle part.
SE_COMPTE_EN = {
    "petite_enfance": ("0_5",),
    "enfants": ("0_5", "6_11"),
    "adolescents": ("12_17",),
    "jeunes": ("12_17", "18_25"),
    "seniors": ("65",),
    "femmes": ("f",),
}
JEUNESSE = SE_COMPTE_EN["jeunes"]

Lieu = tuple[str, int]
QUARTIER, COMMUNE, PARTOUT = "quartier", "commune", "partout"
TOUT_LE_TERRITOIRE: Lieu = (PARTOUT, 0)


@dataclass(frozen=True)
class DossierCompte:
    """Un dossier reçu, pour l'un de ses exercices, tel qu'il se compte ; sa fiche principale d'abord."""

    pk: int
    projet: int
    porteur: int
    exercice: int
    fiches: tuple[str, ...] = ()
    lieux: tuple[Lieu, ...] = ()
    # Ce que le bilan accepté dit avoir touché, à défaut ce que le dossier prévoit ; None s'il ne dit rien.
    personnes: int | None = None
    # Par public compté ; vide quand le dossier ne dit ni âge, ni femmes et hommes.
    publics: Mapping[str, int] = field(default_factory=dict)
    demande: Decimal = ZERO
    vote: Decimal = ZERO
    engage: Decimal = ZERO
    verse: Decimal = ZERO
    # Les habitants des quartiers prioritaires parmi ces personnes ; None si l'on n'en dit rien.
    habitants: int | None = None
    # Un financeur a voté, y compris en nature.
    est_soutenu: bool = False

    @property
    def fiche(self) -> str:
        return self.fiches[0] if self.fiches else ""


@dataclass
class Case:
    """Ce que compte une case d'un tableau : des dossiers, de l'argent, des personnes."""

    recus: int = 0
    soutenus: int = 0
    # Soutenus qui s'y rattachent aussi, comptés ailleurs pour l'argent et les personnes.
    aussi: int = 0
    vote: Decimal = ZERO
    verse: Decimal = ZERO
    personnes: int = 0

    def ajouter(self, autre: "Case") -> None:
        """Ajoute une case à celle-ci."""
        self.recus += autre.recus
        self.soutenus += autre.soutenus
        self.aussi += autre.aussi
        self.vote += autre.vote
        self.verse += autre.verse
        self.personnes += autre.personnes

    @property
    def est_vide(self) -> bool:
        return not (self.soutenus or self.aussi)

    @property
    def attendent(self) -> int:
        """Rend les dossiers reçus qu'aucun financeur n'a votés."""
        return self.recus - self.soutenus


def case_de(compte: DossierCompte) -> Case:
    """Rend ce qu'un dossier apporte à sa case."""
    soutenu = int(compte.est_soutenu)
    return Case(
        1,
        soutenu,
        vote=compte.vote,
        verse=compte.verse,
        personnes=(compte.personnes or 0) * soutenu,
    )


def exercices_votes(comptes: Iterable[DossierCompte]) -> list[int]:
    """Rend les exercices où un financeur au moins a voté, le plus ancien d'abord."""
    return sorted({compte.exercice for compte in comptes if compte.est_soutenu})


def par_fiche(comptes: Iterable[DossierCompte]) -> dict[tuple[str, int], Case]:
    """Rend les cases fiche × exercice : un dossier à sa principale, et « aussi » à ses autres fiches."""
    cases: dict[tuple[str, int], Case] = defaultdict(Case)
    for compte in comptes:
        for rang, fiche in enumerate(compte.fiches):
            apport = Case(aussi=int(compte.est_soutenu)) if rang else case_de(compte)
            cases[fiche, compte.exercice].ajouter(apport)
    return dict(cases)


def partager(montant: Decimal, parts: int) -> list[Decimal]:
    """Partage un montant en parts égales au centime ; les premières portent ce qui ne tombe pas juste."""
    unite = (montant / parts).quantize(CENTIME, "ROUND_DOWN")
    reste = int((montant - unite * parts) / CENTIME)
    return [unite + CENTIME * (rang < reste) for rang in range(parts)]


def par_lieu_et_pilier(
    comptes: Iterable[DossierCompte], pilier_de: Mapping[str, str]
) -> dict[tuple[Lieu, str], Case]:
    """Rend les cases lieu × pilier de la fiche principale.

    Un dossier compte dans chacun de ses lieux ; son argent et ses personnes s'y partagent à parts égales.
    Celui qui n'en nomme aucun se passe sur tout le territoire.
    """
    cases: dict[tuple[Lieu, str], Case] = defaultdict(Case)
    for compte in comptes:
        lieux, entiere = compte.lieux or (TOUT_LE_TERRITOIRE,), case_de(compte)
        votes, verses = (partager(somme, len(lieux)) for somme in (entiere.vote, entiere.verse))
        gens, restent = divmod(entiere.personnes, len(lieux))
        for rang, lieu in enumerate(lieux):
            cases[lieu, pilier_de.get(compte.fiche, "")].ajouter(
                Case(
                    entiere.recus,
                    entiere.soutenus,
                    vote=votes[rang],
                    verse=verses[rang],
                    personnes=gens + (rang < restent),
                )
            )
    return dict(cases)


def par_public(comptes: Iterable[DossierCompte]) -> dict[tuple[str, str], int]:
    """Rend les personnes des dossiers soutenus, par fiche principale et par public compté."""
    personnes: dict[tuple[str, str], int] = defaultdict(int)
    for compte in comptes:
        if compte.est_soutenu:
            for public, combien in compte.publics.items():
                personnes[compte.fiche, public] += combien
    return dict(personnes)


# --- Ce qui manque --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trou:
    """Une fiche ou un quartier sans projet soutenu depuis tant d'exercices, ce qui attend une réponse."""

    ou: str | int
    annees: int
    est_depuis_toujours: bool
    attendent: int = 0
    # Les projets de toute la commune, ou de tout le territoire, qui y passent quand même.
    plus_large: int = 0


def _annees_sans(votes: Sequence[int], servis: Collection[int]) -> int:
    """Rend combien d'exercices votés, en remontant du dernier, ne servent pas."""
    annees = 0
    for exercice in reversed(votes):
        if exercice in servis:
            break
        annees += 1
    return annees


def fiches_sans_projet(fiches: Iterable[str], comptes: Sequence[DossierCompte]) -> list[Trou]:
    """Rend les fiches que rien ne sert au dernier exercice voté, la plus délaissée d'abord.

    Une fiche servie en second n'est pas un trou.
    """
    servies: dict[str, set[int]] = defaultdict(set)
    attendent: dict[str, int] = defaultdict(int)
    votes = exercices_votes(comptes)
    for compte in comptes:
        for fiche in compte.fiches:
            if compte.est_soutenu:
                servies[fiche].add(compte.exercice)
            elif not votes or compte.exercice >= votes[-1]:
                attendent[fiche] += 1
    return _trous(fiches, votes, servies, attendent, {})


def quartiers_sans_projet(
    communes_de: Mapping[int, Collection[int]], comptes: Sequence[DossierCompte]
) -> list[Trou]:
    """Rend les quartiers qu'aucun projet soutenu ne nomme au dernier exercice voté.

    `communes_de` : les communes de chaque quartier. Un projet de toute la commune ne comble pas le trou,
    il se dit.
    """
    servis: dict[int, set[int]] = defaultdict(set)
    attendent: dict[int, int] = defaultdict(int)
    larges: dict[int, int] = defaultdict(int)
    votes = exercices_votes(comptes)
    for compte in comptes:
        nommes = {cle for sorte, cle in compte.lieux if sorte == QUARTIER}
        communes = {cle for sorte, cle in compte.lieux if sorte == COMMUNE}
        est_partout = not compte.lieux or TOUT_LE_TERRITOIRE in compte.lieux
        for quartier in nommes:
            if compte.est_soutenu:
                servis[quartier].add(compte.exercice)
            elif not votes or compte.exercice >= votes[-1]:
                attendent[quartier] += 1
        if compte.est_soutenu and compte.exercice == votes[-1]:
            for quartier, siennes in communes_de.items():
                if est_partout or communes & set(siennes):
                    larges[quartier] += 1
    return _trous(communes_de, votes, servis, attendent, larges)


def _trous(
    tous: Iterable[Cle],
    votes: Sequence[int],
    servis: Mapping[Cle, Collection[int]],
    attendent: Mapping[Cle, int],
    larges: Mapping[Cle, int],
) -> list[Trou]:
    trous = []
    for ou in tous:
        annees = _annees_sans(votes, servis.get(ou, ()))
        if annees or not votes:
            depuis_toujours = annees == len(votes)
            trous.append(Trou(ou, annees, depuis_toujours, attendent.get(ou, 0), larges.get(ou, 0)))
    # L'ordre de lecture départage : le tri garde l'ordre reçu.
    return sorted(trous, key=lambda trou: -trou.annees)


@dataclass(frozen=True)
class PublicOublie:
    """Un public qu'une fiche vise, et que ses projets soutenus ne comptent pas."""

    fiche: str
    public: str
    projets: int


def publics_oublies(
    vises: Mapping[str, Collection[str]], comptes: Sequence[DossierCompte]
) -> list[PublicOublie]:
    """Rend les publics visés par une fiche qu'aucun de ses projets du dernier exercice voté ne compte.

    Un projet qui ne dit rien de ses publics ne prouve rien : la fiche se tait alors.
    """
    votes = exercices_votes(comptes)
    siens: dict[str, list[DossierCompte]] = defaultdict(list)
    for compte in comptes:
        if votes and compte.est_soutenu and compte.exercice == votes[-1]:
            for fiche in compte.fiches:
                siens[fiche].append(compte)
    oublies = []
    for fiche, publics in vises.items():
        for public in publics:
            cles = SE_COMPTE_EN.get(public, ())
            projets = siens.get(fiche, [])
            if cles and projets and all(_n_en_compte_aucun(un, cles) for un in projets):
                oublies.append(PublicOublie(fiche, public, len(projets)))
    return oublies


def _n_en_compte_aucun(compte: DossierCompte, cles: Collection[str]) -> bool:
    """Dit si un dossier compte bien ces publics-là, et n'en trouve pas ; ne rien en dire n'est pas zéro."""
    soeurs = GENRES if set(cles) <= set(GENRES) else TRANCHES
    if not any(cle in compte.publics for cle in soeurs):
        return False
    return not any(compte.publics.get(cle) for cle in cles)


def quartiers_sans_jeunesse(
    quartiers: Iterable[int], comptes: Sequence[DossierCompte]
) -> list[int]:
    """Rend les quartiers que des projets soutenus nomment au dernier exercice voté, sans un 12-25 ans."""
    votes = exercices_votes(comptes)
    siens: dict[int, list[DossierCompte]] = defaultdict(list)
    for compte in comptes:
        if votes and compte.est_soutenu and compte.exercice == votes[-1]:
            for sorte, cle in compte.lieux:
                if sorte == QUARTIER:
                    siens[cle].append(compte)
    return [
        quartier
        for quartier in quartiers
        if siens.get(quartier)
        and all(_n_en_compte_aucun(compte, JEUNESSE) for compte in siens[quartier])
    ]


def dire_le_trou(trou: Trou) -> str:
    """Rend ce qui manque à une fiche ou à un quartier, en une phrase sans majuscule."""
    if trou.est_depuis_toujours:
        dite = "jamais de projet soutenu"
    elif trou.annees == 1:
        dite = "aucun projet soutenu cette année"
    else:
        dite = f"aucun projet soutenu depuis {trou.annees} ans"
    if trou.plus_large:
        pluriel = "s y passent" if trou.plus_large > 1 else " y passe"
        dite += f", mais {trou.plus_large} projet{pluriel}, de toute la commune ou de tout le territoire"
    if trou.attendent:
        pluriel = "s attendent" if trou.attendent > 1 else " attend"
        dite += f" ; {trou.attendent} dossier{pluriel} une réponse"
    return dite
