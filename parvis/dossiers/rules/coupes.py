"""Ce qui dépasse d'un champ trop court : où il couperait, et où couper mieux. Jamais en silence."""

import re
from dataclasses import dataclass
from itertools import accumulate

LIMITE_AU_PLUS = 100_000
# Une phrase finit là ; à défaut, une ligne, puis un mot.
_FINS = (re.compile(r"[.!?…](?=\s)"), re.compile(r"(?<=\S)(?=\n)"), re.compile(r"(?<=\S)(?=\s)"))
# Une coupe ne se propose pas si elle perd plus de la moitié de la place.
_MOITIE = 2
_AUTOUR = 30


@dataclass(frozen=True)
class Coupe:
    """Un texte trop long : de combien, où le portail le couperait, ce qui tient et ce qui reste."""

    longueur: int
    limite: int
    tombe_apres: str
    garde: str
    reste: str

    @property
    def de_trop(self) -> int:
        return self.longueur - self.limite


def compter(texte: str) -> int:
    """Rend le nombre de signes d'un texte tel qu'un navigateur le compte (unités UTF-16)."""
    return len(texte.encode("utf-16-le", "surrogatepass")) // 2


def couper(texte: str, limite: int | None) -> Coupe | None:
    """Rend où un champ de cette limite couperait le texte, et une coupe nette ; None s'il tient."""
    if limite is None or compter(texte) <= limite:
        return None
    tient = _debut(texte, limite)
    garde = texte[: _coupe_nette(texte, len(tient))].rstrip()
    return Coupe(
        compter(texte), limite, tient[-_AUTOUR:].lstrip(), garde, texte[len(garde) :].strip()
    )


def _debut(texte: str, limite: int) -> str:
    """Rend le plus long début qui tient dans la limite."""
    longueurs = accumulate(compter(signe) for signe in texte)
    return texte[: sum(longueur <= limite for longueur in longueurs)]


def _coupe_nette(texte: str, place: int) -> int:
    """Rend où couper : à la dernière fin de phrase, de ligne ou de mot qui garde assez de texte."""
    for fin in _FINS:
        rangs = [
            trouve.end() for trouve in fin.finditer(texte[: place + 1]) if trouve.end() <= place
        ]
        if rangs and rangs[-1] * _MOITIE >= place:
            return rangs[-1]
    return place


def motifs_sur_la_limite(limite: int) -> list[str]:
    """Rend pourquoi une limite vue sur un portail ne se garde pas."""
    if 1 <= limite <= LIMITE_AU_PLUS:
        return []
    return ["Écrivez le nombre de signes que permet le portail, par exemple 2000."]
