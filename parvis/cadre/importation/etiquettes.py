"""Étiquettes de niveau : ce qu'une fiche dit, sous son titre, du pilier et de l'enjeu où elle est.

« Objectif stratégique | Loger mieux » dans le tableau d'une fiche ne commence pas un objectif : la
rangée y renvoie. Quand aucun titre ne dit un niveau du document, ces étiquettes sont seules à le
faire, et la première qui nomme un pilier ou un enjeu l'ouvre.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz

from .blocs import Rangee, Titre
from .etiquettes_lues import Etiquette, lire_les_etiquettes
from .niveaux import Niveaux
from .numeros import cle_de_numero
from .rubriques import Libelle, LibelleImprime, deviner, reconnaitre
from .texte import cle
from .titres import mot_imprime

_NIVEAUX = ("pilier", "intermediaire", "enjeu")
_SEUIL = 92
_MEME = 90
_MEME_NUMERO = 75  # le numéro dit déjà presque tout
_PLUSIEURS = 3
_CONNUS_MAX = 200  # borne le coût d'un document hostile


@dataclass
class _Connus:
    """Titres d'un niveau rencontrés jusqu'ici, par numéro et par texte."""

    par_numero: dict[str, Titre] = field(default_factory=dict)
    par_texte: dict[str, Titre] = field(default_factory=dict)
    mots: set[str] = field(default_factory=set)

    def retenir(self, titre: Titre) -> None:
        if titre.numero:
            self.par_numero[cle_de_numero(titre.numero)] = titre
        self.par_texte[cle(titre.texte)] = titre
        self.mots.add(titre.mot)

    def trouver(self, etiquette: Etiquette) -> Titre | None:
        """Rend le titre que nomme une étiquette, par son numéro ou par son texte."""
        clef = cle(etiquette.texte)
        meme = self.par_numero.get(cle_de_numero(etiquette.numero)) if etiquette.numero else None
        if meme and (not clef or fuzz.ratio(clef, cle(meme.texte)) >= _MEME_NUMERO):
            return meme
        if etiquette.numero or clef in self.par_texte:
            return self.par_texte.get(clef)
        proches = list(self.par_texte.items())[-_CONNUS_MAX:]
        return next((t for texte, t in proches if _se_lisent_pareil(clef, texte)), None)


def _se_lisent_pareil(clef: str, autre: str) -> bool:
    """Dit si deux titres ne diffèrent que d'une faute : « quartier 1 » n'est pas « quartier 2 »."""
    chiffres = [re.findall(r"\d+", texte) for texte in (clef, autre)]
    return chiffres[0] == chiffres[1] and fuzz.ratio(clef, autre) >= _MEME


def etiqueter(rangees: list[Rangee], niveaux: Niveaux) -> list[Rangee]:
    """Rend les lignes, chaque étiquette devenue un renvoi à son niveau, ou une rubrique de sa fiche."""
    etiquettes = lire_les_etiquettes(rangees, niveaux)
    if not etiquettes:
        return rangees
    titres = [None if n in etiquettes else niveaux.titre_de(r) for n, r in enumerate(rangees)]
    imprimes = {t.niveau for t in titres if t is not None and t.niveau in _NIVEAUX}
    places = _places(list(etiquettes.values()), niveaux, imprimes)
    connus = {niveau: _Connus() for niveau in _NIVEAUX}
    resultat = []
    for rang, (rangee, titre) in enumerate(zip(rangees, titres, strict=True)):
        if titre is not None and titre.niveau in _NIVEAUX:
            connus[titre.niveau].retenir(titre)
        if rang in etiquettes:
            etiquette = etiquettes[rang]
            niveau = places.get(etiquette.mot, "")
            renvoi = _renvoi(etiquette, niveau, connus, imprimes) if niveau else None
            rangee = replace(rangee, titre=renvoi) if renvoi else _rubrique(rangee, etiquette)
        resultat.append(rangee)
    return resultat


def _renvoi(
    etiquette: Etiquette, niveau: str, connus: dict[str, _Connus], imprimes: set[str]
) -> Titre | None:
    """Rend le titre auquel renvoie une étiquette ; rien si les titres du document n'en savent rien."""
    place = "devant" if etiquette.devant else "dessous"
    connu = connus[niveau].trouver(etiquette)
    if connu is not None:
        return replace(connu, renvoi=place, dieses=0)
    if niveau in imprimes and not (etiquette.numero and etiquette.mot in connus[niveau].mots):
        return None
    texte = etiquette.texte or f"{mot_imprime(etiquette.mot)} {etiquette.numero}"
    titre = Titre(niveau, etiquette.numero, texte, mot=etiquette.mot, renvoi=place)
    connus[niveau].retenir(titre)
    return titre


def _rubrique(rangee: Rangee, etiquette: Etiquette) -> Rangee:
    """Rend une étiquette qui ne renvoie à rien de connu en rubrique de sa fiche."""
    if rangee.libelle is not None:
        return rangee
    imprime = mot_imprime(etiquette.mot)
    morceaux = [m for m in (etiquette.numero, etiquette.texte) if m]
    libelle = reconnaitre(imprime, seuil=_SEUIL) or deviner(imprime) or Libelle("autre")
    contenu = " : ".join(morceaux)
    return replace(
        rangee,
        cellules=(imprime, contenu),
        libelle=LibelleImprime(libelle, imprime, contenu),
    )


def _places(etiquettes: list[Etiquette], niveaux: Niveaux, imprimes: set[str]) -> dict[str, str]:
    """Rend le niveau de chaque mot d'étiquette ; un mot sans niveau ouvre une rubrique."""
    mots = {e.mot: e.niveau for e in etiquettes}
    places = {mot: niveaux.mots[mot] for mot in mots if niveaux.mots.get(mot) in _NIVEAUX}
    neufs = [mot for mot in mots if mot not in places]
    larges = [mot for mot in neufs if mots[mot] == "pilier"]
    fins = [mot for mot in neufs if mots[mot] == "enjeu"]
    libres = [mot for mot in fins if _est_libre(mot, etiquettes)] if larges or imprimes else []
    if "enjeu" not in imprimes:
        fins = [mot for mot in fins if mot not in libres]
    if not fins and len(larges) > 1 and not imprimes:
        *larges, dernier = larges
        fins = [dernier]
    if not larges and "pilier" not in imprimes and len(fins) > 1:
        premier, *fins = fins
        larges = [premier]
    places |= dict.fromkeys(larges[1:] if "pilier" not in imprimes else [], "intermediaire")
    places |= dict.fromkeys(larges[:1] if "pilier" not in imprimes else larges, "pilier")
    places |= dict.fromkeys(fins[:-1] if "enjeu" not in imprimes else [], "intermediaire")
    places |= dict.fromkeys(fins[-1:] if "enjeu" not in imprimes else fins, "enjeu")
    return places


def _est_libre(mot: str, etiquettes: list[Etiquette]) -> bool:
    """Dit si un mot qui peut ouvrir une rubrique (« Objectif ») a, dans chaque fiche, un texte à elle."""
    if deviner(mot) is None and reconnaitre(mot, seuil=_SEUIL) is None:
        return False
    siennes = [e for e in etiquettes if e.mot == mot]
    differents = {cle(e.texte) for e in siennes}
    return len(siennes) == len(differents) >= _PLUSIEURS and not any(e.numero for e in siennes)
