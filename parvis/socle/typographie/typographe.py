"""Le typographe : un processus à part, borné, qui compose un PDF et rend sa mémoire en finissant.

Typst garde en mémoire ce qu'il a composé, pour aller plus vite la fois suivante : un gigaoctet après
cinq contrats. Un serveur ne peut pas le lui laisser.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import typst

MEMOIRE_MAX = 2048 * 1024 * 1024
SECONDES_MAX = 60
_SANS_DESSIN = re.compile(r'text `"(?P<signe>[^`]+)"` could not be displayed')
_PREMIER_LOINTAIN = 0x2E80  # au-delà, idéogrammes et pictogrammes : nos polices n'en ont pas
_CARRE = "□"
_ESSAIS = 12


def composer(gabarit: Path, document: str, date: int) -> bytes:
    """Rend un PDF/UA-1 ; Typst refuse de l'écrire si sa structure n'est pas accessible.

    Un signe que les polices n'ont pas devient un carré, sans quoi le document entier manquerait.
    """
    # Les polices de Typst, et les siennes seules : le rendu est le même partout.
    compilateur = typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False))
    for _ in range(_ESSAIS):
        try:
            rendu = compilateur.compile(
                gabarit.read_bytes(),
                format="pdf",
                sys_inputs={"document": document},
                pdf_standards=["ua-1"],
                timestamp=date,
            )
        except typst.TypstError as erreur:
            sans_dessin = _SANS_DESSIN.search(erreur.message)
            if sans_dessin is None:
                raise
            document = _sans_ces_signes(document, sans_dessin["signe"])
        else:
            assert isinstance(rendu, bytes)
            return rendu
    raise ValueError("ce document a trop de signes que les polices n'ont pas.")


def _sans_ces_signes(document: str, signes: str) -> str:
    return "".join(_CARRE if c in signes or ord(c) >= _PREMIER_LOINTAIN else c for c in document)


def _borner() -> None:
    """Borne la mémoire et le temps de ce processus, là où le système le permet."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMOIRE_MAX, MEMOIRE_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDES_MAX, SECONDES_MAX))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _borner()
    travail = json.load(sys.stdin)
    document = json.dumps(travail["document"], ensure_ascii=False)
    pdf = composer(Path(travail["gabarit"]), document, travail["date"])
    sys.stdout.buffer.write(pdf)
