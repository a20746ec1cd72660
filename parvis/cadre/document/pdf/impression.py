"""Impression d'un document en PDF : sa description passe au typographe en données, jamais en code."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from parvis.cadre.document.description import Document, Rubrique, Texte, insecables, paragraphes
from parvis.socle.typographie import composer_un_pdf, visible

_GABARIT = Path(__file__).with_name("gabarit.typ")


def ecrire_pdf(document: Document) -> bytes:
    """Rend un PDF/UA-1, composé dans un autre processus ; lève ImpressionImpossible."""
    return composer_un_pdf(_GABARIT, _donnees(document), document.date)


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
        return insecables(visible(valeur))
    return valeur if isinstance(valeur, int) or valeur is None else str(valeur)


def _blocs(texte: str) -> dict[str, Any]:
    blocs = [(est_un_point, visible(bloc)) for est_un_point, bloc in paragraphes(texte)]
    return {"genre": "texte", "blocs": blocs}
