"""Copies abîmées d'un document : mêmes faits, autre mise en page. La lecture ne doit pas changer."""

from __future__ import annotations

import random
import re

_NOMS = re.compile(r"^(?:<p>)?Partenaires? (?:financeurs|opérateurs)")
_PARAGRAPHES = re.compile(r"</p>\s*<p>")
_PUCES = re.compile(r"</li>\s*<li>")
_TIRETS = ("--\t---", "---\t--", "--\t--", "---")


def _lignes(texte: str, changer) -> str:
    return "\n".join(changer(ligne) for ligne in texte.split("\n"))


def _est_rangee(ligne: str) -> bool:
    return "\t" in ligne and not ligne.startswith("\t") and ("<p>" in ligne or "<li>" in ligne)


def couper_entre_blocs(texte: str, graine: int) -> str:
    """Coupe des rangées entre deux paragraphes ou deux puces, avec ou sans rangée de tirets."""
    hasard = random.Random(graine)

    def changer(ligne: str) -> str:
        if not _est_rangee(ligne) or hasard.random() < 0.3:
            return ligne
        debut = ligne.index("\t")
        coupes = [(m, "p") for m in _PARAGRAPHES.finditer(ligne, debut)]
        coupes += [(m, "li") for m in _PUCES.finditer(ligne, debut)]
        if not coupes:
            return ligne
        coupe, genre = hasard.choice(coupes)
        tirets = f"\n{hasard.choice(_TIRETS)}\n" if hasard.random() < 0.5 else "\n"
        avant, apres = ligne[: coupe.start()], ligne[coupe.end() :]
        if genre == "p":
            return f"{avant}</p>{tirets}\n\t<p>{apres}"
        return f"{avant}</li> </ul>{tirets}\n\t<ul> <li>{apres}"

    return _lignes(texte, changer)


def couper_dans_les_phrases(texte: str, graine: int) -> str:
    """Coupe les descriptifs au milieu d'une phrase (deux mots en minuscules)."""
    hasard = random.Random(graine)

    def changer(ligne: str) -> str:
        if not re.match(r"(?:<p>)?Descriptif", ligne) or "</b>" in ligne[-30:]:
            return ligne
        coupes = [m.start() for m in re.finditer(r"(?<=[a-zé]{3}) (?=[a-zé]{3,} [a-zé])", ligne)]
        coupes = [c for c in coupes if c > ligne.index("\t") and _hors_balise(ligne, c)]
        if not coupes:
            return ligne
        coupe = hasard.choice(coupes)
        if ligne.rfind("<li>", 0, coupe) > ligne.rfind("</li>", 0, coupe):
            reste = ligne[coupe + 1 :].replace("</li>", "</p> <ul>", 1)
            return f"{ligne[:coupe]}</li></ul>\n\n\t<p>{reste}"
        return f"{ligne[:coupe]}</p>\n\n\t<p>{ligne[coupe + 1 :]}"

    return _lignes(texte, changer)


def _hors_balise(ligne: str, position: int) -> bool:
    gras = ligne.rfind("<b>", 0, position) > ligne.rfind("</b>", 0, position)
    return not gras and ligne.rfind("<", 0, position) <= ligne.rfind(">", 0, position)


def _noms_en(texte: str, separateur: str, tete: str = "", queue: str = "") -> str:
    """Remplace les <p> d'une cellule de noms simples par un autre encodage."""

    def changer(ligne: str) -> str:
        if not _NOMS.match(ligne) or "<ul" in ligne or "\t<p>" not in ligne:
            return ligne
        label, cellule = ligne.split("\t", 1)
        noms = [n for n in re.findall(r"<p>(.*?)</p>", cellule) if n]
        if any(re.search(r"\s{2,}|•", nom) for nom in noms):
            return ligne
        return f"{label}\t{tete}{separateur.join(noms)}{queue}"

    return _lignes(texte, changer)


def noms_en_retours(texte: str) -> str:
    """Un nom par <br>."""
    return _noms_en(texte, "<br>", "<p>", "</p>")


def noms_en_espaces(texte: str) -> str:
    """Des séries d'espaces insécables."""
    return _noms_en(texte, " \u00a0 \u00a0 ", "<p>", "</p>")


def noms_colles(texte: str) -> str:
    """Des espaces simples : seul le lexique sépare."""
    return _noms_en(texte, " ")


def noms_en_puces(texte: str) -> str:
    """Une liste HTML à puces imprimées."""
    return _noms_en(texte, "</li><li>• ", "<ul><li>• ", "</li></ul>")


def noms_en_tirets(texte: str) -> str:
    """Des puces d'une même ligne."""
    return _noms_en(texte, " • ", "• ")


def noms_en_points_virgules(texte: str) -> str:
    """Des points-virgules."""
    return _noms_en(texte, " ; ")


def libelles_fautifs(texte: str, graine: int) -> str:
    """Échange deux lettres dans les libellés de rubriques."""
    hasard = random.Random(graine)

    def changer(ligne: str) -> str:
        trouve = re.match(r"(?:<p>)?(Descriptif|Partenaires|Dispositifs) ([^\t<]+)", ligne)
        if trouve is None or "\t" not in ligne:
            return ligne
        place = hasard.randrange(trouve.start(2), trouve.end(2) - 1)
        return ligne[:place] + ligne[place + 1] + ligne[place] + ligne[place + 2 :]

    return _lignes(texte, changer)


def sans_balises_fermantes(texte: str) -> str:
    """Retire toutes les balises fermantes."""
    return re.sub(r"</(?:p|li|ul|b)>", "", texte)


def sans_marques(texte: str) -> str:
    """Retire dièses, flèches et gras des titres."""

    def changer(ligne: str) -> str:
        if "Enjeu stratégique n°" in ligne[:40] or "Fiche opérationnelle n°" in ligne[:50]:
            return re.sub(r"^[#*→\s\[]+|</?[bp]>|\*\*|\]\(#\)", "", ligne)
        return ligne

    return _lignes(texte, changer)
