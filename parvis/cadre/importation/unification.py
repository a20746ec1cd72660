"""Un dispositif, un seul nom : ce qu'un document imprime de plusieurs façons d'une fiche à l'autre."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from .structure import ContratLu, Dispositif
from .texte import cle_souple

_SIGLE_FINAL = re.compile(r"\s*\((?P<sigle>[\w-]{2,10})\)\s*$")
_SIGLE_SEUL = re.compile(r"[A-Z][A-Z0-9-]{1,9}")


def unifier_dispositifs(contrat: ContratLu) -> ContratLu:
    """Rend le contrat où chaque dispositif porte partout le même nom, l'imprimé restant gardé.

    Deux noms sont le même dispositif quand ils ont le même sigle, ou les mêmes mots au pluriel et
    aux accents près ; rien d'autre n'est supposé.
    """
    noms = Counter(d.nom for fiche in contrat.fiches for d in fiche.dispositifs)
    retenus = _noms_retenus(noms)
    if all(nom == retenu for nom, retenu in retenus.items()):
        return contrat

    def renommer(dispositif: Dispositif) -> Dispositif:
        nom = retenus[dispositif.nom]
        if nom == dispositif.nom:
            return dispositif
        return replace(dispositif, nom=nom, imprime=dispositif.imprime or dispositif.nom)

    piliers = tuple(
        replace(
            pilier,
            enjeux=tuple(
                replace(
                    enjeu,
                    fiches=tuple(
                        replace(f, dispositifs=tuple(renommer(d) for d in f.dispositifs))
                        for f in enjeu.fiches
                    ),
                )
                for enjeu in pilier.enjeux
            ),
        )
        for pilier in contrat.piliers
    )
    return replace(contrat, piliers=piliers)


def _noms_retenus(noms: Counter[str]) -> dict[str, str]:
    """Rend, pour chaque nom imprimé, celui du groupe : avec son sigle, puis le plus fréquent."""
    groupe_de_cle: dict[str, set[str]] = {}
    cles_de: dict[int, set[str]] = {}
    for nom in noms:
        groupe, cles = {nom}, _cles(nom)
        for ancien in {id(g): g for g in map(groupe_de_cle.get, cles) if g is not None}.values():
            groupe |= ancien
            cles |= cles_de.pop(id(ancien))
        cles_de[id(groupe)] = cles
        groupe_de_cle |= dict.fromkeys(cles, groupe)
    groupes = {id(groupe): groupe for groupe in groupe_de_cle.values()}.values()
    retenus = {}
    for membres in groupes:
        meilleur = min(
            membres,
            key=lambda n: (not _SIGLE_FINAL.search(n), bool(_SIGLE_SEUL.fullmatch(n)), -noms[n], n),
        )
        retenus |= dict.fromkeys(membres, meilleur)
    return retenus


def _cles(nom: str) -> set[str]:
    """Rend ce qui identifie un dispositif : ses mots au singulier, et son sigle s'il l'imprime."""
    final = _SIGLE_FINAL.search(nom)
    cles = {f"sigle {final['sigle'].upper()}"} if final else set()
    if _SIGLE_SEUL.fullmatch(nom.strip()):
        return {f"sigle {nom.strip()}"}
    mots = cle_souple(_SIGLE_FINAL.sub("", nom)).split()
    return cles | {" ".join(mot.rstrip("sx") if len(mot) > 3 else mot for mot in mots)}
