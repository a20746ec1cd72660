"""Qui le contrat nomme, et qui est vraiment sollicité : financeurs, dispositifs, partenaires."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from parvis.evaluation.enums import Presence, Recours
from parvis.socle.texte import racine, racines

# Ce qui ne distingue pas un dispositif d'un autre, en racines.
_BANALES = frozenset(
    racine(mot)
    for mot in ("credits", "aide", "aides", "programme", "dispositif", "actions", "fonds")
)
_PARENTHESES = re.compile(r"\(([^)]*)\)")
# Un sigle se reconnaît à ses capitales : « PRE » n'est pas « pré-apprentissage ».
_SIGLE = re.compile(r"\b[A-Z][A-Z0-9]{2,}\b")
# Un numéro le précise : « BOP » seul vaut pour tous les programmes.
_NUMEROTE = re.compile(r"[A-Z]{2,} \d+")
# L'état d'une aide de droit commun, tel que le dossier l'écrit.
_OBTENUE, _SANS_OBJET = "obtenue", "sans_objet"


@dataclass(frozen=True)
class Sollicitation:
    """Une demande à quelqu'un : un organisme, ou qui est écrit ; et pour quoi, en racines."""

    organisme: int | None = None
    qui: frozenset[str] = frozenset()
    quoi: frozenset[str] = frozenset()
    sigles: frozenset[str] = frozenset()


def sollicitation(organisme: int | None, qui: str, quoi: str) -> Sollicitation:
    """Rend une demande telle qu'elle est écrite."""
    sigles = frozenset(_SIGLE.findall(f"{qui} {quoi}"))
    return Sollicitation(organisme, frozenset(racines(qui)), frozenset(racines(quoi)), sigles)


@dataclass
class Dossiers:
    """Les dossiers qui font la même demande : ceux qui la font, qui l'obtiennent, qui l'écartent."""

    demandent: set[int]
    obtiennent: set[int]
    ecartent: set[int]


@dataclass(frozen=True)
class Nomme:
    """Ce que le contrat nomme : un partenaire et les organismes qui le tiennent, ou un dispositif."""

    nom: str
    adresse: str
    # Chaque nom possible, en racines : le nom, les graphies, ceux de ses organismes.
    graphies: tuple[frozenset[str], ...] = ()
    sigles: frozenset[str] = frozenset()
    organismes: frozenset[int] = frozenset()
    est_un_dispositif: bool = False
    # Quand il a pris fin, et ce qui lui succède ; vide s'il existe.
    fin: str = ""
    # Les postes aidés de ce dispositif, que le contrat a déjà.
    postes: int = 0

    @property
    def est_reconnaissable(self) -> bool:
        """Dit si on le reconnaîtrait : un partenaire sans organisme peut être là sans qu'on le sache."""
        return self.est_un_dispositif or bool(self.organismes)

    def est_dans(self, une: Sollicitation) -> bool:
        """Dit si cette demande s'adresse à ce que le contrat nomme.

        Un dispositif se reconnaît à son nom, demandé à qui le tient ; un partenaire, à son organisme ou
        à son nom.
        """
        ecrit = une.quoi if self.est_un_dispositif else une.qui
        est_dit = bool(self.sigles & une.sigles) or any(
            noms and noms <= ecrit for noms in self.graphies
        )
        if self.est_un_dispositif:
            qui = une.organisme
            return est_dit and (qui is None or not self.organismes or qui in self.organismes)
        return est_dit or une.organisme in self.organismes


@dataclass(frozen=True)
class Mobilisation:
    """Ce que le contrat nomme sur une fiche, ce qu'il en est, et les dossiers qui le pourraient."""

    nomme: Nomme
    recours: Recours
    sollicitent: tuple[int, ...] = ()
    pourraient: tuple[int, ...] = ()


def reconnaitre(nomme: Nomme, sollicitations: Mapping[Sollicitation, Dossiers]) -> Dossiers:
    """Rend les dossiers qui sollicitent ce que le contrat nomme, l'obtiennent, ou l'écartent."""
    reunis = Dossiers(set(), set(), set())
    for une, dossiers in sollicitations.items():
        if nomme.est_dans(une):
            reunis.demandent |= dossiers.demandent
            reunis.obtiennent |= dossiers.obtiennent
            reunis.ecartent |= dossiers.ecartent
    return reunis


def mobilisation(nomme: Nomme, de_la_fiche: Collection[int], reconnus: Dossiers) -> Mobilisation:
    """Rend ce qu'il en est d'un financeur ou d'un dispositif parmi les dossiers d'une fiche.

    Ni ce qui a pris fin, ni ce qu'un dossier a écarté, n'est proposé de nouveau.
    """
    demandent = [pk for pk in de_la_fiche if pk in reconnus.demandent]
    pourraient = [
        pk
        for pk in de_la_fiche
        if not (nomme.fin or pk in reconnus.demandent or pk in reconnus.ecartent)
    ]
    if any(pk in reconnus.obtiennent for pk in de_la_fiche):
        recours = Recours.OBTENU
    elif demandent:
        recours = Recours.DEMANDE
    elif nomme.postes:
        recours = Recours.POSTES
    else:
        recours = Recours.JAMAIS if nomme.est_reconnaissable else Recours.INCONNU
    return Mobilisation(nomme, recours, tuple(demandent), tuple(pourraient))


def graphies_d_un_dispositif(nom: str) -> tuple[tuple[frozenset[str], ...], frozenset[str]]:
    """Rend ce qui fait reconnaître un dispositif : ses noms en racines, et ses sigles."""
    entier = frozenset(racines(_PARENTHESES.sub(" ", nom)))
    propre = entier - _BANALES
    precisions = " ".join(_PARENTHESES.findall(nom))
    numerotes = [frozenset(racines(dit)) for dit in _NUMEROTE.findall(precisions)]
    sigles = frozenset(_SIGLE.findall(_NUMEROTE.sub(" ", precisions)))
    # Un seul mot (« permis ») ne prouve rien, un sigle si.
    return (entier, *([propre] if len(propre) > 1 else []), *numerotes), sigles


def aide_obtenue(etat: str) -> bool | None:
    """Rend si une aide de droit commun est obtenue ; None si elle ne convient pas."""
    return None if etat == _SANS_OBJET else etat == _OBTENUE


def presence(
    nomme: Nomme, agissants: Collection[int], sollicitations: Iterable[Sollicitation]
) -> Presence:
    """Rend si un partenaire du contrat s'est montré : porteur, sollicité, cité, ou service qui étudie."""
    if nomme.organismes & set(agissants) or any(nomme.est_dans(une) for une in sollicitations):
        return Presence.VU
    return Presence.JAMAIS if nomme.est_reconnaissable else Presence.INCONNU
