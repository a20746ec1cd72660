"""Un fragment de HTML ou de Markdown devient une suite de blocs plats (paragraphes et puces).

Analyse linéaire, sans arbre ni pile : les cellules du document ne contiennent que des paragraphes
et des listes, et un document hostile (100 000 balises imbriquées, balises jamais fermées) ne coûte
pas plus qu'un autre. Un arbre HTML5 (selectolax) reconstruit les balises ouvertes à chaque
paragraphe : temps et mémoire quadratiques sur de telles entrées.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from .source import LIMITE_PARAGRAPHE, DocumentIllisible
from .texte import collapser

OUVRE, FERME = "\ue000", "\ue001"  # marques de gras, retirées du texte rendu
_APPEL = "\ue002"
_BALISES = frozenset(
    "p b strong i em u s sup sub ul ol li br a span div font h1 h2 h3 h4 h5 h6 hr table tbody thead tr td th"
    " small mark code html body head section article center blockquote colgroup col caption tfoot img"
    " dl dt dd figure figcaption pre del ins header footer main nav aside".split()
)
_RUPTURES = frozenset(
    "p ul ol div h1 h2 h3 h4 h5 h6 table tbody thead tr td th hr section article blockquote caption"
    " tfoot dl dt dd figure figcaption pre header footer main nav aside".split()
)
_BALISE = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)\b[^<>]*>")
_LIEN_MD = re.compile(r"\[([^\[\]]{1,500})\]\(([^()\s]{0,500})\)")
_PUCE = re.compile(
    r"[\s\ue000\ue001]*(?:([•●▪■◦‣·∙➢✓])|([-–—*])(?=[\s\ue000])|(\d{1,2}[.)])(?=\s)|(o)(?=\s+[A-ZÀ-Þ]))[\s]*"
)
_PUCE_INTERNE = re.compile(r"\s*[•●▪■◦‣∙➢✓]\s*")
_TIRETS = re.compile(r"(?<=[:;.])\s+[-–]\s+(?=\S)")
_EXPOSANTS = {"2": "²", "3": "³"}


@dataclass(frozen=True, slots=True)
class Bloc:
    """Paragraphe ou puce, avec ses gras, sa ligne et ses appels de note."""

    genre: str  # paragraphe | puce
    texte: str
    ligne: int
    segments: tuple[str, ...] = ()  # parties séparées par plusieurs espaces ou un saut de ligne
    gras: str = ""  # texte gras en tête de bloc
    tout_gras: bool = False
    niveau: int = 0
    appels: tuple[int, ...] = ()
    reprise: bool = False  # premier bloc après une coupure de page
    marque: bool = False  # la puce est imprimée (« • », « - »), pas seulement balisée
    lignes: tuple[
        str, ...
    ] = ()  # celles d'un paragraphe que son auteur a coupé par des sauts de ligne


def blocs_de(fragment: str, ligne: int, reprise: bool = False) -> list[Bloc]:
    """Rend les blocs d'une cellule ou d'une ligne de texte."""
    bruts = _decouper(_sans_commentaires(fragment))
    resultat: list[Bloc] = []
    for genre, niveau, brut in bruts:
        for genre_fin, marque, texte in _eclater(genre, brut):
            bloc = _fabriquer(genre_fin, niveau, texte, ligne, marque)
            if bloc is not None:
                resultat.append(bloc)
    if resultat and reprise:
        premier = resultat[0]
        resultat[0] = _refaire(premier, reprise=True)
    return resultat


def texte_de(fragment: str) -> str:
    """Rend le texte nu d'un fragment (titres, libellés)."""
    return collapser(" ".join(bloc.texte for bloc in blocs_de(fragment, 0)))


def _refaire(bloc: Bloc, **changements) -> Bloc:
    valeurs = {nom: getattr(bloc, nom) for nom in Bloc.__slots__}
    return Bloc(**{**valeurs, **changements})


def joindre(premier: Bloc, suite: Bloc) -> Bloc:
    """Recolle un bloc coupé par une page avec sa suite ; la ligne reste celle du début."""
    colle = premier.texte.endswith(("-", "/", "’", "'")) and not premier.texte.endswith(" -")
    # « accompagne- / ment » perd son trait, « 2013- / 2015 » et « Ivry-sur- / Seine » le gardent
    coupe = premier.texte[-2:-1].islower() and suite.texte[:1].islower()
    debut = premier.texte.removesuffix("-") if coupe else premier.texte
    texte = debut + suite.texte if colle else f"{premier.texte} {suite.texte}"
    return _refaire(
        premier,
        texte=texte,
        segments=(
            *premier.segments[:-1],
            " ".join(premier.segments[-1:] + suite.segments[:1]),
            *suite.segments[1:],
        ),
        tout_gras=premier.tout_gras and suite.tout_gras,
        gras=texte if premier.tout_gras and suite.tout_gras else premier.gras,
        appels=premier.appels + suite.appels,
        lignes=(),
    )


def _sans_commentaires(fragment: str) -> str:
    if "<!--" not in fragment:
        return fragment
    morceaux, position = [], 0
    while (debut := fragment.find("<!--", position)) >= 0:
        morceaux.append(fragment[position:debut])
        fin = fragment.find("-->", debut + 4)
        if fin < 0:
            return "".join(morceaux)
        position = fin + 3
    return "".join(morceaux) + fragment[position:]


def _decouper(fragment: str) -> list[tuple[str, int, str]]:
    """Parcourt les balises une fois et rend (genre, niveau, texte brut)."""
    blocs: list[tuple[str, int, str]] = []
    courant: list[str] = []
    genre, niveau, position = "paragraphe", 0, 0
    for balise in _BALISE.finditer(fragment):
        nom = balise.group(2).lower()
        if nom not in _BALISES:
            continue
        courant.append(_texte_brut(fragment[position : balise.start()]))
        position = balise.end()
        fermante = bool(balise.group(1))
        if nom in ("b", "strong"):
            courant.append(FERME if fermante else OUVRE)
        elif nom == "br":
            courant.append("\n")
        elif nom == "sup":
            courant.append("\ue004" if fermante else "\ue003")
        elif nom == "li" or nom in _RUPTURES:
            blocs.append((genre, niveau, "".join(courant)))
            courant = []
            if nom in ("ul", "ol"):
                niveau = max(0, niveau - 1) if fermante else min(niveau + 1, 9)
            genre = "puce" if nom == "li" and not fermante else "paragraphe"
            if (
                nom == "p"
                and not fermante
                and blocs
                and blocs[-1][0] == "puce"
                and not blocs[-1][2].strip()
            ):
                genre = "puce"  # <li><p>…</p></li>
    courant.append(_texte_brut(fragment[position:]))
    blocs.append((genre, niveau, "".join(courant)))
    return blocs


def _texte_brut(texte: str) -> str:
    if "&" in texte:
        texte = html.unescape(texte)
    if "](" in texte:
        texte = _LIEN_MD.sub(r"\1", texte)
    if "**" in texte:
        morceaux = texte.split("**")
        texte = "".join(
            m + ("" if i == len(morceaux) - 1 else (OUVRE, FERME)[i % 2])
            for i, m in enumerate(morceaux)
        )
    return texte


def _eclater(genre: str, brut: str) -> list[tuple[str, bool, str]]:
    """Sépare les puces imprimées dans un même bloc (« • A ; • B », « : - A ; - B », lignes en tiret)."""
    resultat: list[tuple[str, bool, str]] = []
    for rang, ligne in enumerate(_lignes_de_puces(brut)):
        puce = _PUCE.match(ligne)
        if puce and puce.group(3) and genre != "puce" and rang == 0 and "\n" not in brut:
            puce = None  # « 2 Source », « 3. Titre » : un numéro isolé n'est pas une puce
        genre_ligne = "puce" if puce or (genre == "puce" and rang == 0) else "paragraphe"
        corps = ligne[puce.end() :] if puce else ligne
        gras = OUVRE if puce and OUVRE in puce.group() and FERME not in puce.group() else ""
        morceaux = _PUCE_INTERNE.split(corps)
        resultat.append((genre_ligne, bool(puce), gras + morceaux[0]))
        resultat.extend(("puce", True, morceau) for morceau in morceaux[1:])
    if len(resultat) == 1 and genre != "puce":
        return _eclater_tirets(*resultat[0])
    return resultat


def _lignes_de_puces(brut: str) -> list[str]:
    lignes = brut.split("\n")
    if len(lignes) == 1 or not any(_PUCE.match(ligne) for ligne in lignes[1:]):
        return [brut]
    groupes: list[str] = []
    for ligne in lignes:
        if not groupes or _PUCE.match(ligne):
            groupes.append(ligne)
        else:
            groupes[-1] += "\n" + ligne
    return groupes


def _eclater_tirets(genre: str, marque: bool, texte: str) -> list[tuple[str, bool, str]]:
    morceaux = _TIRETS.split(texte)
    annonce = morceaux[0].rstrip(" " + OUVRE + FERME).endswith(":")
    if len(morceaux) < 2 or not (annonce or genre == "puce"):
        return [(genre, marque, texte)]
    return [(genre, marque, morceaux[0])] + [("puce", True, morceau) for morceau in morceaux[1:]]


def _exposants(brut: str) -> tuple[str, tuple[int, ...]]:
    """Rend le texte sans appels de note ; « m² » et « 3ème » restent."""
    if "\ue003" not in brut:
        return brut, ()
    appels: list[int] = []
    morceaux = brut.split("\ue003")
    sortie = morceaux[0]
    for morceau in morceaux[1:]:
        exposant, _, reste = morceau.partition("\ue004")
        nu = exposant.strip()
        if nu in _EXPOSANTS and re.search(r"(?:^|[\s\d(])(?:k|c|d|m)?m$", sortie):
            sortie += _EXPOSANTS[nu]
        elif nu.isdigit() and len(nu) < 3 and sortie.strip():
            appels.append(int(nu))
        else:
            sortie += exposant
        sortie += reste
    return sortie.replace("\ue004", ""), tuple(appels)


def _fabriquer(genre: str, niveau: int, brut: str, ligne: int, marque: bool) -> Bloc | None:
    brut, appels = _exposants(brut)
    nu = brut.replace(OUVRE, "").replace(FERME, "")
    texte = collapser(nu)
    if len(texte) > LIMITE_PARAGRAPHE:
        raise DocumentIllisible(
            f"paragraphe de {len(texte)} caractères (limite {LIMITE_PARAGRAPHE}).", ligne
        )
    if not texte or not any(c.isalnum() for c in texte):
        return None
    segments = tuple(collapser(s) for s in re.split(r"\n|[^\S\n]{2,}", nu) if s.strip())
    gras, tout = _gras(brut)
    lignes = tuple(collapser(s) for s in nu.split("\n") if s.strip()) if "\n" in nu else ()
    return Bloc(genre, texte, ligne, segments, gras, tout, niveau, appels, False, marque, lignes)


def _gras(brut: str) -> tuple[str, bool]:
    """Rend le gras de tête, et si tout le bloc est gras (ponctuation finale ignorée)."""
    if OUVRE not in brut:
        return "", False
    brut = re.sub(FERME + r"(\s*)" + OUVRE, r"\1", brut)
    tete = brut.lstrip()
    if not tete.startswith(OUVRE):
        return "", False
    gras, _, reste = tete[1:].partition(FERME)
    reste = reste.replace(OUVRE, "").replace(FERME, "")
    return collapser(gras), not any(c.isalnum() for c in reste)
