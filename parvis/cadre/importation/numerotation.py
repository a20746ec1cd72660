"""Comment un document numérote ses enjeux et ses fiches : sous leur parent, en continu, ou à neuf."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import fuzz

from .blocs import Titre
from .niveaux import Niveaux
from .numeros import Numero, cle_de_numero, numero_d_enjeu, numero_du_parent
from .texte import cle

_MEME = 85
_TITRES_MAX = 2000  # borne le coût d'un document hostile


@dataclass(frozen=True, slots=True)
class Numerotation:
    """La façon de numéroter d'un document."""

    fiches_sous_leur_enjeu: bool = True  # « 1-2 » est sous l'enjeu 1
    enjeux_a_neuf: bool = False  # chaque pilier recommence à 1
    fiches_a_neuf: bool = False  # chaque enjeu recommence à 1
    a_des_enjeux: bool = True
    separateur: str = "-"
    pris: frozenset[str] = frozenset()

    def enjeu(self, imprime: str, pilier: int, rang: int) -> Numero:
        """Rend le numéro d'un enjeu : l'imprimé, précédé du rang du pilier s'il recommence à neuf."""
        if not imprime:
            return self.libre(rang)
        return f"{pilier}.{imprime}" if self.enjeux_a_neuf else numero_d_enjeu(imprime)

    def libre(self, rang: int) -> int:
        """Rend le premier entier, à partir d'un rang, qu'aucun enjeu imprimé ne porte."""
        while str(rang) in self.pris:
            rang += 1
        return rang

    def fiche(self, imprime: str, enjeu: Numero, rang: int) -> str:
        """Rend le numéro d'une fiche : l'imprimé, ou son rang sous l'enjeu si elle n'en a pas."""
        if not imprime:
            return f"{enjeu}{self.separateur}{rang}"
        return f"{enjeu}{self.separateur}{imprime}" if self.fiches_a_neuf else imprime


def numerotation(titres: list[Titre], niveaux: Niveaux) -> Numerotation:
    """Rend la façon de numéroter qu'ont les titres d'un document."""
    enjeux = [t for t in titres if t.niveau == "enjeu" and t.numero]
    fiches = [t for t in titres if t.niveau == "fiche" and t.numero]
    numeros = frozenset(cle_de_numero(t.numero) for t in enjeux)
    tetes = [tete for t in fiches if (tete := numero_du_parent(t.numero)) is not None]
    connues = sum(cle_de_numero(tete) in numeros for tete in tetes)
    a_des_enjeux = any(t.niveau == "enjeu" for t in titres)
    sous = len(tetes) * 2 >= len(fiches) and (connues * 2 >= len(tetes) or not niveaux.mots)
    return Numerotation(
        fiches_sous_leur_enjeu=sous or (not titres_larges(titres) and bool(tetes)),
        enjeux_a_neuf=_a_neuf(enjeux),
        fiches_a_neuf=_a_neuf(fiches),
        a_des_enjeux=a_des_enjeux,
        separateur=niveaux.separateur,
        pris=numeros,
    )


def titres_larges(titres: list[Titre]) -> list[Titre]:
    """Rend les titres de pilier et d'enjeu."""
    return [t for t in titres if t.niveau in ("pilier", "enjeu")]


def _a_neuf(titres: list[Titre]) -> bool:
    """Dit si la plupart des numéros servent à plusieurs titres : la numérotation recommence.

    Un titre du sommaire (coupé, suivi de sa page) est le même que celui du corps.
    """
    noms: dict[str, list[str]] = {}
    for titre in titres[:_TITRES_MAX]:
        vus = noms.setdefault(cle_de_numero(titre.numero), [])
        nom = cle(titre.texte)
        if not any(fuzz.partial_ratio(nom, vu) >= _MEME for vu in vus):
            vus.append(nom)
    partages = sum(len(vus) > 1 for vus in noms.values())
    return partages > 0 and partages * 2 >= len(noms)
