"""Texte d'un paragraphe Word : gras, exposants, appels de note, champs, suivi des modifications."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from lxml import etree

from parvis.cadre.importation.formats.docx.noms import (
    attribut,
    branche,
    enfant,
    nom,
    verifier_profondeur,
)
from parvis.cadre.importation.formats.docx.styles import Police, Style, Styles, police_de
from parvis.cadre.importation.formats.pivot import echapper

SAUT = "\n"
_SANS_TEXTE = frozenset(
    "pPr rPr del moveFrom sdtPr sdtEndPr rt footnoteRef endnoteRef smartTagPr customXmlPr"
    " fldCharType ffData".split()
)
_SIGNES = {"tab": "\t", "ptab": "\t", "cr": SAUT, "noBreakHyphen": "-"}
_FLECHES = frozenset((0xE0, 0xE8, 0xF0, 0xDE, 0xAE, 0xC4, 0xD8))
_USAGE_PRIVE = re.compile("[\ue000-\uf8ff]")
_INVISIBLES = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f-\x9f]")
_ENTREE_MAX = 600  # une entrée de table des matières est courte
_PAGE = re.compile(r"\s*\t\s*(?=\d{1,4}\s*$)")


@dataclass(frozen=True, slots=True)
class Morceau:
    """Bout de texte d'une seule mise en forme ; un appel de note est en `appel`."""

    texte: str
    gras: bool = False
    exposant: bool = False
    appel: int = 0


@dataclass(slots=True)
class Contenu:
    """Ce que dit un paragraphe : son texte, ses zones de texte, ses images."""

    morceaux: list[Morceau] = field(default_factory=list)
    boites_avant: list[etree._Element] = field(default_factory=list)
    boites_apres: list[etree._Element] = field(default_factory=list)
    images: int = 0
    entame: bool = False  # un texte qui se voit a déjà été lu

    @property
    def nu(self) -> str:
        """Rend le texte sans mise en forme."""
        return "".join(m.texte for m in self.morceaux)

    @property
    def tout_gras(self) -> bool:
        """Dit si tout le texte qui se lit est en gras."""
        lisibles = [m for m in self.morceaux if any(c.isalnum() for c in m.texte)]
        return bool(lisibles) and all(m.gras for m in lisibles if not m.appel)


Appeler = Callable[[str, str], int]


def lire_contenu(
    paragraphe: etree._Element, style: Style, styles: Styles, appeler: Appeler
) -> Contenu:
    """Rend le contenu d'un paragraphe ; `appeler` donne son numéro à une note appelée."""
    contenu = Contenu()
    champs: list[bool] = []  # vrai tant que l'on est dans l'instruction d'un champ
    base = _police_du_run(None, style, styles)
    pile = [(iter(paragraphe), base)]
    while pile:
        suivant = next(pile[-1][0], None)
        if suivant is None:
            pile.pop()
            continue
        police, nomme = pile[-1][1], nom(suivant)
        if nomme in _SANS_TEXTE or not nomme:
            continue
        if nomme == "fldChar":
            _suivre_champ(champs, attribut(suivant, "fldCharType"))
        elif nomme in ("txbxContent", "a:blip", "v:imagedata"):
            _mettre_de_cote(contenu, suivant, nomme)
        elif (dit := _texte(suivant, nomme)) is not None:
            _ajouter(contenu, dit, police, any(champs))
        elif nomme in ("footnoteReference", "endnoteReference"):
            if not police.cache and not any(champs):
                _appeler_note(contenu, suivant, nomme, appeler)
        else:
            if nomme == "r":
                police = _police_du_run(enfant(suivant, "rPr"), style, styles)
            elif nomme == "mc:AlternateContent":
                suivant = branche(suivant)
            if suivant is not None and len(suivant):
                pile.append((iter(suivant), police))
                verifier_profondeur(len(pile))
    return contenu


def _police_du_run(proprietes: etree._Element | None, style: Style, styles: Styles) -> Police:
    """Rend la mise en forme d'un texte : la sienne, celle de son style, celle du paragraphe."""
    directe = police_de(proprietes)
    propre = styles.style(attribut(enfant(proprietes, "rStyle"))).police
    gras = directe.gras
    if gras is None:  # deux styles gras qui se rencontrent s'annulent
        herite = style.police.gras if style.police.gras is not None else styles.police.gras
        gras = bool(herite) != bool(propre.gras)

    def choisi(champ: str) -> bool:
        for police in (directe, propre, style.police, styles.police):
            if getattr(police, champ) is not None:
                return getattr(police, champ)
        return False

    # Un titre garde la casse que l'auteur a tapée ; ailleurs, les capitales affichées font un titre.
    capitales = choisi("capitales") and not style.niveau
    return Police(gras, choisi("exposant"), choisi("cache"), capitales)


def _suivre_champ(champs: list[bool], etape: str) -> None:
    if etape == "begin":
        verifier_profondeur(len(champs))
        champs.append(True)
    elif champs and etape == "separate":
        champs[-1] = False
    elif champs and etape == "end":
        champs.pop()


def _mettre_de_cote(contenu: Contenu, element: etree._Element, nomme: str) -> None:
    if nomme != "txbxContent":
        contenu.images += 1
    elif contenu.entame:
        contenu.boites_apres.append(element)
    else:
        contenu.boites_avant.append(element)


def _texte(element: etree._Element, nomme: str) -> str | None:
    """Rend le texte d'un élément qui en porte, sinon rien."""
    if nomme in ("t", "m:t"):
        return (element.text or "").replace("\n", " ").replace("\r", " ")
    if nomme == "br":
        return " " if attribut(element, "type") in ("page", "column") else SAUT
    if nomme == "sym":
        return _signe(attribut(element, "char"))
    return _SIGNES.get(nomme)


def _signe(code: str) -> str:
    try:
        return chr(int(code[-4:], 16) or 32)
    except ValueError:
        return ""


def _ajouter(contenu: Contenu, texte: str, police: Police, tu: bool) -> None:
    if tu or police.cache:
        return
    # Les polices de symboles rangent leurs puces et leurs flèches dans l'usage privé d'Unicode.
    debut = not contenu.entame
    texte = _USAGE_PRIVE.sub(lambda m: _symbole(ord(m.group()), debut), texte)
    texte = unicodedata.normalize("NFC", _INVISIBLES.sub("", texte))
    if police.capitales:
        texte = texte.upper()
    contenu.entame = contenu.entame or bool(texte.strip())
    if texte:
        contenu.morceaux.append(Morceau(texte, bool(police.gras), bool(police.exposant)))


def _symbole(code: int, debut: bool) -> str:
    if not 0xF000 <= code <= 0xF0FF:
        return ""
    if code & 0xFF in _FLECHES:
        return "→" if not debut else "•"
    return "•" if debut else " "


def _appeler_note(contenu: Contenu, element: etree._Element, nomme: str, appeler: Appeler) -> None:
    numero = appeler(nomme, attribut(element, "id"))
    if numero:
        gras = contenu.morceaux[-1].gras if contenu.morceaux else False
        contenu.morceaux.append(Morceau(str(numero), gras, True, numero))


def fragment(morceaux: list[Morceau], avec_gras: bool = True) -> str:
    """Rend des morceaux en fragment du pivot : `b`, `sup` et `br`, texte échappé."""
    sortie: list[str] = []
    gras = exposant = appel = False
    for morceau in _unifies(morceaux):
        if exposant and (not morceau.exposant or morceau.appel or appel):
            sortie.append("</sup>")
            exposant = False
        if morceau.gras != gras and avec_gras:
            sortie.append("<b>" if morceau.gras else "</b>")
            gras = morceau.gras
        if morceau.exposant and not exposant:
            sortie.append("<sup>")
            exposant = True
        appel = bool(morceau.appel)
        lignes = [_espacer(ligne) for ligne in morceau.texte.split(SAUT)]
        sortie.append("<br>".join(lignes))
    return "".join(sortie) + "</sup>" * exposant + "</b>" * gras


def _unifies(morceaux: list[Morceau]) -> list[Morceau]:
    """Retire les blancs des bords ; un blanc prend la mise en forme de ce qui le précède."""
    resultat: list[Morceau] = []
    for morceau in morceaux:
        if not resultat:
            morceau = replace(morceau, texte=morceau.texte.lstrip())
            if morceau.texte:
                resultat.append(morceau)
        elif morceau.texte.isspace():
            avant = resultat[-1]
            resultat.append(Morceau(morceau.texte, avant.gras, False))
        else:
            resultat.append(morceau)
    while resultat and not resultat[-1].texte.strip():
        resultat.pop()
    if resultat:
        resultat[-1] = replace(resultat[-1], texte=resultat[-1].texte.rstrip())
    return resultat


def _espacer(texte: str) -> str:
    # Une tabulation sépare à l'œil : deux espaces le disent, une seule ferait croire à une phrase.
    return echapper(texte.replace("\t", "  "))


def conduire_a_la_page(morceaux: list[Morceau]) -> list[Morceau]:
    """Rend une ligne de table des matières avec des points entre le titre et sa page."""
    suite = "".join(m.texte for m in morceaux)
    trouve = _PAGE.search(suite) if len(suite) < _ENTREE_MAX else None
    if trouve is None or not suite[: trouve.start()].strip():
        return morceaux
    resultat: list[Morceau] = []
    position = 0
    for morceau in morceaux:
        debut, fin = position, position + len(morceau.texte)
        position = fin
        tete = morceau.texte[: max(0, trouve.start() - debut)]
        queue = morceau.texte[max(0, trouve.end() - debut) :]
        points = " ..... " if debut <= trouve.start() < fin else ""
        if tete + points + queue:
            resultat.append(replace(morceau, texte=tete + points + queue))
    return resultat
