"""Des blocs d'une rubrique de noms aux noms imprimés, un par ligne."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from .fragments import Bloc
from .lexique import repertoire
from .montants import est_un_montant
from .segments import segmenter
from .texte import hors_parentheses

_BORDS = " ;.,:•–—+"
_SUITE_DE_PHRASE = re.compile(r"\.\s+(?=[A-ZÀ-ÖØ-Þ])")


@dataclass(frozen=True, slots=True)
class Imprime:
    """Nom imprimé, sa ligne, et s'il est un enfant de l'intitulé qui précède (« Etat : • … »)."""

    texte: str
    ligne: int
    enfant: bool = False
    annonce: bool = False
    confiance: float = 1.0


def lignes_imprimees(blocs: list[Bloc]) -> list[Imprime]:
    """Rend un nom imprimé par segment (paragraphe, puce, série d'espaces, saut de ligne, point-virgule)."""
    resultat: list[Imprime] = []
    annonce_ouverte = False
    for rang, bloc in enumerate(blocs):
        suivant = blocs[rang + 1] if rang + 1 < len(blocs) else None
        segments = [morceau for s in bloc.segments for morceau in hors_parentheses(s, ";")]
        confiance = 1.0 if len(segments) == 1 else 0.95
        enfant = annonce_ouverte and bloc.genre == "puce"
        annonce_ouverte = enfant
        for place, segment in enumerate(segments):
            dernier = place == len(segments) - 1
            annonce = (
                dernier
                and segment.endswith(":")
                and suivant is not None
                and suivant.genre == "puce"
            )
            if enfant and (coupe := _SUITE_DE_PHRASE.search(segment)):
                # texte aplati : « • Direccte. Organismes paritaires … » sort de la liste au point
                resultat.append(
                    Imprime(segment[: coupe.start()], bloc.ligne, True, False, confiance)
                )
                segment, enfant, annonce_ouverte = segment[coupe.end() :], False, False
            resultat.append(Imprime(segment, bloc.ligne, enfant, annonce, confiance))
            annonce_ouverte = annonce_ouverte or annonce
    return [replace(i, texte=i.texte.strip(_BORDS)) for i in resultat if i.texte.strip(_BORDS)]


def recoller(imprimes: list[Imprime]) -> list[Imprime]:
    """Recolle un nom coupé par une page ou une fin de ligne quand seul l'ensemble est connu."""
    resultat: list[Imprime] = []
    for imprime in imprimes:
        if resultat and not imprime.annonce and _meme_nom(resultat[-1], imprime):
            resultat[-1] = replace(resultat[-1], texte=f"{resultat[-1].texte} {imprime.texte}")
        else:
            resultat.append(imprime)
    return resultat


def _meme_nom(avant: Imprime, apres: Imprime) -> bool:
    if est_un_montant(apres.texte):
        return True  # « CAF », et son montant à la ligne suivante
    connu = repertoire().trouver
    ensemble = connu(f"{avant.texte} {apres.texte}")
    if ensemble is not None and (connu(avant.texte) is None or apres.texte[:1].islower()):
        return True
    if connu(apres.texte) is not None or connu(avant.texte) is not None:
        return False
    derniers = segmenter(avant.texte)
    if (
        len(derniers) > 1
        and connu(f"{avant.texte[derniers[-1].debut :]} {apres.texte}") is not None
    ):
        return True
    return avant.texte.count("(") > avant.texte.count(")")
