"""Partenaires et dispositifs écrits dans une cellule, de la première façon que le lecteur relit pareil."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from parvis.cadre.importation.dispositifs import lire_dispositifs
from parvis.cadre.importation.formats.tableur import en_cellule
from parvis.cadre.importation.fragments import blocs_de
from parvis.cadre.importation.lieux_connus import gazette
from parvis.cadre.importation.partenaires import lire_partenaires
from parvis.cadre.importation.structure import Dispositif, Partenaire

_PUCE = "• "
_Trait = tuple[str, str | None, str | None]


def partenaires_en_cellule(partenaires: Sequence[Partenaire]) -> str:
    """Rend un partenaire par ligne ; un service suit l'organisme dont il dépend."""
    voulus = {_trait(p) for p in partenaires}
    ecrits: set[_Trait] = set()
    lignes: list[str] = []
    for partenaire in partenaires:
        if _trait(partenaire) in ecrits:
            continue
        facons = list(_facons(partenaire))
        for facon in facons:
            relus = {_trait(p) for p in _relire_les_partenaires(facon)}
            if _trait(partenaire) in relus and relus <= voulus:
                ecrits |= relus
                lignes.append(facon)
                break
        else:
            lignes.append(facons[0])
    return "\n".join(lignes)


def _trait(partenaire: Partenaire) -> _Trait:
    return partenaire.nom, partenaire.parent, partenaire.condition


def _facons(partenaire: Partenaire) -> Iterator[str]:
    """Rend les façons d'écrire un partenaire : comme il est imprimé d'abord."""
    for nom in dict.fromkeys((" ".join(partenaire.imprime.split()), partenaire.nom)):
        if partenaire.condition:
            yield from (nom, f"{nom} ({partenaire.condition})", f"{nom} : {partenaire.condition}")
        if partenaire.parent:
            yield from (nom, f"{partenaire.parent} : {nom}", f"{nom} ({partenaire.parent})")
            yield f"{partenaire.parent} :\n{_PUCE}{nom}"
        yield nom


def _relire_les_partenaires(texte: str) -> tuple[Partenaire, ...]:
    return lire_partenaires(blocs_de(en_cellule(texte), 1), gazette(""), _sans_signaler)


def _sans_signaler(ligne: int, nature: str, texte: str) -> None:
    """Les anomalies ont été signalées à la première lecture."""


def dispositifs_en_cellule(dispositifs: Sequence[Dispositif]) -> str:
    """Rend « Nom (Responsable) », un par ligne ; ce qui a un détail est groupé sous son responsable."""
    if not dispositifs:
        return ""
    facons = (
        _en_liste(dispositifs),
        _en_groupes(dispositifs, _imprime),
        _en_groupes(dispositifs, _imprime, ""),
        _en_groupes(dispositifs, _nom_et_detail),
    )
    return max(facons, key=_fidelite(dispositifs))


def _fidelite(dispositifs: Sequence[Dispositif]) -> Callable[[str], tuple[int, int, int]]:
    """Rend de quoi comparer deux écritures : les noms et responsables relus justes, puis le reste."""
    voulus = [(d.nom, d.porteur) for d in dispositifs]
    entiers = {(d.nom, d.porteurs, d.parent, d.detail) for d in dispositifs}

    def juger(texte: str) -> tuple[int, int, int]:
        relus = lire_dispositifs(blocs_de(en_cellule(texte), 1), _sans_signaler, frozenset())
        lus = [(d.nom, d.porteur) for d in relus]
        justes = sum(trait in lus for trait in voulus) - sum(trait not in voulus for trait in lus)
        memes = sum((d.nom, d.porteurs, d.parent, d.detail) in entiers for d in relus)
        return justes, int(lus == voulus), memes

    return juger


def _en_liste(dispositifs: Sequence[Dispositif]) -> str:
    return "\n".join(f"{d.nom} ({d.porteur})" if d.porteur else d.nom for d in dispositifs)


def _imprime(dispositif: Dispositif) -> str:
    return " ".join((dispositif.imprime or dispositif.nom).split())


def _nom_et_detail(dispositif: Dispositif) -> str:
    return f"{dispositif.nom} : {dispositif.detail}" if dispositif.detail else dispositif.nom


def _en_groupes(
    dispositifs: Sequence[Dispositif], ecrire: Callable[[Dispositif], str], marque: str = _PUCE
) -> str:
    """Rend un intitulé par responsable, et sous lui ses dispositifs ; `marque` ouvre les phrases."""
    lignes: list[str] = []
    for porteurs, groupe in groupby(dispositifs, key=lambda d: d.porteurs):
        if porteurs:
            noms = " et ".join(porteurs)
            lignes.append(f"{noms} :" if len(porteurs) == 1 else f"Dispositifs de {noms} :")
        for dispositif in groupe:
            puce = marque if dispositif.origine == "phrase" else _PUCE
            lignes.append(puce + ecrire(dispositif))
    return "\n".join(lignes)
