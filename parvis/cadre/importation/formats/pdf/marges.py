"""Ce qui n'est pas le texte : en-têtes et pieds courants, numéros de page ; notes de bas de page."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace

from .caracteres import Mot
from .filets import Filet
from .grilles import Grille
from .lignes import EXPOSANTS, Ligne, assembler

PAGES_MINIMALES = 4  # un document plus court ne répète rien assez souvent
MARGE = 48.0  # en points
_NOMBRE = re.compile(r"\d+")
_NUMERO = re.compile(r"^\W*(?:page\s*)?\d{1,4}\W*(?:(?:sur|de|/)?\W*\d{1,4})?\W*$", re.IGNORECASE)
_APPEL = re.compile(r"^[(\[]?(\d{1,3})[)\].]?$")
_EXPOSANTS_ECRITS = frozenset("¹²³⁴⁵⁶⁷⁸⁹")
_APPEL_COLLE = re.compile(r"^(?P<numero>[1-9]\d?)(?P<reste>(?:[A-ZÀ-ÖØ-Þ«“]|https?:|www\.).*)$")
_LIGNES_DE_MARGE = 4


@dataclass(slots=True)
class Page:
    """Page lue : ses mots, ses filets, puis ses lignes, ses tableaux et ses notes."""

    numero: int
    largeur: float
    hauteur: float
    bas: float
    mots: list[Mot]
    filets: list[Filet]
    lignes: list[Ligne] = field(default_factory=list)
    grilles: list[Grille] = field(default_factory=list)
    notes: list[tuple[int, list[Ligne]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Repere:
    en_haut: bool
    texte: str  # chiffres neutralisés
    place: int


def retirer_les_marges(pages: list[Page], corps: float) -> None:
    """Retire de chaque page ce qui se répète à la même place d'une page à l'autre."""
    candidats = {page.numero: _candidats(page) for page in pages}
    bords = {page.numero: (page.bas, page.bas + page.hauteur) for page in pages}
    vus: dict[_Repere, list[tuple[int, Ligne]]] = defaultdict(list)
    for page in pages:
        for repere, ligne in candidats[page.numero]:
            vus[repere].append((page.numero, ligne))
    texte = _places_du_texte(vus)
    mobiles: dict[_Repere, set[int]] = {}
    for repere, vues in vus.items():
        est_texte = (repere.en_haut, repere.place) in texte
        if est_texte and not _NUMERO.match(vues[0][1].texte):
            mobiles[repere] = set()
        else:
            mobiles[repere] = _est_courant(repere, vues, bords, corps)
    for page in pages:
        _retirer(page, candidats[page.numero], mobiles)


def _places_du_texte(vus: dict[_Repere, list[tuple[int, Ligne]]]) -> set[tuple[bool, int]]:
    """Rend les hauteurs où l'on imprime du texte : on y lit autre chose d'une page à l'autre."""
    seules: Counter[tuple[bool, int]] = Counter()
    toutes: Counter[tuple[bool, int]] = Counter()
    for repere, vues in vus.items():
        for place in range(repere.place - 1, repere.place + 2):
            toutes[repere.en_haut, place] += len(vues)
            seules[repere.en_haut, place] += len(vues) == 1
    return {cle for cle, nombre in seules.items() if nombre > 2 and nombre > 0.3 * toutes[cle]}


def _candidats(page: Page) -> list[tuple[_Repere, Ligne]]:
    lignes, resultat = page.lignes, []
    for en_haut, bord in (
        (True, lignes[:_LIGNES_DE_MARGE]),
        (False, lignes[::-1][:_LIGNES_DE_MARGE]),
    ):
        for ligne in bord:
            part = (ligne.base - page.bas) / (page.hauteur or 1)
            if (part > 0.84) if en_haut else (part < 0.16):
                texte = _NOMBRE.sub("#", ligne.texte.casefold())
                resultat.append((_Repere(en_haut, texte, round(ligne.base / 4)), ligne))
    return resultat


def _est_courant(
    repere: _Repere,
    vues: list[tuple[int, Ligne]],
    bords: dict[int, tuple[float, float]],
    corps: float,
) -> set[int]:
    """Rend les pages où cette ligne est un en-tête ou un pied courant."""
    pages = len(bords)
    numeros = [numero for numero, _ in vues]
    if _NUMERO.match(vues[0][1].texte) and _suit_les_pages(vues):
        return set(numeros) if len(vues) >= min(2, pages) else set()
    if pages < PAGES_MINIMALES or len(vues) < 3:
        partout = len(vues) == pages > 1 and len({ligne.texte for _, ligne in vues}) == 1
        sure = pages > 2 or vues[0][1].corps < 0.95 * corps or _dans_la_marge(vues, bords)
        return set(numeros) if partout and sure else set()
    # une date d'impression peut changer en cours de route
    pareils = len({ligne.texte for _, ligne in vues}) <= max(1, len(vues) // 4)
    if not pareils and (vues[0][1].corps > 1.05 * corps or not _suit_les_pages(vues)):
        return set()
    if len(vues) >= 0.35 * pages:
        return set(numeros)
    return _suites(numeros) if not repere.en_haut or vues[0][1].corps < corps * 1.05 else set()


def _dans_la_marge(vues: list[tuple[int, Ligne]], bords: dict[int, tuple[float, float]]) -> bool:
    """Dit si une ligne est imprimée plus près du bord de la page que ne l'est jamais le texte."""
    return all(
        min(ligne.base - bords[numero][0], bords[numero][1] - ligne.base) < MARGE
        for numero, ligne in vues
    )


def _suit_les_pages(vues: list[tuple[int, Ligne]]) -> bool:
    ecarts: Counter[int] = Counter()
    for numero, ligne in vues:
        ecarts.update({int(n) - numero for n in _NOMBRE.findall(ligne.texte) if len(n) < 5})
    return bool(ecarts) and ecarts.most_common(1)[0][1] >= 0.6 * len(vues)


def _suites(numeros: list[int]) -> set[int]:
    """Rend les numéros pris dans une suite d'au moins cinq pages (un en-tête de chapitre)."""
    presents, resultat = set(numeros), set()
    for numero in numeros:
        suite = {numero + pas for pas in range(5)}
        if suite <= presents:
            resultat |= suite
    return resultat


def _retirer(page: Page, candidats: list[tuple[_Repere, Ligne]], courants: dict) -> None:
    retires: set[int] = set()
    for cote in (True, False):
        for repere, ligne in candidats:
            if repere.en_haut != cote:
                continue
            if page.numero not in courants[repere]:
                break  # la marge finit à la première ligne qui n'est pas courante
            retires |= {id(mot) for mot in ligne.mots}
            page.lignes = [autre for autre in page.lignes if autre is not ligne]
    if retires:
        page.mots = [mot for mot in page.mots if id(mot) not in retires]


def separer_les_notes(page: Page, corps: float) -> None:
    """Met à part les notes : petit texte au pied de la page, qui commence par un numéro."""
    hors = [mot for mot in page.mots if not _dans_un_tableau(mot, page.grilles)]
    lignes = assembler(hors)
    trait = _filet_de_notes(page)
    debut = len(lignes)
    while debut and (lignes[debut - 1].corps <= 0.93 * corps or lignes[debut - 1].base < trait):
        debut -= 1
    tableaux_bas = min((g.ys[-1] for g in page.grilles), default=float("inf"))
    pied = [ligne for ligne in lignes[debut:] if ligne.base < tableaux_bas]
    imprimes = {id(ligne): [id(mot) for mot in ligne.mots] for ligne in pied}
    for ligne in pied:
        ecrit = ligne.mots[0].texte[0] in _EXPOSANTS_ECRITS
        if ecrit or ligne.base < trait:
            _detacher_le_numero(ligne)
        numero = _APPEL.match(ligne.mots[0].texte)
        attendu = not page.notes or (numero and int(numero.group(1)) > page.notes[-1][0])
        if numero and len(ligne.mots) > 1 and attendu:
            page.notes.append((int(numero.group(1)), [ligne]))
        elif page.notes:
            page.notes[-1][1].append(ligne)
    retires = {i for _, lignes in page.notes for ligne in lignes for i in imprimes[id(ligne)]}
    if retires:
        page.mots = [mot for mot in page.mots if id(mot) not in retires]


def _detacher_le_numero(ligne: Ligne) -> None:
    """Sépare un numéro de note imprimé contre le premier mot (« 1La loi »)."""
    mot = ligne.mots[0]
    if mot.texte[0] in _EXPOSANTS_ECRITS:
        mot = ligne.mots[0] = replace(mot, texte=mot.texte.translate(EXPOSANTS))
    colle = _APPEL_COLLE.match(mot.texte)
    if colle is None:
        return
    milieu = mot.x0 + (mot.x1 - mot.x0) * len(colle["numero"]) / len(mot.texte)
    ligne.mots[:1] = [
        replace(mot, texte=colle["numero"], x1=milieu, espace=True),
        replace(mot, texte=colle["reste"], x0=milieu),
    ]
    ligne.blancs.insert(1, " ")


def _dans_un_tableau(mot: Mot, grilles: list[Grille]) -> bool:
    milieu, y = (mot.x0 + mot.x1) / 2, mot.base + 0.3 * mot.corps
    return any(g.xs[0] <= milieu <= g.xs[-1] and g.ys[-1] <= y <= g.ys[0] for g in grilles)


def _filet_de_notes(page: Page) -> float:
    """Rend l'ordonnée du filet court qui sépare les notes du texte, ou moins l'infini."""
    largeur = page.largeur or 1
    courts = [
        f.place
        for f in page.filets
        if not f.vertical
        and 0.1 * largeur < f.fin - f.debut < 0.45 * largeur
        and f.debut < 0.25 * largeur
        and f.place - page.bas < 0.4 * page.hauteur
        and not any(g.ys[-1] - 2 <= f.place <= g.ys[0] + 2 for g in page.grilles)
    ]
    return min(courts, default=float("-inf"))
