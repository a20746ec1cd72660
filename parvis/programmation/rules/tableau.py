"""La loi du tableau de programmation : ce qui est sûr, ce qui manque, ce qui appelle une convention.

Ces calculs ne reçoivent que ce que le lecteur voit : un montant proposé qui ne lui est pas montré n'y
entre pas, ni par un total, ni par un avertissement.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import NamedTuple, TypeVar

from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier, NatureDeDemande
from parvis.dossiers.rules.suivi import VIVANTES
from parvis.instruction.rules.avis import SANS_ARGENT
from parvis.programmation.rules.seuils import SEUILS_DE_CONVENTION

K = TypeVar("K")
ZERO = Decimal("0.00")
# Au-delà, strictement, une convention. Par organisme aidé et par exercice, argent et nature.
SEUIL_DE_CONVENTION = SEUILS_DE_CONVENTION[0].montant
AILLEURS = 0
# Des textes nus : lire la valeur d'une liste coûte cher, répété trente mille fois.
_EN_ARGENT = NatureDeDemande.NUMERAIRE.value
_VIVANTES = frozenset(etat.value for etat in VIVANTES)
_DEMANDEE, _RECEVABLE = EtatDeDemande.DEMANDEE.value, EtatDeDossier.RECEVABLE.value
_SANS_ARGENT = frozenset(sens.value for sens in SANS_ARGENT)


class Certitude(StrEnum):
    """Ce qu'un dossier a de sûr, en un mot."""

    VOTE = "Voté"
    VOTE_EN_PARTIE = "Voté en partie"
    ARBITRE = "Arbitré"
    PROPOSE = "Proposé"
    DEMANDE = "Demandé"
    RIEN = "Rien à attendre"


class Part(NamedTuple):
    """Une demande d'un dossier, telle que ce lecteur la voit.

    `colonne` est le financeur de la plateforme, ou AILLEURS ; `financeur` l'organisme, s'il est connu.
    """

    pk: int
    colonne: int
    financeur: int | None
    est_a_nous: bool
    nature: str
    etat: str
    ligne: str
    demande: Decimal
    propose: Decimal | None
    vote: Decimal | None
    est_partagee: bool = False
    # Ce qu'une séance publiée propose : sous réserve du vote.
    arbitre: Decimal | None = None
    # Un vote d'ailleurs que le porteur a noté de mémoire n'engage que lui.
    est_de_memoire: bool = False
    # Ce qu'une décision d'avant accordait, si une autre l'a changé : un avenant fait la différence.
    vote_precedent: Decimal | None = None

    @property
    def est_en_argent(self) -> bool:
        return self.nature == _EN_ARGENT


@dataclass(slots=True)
class Somme:
    """Ce que des demandes en argent disent ensemble ; ce qu'aucune ne dit reste non dit."""

    nombre: int = 0
    demande: Decimal = ZERO
    propose: Decimal | None = None
    arbitre: Decimal | None = None
    vote: Decimal | None = None

    def ajouter(self, autre: "Somme") -> None:
        """Ajoute une autre somme à celle-ci."""
        self.nombre += autre.nombre
        self.demande += autre.demande
        if autre.propose is not None:
            self.propose = autre.propose if self.propose is None else self.propose + autre.propose
        if autre.arbitre is not None:
            self.arbitre = autre.arbitre if self.arbitre is None else self.arbitre + autre.arbitre
        if autre.vote is not None:
            self.vote = autre.vote if self.vote is None else self.vote + autre.vote

    def compter(self, part: Part) -> None:
        """Ajoute une demande à cette somme."""
        self.demande += part.demande
        if part.propose is not None:
            self.propose = part.propose if self.propose is None else self.propose + part.propose
        if part.arbitre is not None:
            self.arbitre = part.arbitre if self.arbitre is None else self.arbitre + part.arbitre
        if part.vote is not None:
            self.vote = part.vote if self.vote is None else self.vote + part.vote

    @property
    def taux(self) -> int | None:
        return taux(self.vote, self.demande)


@dataclass(slots=True)
class Case(Somme):
    """Ce qu'un dossier demande à un financeur, et ce qu'il en répond."""

    en_nature: Decimal = ZERO
    parts: list[Part] = field(default_factory=list)

    @property
    def ecart_du_vote(self) -> Decimal:
        """Rend ce que les dernières décisions ont ajouté, ou retiré, à ce qui était voté avant elles."""
        return sum(
            (
                part.vote - part.vote_precedent
                for part in self.parts
                if part.est_en_argent and part.vote is not None and part.vote_precedent is not None
            ),
            ZERO,
        )


@dataclass(slots=True)
class Ligne:
    """Un dossier du tableau : ce qu'il est, ses cases, ce qu'elles disent ensemble."""

    pk: int
    numero: int
    exercice: int
    etat: str
    projet: int
    titre: str
    appel: int
    porteur: int
    # Qui reçoit l'argent : le porteur, ou la structure qui le porte.
    titulaire: int
    fiche: str = ""
    fiches: list[str] = field(default_factory=list)
    quartiers: list[int] = field(default_factory=list)
    rang: int = 0
    sens: str = ""
    vote_avant: Decimal | None = None
    parts: list[Part] = field(default_factory=list)
    cases: dict[int, Case] = field(default_factory=dict)
    tout: Somme = field(default_factory=Somme)
    service: Somme = field(default_factory=Somme)
    certitude: Certitude = Certitude.DEMANDE
    trou: Decimal = ZERO
    # Les financeurs dont ce que reçoit le titulaire passe le seuil d'une convention.
    seuils: list[int] = field(default_factory=list)
    # Les exercices dont le porteur n'a pas rendu le bilan à temps.
    bilans: list[int] = field(default_factory=list)

    @property
    def reference(self) -> str:
        """Rend le numéro que l'on dit au téléphone."""
        return f"{self.exercice}-{self.numero:04d}"


def completer(ligne: Ligne) -> Ligne:
    """Range les demandes d'une ligne dans leurs cases, et dit ce qu'elles font ensemble."""
    for part in ligne.parts:
        case = ligne.cases.get(part.colonne)
        if case is None:
            case = ligne.cases[part.colonne] = Case()
        case.parts.append(part)
        if not part.est_en_argent:
            case.en_nature += part.demande
            continue
        case.compter(part)
        if part.est_a_nous:
            ligne.service.compter(part)
            ligne.service.nombre = 1
    for case in ligne.cases.values():
        ligne.tout.ajouter(case)
    ligne.tout.nombre = 1
    ligne.certitude = certitude(ligne.parts)
    ligne.trou = trou_du_budget(ligne.parts)
    return ligne


def certitude(parts: Iterable[Part]) -> Certitude:
    """Rend ce qui est sûr de l'argent demandé : ce qui n'est pas voté n'est pas de l'argent."""
    vivantes = [part for part in parts if part.est_en_argent and part.etat in _VIVANTES]
    votees = sum(part.vote is not None for part in vivantes)
    if not vivantes:
        return Certitude.RIEN
    if votees:
        return Certitude.VOTE if votees == len(vivantes) else Certitude.VOTE_EN_PARTIE
    if any(part.arbitre for part in vivantes):
        return Certitude.ARBITRE
    return Certitude.PROPOSE if any(part.propose for part in vivantes) else Certitude.DEMANDE


def peut_se_changer(part: Part, ligne: Ligne) -> bool:
    """Dit si un montant se propose depuis le tableau ; le reste se fait sur la page du dossier, ou plus."""
    return (
        part.est_a_nous
        and part.est_en_argent
        and part.etat == _DEMANDEE
        and ligne.etat == _RECEVABLE
        and ligne.sens not in _SANS_ARGENT
    )


def espere(part: Part) -> Decimal:
    """Rend ce que l'on peut encore espérer d'une demande : voté, sinon arbitré, proposé, demandé."""
    if part.etat not in _VIVANTES:
        return ZERO
    if part.vote is not None:
        return part.vote
    if part.arbitre is not None:
        return part.arbitre
    return part.demande if part.propose is None else part.propose


def trou_du_budget(parts: Iterable[Part]) -> Decimal:
    """Rend ce qui manque au plan de financement, écrit comme si tout était accordé."""
    manque = ZERO
    for part in parts:
        if part.est_en_argent:
            manque += part.demande - espere(part)
    return max(ZERO, manque)


def taux(vote: Decimal | None, demande: Decimal) -> int | None:
    """Rend la part votée de ce qui est demandé, en pour cent ; rien tant que rien n'est voté."""
    if vote is None or not demande:
        return None
    return int((100 * vote / demande).quantize(Decimal(1), ROUND_HALF_UP))


@dataclass(frozen=True)
class Franchissement:
    """Ce qu'une autorité donne, ou donnerait, à un organisme sur l'exercice, au-delà du seuil."""

    titulaire: int
    financeur: int
    vote: Decimal
    attendu: Decimal

    @property
    def est_vote(self) -> bool:
        """Dit si ce qui est voté suffit à passer le seuil."""
        return self.vote > SEUIL_DE_CONVENTION


def franchissements(
    sommes: Mapping[tuple[int, int], tuple[Decimal, Decimal]],
) -> list[Franchissement]:
    """Rend, parmi (organisme aidé, financeur) → (voté, voté et proposé), ceux qui passent le seuil."""
    return [
        Franchissement(titulaire, financeur, vote, attendu)
        for (titulaire, financeur), (vote, attendu) in sommes.items()
        if max(vote, attendu) > SEUIL_DE_CONVENTION
    ]


def promis(part: Part) -> tuple[Decimal, Decimal]:
    """Rend ce qu'une demande compte pour le seuil, nature comprise : voté, puis voté ou attendu."""
    if part.etat not in _VIVANTES:
        return ZERO, ZERO
    if part.vote is not None:
        return part.vote, part.vote
    return ZERO, (part.propose if part.arbitre is None else part.arbitre) or ZERO


def totaux(
    lignes: Iterable[Ligne], cles: Mapping[int, Sequence[K]]
) -> dict[K, tuple[Somme, Somme]]:
    """Rend, pour chaque valeur d'un axe, la somme de ses dossiers et celle du service.

    `cles` dit les valeurs de chaque dossier : il compte entier dans chacune.
    """
    sommes: dict[K, tuple[Somme, Somme]] = {}
    for ligne in lignes:
        for cle in cles[ligne.pk]:
            tout, service = sommes.setdefault(cle, (Somme(), Somme()))
            tout.ajouter(ligne.tout)
            service.ajouter(ligne.service)
    return sommes
