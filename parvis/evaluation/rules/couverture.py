"""Ce que le contrat couvre : des dossiers comptés par fiche, par quartier, par public ; ce qui manque.

Un dossier compte pour chaque exercice qu'un financeur a voté. Son argent et ses habitants vont à sa fiche
principale seulement, pour que les sommes tombent juste ; ses autres fiches le comptent « aussi ». Il compte
en entier dans chacun de ses lieux, et une fois dans leur somme.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import TypeVar

from parvis.evaluation.rules.publics import GENRES, TRANCHES

# Le numéro d'une fiche, ou la clé d'un quartier.
Cle = TypeVar("Cle", str, int)
ZERO = Decimal("0.00")
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
    # Un financeur n'a pas répondu, et aucun n'a voté : refusé par tous, un dossier n'attend plus rien.
    attend: bool = False
    # L'exercice où il a été déposé, et non une année qui suit.
    est_le_sien: bool = True

    @property
    def fiche(self) -> str:
        return self.fiches[0] if self.fiches else ""


@dataclass
class Case:
    """Ce que compte une case d'un tableau : des dossiers, de l'argent, des personnes."""

    soutenus: int = 0
    attendent: int = 0
    # Soutenus qui s'y rattachent aussi, comptés ailleurs pour l'argent et les personnes.
    aussi: int = 0
    vote: Decimal = ZERO
    verse: Decimal = ZERO
    personnes: int = 0
    # Ceux que le tableau de programmation de l'exercice montre, quoi qu'il en soit advenu.
    dossiers: int = 0

    def ajouter(self, autre: "Case") -> None:
        """Ajoute une case à celle-ci."""
        for champ in fields(self):
            setattr(self, champ.name, getattr(self, champ.name) + getattr(autre, champ.name))

    @property
    def est_vide(self) -> bool:
        return not (self.soutenus or self.aussi)


def case_de(compte: DossierCompte) -> Case:
    """Rend ce qu'un dossier apporte à sa case."""
    return Case(
        int(compte.est_soutenu),
        int(compte.attend),
        vote=compte.vote,
        verse=compte.verse,
        personnes=(compte.personnes or 0) if compte.est_soutenu else 0,
        dossiers=int(compte.est_le_sien),
    )


def exercices_juges(comptes: Iterable[DossierCompte]) -> list[int]:
    """Rend les exercices dont on peut dire ce qui manque, le plus ancien d'abord.

    Un financeur y a voté un dossier déposé pour cette année-là, et la moitié au moins des dossiers déposés
    ont leur réponse : avant, ce qui manque n'est peut-être qu'en attente.
    """
    siens: dict[int, list[DossierCompte]] = defaultdict(list)
    for compte in comptes:
        if compte.est_le_sien:
            siens[compte.exercice].append(compte)
    return sorted(
        exercice
        for exercice, lus in siens.items()
        if any(un.est_soutenu for un in lus) and 2 * sum(not un.attend for un in lus) >= len(lus)
    )


def par_fiche(comptes: Iterable[DossierCompte]) -> dict[tuple[str, int], Case]:
    """Rend les cases fiche × exercice : un dossier à sa principale, et « aussi » à ses autres fiches.

    Un dossier sans fiche est sous le numéro vide.
    """
    cases: dict[tuple[str, int], Case] = defaultdict(Case)
    for compte in comptes:
        cases[compte.fiche, compte.exercice].ajouter(case_de(compte))
        for fiche in compte.fiches[1:]:
            aussi = Case(aussi=int(compte.est_soutenu), dossiers=int(compte.est_le_sien))
            cases[fiche, compte.exercice].ajouter(aussi)
    return dict(cases)


def par_lieu_et_pilier(
    comptes: Iterable[DossierCompte], pilier_de: Mapping[str, str]
) -> dict[tuple[Lieu, str], Case]:
    """Rend les cases lieu × pilier de la fiche principale.

    Un dossier compte en entier dans chacun de ses lieux : partager son argent inventerait des sommes que
    personne n'a votées. La somme d'un pilier se lit donc dans `par_pilier`. Celui qui ne nomme aucun lieu
    se passe sur tout le territoire.
    """
    cases: dict[tuple[Lieu, str], Case] = defaultdict(Case)
    for compte in comptes:
        for lieu in compte.lieux or (TOUT_LE_TERRITOIRE,):
            cases[lieu, pilier_de.get(compte.fiche, "")].ajouter(case_de(compte))
    return dict(cases)


def par_pilier(comptes: Iterable[DossierCompte], pilier_de: Mapping[str, str]) -> dict[str, Case]:
    """Rend la case de chaque pilier : chaque dossier une fois, à celui de sa fiche principale."""
    cases: dict[str, Case] = defaultdict(Case)
    for compte in comptes:
        cases[pilier_de.get(compte.fiche, "")].ajouter(case_de(compte))
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
    """Une fiche ou un quartier que rien de soutenu ne sert, du premier au dernier exercice que l'on juge."""

    ou: str | int
    debut: int
    fin: int
    # Le dernier exercice qui le servait ; None si l'on n'en connaît pas.
    servi: int | None = None
    attendent: int = 0
    # Les projets de toute la commune, ou de tout le territoire, qui y passent quand même.
    plus_large: int = 0

    @property
    def annees(self) -> int:
        return self.fin - (self.debut - 1 if self.servi is None else self.servi)


def fiches_sans_projet(fiches: Iterable[str], comptes: Sequence[DossierCompte]) -> list[Trou]:
    """Rend les fiches que rien ne sert au dernier exercice jugé, la plus délaissée d'abord.

    Une fiche servie en second n'est pas un trou.
    """
    juges = exercices_juges(comptes)
    if not juges:
        return []
    servies: dict[str, set[int]] = defaultdict(set)
    attendent: dict[str, int] = defaultdict(int)
    for compte in comptes:
        for fiche in compte.fiches:
            if compte.est_soutenu:
                servies[fiche].add(compte.exercice)
            elif compte.attend and compte.exercice >= juges[-1]:
                attendent[fiche] += 1
    trous = (
        _trou(fiche, juges, servies.get(fiche, ()), attendent.get(fiche, 0)) for fiche in fiches
    )
    return _ranger(trous)


def quartiers_sans_projet(
    quartiers: Mapping[int, "QuartierJuge"], comptes: Sequence[DossierCompte]
) -> list[Trou]:
    """Rend les quartiers qu'aucun projet soutenu ne nomme au dernier exercice jugé.

    Un quartier ne manque de rien avant d'exister. Un projet de toute la commune ne comble pas le trou, il
    se dit.
    """
    juges = exercices_juges(comptes)
    if not juges:
        return []
    servis: dict[int, set[int]] = defaultdict(set)
    attendent: dict[int, int] = defaultdict(int)
    larges: dict[int, int] = defaultdict(int)
    for compte in comptes:
        nommes = {cle for sorte, cle in compte.lieux if sorte == QUARTIER}
        for quartier in nommes:
            if compte.est_soutenu:
                servis[quartier].add(compte.exercice)
            elif compte.attend and compte.exercice >= juges[-1]:
                attendent[quartier] += 1
        if compte.est_soutenu and compte.exercice == juges[-1]:
            for quartier, juge in quartiers.items():
                larges[quartier] += quartier not in nommes and _passe_aussi(compte, juge)
    return _ranger(
        _trou(quartier, vus, servis.get(quartier, ()), attendent[quartier], larges[quartier])
        for quartier, juge in quartiers.items()
        if (vus := [exercice for exercice in juges if exercice >= juge.depuis])
    )


@dataclass(frozen=True)
class QuartierJuge:
    """Un quartier : ses communes, et l'exercice de sa naissance."""

    communes: frozenset[int]
    depuis: int


def _passe_aussi(compte: DossierCompte, quartier: QuartierJuge) -> bool:
    """Dit si un projet plus large que lui se passe aussi dans ce quartier."""
    if not compte.lieux or TOUT_LE_TERRITOIRE in compte.lieux:
        return True
    return any(sorte == COMMUNE and cle in quartier.communes for sorte, cle in compte.lieux)


def _trou(
    ou: Cle, juges: Sequence[int], servis: Collection[int], attendent: int, large: int = 0
) -> Trou | None:
    dernier = max(servis, default=None)
    if dernier is not None and dernier >= juges[-1]:
        return None
    return Trou(ou, juges[0], juges[-1], dernier, attendent, large)


def _ranger(trous: Iterable[Trou | None]) -> list[Trou]:
    # L'ordre de lecture départage : le tri garde l'ordre reçu.
    return sorted((trou for trou in trous if trou), key=lambda trou: -trou.annees)


def dire_le_trou(trou: Trou) -> str:
    """Rend ce qui manque à une fiche ou à un quartier, en une phrase sans majuscule ; avec ses années."""
    if trou.servi is not None and trou.annees > 1:
        dite = f"aucun projet soutenu depuis {trou.annees} ans, le dernier en {trou.servi}"
    elif trou.servi is None and trou.debut < trou.fin:
        dite = f"aucun projet soutenu de {trou.debut} à {trou.fin}"
    else:
        dite = f"aucun projet soutenu en {trou.fin}"
    if trou.plus_large:
        pluriel = "s y passent" if trou.plus_large > 1 else " y passe"
        dite += (
            f" ; {trou.plus_large} projet{pluriel}, de toute la commune ou de tout le territoire"
        )
    if trou.attendent:
        pluriel = "s attendent" if trou.attendent > 1 else " attend"
        dite += f" ; {trou.attendent} dossier{pluriel} une réponse"
    return dite


@dataclass(frozen=True)
class PublicOublie:
    """Un public qu'une fiche vise, et que ses projets soutenus ne comptent pas."""

    fiche: str
    public: str
    projets: int


def publics_oublies(
    vises: Mapping[str, Collection[str]], comptes: Iterable[DossierCompte]
) -> list[PublicOublie]:
    """Rend les publics visés par une fiche qu'aucun de ses projets soutenus ne compte.

    Un projet qui ne dit pas de tous ses publics qui ils sont ne prouve rien : la fiche se tait alors.
    """
    siens: dict[str, list[DossierCompte]] = defaultdict(list)
    for compte in comptes:
        if compte.est_soutenu:
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


def parmi(publics: Collection[str]) -> list[str]:
    """Rend les publics parmi lesquels ceux-ci se comptent : tous les âges, ou les femmes et les hommes."""
    sont_des_genres = set(publics) <= set(GENRES)
    return [code for code in PUBLICS_COMPTES if publics and (code in GENRES) == sont_des_genres]


def _n_en_compte_aucun(compte: DossierCompte, cles: Collection[str]) -> bool:
    """Dit si un dossier compte ainsi toutes ses personnes, et n'y trouve pas celles-là."""
    comptees = sum(compte.publics.get(cle, 0) for cle in parmi(cles))
    if not comptees or comptees < (compte.personnes or 0):
        return False
    return not any(compte.publics.get(cle) for cle in cles)


def quartiers_sans_jeunesse(
    quartiers: Mapping[int, QuartierJuge], comptes: Sequence[DossierCompte]
) -> list[int]:
    """Rend les quartiers que des projets soutenus nomment, sans que l'on y compte un 12-25 ans."""
    soutenus = [compte for compte in comptes if compte.est_soutenu]
    rendus = []
    for quartier, juge in quartiers.items():
        siens = [un for un in soutenus if (QUARTIER, quartier) in un.lieux]
        larges = [un for un in soutenus if un not in siens and _passe_aussi(un, juge)]
        if siens and all(_n_en_compte_aucun(un, JEUNESSE) for un in (*siens, *larges)):
            rendus.append(quartier)
    return rendus
