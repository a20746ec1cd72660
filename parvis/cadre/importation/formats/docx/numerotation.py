"""Numéros que Word calcule : puces, listes numérotées, titres numérotés (« Fiche action n°1-2 : »)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from parvis.cadre.importation.formats.docx.noms import attribut, bascule, enfant, entier, nom
from parvis.cadre.importation.formats.docx.styles import Styles

NIVEAUX = 9
_COMPTE_MAX = 1_000_000
_PLACE = re.compile(r"%([1-9])")
_MOT = re.compile(r"[^\W\d_]{3,}")
_ORNEMENT = re.compile(r"^[\W_]+")
_ROMAINS = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Niveau:
    """Niveau d'une numérotation : format, texte imprimé, début, reprise, style lié."""

    format: str = "decimal"
    texte: str = ""
    debut: int = 1
    reprise: int | None = None  # 0 : jamais remis à un ; n : seulement après le niveau n
    style: str = ""
    arabe: bool = False


@dataclass(frozen=True, slots=True)
class Marque:
    """Ce que Word imprime devant un paragraphe numéroté."""

    texte: str
    profondeur: int
    puce: bool
    nomme: bool  # le texte contient un mot : « Fiche 3 », pas « 3. »
    composee: bool  # plusieurs compteurs : « 1.2 »


@dataclass(slots=True)
class Numerotation:
    """Définitions du document et compteurs en cours de lecture."""

    styles: Styles
    abstraites: dict[str, dict[int, Niveau]] = field(default_factory=dict)
    liens: dict[str, str] = field(
        default_factory=dict
    )  # numérotation abstraite → style qui la définit
    numeros: dict[str, tuple[str, dict[int, Niveau], dict[int, int]]] = field(default_factory=dict)
    compteurs: dict[str, list[int | None]] = field(default_factory=dict)
    repris: set[tuple[str, int]] = field(default_factory=set)

    def marquer(self, num_id: str, ilvl: int | None, lignee: tuple[str, ...]) -> Marque | None:
        """Rend la marque du paragraphe suivant d'une numérotation, et avance son compteur."""
        if num_id not in self.numeros:
            return None
        abstraite, propres, debuts = self.numeros[num_id]
        abstraite = self._definition(abstraite)
        niveaux = {**self.abstraites.get(abstraite, {}), **propres}
        rang = _rang(niveaux, lignee) if ilvl is None else min(max(ilvl, 0), NIVEAUX - 1)
        niveau = niveaux.get(rang)
        if niveau is None:
            return None
        if niveau.format == "bullet":
            return Marque("•", rang, bool(niveau.texte.strip()), False, False)
        compteurs = self.compteurs.setdefault(abstraite, [None] * NIVEAUX)
        self._avancer(compteurs, niveaux, rang, num_id, debuts)
        return _imprimer(niveaux, compteurs, rang)

    def _definition(self, abstraite: str) -> str:
        """Suit le renvoi d'une numérotation vide vers le style qui la définit."""
        if self.abstraites.get(abstraite) or abstraite not in self.liens:
            return abstraite
        num_id = self.styles.style(self.liens[abstraite]).num_id
        return self.numeros[num_id][0] if num_id in self.numeros else abstraite

    def _avancer(self, compteurs, niveaux, rang: int, num_id: str, debuts: dict[int, int]) -> None:
        debut = niveaux[rang].debut
        if rang in debuts and (num_id, rang) not in self.repris:
            self.repris.add((num_id, rang))
            debut, compteurs[rang] = debuts[rang], None
        courant = compteurs[rang]
        compteurs[rang] = debut if courant is None else min(courant + 1, _COMPTE_MAX)
        for dessus in range(rang):
            if compteurs[dessus] is None:
                compteurs[dessus] = niveaux[dessus].debut if dessus in niveaux else 1
        for dessous in range(rang + 1, NIVEAUX):
            reprise = niveaux[dessous].reprise if dessous in niveaux else None
            if reprise is None or (reprise and rang < reprise):
                compteurs[dessous] = None


def lire_numerotation(racine: etree._Element | None, styles: Styles) -> Numerotation:
    """Rend les numérotations d'un document, qui peut n'en avoir aucune."""
    resultat = Numerotation(styles)
    for element in racine if racine is not None else ():
        if nom(element) == "abstractNum":
            identifiant = attribut(element, "abstractNumId")
            resultat.abstraites[identifiant] = _niveaux(element)
            if lien := attribut(enfant(element, "numStyleLink")):
                resultat.liens[identifiant] = lien
        elif nom(element) == "num":
            propres, debuts = _exceptions(element)
            abstraite = attribut(enfant(element, "abstractNumId"))
            resultat.numeros[attribut(element, "numId")] = (abstraite, propres, debuts)
    return resultat


def _niveaux(parent: etree._Element) -> dict[int, Niveau]:
    return {
        rang: _niveau(element)
        for element in parent
        if nom(element) == "lvl" and (rang := _rang_valide(element)) is not None
    }


def _niveau(element: etree._Element) -> Niveau:
    debut = entier(enfant(element, "start"))
    format_ = attribut(enfant(element, "numFmt"), defaut="decimal")
    image = enfant(element, "lvlPicBulletId") is not None
    return Niveau(
        "bullet" if image else format_,
        "•" if image else attribut(enfant(element, "lvlText"))[:200],
        1 if debut is None else debut,
        entier(enfant(element, "lvlRestart")),
        attribut(enfant(element, "pStyle")),
        bool(bascule(enfant(element, "isLgl"))),
    )


def _rang_valide(element: etree._Element) -> int | None:
    rang = entier(element, "ilvl")
    return rang if rang is not None and 0 <= rang < NIVEAUX else None


def _exceptions(num: etree._Element) -> tuple[dict[int, Niveau], dict[int, int]]:
    propres: dict[int, Niveau] = {}
    debuts: dict[int, int] = {}
    for exception in num:
        rang = _rang_valide(exception) if nom(exception) == "lvlOverride" else None
        if rang is None:
            continue
        if (niveau := enfant(exception, "lvl")) is not None:
            propres[rang] = _niveau(niveau)
        if (debut := entier(enfant(exception, "startOverride"))) is not None:
            debuts[rang] = debut
    return propres, debuts


def _rang(niveaux: dict[int, Niveau], lignee: tuple[str, ...]) -> int:
    """Rend le niveau lié au style du paragraphe, ou au plus proche de ses ancêtres."""
    for style in lignee:
        for rang, niveau in niveaux.items():
            if niveau.style == style:
                return rang
    return 0


def _imprimer(niveaux: dict[int, Niveau], compteurs: list[int | None], rang: int) -> Marque:
    niveau = niveaux[rang]

    def chiffre(place: re.Match[str]) -> str:
        autre = int(place.group(1)) - 1
        format_ = niveaux[autre].format if autre in niveaux else "decimal"
        if niveau.arabe and format_ != "none":
            format_ = "decimal"
        return ecrire(compteurs[autre] or 0, format_)

    texte = _PLACE.sub(chiffre, niveau.texte).strip()
    nomme = bool(_MOT.search(_PLACE.sub(" ", niveau.texte)))
    if (
        nomme
    ):  # une flèche ou une puce devant « Fiche 3 : » n'est qu'un ornement, souvent mal converti
        texte = _ORNEMENT.sub("", texte)
    return Marque(texte, rang, False, nomme, len(_PLACE.findall(niveau.texte)) > 1)


def ecrire(nombre: int, format_: str) -> str:
    """Écrit un nombre dans un format de numérotation Word."""
    if format_ == "none":
        return ""
    if format_ == "decimalZero":
        return f"{nombre:02}"
    if format_ in ("upperLetter", "lowerLetter") and 0 < nombre <= 780:
        lettre = chr(ord("A") + (nombre - 1) % 26) * ((nombre - 1) // 26 + 1)
        return lettre if format_ == "upperLetter" else lettre.lower()
    if format_ in ("upperRoman", "lowerRoman") and 0 < nombre < 4000:
        romain = ""
        for valeur, signe in _ROMAINS:
            romain += signe * (nombre // valeur)
            nombre %= valeur
        return romain if format_ == "upperRoman" else romain.lower()
    return str(nombre)
