"""Garder ce qu'une personne écrit, tel quel, et dire ce qui reste à corriger ou à remplir."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from parvis.dossiers.enums import EtatDeSection
from parvis.dossiers.sections.declaration import Champ, Ligne, Section, Valeur
from parvis.socle.saisie import (
    jour_ou_rien,
    lire_un_courriel,
    lire_un_jour,
    lire_un_nombre,
)
from parvis.socle.texte import en_paragraphes, en_une_ligne

LIGNES_MAX = 100
# Un texte bien trop long se garde quand même : on le raccourcit, on ne le retape pas.
GARDE_AU_PLUS = 100_000


@dataclass(frozen=True)
class Faute:
    """Ce qui ne va pas : la ligne (depuis 0, ou rien), le champ, la phrase."""

    ligne: int | None
    champ: str
    phrase: str


def vide(section: Section) -> Valeur:
    """Rend ce que dit une section où personne n'a rien écrit."""
    return [] if section.est_liste else {}


def garder(section: Section, saisie: Any, avant: Valeur = None) -> Valeur:
    """Rend ce qui est saisi, nettoyé des signes invisibles et sans les lignes vides.

    Ce que disait `avant` et que la section ne demande plus (une question retirée de l'appel) reste.
    """
    if section.est_liste:
        lignes = [_garder_la_ligne(section, brute) for brute in saisie]
        return [ligne for ligne in lignes if ligne]
    demandes = {champ.code for champ in section.champs}
    restes = {code: texte for code, texte in (avant or {}).items() if code not in demandes}
    return restes | _garder_la_ligne(section, saisie)


def _garder_la_ligne(section: Section, brute: Mapping[str, str]) -> Ligne:
    gardes = {c.code: _propre(c, brute.get(c.code, "")) for c in section.champs}
    return {code: texte for code, texte in gardes.items() if texte}


def _propre(champ: Champ, texte: str) -> str:
    propre = en_paragraphes(texte) if champ.sorte == "texte" else en_une_ligne(texte)
    return propre[:GARDE_AU_PLUS]


def fautes(section: Section, valeur: Valeur) -> list[Faute]:
    """Rend ce qui est écrit et ne se lit pas ; rien ici n'empêche d'enregistrer."""
    trouvees = []
    for rang, ligne in _lignes(section, valeur):
        for champ in section.champs:
            texte = ligne.get(champ.code, "")
            if texte and (phrase := _faute(champ, texte)):
                trouvees.append(Faute(rang, champ.code, phrase))
    if section.est_liste and len(valeur) > LIGNES_MAX:
        phrase = f"{LIGNES_MAX} lignes au plus ; il y en a {len(valeur)}."
        trouvees.append(Faute(None, "", phrase))
    return trouvees + _fautes_d_ensemble(section, valeur)


def manques(section: Section, valeur: Valeur) -> list[Faute]:
    """Rend ce qu'il faut encore écrire pour déposer."""
    if section.est_liste and not valeur:
        phrase = f"Ajoutez au moins {section.nom_d_une_ligne}."
        return [Faute(None, "", phrase)] if section.est_obligatoire else []
    return [
        Faute(rang, champ.code, f"« {champ.libelle} » est vide.")
        for rang, ligne in _lignes(section, valeur)
        for champ in section.champs
        if champ.est_obligatoire and not ligne.get(champ.code)
    ]


def etat(section: Section, valeur: Valeur, *, est_ecrite: bool) -> EtatDeSection:
    """Rend où en est une section faite de champs, ou de lignes de champs.

    Vide et facultative, elle n'est complète qu'une fois enregistrée : on l'a regardée.
    """
    if fautes(section, valeur):
        return EtatDeSection.A_CORRIGER
    if not manques(section, valeur):
        return EtatDeSection.COMPLETE if est_ecrite else EtatDeSection.VIDE
    return EtatDeSection.EN_COURS if valeur else EtatDeSection.VIDE


def _lignes(section: Section, valeur: Valeur) -> Iterable[tuple[int | None, Ligne]]:
    if section.est_liste:
        return enumerate(valeur)
    return [(None, valeur)]


def _faute(champ: Champ, texte: str) -> str:
    """Rend ce qui cloche dans un champ rempli, ou rien."""
    # Un nombre ou un jour trop long ne se lit pas : c'est cela qu'il faut dire.
    if champ.sorte not in _LECTURES and len(texte) > champ.longueur:
        return f"« {champ.libelle} » est trop long : {len(texte)} signes, {champ.longueur} permis."
    try:
        _LECTURES.get(champ.sorte, _tel_quel)(champ, texte)
    except _Refusee as erreur:
        return str(erreur)
    except ValueError:
        return f"« {champ.libelle} » {_ATTENDU[champ.sorte]}"
    return ""


class _Refusee(ValueError):
    """Le texte se lit, et ne convient pas ; porte la phrase entière."""


def _tel_quel(champ: Champ, texte: str) -> str:
    return texte


def _lire_un_choix(champ: Champ, texte: str) -> str:
    if texte not in dict(champ.choix):
        raise ValueError
    return texte


def _lire_un_entier(champ: Champ, texte: str) -> int:
    nombre = lire_un_nombre(texte)
    if nombre != int(nombre):
        raise ValueError
    if not champ.minimum <= nombre <= champ.maximum:
        raise _Refusee(f"« {champ.libelle} » est entre {champ.minimum} et {champ.maximum}.")
    return int(nombre)


_LECTURES: dict[str, Any] = {
    "choix": _lire_un_choix,
    "entier": _lire_un_entier,
    "nombre": lambda champ, texte: lire_un_nombre(texte),
    "jour": lambda champ, texte: lire_un_jour(texte),
    "courriel": lambda champ, texte: lire_un_courriel(texte),
}
_ATTENDU = {
    "choix": "se choisit dans la liste.",
    "entier": "est un nombre entier, par exemple 25.",
    "nombre": "est un nombre, par exemple 2,5.",
    "jour": "est une date, par exemple 31/12/2026.",
    "courriel": "est une adresse, par exemple prenom@exemple.fr.",
}


def lu(champ: Champ, texte: str) -> Any:
    """Rend ce que vaut un champ rempli (un nombre, un jour, un texte), ou None s'il ne se lit pas."""
    if not texte:
        return None
    try:
        return _LECTURES.get(champ.sorte, _tel_quel)(champ, texte)
    except ValueError:
        return None


def _fautes_d_ensemble(section: Section, valeur: Valeur) -> list[Faute]:
    """Rend ce que deux champs disent de contraire."""
    if section.code == "calendrier":
        debut, fin = (jour_ou_rien(valeur.get(nom, "")) for nom in ("debut_le", "fin_le"))
        if debut and fin and fin < debut:
            return [Faute(None, "fin_le", "Le projet finirait avant de commencer.")]
    if section.code == "publics":
        champs = {c.code: lu(c, valeur.get(c.code, "")) for c in section.champs}
        total = champs["nombre"]
        ages = [n for code, n in champs.items() if code.startswith("ages_") and n is not None]
        genres = [champs[code] for code in ("femmes", "hommes") if champs[code] is not None]
        trop = "font plus que le nombre de personnes."
        if total is not None and sum(ages) > total:
            return [Faute(None, "nombre", f"Les âges additionnés {trop}")]
        if total is not None and sum(genres) > total:
            return [Faute(None, "nombre", f"Femmes et hommes additionnés {trop}")]
    return []
