"""Confier un gabarit et ses données au typographe, et rendre son PDF."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from datetime import datetime
from pathlib import Path
from typing import Any

RACINE = Path(__file__).resolve().parents[3]
SECONDES_MAX = 120
_TYPOGRAPHE = "parvis.socle.typographie.typographe"
_INVISIBLES = ("Cc", "Cf", "Cs", "Co", "Cn")


class ImpressionImpossible(RuntimeError):
    """Un document que le typographe n'a pas su composer, avec ce qu'il en dit."""


def composer_un_pdf(gabarit: Path, donnees: Any, date: datetime) -> bytes:
    """Rend le PDF d'un gabarit Typst, qui lit ses données dans `sys.inputs` ; lève ImpressionImpossible."""
    travail = {"gabarit": str(gabarit), "date": int(date.timestamp()), "document": donnees}
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


def visible(texte: str) -> str:
    """Rend un texte sans les signes qui ne se dessinent pas."""
    return "".join(c for c in texte if unicodedata.category(c) not in _INVISIBLES)
