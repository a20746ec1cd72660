"""Notre format YAML d'un contrat, lu strictement dans la même structure que les documents publiés."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from .lexique import charger_lexique, repertoire
from .source import LIMITE_OCTETS, DocumentIllisible
from .structure import (
    Constat,
    ContratLu,
    Dispositif,
    DispositifConnu,
    Enjeu,
    Fiche,
    Lieu,
    Note,
    Partenaire,
    PartenaireConnu,
    Pilier,
    Public,
    Renvoi,
    SujetHorsContrat,
    TypeDAction,
)
from .texte import collapser

_FORMES = ("liste", "prose", "titre")
_ORIGINES = ("puce", "phrase")
_DEGRES = ("a_initier", "experimentation", "en_place", "incertain", "possible", "indicatif", "confirme", "termine")
_DEGRES_DE_PARTENAIRE = ("indicatif", "possible", "confirme", "en_attente")
_NATURES = ("specifique", "droit_commun")
_RENVOIS = ("complement", "voir_aussi", "articulation", "texte_externe")
_LIEUX = ("quartier", "commune", "agglomeration", "departement", "region", "site", "autre")
_ECHELLES = ("agglomeration", "communes", "partagee")
_CONFIANCES = {"liste": 1.0, "prose": 1.0, "titre": 1.0}


class ContratInvalide(DocumentIllisible):
    """Contrat YAML refusé ; `chemin_de_cle` dit où est la faute (« piliers[0].enjeux[2].titre »)."""

    def __init__(self, chemin_de_cle: str, texte: str, ligne: int = 1):
        super().__init__(f"{chemin_de_cle} : {texte}" if chemin_de_cle else texte, ligne)
        self.chemin_de_cle = chemin_de_cle


class _Noeud:
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
                raise ContratInvalide(self._sous(cle), "clé obligatoire absente ou vide.", self.ligne)
        return self.valeur

    def _sous(self, cle: str) -> str:
        return f"{self.chemin}.{cle}" if self.chemin else cle

    def liste(self, cle: str, lire: Callable[[_Noeud], Any]) -> tuple[Any, ...]:
        """Lit chaque élément d'une liste (absente : vide)."""
        valeur = self.valeur.get(cle)
        if valeur is None:
            return ()
        if not isinstance(valeur, list):
            raise ContratInvalide(self._sous(cle), f"une liste était attendue, on lit {_espece(valeur)}.", self.ligne)
        return tuple(lire(_Noeud(v, f"{self._sous(cle)}[{i}]", self.lignes)) for i, v in enumerate(valeur))

    def texte(self, cle: str, defaut: str | None = None, paragraphes: bool = False) -> Any:
        """Rend un texte (espaces simples, paragraphes gardés si demandé)."""
        valeur = self.valeur.get(cle, defaut)
        if valeur is None:
            return defaut
        if not isinstance(valeur, str):
            raise ContratInvalide(self._sous(cle), f"un texte était attendu, on lit {_espece(valeur)}.", self.ligne)
        if not paragraphes:
            return collapser(valeur)
        return "\n\n".join(p for p in (collapser_lignes(p) for p in re.split(r"\n\s*\n", valeur.strip())) if p)

    def choix(self, cle: str, permis: tuple[str, ...], defaut: str | None) -> Any:
        """Rend une valeur d'une liste fermée."""
        valeur = self.valeur.get(cle, defaut)
        if valeur is not None and valeur not in permis:
            attendus = ", ".join(permis)
            raise ContratInvalide(self._sous(cle), f"« {valeur} » n'est pas permis (attendu : {attendus}).", self.ligne)
        return valeur

    def nombre(self, cle: str, entier: bool = False) -> Any:
        """Rend un nombre, ou rien."""
        valeur = self.valeur.get(cle)
        permis = int if entier else (int, float)
        if valeur is not None and (isinstance(valeur, bool) or not isinstance(valeur, permis)):
            raise ContratInvalide(self._sous(cle), f"un nombre était attendu, on lit {_espece(valeur)}.", self.ligne)
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
    especes = {dict: "un objet", list: "une liste", str: "un texte", bool: "vrai ou faux", type(None): "rien"}
    return especes.get(type(valeur), "un nombre" if isinstance(valeur, (int, float)) else "une autre valeur")


class _ChargeurSur(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Chargeur sûr qui refuse les clés répétées et les alias (bombes YAML), et retient les lignes."""

    def __init__(self, flux):
        super().__init__(flux)
        self.lignes: dict[int, int] = {}

    def compose_node(self, parent, index):
        if self.check_event(yaml.events.AliasEvent):
            evenement = self.peek_event()
            raise yaml.constructor.ConstructorError(None, None, "les alias ne sont pas permis", evenement.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node, deep=False):
        vues = set()
        for noeud_cle, _ in node.value:
            cle = self.construct_object(noeud_cle, deep=True)
            if isinstance(cle, str) and cle in vues:
                raise yaml.constructor.ConstructorError(None, None, f"clé « {cle} » répétée", noeud_cle.start_mark)
            if isinstance(cle, str):
                vues.add(cle)
        return super().construct_mapping(node, deep)


def _construire_objet(chargeur, noeud):
    objet: dict = {}
    yield objet
    objet.update(chargeur.construct_mapping(noeud))
    chargeur.lignes[id(objet)] = noeud.start_mark.line + 1


_ChargeurSur.add_constructor("tag:yaml.org,2002:map", _construire_objet)


def lire_yaml(chemin: str | Path) -> ContratLu:
    """Lit un contrat (ou un seul pilier) de notre YAML ; lève ContratInvalide avec le chemin de la clé."""
    chemin = Path(chemin)
    try:
        if chemin.stat().st_size > LIMITE_OCTETS:
            raise ContratInvalide("", f"fichier de plus de {LIMITE_OCTETS // 1048576} Mo.")
        texte = chemin.read_text(encoding="utf-8")
    except OSError as erreur:
        raise ContratInvalide("", f"« {chemin} » ne peut pas être ouvert ({erreur.strerror}).") from erreur
    except UnicodeDecodeError as erreur:
        raise ContratInvalide("", "le fichier n'est pas en UTF-8.") from erreur
    return lire_yaml_texte(texte)


def lire_yaml_texte(texte: str) -> ContratLu:
    """Lit le texte d'un contrat de notre YAML ; lève ContratInvalide."""
    chargeur = None
    try:
        chargeur = _ChargeurSur(texte)
        donnees = chargeur.get_single_data()
    except (yaml.YAMLError, RecursionError, ValueError) as erreur:
        marque = getattr(erreur, "problem_mark", None)
        probleme = getattr(erreur, "problem", None) or "structure impossible à lire"
        raise ContratInvalide("", f"YAML mal formé ({probleme}).", marque.line + 1 if marque else 1) from erreur
    finally:
        if chargeur is not None:
            chargeur.dispose()
    racine = _Noeud(donnees, "", chargeur.lignes)
    if isinstance(donnees, dict) and "enjeux" in donnees and "piliers" not in donnees:
        return ContratLu("", "", (None, None), (_pilier(racine),))
    return _contrat(racine)


def _contrat(noeud: _Noeud) -> ContratLu:
    noeud.objet(
        "titre territoire periode piliers",
        "preambule notes edition prolonge_au hors_contrat partenaires dispositifs",
    )
    periode = noeud.valeur["periode"]
    if not (isinstance(periode, list) and len(periode) == 2 and all(type(a) is int for a in periode)):
        raise ContratInvalide("periode", "deux années étaient attendues, par exemple [2015, 2020].", noeud.ligne)
    return ContratLu(
        noeud.texte("titre"), noeud.texte("territoire"), (periode[0], periode[1]),
        noeud.liste("piliers", _pilier), noeud.liste("notes", _note), (),
        noeud.texte("preambule", "", paragraphes=True), noeud.texte("edition", ""), noeud.date("prolonge_au"),
        noeud.liste("hors_contrat", _sujet), noeud.liste("partenaires", _partenaire_connu),
        noeud.liste("dispositifs", _dispositif_connu),
    )


def _sujet(noeud: _Noeud) -> SujetHorsContrat:
    noeud.objet("titre explication", "mots")
    mots = noeud.valeur.get("mots", [])
    if not (isinstance(mots, list) and all(isinstance(mot, str) for mot in mots)):
        raise ContratInvalide(f"{noeud.chemin}.mots", "une liste de mots était attendue.", noeud.ligne)
    return SujetHorsContrat(noeud.texte("titre"), noeud.texte("explication"), tuple(mots))


def _partenaire_connu(noeud: _Noeud) -> PartenaireConnu:
    noeud.objet("nom", "sigle a_savoir fin_le suite")
    return PartenaireConnu(
        noeud.texte("nom"), noeud.texte("sigle", ""), noeud.texte("a_savoir", ""), noeud.date("fin_le"),
        noeud.texte("suite", ""),
    )


def _dispositif_connu(noeud: _Noeud) -> DispositifConnu:
    noeud.objet("nom", "explication nature fin_le suite lien")
    return DispositifConnu(
        noeud.texte("nom"), noeud.texte("explication", ""), noeud.choix("nature", _NATURES, None),
        noeud.date("fin_le"), noeud.texte("suite", ""), noeud.texte("lien", ""),
    )


def _note(noeud: _Noeud) -> Note:
    noeud.objet("numero texte", "ligne")
    return Note(noeud.nombre("numero", entier=True), noeud.texte("texte"))


def _pilier(noeud: _Noeud) -> Pilier:
    noeud.objet("titre enjeux", "imprime national introduction")
    return Pilier(
        noeud.texte("titre"), noeud.liste("enjeux", _enjeu), noeud.texte("imprime") or noeud.texte("titre"),
        noeud.texte("introduction", "", paragraphes=True), noeud.texte("national"), noeud.ligne,
    )


def _enjeu(noeud: _Noeud) -> Enjeu:
    noeud.objet("numero titre", "introduction renvois fiches")
    return Enjeu(
        noeud.nombre("numero", entier=True), noeud.texte("titre"), noeud.texte("introduction", "", paragraphes=True),
        noeud.liste("fiches", _fiche), noeud.liste("renvois", _renvoi), noeud.ligne,
    )


def _fiche(noeud: _Noeud) -> Fiche:
    noeud.objet(
        "numero titre descriptif",
        "echelle types_d_action financeurs operateurs dispositifs renvois lieux publics constats",
    )
    numero = noeud.texte("numero")
    if not re.fullmatch(r"\d+-\d+", numero):
        raise noeud.erreur(f"numéro de fiche « {numero} » (attendu : « 1-2 »).")
    return Fiche(
        numero, noeud.texte("titre"), noeud.texte("descriptif", paragraphes=True),
        noeud.liste("types_d_action", _type_d_action), noeud.liste("financeurs", _partenaire),
        noeud.liste("operateurs", _partenaire), noeud.liste("dispositifs", _dispositif),
        noeud.liste("renvois", _renvoi), noeud.liste("lieux", _lieu), noeud.liste("publics", _public),
        noeud.liste("constats", _constat), noeud.choix("echelle", _ECHELLES, None), noeud.ligne,
    )


def _type_d_action(noeud: _Noeud) -> TypeDAction:
    noeud.objet("texte", "forme")
    forme = noeud.choix("forme", _FORMES, "liste")
    return TypeDAction(noeud.texte("texte"), forme, _CONFIANCES[forme], noeud.ligne)


def _partenaire(noeud: _Noeud) -> Partenaire:
    noeud.objet("nom", "imprime parent condition degre")
    nom = noeud.texte("nom")
    connu = repertoire().entrees.get(nom) or getattr(repertoire().trouver(nom), "entree", None)
    return Partenaire(
        nom, noeud.texte("imprime") or nom, noeud.texte("parent"), noeud.texte("condition"), noeud.ligne,
        connu.nature if connu else "inconnu", 1.0, noeud.choix("degre", _DEGRES_DE_PARTENAIRE, None),
    )


def _dispositif(noeud: _Noeud) -> Dispositif:
    noeud.objet("nom", "porteur detail origine degre nature parent imprime")
    porteur = noeud.valeur.get("porteur")
    porteurs = porteur if isinstance(porteur, list) else [porteur] if porteur is not None else []
    if not all(isinstance(nom, str) and nom.strip() for nom in porteurs):
        raise ContratInvalide(f"{noeud.chemin}.porteur", "un nom ou une liste de noms était attendu.", noeud.ligne)
    noms = tuple(collapser(nom) for nom in porteurs)
    return Dispositif(
        noms[0] if noms else None, noeud.texte("nom"), noeud.texte("detail"),
        noeud.choix("origine", _ORIGINES, "puce"), 1.0, noeud.ligne, noms, noeud.texte("parent"),
        noeud.choix("degre", _DEGRES, None), noeud.choix("nature", _NATURES, None), noeud.texte("imprime"),
    )


def _renvoi(noeud: _Noeud) -> Renvoi:
    noeud.objet("imprime cible", "nature anomalie")
    nature = noeud.choix("nature", _RENVOIS, "voir_aussi")
    return Renvoi(noeud.texte("imprime"), noeud.texte("cible"), nature, noeud.texte("anomalie"), noeud.ligne)


def _lieu(noeud: _Noeud) -> Lieu:
    noeud.objet("imprime", "territoire type")
    return Lieu(noeud.texte("imprime"), noeud.texte("territoire"), noeud.choix("type", _LIEUX, "autre"), noeud.ligne)


def _public(noeud: _Noeud) -> Public:
    noeud.objet("code", "preuve")
    codes = tuple(public["code"] for public in charger_lexique("publics")["publics"])
    return Public(noeud.choix("code", codes, None), noeud.texte("preuve", ""), noeud.ligne)


def _constat(noeud: _Noeud) -> Constat:
    noeud.objet("texte", "valeur unite annee territoire source")
    return Constat(
        noeud.texte("texte"), noeud.nombre("valeur"), noeud.texte("unite"), noeud.nombre("annee", entier=True),
        noeud.texte("territoire"), noeud.texte("source"), noeud.ligne,
    )
