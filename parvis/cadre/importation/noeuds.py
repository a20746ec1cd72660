"""Nœuds d'un YAML lu strictement : chaque faute dit le chemin de la clé et la ligne."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import yaml

from .source import DocumentIllisible
from .texte import collapser


class ContratInvalide(DocumentIllisible):
    """Contrat YAML refusé ; `chemin_de_cle` dit où est la faute (« piliers[0].enjeux[2].titre »)."""

    def __init__(self, chemin_de_cle: str, texte: str, ligne: int = 1):
        super().__init__(f"{chemin_de_cle} : {texte}" if chemin_de_cle else texte, ligne)
        self.chemin_de_cle = chemin_de_cle


class Noeud:
    """Valeur du YAML avec son chemin et sa ligne, pour des messages précis."""

    def __init__(self, valeur: Any, chemin: str, lignes: dict[int, int]):
        self.valeur, self.chemin, self.lignes = valeur, chemin, lignes

    @property
    def ligne(self) -> int:
        return self.lignes.get(id(self.valeur), 1)

    def erreur(self, texte: str) -> ContratInvalide:
        return ContratInvalide(self.chemin, texte, self.ligne)

    def objet(self, obligatoires: str, facultatives: str = "") -> dict[str, Any]:
        """Vérifie les clés d'un objet et le rend."""
        if not isinstance(self.valeur, dict):
            raise self.erreur(f"un objet était attendu, on lit {_espece(self.valeur)}.")
        permises = {*obligatoires.split(), *facultatives.split()}
        for cle in self.valeur:
            if cle not in permises:
                raise ContratInvalide(self._sous(str(cle)), "clé inconnue.", self.ligne)
        for cle in obligatoires.split():
            if self.valeur.get(cle) is None:
                raise ContratInvalide(
                    self._sous(cle), "clé obligatoire absente ou vide.", self.ligne
                )
        return self.valeur

    def _sous(self, cle: str) -> str:
        return f"{self.chemin}.{cle}" if self.chemin else cle

    def liste(self, cle: str, lire: Callable[[Noeud], Any]) -> tuple[Any, ...]:
        """Lit chaque élément d'une liste (absente : vide)."""
        valeur = self.valeur.get(cle)
        if valeur is None:
            return ()
        if not isinstance(valeur, list):
            raise ContratInvalide(
                self._sous(cle), f"une liste était attendue, on lit {_espece(valeur)}.", self.ligne
            )
        return tuple(
            lire(Noeud(v, f"{self._sous(cle)}[{i}]", self.lignes)) for i, v in enumerate(valeur)
        )

    def texte(self, cle: str, defaut: str | None = None, paragraphes: bool = False) -> Any:
        """Rend un texte (espaces simples, paragraphes gardés si demandé)."""
        valeur = self.valeur.get(cle, defaut)
        if valeur is None:
            return defaut
        if not isinstance(valeur, str):
            raise ContratInvalide(
                self._sous(cle), f"un texte était attendu, on lit {_espece(valeur)}.", self.ligne
            )
        if not paragraphes:
            return collapser(valeur)
        return "\n\n".join(
            p for p in (collapser_lignes(p) for p in re.split(r"\n\s*\n", valeur.strip())) if p
        )

    def choix(self, cle: str, permis: tuple[str, ...], defaut: str | None) -> Any:
        """Rend une valeur d'une liste fermée."""
        valeur = self.valeur.get(cle, defaut)
        if valeur is not None and valeur not in permis:
            attendus = ", ".join(permis)
            raise ContratInvalide(
                self._sous(cle),
                f"« {valeur} » n'est pas permis (attendu : {attendus}).",
                self.ligne,
            )
        return valeur

    def nombre(self, cle: str, entier: bool = False) -> Any:
        """Rend un nombre, ou rien."""
        valeur = self.valeur.get(cle)
        permis = int if entier else (int, float)
        if valeur is not None and (isinstance(valeur, bool) or not isinstance(valeur, permis)):
            raise ContratInvalide(
                self._sous(cle), f"un nombre était attendu, on lit {_espece(valeur)}.", self.ligne
            )
        return valeur

    def date(self, cle: str) -> str | None:
        """Rend une date AAAA-MM-JJ en texte, ou rien."""
        valeur = self.valeur.get(cle)
        try:
            return dt.date.fromisoformat(str(valeur)).isoformat() if valeur is not None else None
        except ValueError:
            raise ContratInvalide(
                self._sous(cle), "une date était attendue, par exemple 2023-12-31.", self.ligne
            ) from None


def collapser_lignes(paragraphe: str) -> str:
    """Garde les lignes d'une liste (« - … »), recolle les autres."""
    if not any(ligne.startswith("- ") for ligne in paragraphe.split("\n")):
        return collapser(paragraphe)
    return "\n".join(collapser(ligne) for ligne in paragraphe.split("\n") if ligne.strip())


def _espece(valeur: Any) -> str:
    especes = {
        dict: "un objet",
        list: "une liste",
        str: "un texte",
        bool: "vrai ou faux",
        type(None): "rien",
    }
    return especes.get(
        type(valeur), "un nombre" if isinstance(valeur, (int, float)) else "une autre valeur"
    )


class _ChargeurSur(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Chargeur sûr qui refuse les clés répétées et retient les lignes."""

    def __init__(self, flux):
        super().__init__(flux)
        self.lignes: dict[int, int] = {}

    def construct_mapping(self, node, deep=False):
        vues = set()
        for noeud_cle, _ in node.value:
            cle = self.construct_object(noeud_cle, deep=True)
            if isinstance(cle, str) and cle in vues:
                raise yaml.constructor.ConstructorError(
                    None, None, f"clé « {cle} » répétée", noeud_cle.start_mark
                )
            if isinstance(cle, str):
                vues.add(cle)
        return super().construct_mapping(node, deep)


def _construire_objet(chargeur, noeud):
    objet: dict = {}
    yield objet
    objet.update(chargeur.construct_mapping(noeud))
    chargeur.lignes[id(objet)] = noeud.start_mark.line + 1


_ChargeurSur.add_constructor("tag:yaml.org,2002:map", _construire_objet)


def _refuser_alias(texte: str) -> None:
    """Refuse les alias : une bombe YAML fait d'une ligne des millions de copies."""
    if "*" not in texte or "&" not in texte:
        return
    for evenement in yaml.parse(texte, Loader=_ChargeurSur):
        if isinstance(evenement, yaml.events.AliasEvent):
            raise yaml.constructor.ConstructorError(
                None, None, "les alias ne sont pas permis", evenement.start_mark
            )


def racine(texte: str) -> Noeud:
    """Rend le nœud racine d'un texte YAML ; lève ContratInvalide s'il est mal formé."""
    chargeur = None
    try:
        _refuser_alias(texte)
        chargeur = _ChargeurSur(texte)
        donnees = chargeur.get_single_data()
    except (yaml.YAMLError, RecursionError, ValueError) as erreur:
        marque = getattr(erreur, "problem_mark", None)
        probleme = getattr(erreur, "problem", None) or "structure impossible à lire"
        ligne = marque.line + 1 if marque else 1
        raise ContratInvalide("", f"YAML mal formé ({probleme}).", ligne) from erreur
    finally:
        if chargeur is not None:
            chargeur.dispose()
    return Noeud(donnees, "", chargeur.lignes)
