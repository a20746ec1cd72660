"""Lire ce qu'une personne a saisi dans une section, et dire tout ce qui ne va pas."""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from parvis.cadre.importation.lexique import repertoire
from parvis.cadre.sections.declaration import Champ, Ligne, Section, Valeur
from parvis.socle.texte import cle_de_tri, sans_signes_caches

Saisie = Mapping[str, str] | Sequence[Mapping[str, str]]
LIGNES_MAX = 100
_ANNEES = range(1900, 2201)


@dataclass(frozen=True)
class Faute:
    """Ce qui ne va pas : la ligne (depuis 0, ou rien), le champ, la phrase."""

    ligne: int | None
    champ: str
    phrase: str


def lire_la_saisie(
    section: Section, saisie: Saisie, connus: Container[str] = ()
) -> tuple[Valeur, list[Faute]]:
    """Rend la valeur saisie, et ses fautes ; les lignes vides d'une liste ne comptent pas.

    Un partenaire que le contrat ne connaît pas (`connus`) prend le nom que lui donne le lexique.
    """
    if isinstance(saisie, Mapping):
        ligne, fautes = _lire_la_ligne(section, saisie, None, connus)
        return ligne, fautes + _fautes_de_periode(ligne)
    lignes: list[Ligne] = []
    fautes: list[Faute] = []
    for rang, brute in enumerate(saisie):
        if not any(texte.strip() for texte in brute.values()):
            continue
        ligne, siennes = _lire_la_ligne(section, brute, rang, connus)
        fautes += siennes or _fautes_de_doublon(section, ligne, lignes, rang)
        lignes.append(ligne)
    if len(lignes) > LIGNES_MAX:
        fautes.append(Faute(None, "", f"{LIGNES_MAX} lignes au plus ; il y en a {len(lignes)}."))
    return lignes, fautes


def _lire_la_ligne(
    section: Section, brute: Mapping[str, str], rang: int | None, connus: Container[str]
) -> tuple[Ligne, list[Faute]]:
    ligne: Ligne = {}
    fautes = []
    for champ in section.champs:
        texte = _propre(champ, brute.get(champ.code, ""))
        if champ.suggere == "partenaires" and texte not in connus:
            trouve = repertoire().trouver(texte)
            texte = trouve.entree.nom if trouve else texte
        try:
            ligne[champ.code] = _lire_le_champ(champ, texte)
        except ValueError as erreur:
            ligne[champ.code] = champ.vide
            fautes.append(Faute(rang, champ.code, str(erreur)))
    return ligne, fautes


def _propre(champ: Champ, texte: str) -> str:
    texte = sans_signes_caches(texte).replace("\r\n", "\n").replace("\r", "\n")
    if champ.sorte == "texte":
        lignes = (ligne.rstrip() for ligne in texte.strip().split("\n"))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lignes))
    return " ".join(texte.split())


def _lire_le_champ(champ: Champ, texte: str) -> Any:
    """Rend la valeur d'un champ ; lève ValueError avec une phrase."""
    if not texte:
        if champ.est_obligatoire:
            raise ValueError(f"« {champ.libelle} » ne peut pas rester vide.")
        return champ.vide
    if len(texte) > champ.longueur:
        raise ValueError(
            f"« {champ.libelle} » est trop long : {len(texte)} signes, {champ.longueur} permis."
        )
    return _LECTURES[champ.sorte](champ, texte)


def _lire_un_choix(champ: Champ, texte: str) -> str:
    if texte not in dict(champ.choix):
        raise ValueError(f"« {champ.libelle} » : choisissez dans la liste.")
    return texte


def _lire_un_entier(champ: Champ, texte: str) -> int:
    if not (texte.isascii() and texte.isdigit() and int(texte) in _ANNEES):
        raise ValueError(f"« {champ.libelle} » est une année, par exemple 2026.")
    return int(texte)


def _lire_un_nombre(champ: Champ, texte: str) -> int | float:
    lisible = re.sub(r"[\s\u00a0\u202f]", "", texte).replace(",", ".")
    if not re.fullmatch(r"-?\d{1,14}(\.\d{1,4})?", lisible):
        raise ValueError(
            f"« {champ.libelle} » est un nombre, par exemple 2,5 (quatre décimales au plus)."
        )
    nombre = Decimal(lisible)
    return int(nombre) if nombre == int(nombre) else float(nombre)


def _lire_un_jour(champ: Champ, texte: str) -> str:
    try:
        return date.fromisoformat(texte).isoformat()
    except ValueError:
        raise ValueError(f"« {champ.libelle} » est une date, par exemple 31/12/2026.") from None


_LECTURES = {
    "ligne": lambda champ, texte: texte,
    "texte": lambda champ, texte: texte,
    "choix": _lire_un_choix,
    "entier": _lire_un_entier,
    "nombre": _lire_un_nombre,
    "jour": _lire_un_jour,
}


def _fautes_de_periode(ligne: Ligne) -> list[Faute]:
    debut, fin = ligne.get("debut"), ligne.get("fin")
    if debut and fin and fin < debut:
        return [Faute(None, "fin", f"Le contrat finirait ({fin}) avant de commencer ({debut}).")]
    return []


def _fautes_de_doublon(
    section: Section, ligne: Ligne, avant: Iterable[Ligne], rang: int
) -> list[Faute]:
    """Rend une faute si la ligne redit la clé d'une autre, ou se nomme sous elle-même."""
    fautes = []
    cle = cle_de_tri(str(ligne[section.cle]))
    if any(cle_de_tri(str(autre[section.cle])) == cle for autre in avant):
        nom = _libelle(section, ligne)
        fautes.append(Faute(rang, section.cle, f"« {nom} » est déjà plus haut dans la liste."))
    if ligne.get("parent") and ligne["parent"] == ligne.get("nom"):
        fautes.append(Faute(rang, "parent", f"« {ligne['nom']} » ne peut pas être sous lui-même."))
    return fautes


def _libelle(section: Section, ligne: Ligne) -> str:
    """Rend le nom d'une ligne tel qu'une personne le lit."""
    champ = next(c for c in section.champs if c.code == section.cle)
    return str(dict(champ.choix).get(ligne[section.cle], ligne[section.cle]))[:80]


def garder(section: Section, avant: Valeur, apres: Valeur) -> Valeur:
    """Rend la valeur saisie, chaque ligne retrouvant ce que la lecture savait d'elle."""
    if not section.est_liste or isinstance(avant, dict) or isinstance(apres, dict):
        return apres
    connues = {str(ligne[section.cle]): ligne for ligne in avant}
    complete = []
    for ligne in apres:
        connue = connues.get(str(ligne[section.cle]), {})
        gardes = {nom: connue.get(nom, defaut) for nom, defaut in section.gardes.items()}
        complete.append(gardes | ligne)
    return complete
