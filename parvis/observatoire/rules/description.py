"""Ce qui empêche de garder la description d'un fichier de chiffres."""

from collections.abc import Collection, Sequence
from typing import Protocol

from parvis.observatoire.enums import Niveau, Remontee, Unite


class ColonneDecrite(Protocol):
    """Ce que dit une colonne d'elle-même."""

    @property
    def colonne(self) -> str: ...
    @property
    def libelle(self) -> str: ...
    @property
    def unite(self) -> str: ...
    @property
    def remontee(self) -> str: ...
    @property
    def poids(self) -> str: ...
    @property
    def partie_de(self) -> str: ...


def motifs_empechant_la_description(
    *,
    niveau: str,
    millesime: int | None,
    millesimes: Collection[int],
    series: Sequence[ColonneDecrite],
) -> list[str]:
    """Rend tous les motifs de refuser une description, en phrases."""
    motifs = []
    if niveau == Niveau.QUARTIER and millesime not in millesimes:
        motifs.append("Dites de quelle génération sont les quartiers du fichier.")
    if not series:
        motifs.append("Choisissez au moins une colonne à lire.")
    par_titre = {serie.colonne: serie for serie in series}
    if len(par_titre) < len(series):
        motifs.append("Deux colonnes portent le même titre : renommez-en une dans le fichier.")
    for serie in series:
        motifs += [f"« {serie.libelle} » : {motif}" for motif in _motifs(serie, par_titre)]
    return motifs


def _motifs(serie: ColonneDecrite, par_titre: dict[str, ColonneDecrite]) -> list[str]:
    motifs = []
    tout = par_titre.get(serie.partie_de)
    if serie.partie_de and (tout is None or tout is serie):
        motifs.append("la série dont elle est une partie n’est pas lue.")
    elif tout is not None and (tout.unite != serie.unite or tout.partie_de):
        motifs.append("une partie et son tout comptent la même chose, sur un seul étage.")
    poids = par_titre.get(serie.poids)
    if serie.remontee == Remontee.MOYENNE and (poids is None or poids is serie):
        motifs.append("dites quelle colonne pèse sa moyenne.")
    if serie.remontee == Remontee.SOMME and serie.unite in (Unite.POURCENT, Unite.INDICE):
        motifs.append("un pourcentage ou un indice ne s’additionne pas.")
    return motifs
