"""Impression d'un document en PDF : sa description passe au gabarit en données, jamais en code."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import typst

from parvis.cadre.document.description import Document, Rubrique, Texte, insecables, paragraphes

_GABARIT = Path(__file__).with_name("gabarit.typ")


_SANS_DESSIN = re.compile(r'text `"(?P<signe>[^`]+)"` could not be displayed')
_INVISIBLES = ("Cc", "Cf", "Cs", "Co", "Cn")
_PREMIER_LOINTAIN = 0x2E80  # au-delà, idéogrammes et pictogrammes : nos polices n'en ont pas
_CARRE = "□"
_ESSAIS = 12


def ecrire_pdf(document: Document) -> bytes:
    """Rend un PDF/UA-1 ; Typst refuse de l'écrire si sa structure n'est pas accessible.

    Un signe que les polices n'ont pas devient un carré, sans quoi le document entier manquerait.
    """
    donnees = json.dumps(_donnees(document), ensure_ascii=False)
    gabarit, compilateur = _GABARIT.read_bytes(), typst.Compiler(font_paths=_polices())
    for _ in range(_ESSAIS):
        try:
            rendu = compilateur.compile(
                gabarit,
                format="pdf",
                sys_inputs={"document": donnees},
                pdf_standards=["ua-1"],
                timestamp=int(document.date.timestamp()),
            )
        except typst.TypstError as erreur:
            sans_dessin = _SANS_DESSIN.search(erreur.message)
            if sans_dessin is None:
                raise
            donnees = _sans_ces_signes(donnees, sans_dessin["signe"])
        else:
            assert isinstance(rendu, bytes)
            return rendu
    raise ValueError("Ce document a trop de signes que les polices n'ont pas.")


def _sans_ces_signes(donnees: str, signes: str) -> str:
    return "".join(_CARRE if c in signes or ord(c) >= _PREMIER_LOINTAIN else c for c in donnees)


def _visible(texte: str) -> str:
    """Rend un texte sans les signes qui ne se dessinent pas."""
    return "".join(c for c in texte if unicodedata.category(c) not in _INVISIBLES)


@cache
def _polices() -> typst.Fonts:
    """Rend les polices de Typst, les siennes seules : le rendu est le même partout."""
    return typst.Fonts(include_system_fonts=False)


def _donnees(valeur: Any) -> Any:
    """Rend la description en types simples ; chaque partie porte son genre, un texte ses blocs."""
    if isinstance(valeur, Texte):
        return _blocs(valeur.texte)
    if isinstance(valeur, Rubrique):
        contenu = valeur.contenu
        rendu = _blocs(contenu) if isinstance(contenu, str) else _donnees(contenu)
        return {"libelle": _donnees(valeur.libelle), "contenu": rendu}
    if is_dataclass(valeur):
        nommes = {champ.name: _donnees(getattr(valeur, champ.name)) for champ in fields(valeur)}
        return {"genre": type(valeur).__name__.lower(), **nommes}
    if isinstance(valeur, tuple):
        return [_donnees(element) for element in valeur]
    if isinstance(valeur, str):
        return insecables(_visible(valeur))
    return valeur if isinstance(valeur, int) or valeur is None else str(valeur)


def _blocs(texte: str) -> dict[str, Any]:
    blocs = [(est_un_point, _visible(bloc)) for est_un_point, bloc in paragraphes(texte)]
    return {"genre": "texte", "blocs": blocs}
