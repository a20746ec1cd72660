"""Impression d'un document en PDF : sa description passe au typographe en données, jamais en code."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from parvis.cadre.document.description import Document, Rubrique, Texte, insecables, paragraphes

RACINE = Path(__file__).resolve().parents[4]
SECONDES_MAX = 120
_TYPOGRAPHE = "parvis.cadre.document.pdf.typographe"
_INVISIBLES = ("Cc", "Cf", "Cs", "Co", "Cn")


class ImpressionImpossible(RuntimeError):
    """Un document que le typographe n'a pas su composer, avec ce qu'il en dit."""


def ecrire_pdf(document: Document) -> bytes:
    """Rend un PDF/UA-1, composé dans un autre processus ; lève ImpressionImpossible."""
    travail = {"date": int(document.date.timestamp()), "document": _donnees(document)}
    try:
        fini = subprocess.run(  # noqa: S603 — notre propre module, sans argument
            [sys.executable, "-m", _TYPOGRAPHE],
            cwd=RACINE,
            input=json.dumps(travail).encode(),
            capture_output=True,
            timeout=SECONDES_MAX,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ImpressionImpossible("Le document est trop long à composer.") from None
    if fini.returncode:
        raise ImpressionImpossible(fini.stderr.decode(errors="replace")[-2000:])
    return fini.stdout


def _visible(texte: str) -> str:
    """Rend un texte sans les signes qui ne se dessinent pas."""
    return "".join(c for c in texte if unicodedata.category(c) not in _INVISIBLES)


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
