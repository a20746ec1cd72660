"""Des caractères d'une page aux mots placés : corps, gras, ligne de base, sens de lecture."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from dataclasses import dataclass, field

import pypdfium2.raw as pdfium

ESPACE_MINIMALE = 0.15  # en cadratins : un blanc plus large sépare deux mots
HORS_PAGE = 100_000.0  # au-delà, la coordonnée est fausse
_GRAS = re.compile(r"bold|black|heavy|demi|gras|extrab", re.IGNORECASE)
_MAIGRE = re.compile(r"regular|roman|book|light|medium|normal|italic|oblique", re.IGNORECASE)
_DESSINS = re.compile(r"symbol|wingding|dingbat|webding", re.IGNORECASE)
_BLANCS = frozenset([9, 10, 13, 32, 0x1680, 0x3000, *range(0x2000, 0x200B)])
_INSECABLES = frozenset([0xA0, 0x2007, 0x202F])
_MUETS = frozenset([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
_CESURES = frozenset([0x02, 0xFFFE])
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB06: "st"}
_FLECHES = {0xF0E0: "→", 0xF0E8: "→", 0xF0F0: "→", 0xF02D: "-", 0xF0FC: "✓"}
_FORCE_GRAS = 1 << 18


def _direct(nom: str, retour, *arguments):
    """Rend une fonction de PDFium aux pointeurs nus : comparer des adresses coûte moins cher."""
    adresse = ctypes.cast(getattr(pdfium, nom), ctypes.c_void_p).value or 0
    return ctypes.PYFUNCTYPE(retour, *arguments)(adresse)


_POINTEUR, _ENTIER = ctypes.c_void_p, ctypes.c_int
_unicode = _direct("FPDFText_GetUnicode", ctypes.c_uint, _POINTEUR, _ENTIER)
_objet = _direct("FPDFText_GetTextObject", _POINTEUR, _POINTEUR, _ENTIER)
_boite = _direct("FPDFText_GetLooseCharBox", _ENTIER, _POINTEUR, _ENTIER, _POINTEUR)
_origine = _direct("FPDFText_GetCharOrigin", _ENTIER, _POINTEUR, _ENTIER, _POINTEUR, _POINTEUR)
_matrice = _direct("FPDFText_GetMatrix", _ENTIER, _POINTEUR, _ENTIER, _POINTEUR)
_taille = _direct("FPDFText_GetFontSize", ctypes.c_double, _POINTEUR, _ENTIER)
_police = _direct("FPDFTextObj_GetFont", _POINTEUR, _POINTEUR)
_nom = _direct("FPDFFont_GetBaseFontName", ctypes.c_size_t, _POINTEUR, _POINTEUR, ctypes.c_size_t)
_graisse = _direct("FPDFFont_GetWeight", _ENTIER, _POINTEUR)
_drapeaux = _direct("FPDFFont_GetFlags", _ENTIER, _POINTEUR)
_mode = _direct("FPDFTextObj_GetTextRenderMode", _ENTIER, _POINTEUR)


@dataclass(slots=True)
class Mot:
    """Suite de caractères sans blanc, d'un même style, sur une ligne de base."""

    texte: str
    x0: float
    x1: float
    base: float
    corps: float
    gras: bool
    espace: bool = False  # suivi d'une espace imprimée
    exposant: bool = False
    dessin: bool = False  # tiré d'une police de symboles


@dataclass(frozen=True, slots=True)
class _Style:
    corps: float
    gras: bool
    sens: int  # quarts de tour ; -1 pour un texte en biais
    base: float
    dessin: bool


@dataclass(slots=True)
class Texte:
    """Mots d'une page, redressés, et ce qui dit si on peut s'y fier."""

    mots: list[Mot] = field(default_factory=list)
    sens: int = 0
    caracteres: int = 0
    perdus: int = 0  # caractères sans équivalent Unicode


def lire_mots(page_de_texte) -> Texte:
    """Rend les mots d'une page dans le sens de lecture dominant ; le reste est laissé."""
    adresse = ctypes.cast(page_de_texte, ctypes.c_void_p).value or 0
    nombre = max(0, pdfium.FPDFText_CountChars(page_de_texte))
    lecture = _Lecture(adresse)
    for rang in range(nombre):
        lecture.avaler(rang)
    lecture.fermer()
    texte = lecture.texte
    comptes: Counter[int] = Counter()
    for sens, mots in lecture.par_sens.items():
        comptes[sens] = sum(len(mot.texte) for mot in mots)
    comptes.pop(-1, None)
    if comptes:
        texte.sens = comptes.most_common(1)[0][0]
        texte.mots = lecture.par_sens[texte.sens]
    return texte


class _Lecture:
    """Un passage sur les caractères : le mot ouvert, les styles déjà vus."""

    def __init__(self, adresse: int):
        self.adresse = adresse
        self.texte = Texte()
        self.par_sens: dict[int, list[Mot]] = {}
        self.styles: dict[int, _Style] = {}
        self.polices: dict[int, tuple[bool, bool]] = {}
        self.ouvert: Mot | None = None
        self.lettres: list[str] = []
        self.style: _Style | None = None
        self.boite = pdfium.FS_RECTF()
        self.lien = ctypes.addressof(self.boite)

    def avaler(self, rang: int) -> None:
        objet = _objet(self.adresse, rang)
        if not objet:  # blanc ajouté par PDFium : les nôtres se mesurent
            return
        code = _unicode(self.adresse, rang)
        if code in _BLANCS:
            if self.ouvert is not None:
                self.ouvert.espace = True
                self.fermer()
            return
        if code in _MUETS or not _boite(self.adresse, rang, self.lien):
            return
        style = self.styles.get(objet) or self._decouvrir(objet, rang)
        debut, fin = _etendue(self.boite, style.sens)
        if not (-HORS_PAGE < debut <= fin < HORS_PAGE):
            return
        mot = self.ouvert
        if mot is None or not self._continue(mot, style, debut):
            self.fermer()
            self.ouvert = mot = Mot(
                "", debut, fin, style.base, style.corps, style.gras, dessin=style.dessin
            )
            self.style = style
        self.lettres.append(self._lettre(code, style))
        mot.x1 = max(mot.x1, fin)

    def fermer(self) -> None:
        """Range le mot ouvert parmi ceux de son sens."""
        mot, self.ouvert = self.ouvert, None
        if mot is not None and self.style is not None:
            mot.texte = "".join(self.lettres)
            if mot.texte:
                self.par_sens.setdefault(self.style.sens, []).append(mot)
        self.lettres = []

    def _continue(self, mot: Mot, style: _Style, debut: float) -> bool:
        if self.style is not None and style is not self.style:
            memes = style.gras == mot.gras and style.sens == self.style.sens
            proches = abs(style.corps - mot.corps) < 0.3 and abs(style.base - mot.base) < 0.6
            if not memes or not proches or style.dessin != mot.dessin:
                return False
        ecart = debut - mot.x1
        return -0.5 * mot.corps < ecart <= ESPACE_MINIMALE * mot.corps

    def _lettre(self, code: int, style: _Style) -> str:
        self.texte.caracteres += 1
        if code in _INSECABLES:
            return "\u00a0"
        if code in _CESURES:
            return "-"
        if code in _LIGATURES:
            return _LIGATURES[code]
        prive = 0xE000 <= code <= 0xF8FF
        if style.dessin and (prive or code < 0x100 or code == 0xFFFD):
            return _FLECHES.get(code | 0xF000, "•")
        if prive:
            if 0xF020 <= code <= 0xF0FF:  # symboles de Windows
                return _FLECHES.get(code, "•")
            self.texte.perdus += 1
            return ""
        if code < 32 or code == 0xFFFD or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
            self.texte.perdus += 1
            return ""
        return chr(code)

    def _decouvrir(self, objet: int, rang: int) -> _Style:
        matrice = pdfium.FS_MATRIX()
        _matrice(self.adresse, rang, ctypes.addressof(matrice))
        corps = abs(_taille(self.adresse, rang)) * math.hypot(matrice.c, matrice.d)
        x, y = ctypes.c_double(), ctypes.c_double()
        _origine(self.adresse, rang, ctypes.addressof(x), ctypes.addressof(y))
        sens = _quart_de_tour(matrice.a, matrice.b)
        base = (y.value, -x.value, -y.value, x.value)[max(sens, 0)]
        gras, dessin = self._graisse(objet)
        if _mode(objet) == pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE:
            gras = True
        if not (0 < corps < HORS_PAGE and -HORS_PAGE < base < HORS_PAGE):
            corps, sens, base = 1.0, -1, 0.0
        style = self.styles[objet] = _Style(corps, gras, sens, base, dessin)
        return style

    def _graisse(self, objet: int) -> tuple[bool, bool]:
        police = _police(objet)
        if not police:
            return False, False
        if police not in self.polices:
            tampon = ctypes.create_string_buffer(256)
            longueur = _nom(police, ctypes.addressof(tampon), 256)
            nom = tampon.raw[: max(0, min(longueur, 256) - 1)].decode("utf-8", "replace")
            gras = bool(_GRAS.search(nom)) or bool(_drapeaux(police) & _FORCE_GRAS)
            if not gras and not _MAIGRE.search(nom):
                gras = _graisse(police) >= 650
            self.polices[police] = gras, bool(_DESSINS.search(nom))
        return self.polices[police]


def _quart_de_tour(a: float, b: float) -> int:
    angle = math.degrees(math.atan2(b, a)) % 360 if (a or b) else 0.0
    quart = round(angle / 90)
    return quart % 4 if abs(angle - quart * 90) < 3 else -1


def _etendue(boite, sens: int) -> tuple[float, float]:
    """Rend le début et la fin d'un caractère le long de sa ligne."""
    if sens == 1:
        return boite.bottom, boite.top
    if sens == 2:
        return -boite.right, -boite.left
    if sens == 3:
        return -boite.top, -boite.bottom
    return boite.left, boite.right


def tourner(x: float, y: float, sens: int) -> tuple[float, float]:
    """Rend un point de la page dans le repère du texte redressé."""
    return ((x, y), (y, -x), (-x, -y), (-y, x))[sens]
