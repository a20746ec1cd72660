"""Comment se lit ce qui change à un endroit du cadre : un passage par fait."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from parvis.cadre.champs import (
    INTERNES,
    PERDUS,
    SORTES,
    TEXTES,
    UTILES,
    en_clair,
    nom_en_clair,
    nommer,
    sans_le_commun,
)
from parvis.cadre.contenu import CHAMPS, Cle, Difference, champs, sorte
from parvis.cadre.enums import DegreDePartenaire
from parvis.socle.comparaison import Morceau, comparer_les_mots
from parvis.socle.texte import racines

# Un texte repris autrement reste le même fait ; un autre nom, lui, est une autre chose.
_REFORMULABLES = frozenset({"type de projet", "constat", "rubrique", "hors contrat"})
_MOITIE = 0.5


@dataclass(frozen=True)
class Detail:
    """Un champ d'un fait : ce qu'il disait, ce qu'il dit."""

    champ: str
    nom: str
    avant: str
    apres: str

    @property
    def est_interne(self) -> bool:
        return self.champ in INTERNES

    @property
    def morceaux(self) -> list[Morceau]:
        """Rend ce qui change mot par mot ; rien quand ce n'est pas un texte."""
        if self.champ not in TEXTES:
            return []
        return comparer_les_mots(self.avant, self.apres)


@dataclass(frozen=True)
class Passage:
    """Un fait ajouté, retiré ou changé ; reformulé, il en réunit deux."""

    sorte: str
    nom: str
    nature: str
    details: tuple[Detail, ...]
    differences: tuple[Difference, ...]
    nom_avant: str = ""

    @property
    def intitule(self) -> str:
        """Rend de quoi parle le passage : « Financeur », ou les champs qui changent."""
        noms = ", ".join(detail.nom for detail in self.details)
        return SORTES.get(self.sorte) or (noms or self.sorte).capitalize()

    @property
    def nom_mot_par_mot(self) -> list[Morceau]:
        """Rend ce qui change dans le nom d'un fait reformulé."""
        return comparer_les_mots(self.nom_avant, self.nom) if self.nom_avant else []


def passages(trouvees: list[Difference], mots: dict[str, str]) -> tuple[Passage, ...]:
    """Rend un passage par différence, sauf deux qui reformulent le même fait."""
    reformulees = _reformulees(trouvees)
    absorbees = {ajout.cle for ajout in reformulees.values()}
    return tuple(
        _passage(difference, reformulees.get(difference.cle), mots)
        for difference in trouvees
        if difference.cle not in absorbees
    )


def _passage(
    difference: Difference, reformulee: Difference | None, mots: dict[str, str]
) -> Passage:
    quoi, cle = sorte(difference.cle), difference.cle
    apres = reformulee or difference
    details = _details(quoi, champs(cle, difference.avant), champs(cle, apres.apres), mots)
    lisibles = tuple(detail for detail in details if not detail.est_interne)
    nom = nom_en_clair(quoi, cle[-1]) if quoi in SORTES else ""
    if reformulee:
        deux = (difference, reformulee)
        return Passage(quoi, reformulee.cle[-1], "changé", lisibles, deux, nom_avant=nom)
    if difference.nature != "changé" and quoi in SORTES:
        utiles = UTILES if difference.nature == "ajouté" else PERDUS
        lisibles = tuple(d for d in lisibles if d.champ in utiles and not _va_de_soi(d))
        return Passage(quoi, nom, difference.nature, lisibles, (difference,))
    # Ce qui ne vient que de la lecture se tait, sauf si rien d'autre ne change.
    return Passage(quoi, nom, difference.nature, lisibles or details, (difference,))


def _details(
    quoi: str, avant: dict[str, Any], apres: dict[str, Any], mots: dict[str, str]
) -> tuple[Detail, ...]:
    """Rend les champs qui changent, en clair."""
    trouves = []
    for champ in CHAMPS[quoi]:
        disait, dit = avant.get(champ) or "", apres.get(champ) or ""
        if disait != dit:
            valeurs = sans_le_commun(champ, disait, dit)
            clairs = (en_clair(quoi, champ, valeur) for valeur in valeurs)
            trouves.append(Detail(champ, nommer(champ, mots), *clairs))
    return tuple(trouves)


def _va_de_soi(detail: Detail) -> bool:
    """Dit si un degré est celui que l'on suppose quand la fiche n'en dit rien."""
    return detail.champ == "degre" and DegreDePartenaire.POSSIBLE.label in (
        detail.avant,
        detail.apres,
    )


def _reformulees(trouvees: Iterable[Difference]) -> dict[Cle, Difference]:
    """Apparie ce qui est retiré et ce qui est ajouté, les textes les plus proches d'abord."""
    par_sorte: dict[tuple[str, str], list[Difference]] = defaultdict(list)
    for difference in trouvees:
        if sorte(difference.cle) in _REFORMULABLES and difference.nature != "changé":
            par_sorte[sorte(difference.cle), difference.nature].append(difference)
    paires = [
        (proximite, retrait, ajout)
        for quoi in _REFORMULABLES
        for retrait in par_sorte[quoi, "retiré"]
        for ajout in par_sorte[quoi, "ajouté"]
        if (proximite := _proximite(retrait.cle[-1], ajout.cle[-1])) >= _MOITIE
    ]
    appariees: dict[Cle, Difference] = {}
    prises: set[Cle] = set()
    for _, retrait, ajout in sorted(paires, key=lambda paire: -paire[0]):
        if retrait.cle not in appariees and ajout.cle not in prises:
            appariees[retrait.cle] = ajout
            prises.add(ajout.cle)
    return appariees


def _proximite(un: str, autre: str) -> float:
    """Rend la part des mots pleins que deux textes ont en commun, de 0 à 1."""
    mots, autres = Counter(racines(un)), Counter(racines(autre))
    return 2 * (mots & autres).total() / max(1, mots.total() + autres.total())
