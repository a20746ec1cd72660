"""Lire ce qu'une personne a saisi dans une section, et dire tout ce qui ne va pas."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from parvis.cadre.importation.lexique import repertoire
from parvis.cadre.sections.declaration import Champ, Ligne, Section, Valeur
from parvis.socle.saisie import lire_un_jour, lire_un_nombre
from parvis.socle.texte import en_paragraphes, en_une_ligne, sans_accents

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
    section: Section, saisie: Saisie, noms: Iterable[str] = ()
) -> tuple[Valeur, list[Faute]]:
    """Rend la valeur saisie, et ses fautes ; les lignes vides d'une liste ne comptent pas.

    Un partenaire prend le nom (`noms`) que le contrat lui donne déjà, à défaut celui du lexique.
    """
    connus = {cle_souple(nom): nom for nom in noms}
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
    section: Section, brute: Mapping[str, str], rang: int | None, connus: Mapping[str, str]
) -> tuple[Ligne, list[Faute]]:
    ligne: Ligne = {}
    fautes = []
    for champ in section.champs:
        texte = _propre(champ, brute.get(champ.code, ""))
        if champ.suggere == "partenaires" and texte:
            texte = connus.get(cle_souple(texte)) or _nom_du_lexique(texte)
        try:
            ligne[champ.code] = _lire_le_champ(champ, texte)
        except ValueError as erreur:
            ligne[champ.code] = champ.vide
            fautes.append(Faute(rang, champ.code, str(erreur)))
    return ligne, fautes


def _propre(champ: Champ, texte: str) -> str:
    if champ.sorte == "texte":
        return en_paragraphes(texte)
    return en_une_ligne(texte)


def _nom_du_lexique(nom: str) -> str:
    trouve = repertoire().trouver(nom)
    return trouve.entree.nom if trouve else nom


def _lire_le_champ(champ: Champ, texte: str) -> Any:
    """Rend la valeur d'un champ ; lève ValueError avec une phrase."""
    if champ.est_obligatoire and not any(signe.isalnum() for signe in texte):
        raise ValueError(f"« {champ.libelle} » ne peut pas rester vide.")
    if not texte:
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
    if not (re.fullmatch(r"[0-9]{4}", texte) and int(texte) in _ANNEES):
        raise ValueError(f"« {champ.libelle} » est une année, par exemple 2026.")
    return int(texte)


def _lire_un_nombre(champ: Champ, texte: str) -> int | float:
    try:
        nombre = lire_un_nombre(texte)
    except ValueError:
        raise ValueError(
            f"« {champ.libelle} » est un nombre, par exemple 2,5 (quatre décimales au plus)."
        ) from None
    return int(nombre) if nombre == int(nombre) else float(nombre)


def _lire_un_jour(champ: Champ, texte: str) -> str:
    try:
        return lire_un_jour(texte).isoformat()
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
    debut, fin, prolonge_au = (ligne.get(nom) for nom in ("debut", "fin", "prolonge_au"))
    if debut and fin and fin < debut:
        return [Faute(None, "fin", f"Le contrat finirait ({fin}) avant de commencer ({debut}).")]
    if fin and prolonge_au and int(prolonge_au[:4]) < fin:
        return [Faute(None, "prolonge_au", f"La prolongation finirait avant le contrat ({fin}).")]
    return []


def _fautes_de_doublon(
    section: Section, ligne: Ligne, avant: Iterable[Ligne], rang: int
) -> list[Faute]:
    """Rend une faute si une ligne redit un nom unique, ou se nomme sous elle-même."""
    if ligne.get("parent") and ligne["parent"] == ligne.get("nom"):
        return [Faute(rang, "parent", f"« {ligne['nom']} » ne peut pas être sous lui-même.")]
    cle = cle_souple(str(ligne[section.cle]))
    deja = section.est_unique and any(cle_souple(str(x[section.cle])) == cle for x in avant)
    if not deja:
        return []
    champ = next(c for c in section.champs if c.code == section.cle)
    nom = dict(champ.choix).get(ligne[section.cle], ligne[section.cle])
    return [Faute(rang, section.cle, f"« {nom[:80]} » est déjà plus haut dans la liste.")]


def cle_souple(texte: str) -> str:
    """Rend la clé d'un nom : casse, accents et espaces confondus ; la ponctuation distingue."""
    return " ".join(sans_accents(texte).split())


def garder(
    section: Section, avant: Valeur, apres: Valeur, premiere: Valeur | None = None
) -> Valeur:
    """Rend la valeur saisie, chaque ligne retrouvant ce que la lecture savait d'elle.

    On la cherche dans ce qui est enregistré, puis dans la `première` version.
    """
    if not section.est_liste or isinstance(apres, dict):
        return apres
    connues = [*_lignes(avant), *_lignes(premiere)]
    complete = []
    for ligne in apres:
        semblable = _semblable(section, ligne, connues)
        if semblable is not None:
            connues.remove(semblable)
        connue = semblable or {}
        gardes = {nom: connue.get(nom, defaut) for nom, defaut in section.gardes.items()}
        complete.append(gardes | ligne)
    return complete


def _lignes(valeur: Valeur | None) -> list[Ligne]:
    return valeur if isinstance(valeur, list) else []


def _semblable(section: Section, ligne: Ligne, connues: Iterable[Ligne]) -> Ligne | None:
    """Rend la ligne connue qui dit la même chose, à défaut celle qui a la même clé."""
    de_meme_cle = [x for x in connues if x.get(section.cle) == ligne[section.cle]]
    pareilles = (x for x in de_meme_cle if all(x.get(nom) == v for nom, v in ligne.items()))
    return next(pareilles, de_meme_cle[0] if de_meme_cle else None)
