"""La forme pivot : les lignes que rend chaque format, et que le lecteur lit toutes de la même façon.

Une ligne est un titre (`## Titre`), un paragraphe, une liste (`<ul><li>…</li></ul>`), une note
(`[^3]: texte`) ou une rangée de tableau : ses cellules, séparées par des tabulations. Une rangée
dont la première cellule est vide continue la précédente. Le texte est échappé (`&lt;`) ; les
seules balises sont `p`, `ul`, `li`, `b`, `br` et `sup` (un appel de note).
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass, field

from parvis.cadre.importation.structure import Anomalie

TITRES_MAX = 6


@dataclass(slots=True)
class Pivot:
    """Les lignes d'un document ; `reperes` dit où chacune se trouve pour qui tient le document.

    Un repère est écrit pour être lu (« page 12 », « feuille Fiches, ligne 4 ») ; il est vide quand
    la ligne du pivot est celle du fichier.
    """

    lignes: list[str] = field(default_factory=list)
    reperes: list[str] = field(default_factory=list)
    anomalies: list[Anomalie] = field(default_factory=list)

    def ajouter(self, ligne: str, repere: str = "") -> None:
        """Ajoute une ligne et son repère ; une ligne vide ne compte pas."""
        if ligne.strip():
            self.lignes.append(ligne)
            self.reperes.append(repere)

    def signaler(self, nature: str, texte: str) -> None:
        """Ajoute une anomalie à la dernière ligne lue."""
        self.anomalies.append(Anomalie(max(1, len(self.lignes)), nature, texte))


def echapper(texte: str) -> str:
    """Rend un texte qui ne peut passer ni pour une balise ni pour un séparateur de cellules."""
    return html.escape(texte.replace("\t", " ").replace("\n", " "), quote=False)


def titre(fragment: str, niveau: int) -> str:
    """Rend la ligne d'un titre, de 1 (le plus grand) à 6."""
    return f"{'#' * min(max(niveau, 1), TITRES_MAX)} {fragment}" if fragment.strip() else ""


def paragraphe(fragment: str) -> str:
    """Rend un paragraphe, pour une cellule de tableau."""
    return f"<p>{fragment}</p>" if fragment.strip() else ""


def liste(points: Iterable[tuple[int, str]]) -> str:
    """Rend une liste à puces ; chaque point porte sa profondeur, 0 pour le premier niveau."""
    morceaux: list[str] = []
    ouvertes = 0
    for profondeur, fragment in points:
        if not fragment.strip():
            continue
        voulues = min(profondeur, 8) + 1
        morceaux += ["<ul>"] * (voulues - ouvertes) + ["</ul>"] * (ouvertes - voulues)
        ouvertes = voulues
        morceaux.append(f"<li>{fragment}</li>")
    return "".join(morceaux) + "</ul>" * ouvertes


def rangee(cellules: Iterable[str]) -> str:
    """Rend une rangée de tableau ."""
    return "\t".join(cellule.replace("\t", " ").replace("\n", " ") for cellule in cellules)


def note(numero: int, fragment: str) -> str:
    """Rend une note de bas de page."""
    return f"[^{numero}]: {fragment}"
