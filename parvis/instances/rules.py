"""La loi des instances : qui siège, quand on se réunit, si l'on est assez. Ces règles sont les nôtres.

Le quorum et les pouvoirs d'une instance de contrat de ville ne sont fixés par aucun texte : chaque instance
dit son quorum, et un membre porte un pouvoir au plus.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from parvis.instances.enums import EtatDePresence, EtatDeReunion

PASSAGES: dict[str, tuple[str, ...]] = {
    EtatDeReunion.PREVUE: (
        EtatDeReunion.CONVOQUEE,
        EtatDeReunion.TENUE,
        EtatDeReunion.ANNULEE,
    ),
    EtatDeReunion.CONVOQUEE: (
        EtatDeReunion.CONVOQUEE,
        EtatDeReunion.TENUE,
        EtatDeReunion.ANNULEE,
    ),
    EtatDeReunion.TENUE: (),
    EtatDeReunion.ANNULEE: (),
}
POUVOIRS_AU_PLUS = 1


@dataclass(frozen=True)
class Siege:
    """Un membre appelé à une réunion, et s'il a voix délibérative."""

    nom: str
    a_voix: bool


@dataclass(frozen=True)
class Venue:
    """Comment un membre est présent ; `par` est le siège qui le représente."""

    etat: str
    par: int | None = None


@dataclass(frozen=True)
class Quorum:
    """Combien il faut de voix présentes ou représentées, et combien il y en a."""

    faut: int
    ont: int
    voix: int

    @property
    def est_atteint(self) -> bool:
        return self.ont >= self.faut

    @property
    def attente(self) -> str:
        """Rend ce qu'il faudra de voix, avant que les présences soient notées."""
        if not self.faut:
            return f"{self.voix} voix, sans quorum exigé"
        return f"Il faudra {self.faut} voix sur {self.voix}"

    @property
    def phrase(self) -> str:
        """Rend le quorum en mots : « 5 voix sur 8, il en faut 4 : le quorum est atteint »."""
        dit = f"{self.ont} voix sur {self.voix}"
        if not self.faut:
            return f"{dit}, sans quorum exigé"
        suite = "le quorum est atteint" if self.est_atteint else "le quorum n’est pas atteint"
        return f"{dit}, il en faut {self.faut} : {suite}"


def motifs_empechant_le_mandat(
    *, est_nomme: bool, debut_le: date, fin_le: date | None, est_close: bool
) -> list[str]:
    """Rend pourquoi un mandat ne se donne pas : personne, des dates à l'envers, une instance close."""
    motifs = []
    if est_close:
        motifs.append("Cette instance est close : nul n’y siège plus.")
    if not est_nomme:
        motifs.append("Choisissez une personne, ou écrivez son nom.")
    if fin_le is not None and fin_le < debut_le:
        motifs.append("Le mandat finit avant de commencer.")
    return motifs


def motifs_empechant_le_passage(depuis: str, vers: str) -> list[str]:
    """Rend pourquoi une réunion ne change pas d'état ainsi."""
    if vers in PASSAGES[depuis]:
        return []
    return [f"Cette réunion est « {EtatDeReunion(depuis).label.lower()} » : cela ne se fait plus."]


def motifs_empechant_de_convoquer(
    *, etat: str, commence_le: datetime, maintenant: datetime, membres: int
) -> list[str]:
    """Rend pourquoi une réunion ne se convoque pas : passée, close, ou sans membre."""
    motifs = motifs_empechant_le_passage(etat, EtatDeReunion.CONVOQUEE)
    if commence_le <= maintenant:
        motifs.append("On ne convoque pas à une réunion passée : corrigez sa date.")
    if not membres:
        motifs.append("Cette instance n’a pas de membre à convoquer.")
    return motifs


def motifs_empechant_les_presences(
    *, etat: str, sieges: Mapping[int, Siege], venues: Mapping[int, Venue]
) -> list[str]:
    """Rend pourquoi ces présences ne se notent pas : tous les motifs à la fois."""
    if etat in (EtatDeReunion.TENUE, EtatDeReunion.ANNULEE):
        return [f"Cette réunion est {EtatDeReunion(etat).label.lower()} : ses présences restent."]
    motifs = []
    for pk, venue in venues.items():
        nom = sieges[pk].nom
        if venue.etat not in EtatDePresence.values:
            motifs.append(f"{nom} : dites s’il est présent, représenté, excusé ou absent.")
        elif venue.etat == EtatDePresence.REPRESENTE:
            motifs += _motifs_du_pouvoir(pk, venue.par, sieges, venues)
    portes = Counter(v.par for v in venues.values() if v.etat == EtatDePresence.REPRESENTE)
    for par, nombre in portes.items():
        if par is not None and par in sieges and nombre > POUVOIRS_AU_PLUS:
            motifs.append(
                f"{sieges[par].nom} porte {nombre} pouvoirs : un membre en porte un au plus."
            )
    return motifs


def _motifs_du_pouvoir(
    pk: int, par: int | None, sieges: Mapping[int, Siege], venues: Mapping[int, Venue]
) -> list[str]:
    nom = sieges[pk].nom
    if par is None or par not in sieges or par == pk:
        return [f"{nom} : dites quel autre membre le représente."]
    if venues.get(par, Venue("")).etat != EtatDePresence.PRESENT:
        return [f"{nom} : {sieges[par].nom} le représenterait, sans être présent."]
    return []


def quorum(pour_cent: int, sieges: Mapping[int, Siege], venues: Mapping[int, Venue]) -> Quorum:
    """Rend le quorum d'une réunion : les voix délibératives présentes ou représentées, sur toutes."""
    voix = [pk for pk, siege in sieges.items() if siege.a_voix]
    la = (EtatDePresence.PRESENT, EtatDePresence.REPRESENTE)
    ont = sum(1 for pk in voix if pk in venues and venues[pk].etat in la)
    # Arrondi au-dessus : la moitié de neuf, c'est cinq.
    return Quorum(-(-len(voix) * pour_cent // 100), ont, len(voix))
