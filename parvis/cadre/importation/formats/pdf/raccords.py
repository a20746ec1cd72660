"""Ce que la fin d'une page a coupé : titres, étiquettes, rangées, noms ; en-têtes répétés."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from .lignes import Ligne
from .mesures import Mesures
from .paragraphes import decouper
from .regions import Contenu, Rangee, Region, Tableau, commence_par_une_suite

FINI = re.compile(r"[.!?:;…»)]\s*(?:</b>)?$")
_COLONNES_D_UN_PLAN = 3  # au-delà, une rangée coupée se reconnaît à ses cellules vides


def raccorder(contenus: list[Contenu], mesures: Mesures) -> None:
    """Recolle d'une page à l'autre ce que la mise en page a coupé."""
    _recoller_les_titres(contenus)
    _deplacer_les_etiquettes(contenus)
    _retirer_les_entetes_repetes(contenus)
    _recoller_les_rangees(contenus, mesures)


def _recoller_les_rangees(contenus: list[Contenu], mesures: Mesures) -> None:
    haut: Tableau | None = None
    for contenu in contenus:
        bas = contenu.elements[0] if contenu.elements else None
        if isinstance(bas, Tableau) and haut is not None:
            _recoller_une_rangee(haut.rangees[-1], bas, mesures)
            if not bas.rangees:
                del contenu.elements[0]
        if contenu.elements:
            dernier = contenu.elements[-1]
            haut = dernier if isinstance(dernier, Tableau) else None


def _recoller_une_rangee(avant: Rangee, bas: Tableau, mesures: Mesures) -> None:
    apres = bas.rangees[0]
    if len(avant.cellules) != len(apres.cellules) or len(apres.cellules) < 2:
        return
    if len(apres.cellules) >= _COLONNES_D_UN_PLAN:
        if _est_la_suite(avant, apres):
            avant.cellules = [
                _ensemble(haute, basse)
                for haute, basse in zip(avant.cellules, apres.cellules, strict=True)
            ]
            avant.fermee = apres.fermee
            del bas.rangees[0]
        return
    if _etiquette_coupee(avant.cellules[0], apres.cellules[0]):
        avant.cellules[0] = _ensemble(avant.cellules[0], apres.cellules[0])
        apres.cellules[0] = None
    if _vide(apres.cellules[0]):
        haute, basse = avant.cellules[1], apres.cellules[1]
        if haute is None or basse is None or not _phrase_coupee(haute, basse, mesures):
            return
        suite = decouper(basse, mesures)[0].lignes
        retrait = 0.0
        if decouper(haute, mesures)[-1].puce:  # la suite d'une puce garde son retrait
            retrait = max(0.0, haute.lignes[-1].x0 - suite[0].x0)
        deplacees = _a_la_suite(haute.lignes[-1], suite)
        haute.lignes += [replace(ligne, x0=ligne.x0 + retrait) for ligne in deplacees]
        basse.lignes = basse.lignes[len(suite) :]
        if not basse.lignes:
            del bas.rangees[0]


def _etiquette_coupee(haute: Region | None, basse: Region | None) -> bool:
    """Dit si la page coupe une étiquette : elle commence par une capitale, et finit en minuscules."""
    if haute is None or not haute.lignes or commence_par_une_suite(haute.lignes[0]):
        return False
    return _est_ouverte(haute, basse)


def _est_la_suite(avant: Rangee, apres: Rangee) -> bool:
    """Dit si une rangée finit celle de la page précédente : peu de cellules, et pas d'étiquette."""
    pleines = [rang for rang, cellule in enumerate(apres.cellules) if not _vide(cellule)]
    if any(_ne_continue_pas(avant.cellules[rang]) for rang in pleines):
        return False
    if not avant.fermee:
        return True
    premiere = apres.cellules[0]
    if not _vide(premiere) and not _est_ouverte(avant.cellules[0], premiere):
        return False
    ouvertes = sum(
        1 for rang in pleines if _est_ouverte(avant.cellules[rang], apres.cellules[rang])
    )
    return len(pleines) * 2 <= len(apres.cellules) or ouvertes * 2 >= len(pleines)


def _est_ouverte(haute: Region | None, basse: Region | None) -> bool:
    """Dit si le texte d'une cellule continue, en minuscule, celui que laisse celle d'avant."""
    if haute is None or basse is None or not haute.lignes or not basse.lignes:
        return False
    return commence_par_une_suite(basse.lignes[0]) and not FINI.search(haute.lignes[-1].texte)


def _ensemble(haute: Region | None, basse: Region | None) -> Region | None:
    if haute is None or not haute.lignes:
        return basse
    if basse is not None and basse.lignes:
        haute.lignes += _a_la_suite(haute.lignes[-1], basse.lignes)
    return haute


def _phrase_coupee(haute: Region, basse: Region, mesures: Mesures) -> bool:
    """Dit si la première ligne d'une page continue la dernière, pleine, de la page précédente."""
    if not haute.lignes or not basse.lignes:
        return False
    derniere, premiere = haute.lignes[-1], basse.lignes[0]
    return (
        commence_par_une_suite(premiere)
        and not FINI.search(derniere.texte)
        and abs(derniere.corps - premiere.corps) < 0.3
        and mesures.reste(derniere, premiere, haute) < 0
    )


def _deplacer_les_etiquettes(contenus: list[Contenu]) -> None:
    """L'étiquette d'une rangée que la page coupe s'imprime parfois sur la seconde page."""
    for premier, second in pairwise(contenus):
        if not premier.elements or not second.elements:
            continue
        haut, bas = premier.elements[-1], second.elements[0]
        if not isinstance(haut, Tableau) or not isinstance(bas, Tableau):
            continue
        derniere, suivante = haut.rangees[-1], bas.rangees[0]
        etiquetee = len(suivante.cellules) > 1 and not _vide(suivante.cellules[0])
        if etiquetee and _attend_son_etiquette(derniere, len(haut.rangees)):
            derniere.cellules[0], suivante.cellules[0] = suivante.cellules[0], None


def _recoller_les_titres(contenus: list[Contenu]) -> None:
    """Recolle le titre d'un tableau dont la page a coupé la rangée."""
    for premier, second in pairwise(contenus):
        if not premier.elements or not second.elements:
            continue
        bas, haut = second.elements[0], _derniere_region(premier.elements[-1])
        if haut is None or not isinstance(bas, Tableau) or len(bas.rangees[0].cellules) != 1:
            continue
        fin = bas.rangees[0].cellules[0]
        gras = fin is not None and all(ligne.gras for ligne in [haut.lignes[-1], *fin.lignes])
        if fin is None or not (gras or isinstance(premier.elements[-1], Tableau)):
            continue
        if fin.texte[:1].islower() and not FINI.search(haut.lignes[-1].texte):
            haut.lignes += _a_la_suite(haut.lignes[-1], fin.lignes)
            del bas.rangees[0]
            if not bas.rangees:
                del second.elements[0]


def _derniere_region(element: Region | Tableau) -> Region | None:
    """Rend le texte courant ou la rangée d'une seule cellule qui finit une page."""
    if isinstance(element, Region):
        return element
    cellules = element.rangees[-1].cellules
    return cellules[0] if len(cellules) == 1 else None


def _a_la_suite(derniere: Ligne, lignes: list[Ligne]) -> list[Ligne]:
    """Rend les lignes d'une autre page comme imprimées juste sous la dernière."""
    decalage = derniere.base - 1.2 * derniere.corps - lignes[0].base
    return [replace(ligne, base=ligne.base + decalage) for ligne in lignes]


def _attend_son_etiquette(derniere: Rangee, rangees: int) -> bool:
    """Une rangée neuve, sans étiquette, que rien ne ferme : la page la coupe."""
    coupee = derniere.tracee and not derniere.fermee
    return len(derniere.cellules) > 1 and _vide(derniere.cellules[0]) and coupee and rangees > 1


def _ne_continue_pas(region: Region | None) -> bool:
    """Une cellule vide, ou d'un tiret qui dit qu'elle l'est, n'a pas de suite."""
    return _vide(region) or region.texte.strip() in ("–", "—", "-")


def _vide(region: Region | None) -> bool:
    return region is None or not region.lignes


def _retirer_les_entetes_repetes(contenus: list[Contenu]) -> None:
    """Retire la rangée d'en-tête que le traitement de texte répète en haut de chaque page."""
    entete: Rangee | None = None
    for contenu in contenus:
        for rang, element in enumerate(contenu.elements):
            if not isinstance(element, Tableau):
                entete = None
                continue
            premiere = element.rangees[0]
            if rang == 0 and entete is not None and _identiques(entete, premiere):
                if len(element.rangees) > 1:
                    del element.rangees[0]
            else:
                entete = premiere


def _identiques(une: Rangee, autre: Rangee) -> bool:
    textes = [[c.texte if c else "" for c in r.cellules] for r in (une, autre)]
    courte = all(len(texte) < 250 for texte in textes[0])
    return textes[0] == textes[1] and courte and bool("".join(textes[0]).strip())
