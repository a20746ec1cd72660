"""Écrit un contrat d'essai comme un traitement de texte l'enregistre en texte : un paragraphe par ligne."""

from __future__ import annotations

from pathlib import Path

from tests.fabriques.impression_docx import decouper


def imprimer(lignes: list[str], chemin: Path, *, tabulations: bool = False) -> Path:
    """Écrit des lignes du pivot en texte ; les cellules l'une sous l'autre, ou sur une même ligne."""
    resultat: list[str] = []
    for ligne in lignes:
        cellules = [_paragraphes(cellule) for cellule in ligne.lstrip("# ").split("\t")]
        renvoi = len(cellules) > 1 and cellules[1][0].isdigit()
        if len(cellules) > 1 and (tabulations or renvoi):
            resultat.append("\t".join(c[0] for c in cellules))
            resultat += [suite for c in cellules for suite in c[1:]]
        else:
            resultat += [paragraphe for c in cellules for paragraphe in c]
    chemin.write_text("\ufeff" + "\n".join(resultat) + "\n", encoding="utf-8")
    return chemin


def _paragraphes(cellule: str) -> list[str]:
    """Rend les paragraphes d'une cellule ; une liste y est précédée d'un paragraphe vide."""
    points = decouper(cellule)
    textes = [f"    • {p.nu}" if p.profondeur is not None else p.nu for p in points]
    return ["", *textes] if not points or points[0].profondeur is not None else textes
