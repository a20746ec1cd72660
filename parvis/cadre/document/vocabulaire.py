"""Les mots du document : ceux que le lecteur reconnaît, pris dans le même vocabulaire que lui."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from parvis.cadre.document.description import Colonne, Rubrique, Tableau
from parvis.cadre.importation.lexique import charger_lexique
from parvis.cadre.importation.rubriques import attendu

RIEN = "–"
# Les colonnes de chaque tableau, dans l'ordre où elles s'impriment, et leur part de la largeur.
COLONNES: dict[str, dict[str, int]] = {
    "types_d_action": {"texte": 1},
    "financeurs": {"nom": 5, "parent": 3, "condition": 4, "degre": 3},
    "operateurs": {"nom": 5, "parent": 3, "condition": 4, "degre": 3},
    "dispositifs": {"responsable": 4, "nom": 5, "detail": 6, "degre": 4},
    "publics_vises": {"public": 1, "preuve": 1},
    "territoires_vises": {"imprime": 4, "territoire": 4, "type": 3},
    "constats": {"texte": 7, "chiffre": 3, "annee": 2, "territoire": 4, "source": 4},
    "renvois": {"imprime": 5, "nature": 3, "cible": 4, "anomalie": 6},
    "hors_contrat": {"titre": 3, "explication": 6, "mots": 3},
}
CONNAISSANCES: dict[str, dict[str, int]] = {
    "partenaires": {"nom": 5, "sigle": 2, "a_savoir": 7, "fin_le": 3, "suite": 4},
    "dispositifs": {"nom": 5, "nature": 3, "explication": 7, "fin_le": 3, "suite": 4, "lien": 4},
}
# Un libellé de tableau tient sur une ligne, sans quoi un PDF le relirait en deux.
LIBELLES = {
    "types_d_action": "Projets attendus",
    "dispositifs": "Dispositifs mobilisables",
    "publics_vises": "Publics visés",
    "territoires_vises": "Territoires concernés",
    "constats": "Chiffres et constats",
    "renvois": "Renvois",
    "hors_contrat": "Sujets traités ailleurs",
    "echelle": "Échelle de conduite",
}


def libelle(code: str) -> str:
    """Rend le libellé d'une rubrique."""
    return LIBELLES.get(code) or attendu(code)


def valeur(liste: str, code: str) -> str:
    """Rend les mots d'une valeur d'une liste fermée ; vide si elle n'est pas donnée."""
    mots: dict[str, str] = charger_lexique("rubriques")["valeurs"][liste]
    return mots.get(code, "")


def rubrique_en_tableau(
    code: str, faits: Iterable[Mapping[str, str]], toujours: frozenset[str] = frozenset()
) -> Rubrique | None:
    """Rend une rubrique en tableau, sans les colonnes que rien ne remplit ; rien s'il n'y a pas de fait.

    `toujours` nomme les colonnes à garder même vides.
    """
    lignes = list(faits)
    if not lignes:
        return None
    tableau = _tableau("tableaux", code, COLONNES[code], lignes, toujours)
    return Rubrique(libelle(code), tableau)


def connaissances(code: str, faits: Iterable[Mapping[str, str]]) -> Tableau | None:
    """Rend le tableau d'annexe de ce que l'on sait, ou rien si l'on ne sait rien de plus qu'un nom."""
    lignes = [ligne for ligne in faits if any(v for champ, v in ligne.items() if champ != "nom")]
    return _tableau("connaissances", code, CONNAISSANCES[code], lignes) if lignes else None


def _tableau(
    sorte: str,
    code: str,
    colonnes: Mapping[str, int],
    lignes: Sequence[Mapping[str, str]],
    toujours: frozenset[str] = frozenset(),
) -> Tableau:
    intitules = charger_lexique("rubriques")[sorte][code]
    principale = next(iter(intitules))
    gardees = [
        champ
        for champ in colonnes
        if champ == principale or champ in toujours or any(ligne.get(champ) for ligne in lignes)
    ]
    # Une case vide ne se lit ni à voix haute, ni dans un PDF : un tiret dit qu'il n'y a rien.
    return Tableau(
        tuple(Colonne(intitules[champ][0], colonnes[champ]) for champ in gardees),
        tuple(tuple(ligne.get(champ) or RIEN for champ in gardees) for ligne in lignes),
    )
