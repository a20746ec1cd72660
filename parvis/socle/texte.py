"""Le texte français vu par la machine : sans accents, en mots, en racines, en adresses."""

import re
import unicodedata
from functools import cache, lru_cache

import Stemmer
from django.utils.text import slugify

# « BOP147 » et « BOP 147 » sont la même chose.
MOT = re.compile(r"[a-z]+|[0-9]+")
LIGATURES = str.maketrans({"œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae", "’": "'"})

# Un « h » peut être aspiré, un « y » ne s'élide pas : ni l'un ni l'autre.
_S_ELIDENT = tuple("aeiou")

# Mots trop fréquents pour distinguer une fiche d'une autre.
MOTS_VIDES = frozenset(
    """a ai as au aux avec c ce ces cet cette d dans de des du elle en entre est et etre eux il ils
    j je l la le les leur leurs lui m ma mais me mes mon n ne nos notre nous on ont ou par pas pour
    qu que qui s sa se ses si son sont sur t ta te tes tu un une vos votre vous y""".split()
)


def sans_accents(texte: str) -> str:
    """Rend le texte en minuscules, ligatures ouvertes et accents ôtés."""
    decompose = unicodedata.normalize("NFKD", texte.translate(LIGATURES)).lower()
    return "".join(c for c in decompose if not unicodedata.combining(c))


def avec_de(nom: str) -> str:
    """Rend un nom propre précédé de « de », élidé : « d’Académie de Créteil », « de La Roue »."""
    return f"d’{nom}" if sans_accents(nom)[:1] in _S_ELIDENT else f"de {nom}"


def mots(texte: str) -> list[str]:
    """Rend les mots du texte sans accents, dans l'ordre, mots vides compris."""
    return MOT.findall(sans_accents(texte))


@cache
def _raciniseur() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("french")


@lru_cache(maxsize=65536)
def racine(mot: str) -> str:
    """Rend la racine française d'un mot déjà sans accents (docs/adr/0005)."""
    return _raciniseur().stemWord(mot)


def racines(texte: str) -> list[str]:
    """Rend les racines des mots pleins du texte, dans l'ordre."""
    return [racine(mot) for mot in mots(texte) if mot not in MOTS_VIDES]


def cle_de_tri(texte: str) -> str:
    """Rend la clé qui classe comme un dictionnaire français, la même sur les deux moteurs."""
    return " ".join(mots(texte))


def adresse(texte: str, longueur: int = 80) -> str:
    """Rend un morceau d'adresse lisible, coupé entre deux mots."""
    entier = slugify(texte.translate(LIGATURES).replace("'", " "))
    if len(entier) <= longueur:
        return entier
    return entier[: longueur + 1].rpartition("-")[0] or entier[:longueur]


def en_paragraphes(texte: str) -> str:
    """Rend un texte de plusieurs lignes sans signe caché, une ligne vide au plus entre deux."""
    texte = sans_signes_caches(texte).replace("\r\n", "\n").replace("\r", "\n")
    lignes = (ligne.rstrip() for ligne in texte.strip().split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lignes))


def en_une_ligne(texte: str) -> str:
    """Rend le texte sur une ligne, sans signe caché ni espace de trop."""
    return " ".join(sans_signes_caches(texte).split())


def lisible(texte: str) -> str:
    """Rend le texte comme on le lit : accents composés (un PDF les décompose), sans signe caché."""
    return unicodedata.normalize("NFC", sans_signes_caches(texte)).strip()


def sans_signes_caches(texte: str) -> str:
    """Rend le texte sans les signes qui ne se voient pas ou renversent la lecture ; les lignes restent."""
    return "".join(
        signe
        for signe in texte
        if signe in "\n\r\t" or unicodedata.category(signe) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
    )
