"""Des mots aux lignes, et des lignes au fragment de pivot : espaces, exposants, gras, césures."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from parvis.cadre.importation.formats.pivot import echapper

from .caracteres import ESPACE_MINIMALE, Mot

TROU = 1.8  # en cadratins : un blanc plus large sépare deux colonnes ou deux noms
MOT_TROP_LONG = 24
PUCES = frozenset("•●▪■◦‣·∙➢✓❖◆◇□○►▶*–—-‐−")
EXPOSANTS_MAX = 60  # plus de petits mots à la même hauteur font une ligne
_CONDUITE = re.compile(r"(?:\s?[.…·_]){4,}\s*")
EXPOSANTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
# un appel de note écrit en caractères exposants ; « m² » et « km³ » sont des unités
_APPEL_ECRIT = re.compile(r"(?:(?<=[^\W\d_]{3})|(?<=[.,;»)]))([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})(?!\w)")
_COUPE = re.compile(r"[^\W_][-\u2010\u00ad]$")
# un appel de note imprimé contre l'exposant d'une unité (« m² » puis la note 2)
_UNITE = re.compile(r"(?<![^\W\d_])([kcd]?m)<sup>([23])(\d{1,2})</sup>")


@dataclass(slots=True)
class Ligne:
    """Ligne imprimée : ses mots de gauche à droite, et le blanc qui précède chacun."""

    mots: list[Mot]
    x0: float
    x1: float
    base: float
    corps: float
    gras: bool
    blancs: list[str] = field(default_factory=list)

    @property
    def texte(self) -> str:
        """Rend le texte nu de la ligne."""
        return "".join(
            blanc + mot.texte for blanc, mot in zip(self.blancs, self.mots, strict=True)
        ).replace("\u00a0", " ")


def assembler(mots: list[Mot]) -> list[Ligne]:
    """Rend les lignes que forment des mots, de haut en bas ; les exposants rejoignent la leur."""
    groupes: list[list[Mot]] = []
    for mot in sorted(mots, key=lambda m: -m.base):
        if groupes and groupes[-1][0].base - mot.base <= 0.2 * min(mot.corps, groupes[-1][0].corps):
            groupes[-1].append(mot)
        else:
            groupes.append([mot])
    return [_ligne(groupe) for groupe in _rattacher(groupes)]


def _rattacher(groupes: list[list[Mot]]) -> list[list[Mot]]:
    """Joint à leur ligne les mots plus petits imprimés un peu plus haut ou un peu plus bas."""
    resultat: list[list[Mot]] = []
    attente: list[Mot] = []
    for rang, groupe in enumerate(groupes):
        corps = max(mot.corps for mot in groupe)
        suivant = groupes[rang + 1] if rang + 1 < len(groupes) else None
        if suivant is not None and _porte(suivant, groupe, corps):
            for mot in groupe:
                mot.exposant = True
            attente += groupe
            continue
        if resultat and not attente and _est_indice(resultat[-1], groupe, corps):
            resultat[-1] += groupe
            continue
        resultat.append(groupe + attente)
        attente = []
    return resultat


def _porte(ligne: list[Mot], petits: list[Mot], corps: float) -> bool:
    grand = max(mot.corps for mot in ligne)
    ecart = petits[0].base - ligne[0].base
    if corps > 0.86 * grand or ecart > 0.7 * grand or len(petits) > EXPOSANTS_MAX:
        return False
    return all(_voisin(petit, ligne, grand, petits) for petit in petits)


def _voisin(petit: Mot, ligne: list[Mot], grand: float, petits: list[Mot]) -> bool:
    marge = 0.6 * grand
    autres = [*ligne, *(p for p in petits if p is not petit)]
    return any(m.x0 - marge <= petit.x1 and petit.x0 <= m.x1 + marge for m in autres)


def _est_indice(ligne: list[Mot], petits: list[Mot], corps: float) -> bool:
    grand = max(mot.corps for mot in ligne)
    ecart = ligne[0].base - petits[0].base
    return corps <= 0.86 * grand and ecart <= 0.3 * grand


def _ligne(mots: list[Mot]) -> Ligne:
    mots.sort(key=lambda m: m.x0)
    mots = _sans_doubles(mots)
    poids: dict[float, int] = {}
    for mot in mots:
        if not mot.exposant:
            poids[mot.corps] = poids.get(mot.corps, 0) + len(mot.texte)
    corps = max(poids, key=lambda c: (poids[c], c)) if poids else mots[0].corps
    portants = [m for m in mots if not m.exposant and any(c.isalnum() for c in m.texte)]
    base = next((m.base for m in mots if not m.exposant), mots[0].base)
    ligne = Ligne(
        mots,
        mots[0].x0,
        max(m.x1 for m in mots),
        base,
        corps,
        bool(portants) and all(m.gras for m in portants),
    )
    ligne.blancs = _blancs(mots, corps)
    return ligne


def _sans_doubles(mots: list[Mot]) -> list[Mot]:
    """Un gras imité imprime deux fois le même mot, à peine décalé."""
    resultat: list[Mot] = []
    for mot in mots:
        avant = resultat[-1] if resultat else None
        if (
            avant is not None
            and avant.texte == mot.texte
            and abs(avant.x0 - mot.x0) < 0.12 * mot.corps
        ):
            avant.gras = True
            avant.espace = avant.espace or mot.espace
        else:
            resultat.append(mot)
    return resultat


def _blancs(mots: list[Mot], corps: float) -> list[str]:
    ecarts = [suivant.x0 - mot.x1 for mot, suivant in pairwise(mots)]
    if _interlettre(mots):
        seuil = max(1.5 * median(ecarts), median(ecarts) + 0.1 * corps)
        return [""] + [" " if ecart > seuil else "" for ecart in ecarts]
    courants = [e for e in ecarts if e > ESPACE_MINIMALE * corps]
    large = max(TROU * corps, 3 * median(courants) if len(courants) > 2 else 0)
    blancs = [""]
    for mot, ecart in zip(mots, ecarts, strict=False):
        if ecart > large:
            blancs.append("   ")
        else:
            blancs.append(" " if mot.espace or ecart > ESPACE_MINIMALE * corps else "")
    return blancs


def _interlettre(mots: list[Mot]) -> bool:
    """Dit si un titre est imprimé lettre à lettre (« S O M M A I R E »)."""
    seules = sum(1 for mot in mots if len(mot.texte) == 1 and mot.texte.isalpha())
    return len(mots) >= 5 and seules >= 0.85 * len(mots)


def rendre(lignes: list[Ligne], sauf: int = 0, recoller=None) -> str:
    """Rend le fragment de plusieurs lignes qui se suivent, sans les `sauf` premiers mots.

    `recoller(gauche, droite)` dit si le tiret qui finit une ligne coupe un mot.
    """
    morceaux: list[tuple[str, str, bool, bool]] = []  # blanc, texte, gras, exposant
    for rang, ligne in enumerate(lignes):
        for place, (blanc, mot) in enumerate(zip(ligne.blancs, ligne.mots, strict=True)):
            if rang == 0 and place < sauf:
                continue
            if place == 0 and rang:
                blanc = _jointure(morceaux, mot, ligne, recoller)
            texte = mot.texte.replace("\u00ad", "") if place < len(ligne.mots) - 1 else mot.texte
            morceaux.append((blanc if morceaux else "", texte, mot.gras, mot.exposant))
    return _nettoyer(_baliser(morceaux))


def _jointure(morceaux: list, mot: Mot, ligne: Ligne, recoller) -> str:
    if not morceaux:
        return ""
    blanc, texte, gras, exposant = morceaux[-1]
    if not _COUPE.search(texte):
        # un mot trop long pour sa cellule se coupe sans tiret
        longue = len(_dernier_mot(morceaux)) >= MOT_TROP_LONG and texte[-1].isalpha()
        colle = (len(texte) > 1 and texte.endswith("/")) or longue
        return "" if colle and mot.texte[:1].islower() else " "
    gauche = _dernier_mot(morceaux).rstrip("-\u2010\u00ad")
    droite = mot.texte
    if texte.endswith("\u00ad") or (recoller is not None and recoller(gauche, droite)):
        morceaux[-1] = (blanc, texte.rstrip("-\u2010\u00ad"), gras, exposant)
    elif gauche[:1].islower() and droite[:1].isupper():
        return " "  # un tiret de ponctuation ; « Seine-Amont » commence par une capitale
    return ""


def _dernier_mot(morceaux: list[tuple[str, str, bool, bool]]) -> str:
    """Rend le mot que finit le dernier morceau : « Vitry-sur- » tient parfois en plusieurs."""
    mot = ""
    for blanc, texte, _, _ in reversed(morceaux[-6:]):
        mot = texte + mot
        if blanc or "\u00a0" in texte:
            break
    return mot.rpartition("\u00a0")[2]


def _baliser(morceaux: list[tuple[str, str, bool, bool]]) -> str:
    sortie: list[str] = []
    en_gras = False
    for blanc, texte, gras, exposant in morceaux:
        if exposant and not gras and en_gras:
            gras = True  # un exposant maigre ne coupe pas un gras
        if gras and not en_gras:
            sortie += [blanc, "<b>"]
        elif en_gras and not gras:
            sortie += ["</b>", blanc]
        else:
            sortie.append(blanc)
        en_gras = gras
        propre = echapper(texte)
        sortie.append(f"<sup>{propre}</sup>" if exposant else propre)
    return "".join(sortie) + ("</b>" if en_gras else "")


def _nettoyer(fragment: str) -> str:
    fragment = fragment.replace("\u00a0", " ").replace("\u00ad", "")
    fragment = _UNITE.sub(r"\1<sup>\2</sup><sup>\3</sup>", fragment)
    fragment = unicodedata.normalize("NFC", fragment)
    fragment = _APPEL_ECRIT.sub(lambda m: f"<sup>{m[1].translate(EXPOSANTS)}</sup>", fragment)
    return _CONDUITE.sub(" .... ", fragment).strip()
