"""Une page HTML, lue balise après balise, sans arbre : une page hostile ne coûte pas plus qu'une autre."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from parvis.cadre.importation.formats import pivot as p
from parvis.cadre.importation.formats.pivot import Pivot
from parvis.cadre.importation.source import DocumentIllisible

_MUETTES = frozenset(
    "head script style noscript template nav svg object iframe select textarea button".split()
)
_BLOCS = frozenset(
    "p div h1 h2 h3 h4 h5 h6 ul ol li table tr td th caption section article header footer main"
    " blockquote dl dt dd figure figcaption hr body pre summary details address form fieldset".split()
)
_GRAS = frozenset(("b", "strong", "dt", "summary"))
_NOTE = re.compile(r"(?:^|[-_:])(?:fn|note|footnote|ftn|bas)[-_:]?(\d{1,3})$", re.IGNORECASE)
_DE_NOTE = frozenset("li p div aside".split())
_APPEL = re.compile(r"<sup>\s*[\[(]\s*(\d{1,3})\s*[\])]\s*</sup>")
_NUMERO_DE_NOTE = re.compile(r"^(?:<sup>\s*\d{1,3}\s*</sup>|\[\d{1,3}\])\s*")
_ENTETE = re.compile(r"<!doctype\s+html|<html[\s>]|<body[\s>]", re.IGNORECASE)
_TAILLE_DE_BOUCHEE = 1 << 16
_COLONNES_MAX = 60
_BALISES_MAX = 1_500_000  # c'est leur nombre qui coûte le temps et la mémoire


def est_une_page(texte: str) -> bool:
    """Dit si un texte est une page HTML entière, et non des fragments mêlés à du texte."""
    return bool(_ENTETE.search(texte[:4000]))


def lire_html(texte: str) -> Pivot:
    """Rend le pivot d'une page HTML ; ce qui n'est pas du texte (scripts, images) n'est pas lu.

    Lève DocumentIllisible si la page a trop de balises, ou si l'analyseur la refuse.
    """
    if texte.count("<") > _BALISES_MAX:
        raise DocumentIllisible(f"la page contient plus de {_BALISES_MAX} balises.")
    lecture = _Lecture()
    analyseur = etree.HTMLParser(target=lecture, no_network=True, remove_comments=True)
    try:
        for debut in range(0, len(texte), _TAILLE_DE_BOUCHEE):
            analyseur.feed(texte[debut : debut + _TAILLE_DE_BOUCHEE])
        analyseur.close()
    except etree.LxmlError as erreur:
        raise DocumentIllisible("la page HTML n'est pas lisible.") from erreur
    return lecture.pivot


@dataclass
class _Rangee:
    """Rangée de tableau en cours : ses cellules finies, et ce que dit la cellule ouverte."""

    cellules: list[str] = field(default_factory=list)
    contenu: list[str] = field(default_factory=list)
    points: list[tuple[int, str]] = field(default_factory=list)
    largeur: int = 1
    hauteur: int = 1
    ouverte: bool = False


class _Lecture:
    """Cible de l'analyseur : reçoit les balises dans l'ordre, écrit les lignes du pivot."""

    def __init__(self) -> None:
        self.pivot = Pivot()
        self.texte: list[str] = []
        self.muettes = self.tableaux = self.listes = self.titre = self.gras = 0
        self.points: list[tuple[int, str]] = []
        self.rangee: _Rangee | None = None
        self.restes: dict[int, int] = {}  # colonne → rangées qu'une cellule haute couvre encore
        self.note: int | None = None

    def start(self, nom: str, attributs: dict[str, str]) -> None:
        if self.muettes or nom in _MUETTES:
            self.muettes += nom in _MUETTES
            return
        if nom in _BLOCS:
            self._vider()
        if nom in _DE_NOTE and (appel := _NOTE.search(attributs.get("id", ""))):
            self.note = int(appel.group(1))
        elif nom == "li":
            self.note = None
        if nom in _GRAS:
            self.gras += 1
            self.texte.append("<b>" if self.gras == 1 else "")
        elif nom == "sup":
            self.texte.append("<sup>")
        elif nom == "br":
            self.texte.append("<br>")
        elif nom in ("ul", "ol"):
            self.listes += 1
        elif len(nom) == 2 and nom[0] == "h" and nom[1].isdigit():
            self.titre = int(nom[1])
        else:
            self._ouvrir_tableau(nom, attributs)

    def _ouvrir_tableau(self, nom: str, attributs: dict[str, str]) -> None:
        if nom == "table":
            self._finir_la_liste()
            self.tableaux += 1
            if self.tableaux == 1:
                self.restes = {}
        elif self.tableaux == 1 and nom == "tr":
            self._fermer_la_rangee()
            self.rangee = _Rangee()
        elif self.tableaux == 1 and nom in ("td", "th"):
            self._fermer_la_cellule()
            self.rangee = self.rangee or _Rangee()
            self.rangee.ouverte = True
            self.rangee.largeur = _entier(attributs.get("colspan"))
            self.rangee.hauteur = _entier(attributs.get("rowspan"))

    def end(self, nom: str) -> None:
        if nom in _MUETTES:
            self.muettes = max(0, self.muettes - 1)
            return
        if self.muettes:
            return
        if nom in _GRAS:
            self.texte.append("</b>" if self.gras == 1 else "")
            self.gras = max(0, self.gras - 1)
        elif nom == "sup":
            self.texte.append("</sup>")
        if nom in _BLOCS and nom != "dt":
            self._vider()
        if nom == "dt":
            self.texte.append(" : ")
        elif nom in ("ul", "ol"):
            self.listes = max(0, self.listes - 1)
            if not self.listes:
                self._finir_la_liste()
        elif nom.startswith("h") and len(nom) == 2:
            self.titre = 0
        elif nom in ("td", "th") and self.tableaux == 1:
            self._fermer_la_cellule()
        elif nom == "tr" and self.tableaux == 1:
            self._fermer_la_rangee()
        elif nom == "table" and self.tableaux:
            if self.tableaux == 1:
                self._fermer_la_rangee()
            self.tableaux -= 1

    def data(self, texte: str) -> None:
        if not self.muettes:
            self.texte.append(p.echapper(re.sub(r"\s+", " ", texte)))

    def close(self) -> None:
        self._vider()
        self._fermer_la_rangee()
        self._finir_la_liste()

    def _vider(self) -> None:
        """Écrit le texte reçu depuis la dernière rupture, là où il doit aller."""
        fragment = _APPEL.sub(r"<sup>\1</sup>", "".join(self.texte).strip())
        self.texte = ["<b>"] if self.gras else []
        if not re.sub(r"</?(?:b|sup)>|<br>|\s", "", fragment):
            return
        fragment += "</b>" if self.gras else ""
        if self.note is not None:
            self.pivot.ajouter(p.note(self.note, _NUMERO_DE_NOTE.sub("", fragment)))
            self.note = None
        elif self.rangee is not None and self.rangee.ouverte:
            self._dans_la_cellule(fragment)
        elif self.listes:
            self.points.append((self.listes - 1, fragment))
        else:
            niveau, self.titre = self.titre, 0
            self.pivot.ajouter(p.titre(fragment, niveau) if niveau else fragment)

    def _dans_la_cellule(self, fragment: str) -> None:
        rangee = self.rangee
        assert rangee is not None  # l'appelant l'a vu
        if self.listes:
            rangee.points.append((self.listes - 1, fragment))
            return
        if rangee.points:
            rangee.contenu.append(p.liste(rangee.points))
            rangee.points = []
        en_gras = f"<b>{fragment}</b>" if self.titre and "<b>" not in fragment else fragment
        rangee.contenu.append(p.paragraphe(en_gras))

    def _finir_la_liste(self) -> None:
        if self.points and self.rangee is None:
            self.pivot.ajouter(p.liste(self.points))
            self.points = []

    def _fermer_la_cellule(self) -> None:
        rangee = self.rangee
        if rangee is None or not rangee.ouverte:
            return
        self._vider()
        if rangee.points:
            rangee.contenu.append(p.liste(rangee.points))
        self._combler(rangee)
        colonne = len(rangee.cellules)
        if rangee.hauteur > 1:
            self.restes[colonne] = rangee.hauteur - 1
        rangee.cellules += ["".join(rangee.contenu)] + [""] * (rangee.largeur - 1)
        rangee.contenu, rangee.points, rangee.ouverte = [], [], False

    def _combler(self, rangee: _Rangee) -> None:
        """Ajoute les cellules vides que couvre une cellule d'une rangée précédente."""
        while self.restes.get(len(rangee.cellules), 0) > 0:
            self.restes[len(rangee.cellules)] -= 1
            rangee.cellules.append("")

    def _fermer_la_rangee(self) -> None:
        self._fermer_la_cellule()
        if self.rangee is not None and self.rangee.cellules:
            self._combler(self.rangee)
            self.pivot.ajouter(p.rangee(self.rangee.cellules[:_COLONNES_MAX]))
        self.rangee = None


def _entier(valeur: str | None) -> int:
    return min(int(valeur), _COLONNES_MAX) if valeur and valeur.isdigit() and valeur != "0" else 1
