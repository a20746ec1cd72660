"""Qui le contrat nomme, et qui est vraiment sollicité : financeurs, dispositifs, partenaires."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from parvis.evaluation.enums import Presence, Recours
from parvis.socle.texte import racine, racines

# Ce qui ne distingue pas un dispositif d'un autre, en racines.
_BANALES = frozenset(
    racine(mot)
    for mot in ("credits", "aide", "aides", "programme", "dispositif", "actions", "fonds")
)
_PARENTHESES = re.compile(r"\(([^)]*)\)")
# L'état d'une aide de droit commun, tel que le dossier l'écrit.
_OBTENUE, _SANS_OBJET = "obtenue", "sans_objet"


@dataclass(frozen=True)
class Sollicitation:
    """Une demande d'un dossier à quelqu'un : un organisme, ou des mots ; si elle a été obtenue."""

    dossier: int
    organisme: int | None = None
    # Les racines de ce qui est écrit : qui la donne, ou quelle aide.
    mots: frozenset[str] = frozenset()
    est_obtenue: bool = False


@dataclass(frozen=True)
class Nomme:
    """Ce que le contrat nomme : un partenaire et les organismes qui le tiennent, ou un dispositif."""

    nom: str
    adresse: str
    # Chaque nom possible, en racines : le nom, le sigle, les graphies.
    graphies: tuple[frozenset[str], ...] = ()
    organismes: frozenset[int] = frozenset()
    est_un_dispositif: bool = False

    @property
    def est_reconnaissable(self) -> bool:
        """Dit si on le reconnaîtrait : un partenaire sans organisme peut être là sans qu'on le sache."""
        return self.est_un_dispositif or bool(self.organismes)

    def est_dans(self, sollicitation: Sollicitation) -> bool:
        """Dit si cette demande s'adresse à ce que le contrat nomme.

        Un dispositif se reconnaît à son nom, demandé à qui le tient ; un partenaire, à son organisme ou
        à son nom.
        """
        est_dit = any(noms and noms <= sollicitation.mots for noms in self.graphies)
        qui = sollicitation.organisme
        if self.est_un_dispositif:
            return est_dit and (qui is None or not self.organismes or qui in self.organismes)
        return est_dit or qui in self.organismes


@dataclass(frozen=True)
class Mobilisation:
    """Ce que le contrat nomme sur une fiche, ce qu'il en est, et les dossiers qui le pourraient."""

    nomme: Nomme
    recours: Recours
    sollicitent: tuple[int, ...] = ()
    pourraient: tuple[int, ...] = field(default=())


def mobilisation(
    nomme: Nomme, dossiers: Collection[int], sollicitations: Iterable[Sollicitation]
) -> Mobilisation:
    """Rend ce qu'il en est d'un financeur ou d'un dispositif parmi les dossiers d'une fiche."""
    siennes = [une for une in sollicitations if nomme.est_dans(une)]
    demandent = {une.dossier for une in siennes} & set(dossiers)
    obtiennent = {une.dossier for une in siennes if une.est_obtenue} & set(dossiers)
    if obtiennent:
        recours = Recours.OBTENU
    elif demandent:
        recours = Recours.DEMANDE
    else:
        recours = Recours.JAMAIS if nomme.est_reconnaissable else Recours.INCONNU
    autres = tuple(pk for pk in dossiers if pk not in demandent)
    return Mobilisation(nomme, recours, tuple(sorted(demandent)), autres)


def graphies_d_un_dispositif(nom: str) -> tuple[frozenset[str], ...]:
    """Rend ce qui fait reconnaître un dispositif, en racines : son nom, ce qui y est propre, son sigle."""
    entier = frozenset(racines(_PARENTHESES.sub(" ", nom)))
    propre = entier - _BANALES
    sigles = (frozenset(racines(sigle)) for sigle in _PARENTHESES.findall(nom))
    # Un seul mot (« permis ») ne prouve rien, un sigle si.
    return (entier, *([propre] if len(propre) > 1 else []), *sigles)


def aide_obtenue(etat: str) -> bool | None:
    """Rend si une aide de droit commun est obtenue ; None si elle ne convient pas."""
    return None if etat == _SANS_OBJET else etat == _OBTENUE


def presence(
    nomme: Nomme, agissants: Collection[int], sollicitations: Collection[Sollicitation]
) -> Presence:
    """Rend si un partenaire du contrat s'est montré : il porte, finance, étudie, ou un dossier le cite."""
    if nomme.organismes & set(agissants) or any(nomme.est_dans(une) for une in sollicitations):
        return Presence.VU
    return Presence.JAMAIS if nomme.est_reconnaissable else Presence.INCONNU
