"""Des lignes d'une région aux paragraphes et aux puces : où la coupure de ligne était voulue."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from parvis.cadre.importation.formats.pivot import liste, paragraphe

from .lignes import PUCES, Ligne, rendre
from .mesures import Mesures
from .regions import Region, commence_par_une_suite, largeur_d_espace, premier_bloc

_TIRETS = frozenset("–—-‐−")
_NUMERO = re.compile(r"^(?:\d{1,2}[.)]|[a-z]\))$")
_CONDUITE = re.compile(r"(?:[.…·_]\s?){3,}\s*\d{1,4}\s*$")
_SUSPENS = re.compile(
    r"(?:[,'’(/]|\b(?:de|du|des|la|le|les|l|d|et|ou|à|au|aux|en|par|pour|dans|sur|avec|sans|sous|entre"
    r"|que|qui|dont|un|une|ces|ce|cette|leur|leurs|son|sa|ses|chez|vers|n°))$",
    re.IGNORECASE,
)
_FINI = (".", ":", ";", "!", "?", "…", "»", ")")  # les cinq premiers finissent à coup sûr
_TITRE_NEUF = re.compile(r"^(?:[→➔➜►▶⇒]|\d{1,3}[.)-])")


@dataclass(slots=True)
class Bloc:
    """Paragraphe ou puce : ses lignes, le bord de sa marque et celui de son texte."""

    lignes: list[Ligne]
    puce: bool
    x_marque: float = 0.0
    x_texte: float = 0.0
    suspendu: bool = False  # ses lignes suivantes sont en retrait

    def fragment(self, mesures: Mesures) -> str:
        """Rend le texte du bloc dans la forme pivot."""
        return rendre(self.lignes, recoller=mesures.recoller)


def decouper(region: Region, mesures: Mesures) -> list[Bloc]:
    """Rend les paragraphes et les puces d'une région."""
    blocs: list[Bloc] = []
    numerotee = sum(1 for ligne in region.lignes if _est_numerotee(ligne)) > 1
    noms = _est_liste_de_noms(region, mesures)
    bord = _bord_des_numeros(region)
    avant: Ligne | None = None
    for ligne in region.lignes:
        debut = _debut_de_puce(ligne, numerotee and not mesures.niveau(ligne.corps))
        if debut is not None and not _tiret_de_phrase(avant, ligne, blocs, region, mesures):
            _normaliser(ligne)
            blocs.append(Bloc([ligne], True, ligne.x0, debut))
        elif bord and avant is not None and _a_un_numero_de_page(avant, bord):
            if _continue_l_entree(avant, ligne, bord):
                blocs[-1].lignes.append(ligne)
            else:
                blocs.append(Bloc([ligne], False, ligne.x0, ligne.x0))
        elif avant is None or _rompt(avant, ligne, blocs[-1], region, mesures, noms):
            blocs.append(Bloc([ligne], False, ligne.x0, ligne.x0))
        else:
            bloc = blocs[-1]
            if bloc.puce and ligne.x0 < bloc.x_marque + 1:  # sa suite est imprimée hors de la liste
                bloc.x_marque, bloc.suspendu = ligne.x0, False
            bloc.suspendu = bloc.suspendu or ligne.x0 > bloc.x_marque + 0.4 * ligne.corps
            bloc.lignes.append(ligne)
        avant = ligne
    return blocs


def _bord_des_numeros(region: Region) -> float:
    """Rend le bord droit des numéros de page d'un sommaire, ou zéro si la région n'en est pas un."""
    bords = [ligne.x1 for ligne in region.lignes if _finit_par_un_numero(ligne)]
    return max(bords) if len(bords) > 1 else 0.0


def _finit_par_un_numero(ligne: Ligne) -> bool:
    return len(ligne.mots) > 1 and ligne.blancs[-1] == "   " and ligne.mots[-1].texte.isdigit()


def _a_un_numero_de_page(ligne: Ligne, bord: float) -> bool:
    if len(ligne.mots) < 2 or not ligne.mots[-1].texte.isdigit():
        return False
    ecart = ligne.mots[-1].x0 - ligne.mots[-2].x1
    au_bord = abs(ligne.x1 - bord) < 1 and ecart > 0.5 * ligne.corps
    return au_bord or _finit_par_un_numero(ligne)


def _continue_l_entree(avant: Ligne, ligne: Ligne, bord: float) -> bool:
    """Une entrée de sommaire trop longue a parfois son numéro sur la première ligne : il descend."""
    *_, dernier, numero = avant.mots
    tenait = numero.x0 - dernier.x1 > premier_bloc(ligne) + ligne.corps
    if _a_un_numero_de_page(ligne, bord) or (tenait and not commence_par_une_suite(ligne)):
        return False
    del avant.mots[-1], avant.blancs[-1]
    ligne.mots.append(numero)
    ligne.blancs.append("   ")
    return True


def _est_numerotee(ligne: Ligne) -> bool:
    return len(ligne.mots) > 1 and bool(_NUMERO.match(ligne.mots[0].texte)) and not ligne.gras


def _debut_de_puce(ligne: Ligne, numeros: bool) -> float | None:
    """Rend l'abscisse du texte d'une ligne qui commence par une puce, sinon rien."""
    premier = ligne.mots[0]
    texte = premier.texte.rstrip("\u00a0")
    if len(ligne.mots) < 2:
        colle = len(texte) > 2 and texte[0] in "•●▪■➢" and not premier.exposant
        return premier.x0 + premier.corps if colle else None
    suivant = ligne.mots[1]
    blanc = bool(ligne.blancs[1]) or premier.dessin or premier.texte.endswith("\u00a0")
    if texte in PUCES and (blanc or texte not in _TIRETS):
        return suivant.x0
    if texte == "o" and suivant.x0 - premier.x1 > 0.45 * ligne.corps:
        return suivant.x0
    if numeros and _NUMERO.match(texte) and not ligne.gras:
        return suivant.x0
    if texte[:1] in "•●▪■➢" and len(texte) > 1:
        return premier.x0 + premier.corps
    return None


def _tiret_de_phrase(
    avant: Ligne | None, ligne: Ligne, blocs: list[Bloc], region: Region, mesures: Mesures
) -> bool:
    """Un tiret rejeté en début de ligne au milieu d'une phrase n'ouvre pas une puce."""
    if avant is None or ligne.mots[0].texte not in _TIRETS:
        return False
    if avant.texte.rstrip().endswith(_FINI) or mesures.saute(avant, ligne, region):
        return False
    au_bord = abs(ligne.x0 - blocs[-1].lignes[-1].x0) < 1 and not blocs[-1].puce
    return au_bord and mesures.reste(avant, ligne, region) < 0 and not ligne.gras


def _normaliser(ligne: Ligne) -> None:
    """Imprime la puce comme le lecteur l'attend : « • », ou le tiret d'origine."""
    if len(ligne.mots) > 2 and ligne.mots[1].texte in PUCES and ligne.mots[0].texte in PUCES:
        del ligne.mots[0], ligne.blancs[0]  # la puce du logiciel devant celle de l'auteur
        ligne.blancs[0] = ""
    premier = ligne.mots[0]
    nu = premier.texte.rstrip("\u00a0")
    if nu in _TIRETS:
        premier.texte = "-" if nu not in "–—" else nu
    elif nu in PUCES or nu == "o":
        premier.texte = "•"
    if len(ligne.mots) > 1:
        ligne.blancs[1] = " "
    premier.gras = premier.gras and len(ligne.mots) < 2


def _rompt(
    avant: Ligne, ligne: Ligne, bloc: Bloc, region: Region, mesures: Mesures, noms: bool
) -> bool:
    """Dit si une ligne commence un paragraphe."""
    if abs(avant.corps - ligne.corps) > 0.12 * max(avant.corps, ligne.corps):
        return True
    if _en_titre(avant, ligne, region, mesures):
        return bool(_TITRE_NEUF.match(ligne.texte))
    if _est_un_renvoi(bloc, ligne):
        return False
    if _CONDUITE.search(" ".join(autre.texte for autre in bloc.lignes[-2:])):
        return True
    if mesures.saute(avant, ligne, region):
        return not _phrase_coupee(bloc, ligne, region)
    if _mot_coupe(avant, ligne, region, mesures):
        return False
    if _sort_de_la_puce(ligne, bloc):
        return True
    suite, fini = commence_par_une_suite(ligne), avant.texte.rstrip().endswith(_FINI)
    if ligne.gras and fini and not suite and not avant.gras and not avant.mots[-1].gras:
        return True  # un intitulé gras après une phrase finie
    suite = suite or ligne.mots[0].texte.startswith("(")
    reste = mesures.reste(avant, ligne, region)
    if reste >= 0:
        if not suite or avant.texte.rstrip().endswith(_FINI[:5]):
            return True
        largeur = mesures.limite(region) - region.gauche
        return reste > 0.35 * largeur and not mesures.aeres.get(region.cellule, False)
    if suite or _SUSPENS.search(avant.texte.rstrip()):
        return False
    alinea = ligne.x0 - avant.x0 > 0.8 * ligne.corps and abs(avant.x0 - region.gauche) < 2
    if alinea and not bloc.puce and fini:
        return True
    if mesures.se_suivent(avant, ligne, region):
        return False
    noms = noms or (region.etroite and avant.texte.rstrip().endswith(")"))
    return noms and not mesures.aeres.get(region.cellule, False)


def _mot_coupe(avant: Ligne, ligne: Ligne, region: Region, mesures: Mesures) -> bool:
    """Dit si une ligne finit un mot : « intercom- munal », ou « Saint- Aubry » qui ne tenait pas."""
    debut = ligne.mots[0].texte[:1]
    if not avant.texte.endswith(("-", "\u2010", "\u00ad")):
        return False
    tenait = mesures.reste(avant, ligne, region) + largeur_d_espace(avant) >= 0
    return debut.islower() or (avant.texte[-2:-1].isalnum() and debut.isalnum() and not tenait)


def _est_un_renvoi(bloc: Bloc, ligne: Ligne) -> bool:
    """Dit si une ligne n'est que le numéro de page rejeté d'une table des matières."""
    return ligne.texte.strip().isdigit() and bloc.lignes[-1].texte.rstrip().endswith("....")


def _phrase_coupee(bloc: Bloc, ligne: Ligne, region: Region) -> bool:
    """Sans filets, une rangée que la page coupait dans l'original laisse une phrase ouverte."""
    parenthese = ligne.mots[0].texte.startswith("(")
    if region.cle[0] != "contenu" or not (commence_par_une_suite(ligne) or parenthese):
        return False
    texte = " ".join(autre.texte for autre in bloc.lignes).rstrip()
    ouverte = texte.count("(") > texte.count(")") or bool(_SUSPENS.search(texte))
    return ouverte or (len(texte) > 60 and not texte.endswith(_FINI))


def _en_titre(avant: Ligne, ligne: Ligne, region: Region, mesures: Mesures) -> bool:
    """Dit si deux lignes qui se suivent de près sont un même titre trop long."""
    proches = avant.base - ligne.base < 1.55 * ligne.corps
    if not proches or avant.gras != ligne.gras:
        return False
    if region.cellule:
        return region.etalee and avant.gras and not mesures.saute(avant, ligne, region)
    # une couverture empile des titres ; une date ou une minuscule continuent le sien
    suite = commence_par_une_suite(ligne) or ligne.mots[0].texte[0].isdigit()
    return (region.page > 1 or suite) and mesures.niveau(ligne.corps) > 0


def _sort_de_la_puce(ligne: Ligne, bloc: Bloc) -> bool:
    if not bloc.puce:
        return False
    if bloc.suspendu:
        return ligne.x0 <= bloc.x_marque + 0.4 * ligne.corps
    return ligne.x0 < bloc.x_marque - 0.4 * ligne.corps


def _est_liste_de_noms(region: Region, mesures: Mesures) -> bool:
    """Dit si une région liste des noms, un par ligne : presque toutes commencent par une capitale."""
    lignes = region.lignes
    if len(lignes) < 2:
        return False
    capitales = sum(1 for ligne in lignes if not commence_par_une_suite(ligne))
    phrases = sum(1 for ligne in lignes if ligne.texte.rstrip().endswith((".", ",", ";")))
    couples = [
        (avant, apres)
        for avant, apres in pairwise(lignes)
        if not mesures.se_suivent(avant, apres, region)
    ]
    voulues = sum(1 for avant, apres in couples if mesures.reste(avant, apres, region) >= 0)
    return (
        capitales >= 0.7 * len(lignes)
        and phrases <= 0.2 * len(lignes)
        and voulues >= max(1, 0.4 * len(couples))
    )


def en_pivot(blocs: list[Bloc], mesures: Mesures) -> str:
    """Rend le contenu d'une cellule : paragraphes et listes."""
    morceaux: list[str] = []
    rang = 0
    while rang < len(blocs):
        if blocs[rang].puce:
            fin = rang
            while fin < len(blocs) and blocs[fin].puce:
                fin += 1
            morceaux.append(liste(_points(blocs[rang:fin], mesures)))
            rang = fin
        else:
            morceaux.append(paragraphe(blocs[rang].fragment(mesures)))
            rang += 1
    return " ".join(morceau for morceau in morceaux if morceau)


def _points(puces: list[Bloc], mesures: Mesures) -> list[tuple[int, str]]:
    """Rend chaque puce avec sa profondeur, lue sur le bord de sa marque."""
    bords: list[float] = []
    points = []
    for puce in puces:
        while bords and puce.x_marque < bords[-1] - 3:
            bords.pop()
        if not bords or puce.x_marque > bords[-1] + 3:
            bords.append(puce.x_marque)
        points.append((len(bords) - 1, puce.fragment(mesures)))
    return points
