"""D'un fichier PDF au pivot : extraction page par page, puis écriture quand tout est mesuré."""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium

from parvis.cadre.importation.formats.pivot import Pivot
from parvis.cadre.importation.source import DocumentIllisible

from .caracteres import HORS_PAGE, Texte, lire_mots, tourner
from .cellules_etroites import reprendre_les_cellules_etroites
from .decoupage import decouper_la_page
from .ecriture import ecrire
from .filets import lire_traces
from .grilles import grilles
from .lignes import assembler
from .marges import Page, retirer_les_marges, separer_les_notes
from .mesures import corps_du_texte, mesurer
from .ouverture import ABIME, ILLISIBLE, IMAGE, ouvrir
from .partage import partager
from .puces_dessinees import puces_dessinees
from .tableaux_larges import Familiers

TEXTE_MINIMAL = 25  # lettres en dessous desquelles une page couverte d'images est numérisée
CARACTERES_MAX = 20_000_000


class _Releve:
    """Pages lues, et ce qu'il faut savoir pour juger si le document a un texte."""

    def __init__(self) -> None:
        self.pages: list[Page] = []
        self.caracteres = 0
        self.perdus = 0
        self.numerisees: list[int] = []
        self.illisibles: list[int] = []

    def ajouter(self, numero: int, texte: Texte, images: float, page: Page) -> None:
        self.caracteres += texte.caracteres
        self.perdus += texte.perdus
        lettres = sum(len(mot.texte) for mot in texte.mots)
        if lettres < TEXTE_MINIMAL and images > 0.25 * page.largeur * page.hauteur:
            self.numerisees.append(numero)
        self.pages.append(page)
        if self.caracteres > CARACTERES_MAX:
            raise DocumentIllisible("ce PDF contient trop de texte pour un contrat de ville.")


def lire_pdf(chemin: Path) -> Pivot:
    """Lit un contrat publié en PDF ; lève DocumentIllisible avec une phrase qui dit quoi faire."""
    with ouvrir(Path(chemin)) as document:
        releve = _relever(document)
    _juger(releve)
    pages = releve.pages
    for page in pages:
        page.lignes = assembler(page.mots)
    corps = corps_du_texte([ligne for page in pages for ligne in page.lignes])
    retirer_les_marges(pages, corps)
    for page in pages:
        page.grilles = grilles(page.filets)
        separer_les_notes(page, corps)
    familiers = Familiers()
    for page in pages:  # un premier passage apprend où sont les colonnes sans filets
        decouper_la_page(page, corps, familiers)
    contenus, familiers.colonnes = [], None
    for page in pages:
        contenus.append(decouper_la_page(page, corps, familiers))
        page.lignes, page.mots = [], []
    partager(contenus)
    mesures = mesurer(contenus, corps)
    reprendre_les_cellules_etroites(contenus)
    pivot = ecrire(contenus, mesures)
    if not pivot.lignes:
        raise DocumentIllisible(
            "ce PDF ne contient aucun texte : demandez le fichier d'origine (Word)."
        )
    if releve.numerisees:
        pivot.signaler("page_sans_texte", _pages_sans_texte(releve.numerisees))
    return pivot


def _relever(document: pdfium.PdfDocument) -> _Releve:
    releve = _Releve()
    for rang in range(len(document)):
        try:
            page = document[rang]
        except pdfium.PdfiumError as erreur:
            raise DocumentIllisible(ABIME) from erreur
        try:
            _lire_la_page(page, rang + 1, releve)
        finally:
            page.close()
    return releve


def _lire_la_page(page: pdfium.PdfPage, numero: int, releve: _Releve) -> None:
    try:
        page_de_texte = page.get_textpage()
    except pdfium.PdfiumError as erreur:
        raise DocumentIllisible(ABIME) from erreur
    try:
        texte = lire_mots(page_de_texte.raw)
    finally:
        page_de_texte.close()
    traces = lire_traces(page.raw, texte.sens)
    texte.mots += puces_dessinees(texte.mots, traces.pastilles)
    gauche, bas, droite, haut = page.get_mediabox()
    if not all(abs(bord) < HORS_PAGE for bord in (gauche, bas, droite, haut)):
        raise DocumentIllisible(ABIME)
    coins = [tourner(x, y, texte.sens) for x, y in ((gauche, bas), (droite, haut))]
    (xa, ya), (xb, yb) = coins
    origine, largeur = min(xa, xb), abs(xb - xa)
    for mot in texte.mots:
        mot.x0 -= origine
        mot.x1 -= origine
    for filet in traces.filets:
        if filet.vertical:
            filet.place -= origine
        else:
            filet.debut -= origine
            filet.fin -= origine
    lue = Page(numero, largeur, abs(yb - ya), min(ya, yb), texte.mots, traces.filets)
    releve.ajouter(numero, texte, traces.images, lue)


def _juger(releve: _Releve) -> None:
    """Refuse un document numérisé, ou dont les lettres n'ont pas d'équivalent en texte."""
    lettres = sum(len(mot.texte) for page in releve.pages for mot in page.mots)
    if releve.perdus > 0.3 * max(1, releve.caracteres):
        raise DocumentIllisible(ILLISIBLE)
    if len(releve.numerisees) > 0.5 * len(releve.pages) or (
        releve.numerisees and lettres < TEXTE_MINIMAL * len(releve.pages)
    ):
        raise DocumentIllisible(IMAGE)
    if lettres > 400 and not _ressemble_a_du_texte(releve.pages):
        raise DocumentIllisible(ILLISIBLE)


def _ressemble_a_du_texte(pages: list[Page]) -> bool:
    """Dit si les caractères sont surtout des lettres latines, et parmi elles assez de voyelles."""
    texte = "".join(mot.texte for page in pages[:400] for mot in page.mots).casefold()
    latines = [c for c in texte if c.isalpha() and c < "\u0250"]
    if len(latines) < 0.5 * len(texte):
        return False
    voyelles = sum(1 for c in latines if c in "aeiouyàâäéèêëîïôöùûüœ")
    return 0.25 < voyelles / len(latines) < 0.7


def _pages_sans_texte(numeros: list[int]) -> str:
    pages = ", ".join(str(numero) for numero in numeros[:30])
    suite = "…" if len(numeros) > 30 else ""
    if len(numeros) == 1:
        return f"la page {pages} est une image, sans texte à lire"
    return f"les pages {pages}{suite} sont des images, sans texte à lire"
