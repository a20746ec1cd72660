"""Imprime en PDF les lignes d'un contrat d'essai, avec Typst : le texte y passe en données."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from html.parser import HTMLParser
from pathlib import Path

import typst

_TIRETS = re.compile(r"^[\s|]*-{2,}[\s|-]*$")
_NOTE = re.compile(r"^\s*(?:\[\^(\d+)\]:|<sup>(\d+)</sup>|(\d+)(?=\s+Source))\s*(.+)$")
_TITRE = re.compile(r"^(#{1,6})\s*(.+)$")
_LIEN = re.compile(r"\[([^\[\]]+)\]\([^()]*\)")
_ADRESSE = re.compile(r"<(https?:[^<>]+)>")


@dataclass(frozen=True)
class Allure:
    """Mise en page d'une impression."""

    filets: bool = True
    espacement: str = "0.9em"  # blanc entre deux paragraphes ; « serre » n'en laisse aucun
    entete: str = ""
    pied: bool = True
    corps: str = "10pt"
    justifie: bool = False
    etiquette: str = "28%"
    police: str = "Libertinus Serif"
    paysage: bool = False
    titres_du_corps: bool = False  # ceux des fiches : en gras, tout contre ce qui les suit


_GABARIT = """
#let d = json(bytes(sys.inputs.donnees))
#let a = d.allure
#let blanc = if a.espacement == "serre" { 0.65em } else { eval(a.espacement) }
#set page(paper: "a4", flipped: a.paysage, margin: (x: if a.paysage { 1cm } else { 2cm }, y: 2.2cm),
  header: if a.entete != "" { align(right, text(size: 8pt, a.entete)) } else { none },
  footer: if a.pied { align(center, context counter(page).display()) } else { none })
#set text(size: eval(a.corps), lang: "fr", font: a.police)
#set par(leading: 0.65em, spacing: blanc, justify: a.justifie)
#set footnote.entry(gap: 0.5em)
#show heading: it => if a.titres_du_corps { block(above: 1.6em, below: 0.2em, it.body) } else {
  block(above: 1.4em, below: 1em, it.body) }
#let exposant(t) = super(typographic: false, t)
#let morceau(m) = {
  let t = if m.note != "" { footnote(m.note.map(n => text(n.texte)).join()) }
    else if m.exposant { exposant(m.texte) } else { text(m.texte) }
  if m.gras { strong(t) } else { t }
}
#let suite(ms) = ms.map(morceau).join()
#let bloc(b) = if b.genre == "puce" {
  block(spacing: blanc, pad(left: 1em + b.niveau * 1em,
    grid(columns: (0.9em, 1fr), text(b.marque), par(suite(b.morceaux)))))
} else { par(suite(b.morceaux)) }
#let cellule(bs) = bs.map(bloc).join()
#set footnote(numbering: n => exposant(str(n)))
#for e in d.elements {
  if e.genre == "titre" {
    heading(level: e.niveau, outlined: false,
      text(size: 1em * if a.titres_du_corps and e.niveau > 2 { 1 } else { 1.9 - 0.25 * e.niveau },
        suite(e.morceaux)))
  } else if e.genre == "tableau" {
    let deux = e.parts.len() == 2
    let entete = if deux { () } else { (table.header(..e.rangees.at(0).map(cellule)),) }
    table(columns: if deux { (eval(a.etiquette), 1fr) } else { e.parts.map(p => p * 1fr) },
      inset: if deux { 6pt } else { 3pt }, stroke: if a.filets { 0.5pt } else { none }, ..entete,
      ..e.rangees.slice(entete.len()).map(r => if r.len() == 1 {
        (table.cell(colspan: e.parts.len(), cellule(r.at(0))),)
      } else { r.map(cellule) }).flatten())
  } else if e.genre == "pointille" {
    block(spacing: 0.7em, [#suite(e.morceaux) #box(width: 1fr, repeat[.]) #e.page])
  } else { cellule(e.blocs) }
}
"""


class _Fragment(HTMLParser):
    """Un fragment devient des blocs : paragraphes et puces, faits de morceaux stylés."""

    def __init__(self, notes: dict[str, str]):
        super().__init__()
        self.notes = notes
        self.blocs: list[dict] = []
        self.gras = self.exposant = 0
        self.niveau = -1
        self._ouvrir("paragraphe")

    def _ouvrir(self, genre: str) -> None:
        self.blocs.append(
            {"genre": genre, "niveau": max(self.niveau, 0), "marque": "", "morceaux": []}
        )

    def handle_starttag(self, tag, attrs):
        if tag == "b":
            self.gras += 1
        elif tag == "sup":
            self.exposant += 1
        elif tag == "ul":
            self.niveau += 1
        elif tag == "li":
            self._ouvrir("puce")
        elif tag in ("p", "br"):
            self._ouvrir("paragraphe")

    def handle_endtag(self, tag):
        if tag == "b":
            self.gras -= 1
        elif tag == "sup":
            self.exposant -= 1
        elif tag == "ul":
            self.niveau -= 1
            self._ouvrir("paragraphe")
        elif tag in ("p", "li"):
            self._ouvrir("paragraphe")

    def handle_data(self, data):
        note = self.notes.get(data.strip()) if self.exposant else None
        precedents = self.blocs[-1]["morceaux"]
        if note and precedents and precedents[-1]["texte"].endswith(" m"):
            note = None  # « m² » : l'exposant d'une unité
        for rang, texte in enumerate(data.split("**")):
            if rang:
                self.gras = 0 if self.gras else 1
            if texte:
                morceau = {"texte": texte, "gras": self.gras > 0, "exposant": self.exposant > 0}
                appel = [{"texte": note}] if note else ""
                self.blocs[-1]["morceaux"].append({**morceau, "note": appel})

    def lire(self, fragment: str) -> list[dict]:
        self.feed(_ADRESSE.sub(r"&lt;\1&gt;", _LIEN.sub(r"\1", fragment)))
        self.close()
        utiles = [b for b in self.blocs if "".join(m["texte"] for m in b["morceaux"]).strip()]
        for bloc in utiles:
            _rogner(bloc["morceaux"])
            if bloc["genre"] == "puce":
                bloc["marque"] = _detacher_la_marque(bloc["morceaux"])
        return [bloc for bloc in utiles if bloc["morceaux"]]


def _rogner(morceaux: list[dict]) -> None:
    morceaux[0]["texte"] = morceaux[0]["texte"].lstrip()
    morceaux[-1]["texte"] = morceaux[-1]["texte"].rstrip()


def _detacher_la_marque(morceaux: list[dict]) -> str:
    trouve = re.match(r"[-•–]\s*", morceaux[0]["texte"])
    if trouve is None:
        return "•"
    morceaux[0]["texte"] = morceaux[0]["texte"][trouve.end() :]
    if not morceaux[0]["texte"]:
        del morceaux[0]
    return trouve.group().strip()


def _elements(lignes: list[str]) -> list[dict]:
    notes = {
        n.group(1) or n.group(2) or n.group(3): n.group(4).strip("<>")
        for n in map(_NOTE.match, lignes)
        if n
    }
    elements: list[dict] = []
    for ligne in lignes:
        if not ligne.strip() or _TIRETS.match(ligne) or _NOTE.match(ligne):
            continue
        titre = _TITRE.match(ligne)
        cellules = [_Fragment(notes).lire(c) for c in ligne.split("\t")]
        if titre:
            blocs = _Fragment(notes).lire(titre.group(2).replace("<br>", " "))
            niveau = len(titre.group(1))
            elements.append({"genre": "titre", "niveau": niveau, "morceaux": blocs[0]["morceaux"]})
        elif len(cellules) > 1 and _est_une_page(cellules[1]):
            page = cellules[1][0]["morceaux"][0]["texte"]
            morceaux = cellules[0][0]["morceaux"]
            morceaux[-1]["texte"] = re.sub(r"\s*\.{3,}\d*$", "", morceaux[-1]["texte"])
            elements.append({"genre": "pointille", "morceaux": morceaux, "page": page})
        elif len(cellules) > 1:
            rangee = cellules[:1] if len(cellules) == 2 and not cellules[1] else cellules
            if not elements or elements[-1]["genre"] != "tableau":
                elements.append({"genre": "tableau", "rangees": []})
            elements[-1]["rangees"].append(rangee)
        else:
            elements.append({"genre": "courant", "blocs": _en_puce(ligne, cellules[0])})
    for tableau in (e for e in elements if e["genre"] == "tableau"):
        tableau["parts"] = _parts(tableau["rangees"])
    return elements


def _en_puce(ligne: str, blocs: list[dict]) -> list[dict]:
    """Imprime en puce une ligne que le texte marque d'un tiret."""
    tiret = re.match(r"( *)- \S", ligne)
    if tiret and len(blocs) == 1:
        marque = _detacher_la_marque(blocs[0]["morceaux"])
        blocs[0] |= {"genre": "puce", "niveau": len(tiret.group(1)) // 2, "marque": marque}
    return blocs


def _parts(rangees: list[list]) -> list[float]:
    """Rend la part de la largeur que prend chaque colonne, d'après son texte le plus long."""
    largeur = max(len(rangee) for rangee in rangees)
    pleines = [rangee for rangee in rangees if len(rangee) == largeur]
    return [max(len(_texte(r[c])) for r in pleines) ** 0.5 + 3 for c in range(largeur)]


def _texte(cellule: list[dict]) -> str:
    return "".join(m["texte"] for bloc in cellule for m in bloc["morceaux"])


def _est_une_page(cellule: list[dict]) -> bool:
    return len(cellule) == 1 and cellule[0]["morceaux"][0]["texte"].isdigit()


def imprimer(lignes: list[str], chemin: Path, allure: Allure | None = None) -> Path:
    """Imprime des lignes du pivot dans un fichier PDF et rend son chemin."""
    donnees = {"allure": asdict(allure or Allure()), "elements": _elements(lignes)}
    chemin.write_bytes(
        typst.compile(_GABARIT.encode(), sys_inputs={"donnees": json.dumps(donnees)}, format="pdf")
    )
    return chemin
