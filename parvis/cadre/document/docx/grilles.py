"""Les tableaux d'un document Word : la grille d'une fiche, les index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise

from parvis.cadre.document.description import (
    Grille,
    Index,
    Rubrique,
    Tableau,
    insecables,
    paragraphes,
)
from parvis.cadre.document.docx.balises import attribut, paragraphe, run

LARGEUR = 9638
LIBELLE = 1900
_TEINTE, _TEINTE_PALE = "DCE4EE", "F1F4F8"
_GARDER = "<w:keepNext/>"


def grille(partie: Grille) -> str:
    """Rend une grille : le libellé de chaque rubrique à gauche, son texte ou son tableau à droite."""
    bornes = sorted({0, LIBELLE, LARGEUR, *(b for r in partie.rubriques for b in _bornes_de(r))})
    rangees = [_rangee_d_en_tete(partie.entete, bornes)] if partie.entete else []
    for rubrique in partie.rubriques:
        rangees.extend(_rangees(rubrique, bornes))
    return _tableau(partie.resume, bornes, rangees, a_un_en_tete=partie.entete is not None)


def index(partie: Index) -> str:
    """Rend un tableau d'annexe, son en-tête répété à chaque page."""
    bornes = [0, *_bornes(partie.tableau, 0, LARGEUR)]
    rangees = [
        _rangee([_en_tete(c.intitule) for c in partie.tableau.colonnes], bornes, bornes, True)
    ]
    for ligne in partie.tableau.lignes:
        rangees.append(_rangee([_texte_de_case(case) for case in ligne], bornes, bornes))
    return _tableau(partie.resume, bornes, rangees, a_un_en_tete=True)


def _bornes_de(rubrique: Rubrique) -> list[int]:
    if isinstance(rubrique.contenu, str):
        return []
    return _bornes(rubrique.contenu, LIBELLE, LARGEUR)


def _bornes(tableau: Tableau, debut: int, fin: int) -> list[int]:
    """Rend la fin de chaque colonne, en vingtièmes de point."""
    parts = [colonne.part for colonne in tableau.colonnes]
    return [debut + (fin - debut) * total // sum(parts) for total in accumulate(parts)]


def _rangee_d_en_tete(entete: tuple[str, str], bornes: list[int]) -> str:
    cases = [_en_tete(texte) for texte in entete]
    return _rangee(cases, [0, LIBELLE, LARGEUR], bornes, est_un_en_tete=True)


def _rangees(rubrique: Rubrique, bornes: list[int]) -> Iterator[str]:
    if isinstance(rubrique.contenu, str):
        contenu = _cellule("".join(_blocs(rubrique.contenu)))
        yield _rangee(
            [_libelle(rubrique.libelle), contenu], [0, LIBELLE, LARGEUR], bornes, insecable=False
        )
        return
    tableau = rubrique.contenu
    colonnes = [0, LIBELLE, *_bornes(tableau, LIBELLE, LARGEUR)]
    intitules = [_intitule(colonne.intitule) for colonne in tableau.colonnes]
    yield _rangee([_libelle(rubrique.libelle, "restart"), *intitules], colonnes, bornes)
    for ligne in tableau.lignes:
        cases = [_texte_de_case(case) for case in ligne]
        yield _rangee([_libelle("", "continue"), *cases], colonnes, bornes)


def _rangee(
    cellules: Sequence[tuple[str, str]],
    colonnes: list[int],
    bornes: list[int],
    est_un_en_tete: bool = False,
    insecable: bool = True,
) -> str:
    """Rend une rangée : chaque cellule couvre les colonnes de la grille entre ses deux bornes."""
    rendues = []
    for (proprietes, contenu), (debut, fin) in zip(cellules, pairwise(colonnes), strict=True):
        portee = bornes.index(fin) - bornes.index(debut)
        fusion = f'<w:gridSpan w:val="{portee}"/>' if portee > 1 else ""
        largeur = f'<w:tcW w:w="{fin - debut}" w:type="dxa"/>'
        rendues.append(f"<w:tc><w:tcPr>{largeur}{fusion}{proprietes}</w:tcPr>{contenu}</w:tc>")
    coupe = "<w:cantSplit/>" if insecable else ""
    entete = "<w:tblHeader/>" if est_un_en_tete else ""
    proprietes = f"<w:trPr>{coupe}{entete}</w:trPr>" if coupe or entete else ""
    return f"<w:tr>{proprietes}{''.join(rendues)}</w:tr>"


def _cellule(contenu: str, teinte: str = "", fusion: str = "") -> tuple[str, str]:
    """Rend les propriétés et le contenu d'une cellule, qui tient toujours un paragraphe."""
    verticale = f'<w:vMerge w:val="{fusion}"/>' if fusion else ""
    fond = f'<w:shd w:val="clear" w:color="auto" w:fill="{teinte}"/>' if teinte else ""
    return f"{verticale}{fond}", contenu or paragraphe("Case", "")


def _libelle(texte: str, fusion: str = "") -> tuple[str, str]:
    garder = _GARDER if fusion else ""
    contenu = paragraphe("Libelle", run(insecables(texte)), garder) if texte else ""
    return _cellule(contenu, _TEINTE_PALE, fusion)


def _en_tete(texte: str) -> tuple[str, str]:
    return _cellule(paragraphe("Libelle", run(insecables(texte)), _GARDER), _TEINTE)


def _intitule(texte: str) -> tuple[str, str]:
    return _cellule(paragraphe("Intitule", run(insecables(texte)), _GARDER), _TEINTE_PALE)


def _texte_de_case(texte: str) -> tuple[str, str]:
    return _cellule(paragraphe("Case", run(insecables(texte))) if texte else "")


def _blocs(texte: str) -> Iterator[str]:
    for est_un_point, bloc in paragraphes(texte):
        yield paragraphe("PuceDeCase" if est_un_point else "Case", run(bloc))


def _tableau(
    resume: str, bornes: list[int], rangees: Iterable[str], a_un_en_tete: bool = False
) -> str:
    largeurs = "".join(f'<w:gridCol w:w="{fin - debut}"/>' for debut, fin in pairwise(bornes))
    premiere = int(a_un_en_tete)
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="Grille"/>'
        f'<w:tblW w:w="{LARGEUR}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblLook w:val="04A0" w:firstRow="{premiere}" w:lastRow="0" w:firstColumn="1"'
        ' w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>'
        f"<w:tblCaption w:val={attribut(insecables(resume))}/></w:tblPr>"
        f"<w:tblGrid>{largeurs}</w:tblGrid>{''.join(rangees)}</w:tbl>"
        + paragraphe("ApresGrille", "")
    )
