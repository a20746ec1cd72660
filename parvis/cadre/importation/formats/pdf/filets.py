"""Filets d'une page : traits, rectangles minces et bords de fonds colorés, redressés et fusionnés."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import pypdfium2.raw as pdfium

from .caracteres import HORS_PAGE, tourner

OBJETS_MAX = 20_000  # au-delà, la page est un dessin
SEGMENTS_MAX = 4_000
FILETS_MAX = 700
PASTILLES_MAX = 500  # par page
EPAISSEUR = 3.2
TOLERANCE = 3.0
_PROFONDEUR_MAX = 6
_IDENTITE = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

Matrice = tuple[float, float, float, float, float, float]
Point = tuple[float, float]


@dataclass(slots=True)
class Filet:
    """Trait horizontal ou vertical : sa place, et d'où à où il va."""

    vertical: bool
    place: float
    debut: float
    fin: float


@dataclass(frozen=True, slots=True)
class Pastille:
    """Petite forme ronde ou carrée : la puce que certains logiciels dessinent."""

    x0: float
    x1: float
    y: float


@dataclass(slots=True)
class Traces:
    """Filets d'une page, petites formes, et surface couverte par des images."""

    filets: list[Filet] = field(default_factory=list)
    pastilles: list[Pastille] = field(default_factory=list)
    images: float = 0.0
    objets: int = 0


def lire_traces(page, sens: int) -> Traces:
    """Rend les filets d'une page dans le repère du texte redressé."""
    traces = Traces()
    _parcourir(page, _IDENTITE, 0, sens, traces)
    traces.filets = fusionner(traces.filets)
    return traces


def _parcourir(conteneur, repere: Matrice, profondeur: int, sens: int, traces: Traces) -> None:
    for objet in _objets(conteneur, profondeur):
        traces.objets += 1
        if traces.objets > OBJETS_MAX:
            return
        genre = pdfium.FPDFPageObj_GetType(objet)
        if genre == pdfium.FPDF_PAGEOBJ_PATH:
            for forme in _formes(objet, repere, sens):
                if isinstance(forme, Pastille):
                    traces.pastilles.append(forme)
                elif forme is not None:
                    traces.filets.append(forme)
        elif genre == pdfium.FPDF_PAGEOBJ_IMAGE:
            a, b, c, d, _, _ = _composer(_matrice_de(objet), repere)
            traces.images += abs(a * d - b * c)
        elif genre == pdfium.FPDF_PAGEOBJ_FORM and profondeur < _PROFONDEUR_MAX:
            interne = _composer(_matrice_de(objet), repere)
            _parcourir(objet, interne, profondeur + 1, sens, traces)


def _objets(conteneur, profondeur: int) -> Iterator:
    if profondeur:
        for rang in range(max(0, pdfium.FPDFFormObj_CountObjects(conteneur))):
            yield pdfium.FPDFFormObj_GetObject(conteneur, rang)
        return
    for rang in range(max(0, pdfium.FPDFPage_CountObjects(conteneur))):
        yield pdfium.FPDFPage_GetObject(conteneur, rang)


def _matrice_de(objet) -> Matrice:
    matrice = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(objet, matrice):
        return _IDENTITE
    return matrice.a, matrice.b, matrice.c, matrice.d, matrice.e, matrice.f


def _composer(m: Matrice, n: Matrice) -> Matrice:
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _formes(objet, repere: Matrice, sens: int) -> Iterator[Filet | Pastille | None]:
    remplissage, trait = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(objet, remplissage, trait)
    plein = bool(remplissage.value) and _visible(objet, pdfium.FPDFPageObj_GetFillColor)
    trace = bool(trait.value) and _visible(objet, pdfium.FPDFPageObj_GetStrokeColor)
    if not plein and not trace:
        return
    for points in _sous_traces(objet, _composer(_matrice_de(objet), repere), sens):
        x0, x1 = min(p[0] for p in points), max(p[0] for p in points)
        y0, y1 = min(p[1] for p in points), max(p[1] for p in points)
        if _est_ramassee(x1 - x0, y1 - y0) and len(points) > 3:
            yield Pastille(x0, x1, (y0 + y1) / 2)
        if min(x1 - x0, y1 - y0) <= EPAISSEUR and (len(points) > 2 or trace):
            yield _trait(x0, y0, x1, y1)
        elif trace:
            for (xa, ya), (xb, yb) in pairwise(points):
                if abs(xa - xb) < 0.8 or abs(ya - yb) < 0.8:
                    yield _trait(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))
        elif len(points) <= 6:
            yield from (_trait(x0, y, x1, y) for y in (y0, y1))
            yield from (_trait(x, y0, x, y1) for x in (x0, x1))


def _est_ramassee(largeur: float, hauteur: float) -> bool:
    grand = max(largeur, hauteur)
    return 1.2 < grand < 8 and abs(largeur - hauteur) < 0.25 * grand


def _trait(x0: float, y0: float, x1: float, y1: float) -> Filet | None:
    if not (max(x1 - x0, y1 - y0) >= 0.5 and max(map(abs, (x0, y0, x1, y1))) < HORS_PAGE):
        return None
    if x1 - x0 >= y1 - y0:
        return Filet(False, (y0 + y1) / 2, x0, x1)
    return Filet(True, (x0 + x1) / 2, y0, y1)


def _visible(objet, lire_couleur) -> bool:
    """Un fond blanc ou transparent ne dessine rien."""
    rouge, vert, bleu, alpha = (ctypes.c_uint() for _ in range(4))
    if not lire_couleur(objet, rouge, vert, bleu, alpha):
        return True
    return alpha.value > 0 and min(rouge.value, vert.value, bleu.value) < 254


def _sous_traces(objet, matrice: Matrice, sens: int) -> Iterator[list[Point]]:
    nombre = pdfium.FPDFPath_CountSegments(objet)
    if nombre > SEGMENTS_MAX:
        return
    a, b, c, d, e, f = matrice
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[Point] = []
    for rang in range(nombre):
        segment = pdfium.FPDFPath_GetPathSegment(objet, rang)
        genre = pdfium.FPDFPathSegment_GetType(segment)
        if genre == pdfium.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield points
            points = []
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        px, py = x.value, y.value
        points.append(tourner(a * px + c * py + e, b * px + d * py + f, sens))
        if pdfium.FPDFPathSegment_GetClose(segment) and points[0] != points[-1]:
            points.append(points[0])
    if len(points) > 1:
        yield points


def fusionner(filets: list[Filet]) -> list[Filet]:
    """Rend les filets alignés et bout à bout en un seul ; les bribes tombent."""
    resultat: list[Filet] = []
    for vertical in (False, True):
        groupes: list[list[Filet]] = []
        for filet in sorted((f for f in filets if f.vertical == vertical), key=lambda f: f.place):
            if groupes and filet.place - groupes[-1][0].place <= TOLERANCE:
                groupes[-1].append(filet)
            else:
                groupes.append([filet])
        for groupe in groupes:
            resultat += _bout_a_bout(groupe, vertical)
    longs = [f for f in resultat if f.fin - f.debut >= 8]
    return sorted(longs, key=lambda f: f.debut - f.fin)[:FILETS_MAX]


def _bout_a_bout(groupe: list[Filet], vertical: bool) -> list[Filet]:
    place = sum(f.place for f in groupe) / len(groupe)
    resultat: list[Filet] = []
    for filet in sorted(groupe, key=lambda f: f.debut):
        if resultat and filet.debut - resultat[-1].fin <= TOLERANCE:
            resultat[-1].fin = max(resultat[-1].fin, filet.fin)
        else:
            resultat.append(Filet(vertical, place, filet.debut, filet.fin))
    return resultat
