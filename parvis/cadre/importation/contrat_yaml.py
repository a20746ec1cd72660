"""Notre format YAML d'un contrat, lu strictement dans la même structure que les documents publiés."""

from __future__ import annotations

import re
from pathlib import Path

from .lexique import charger_lexique, repertoire
from .noeuds import ContratInvalide, Noeud, racine
from .source import LIMITE_OCTETS, fermeture
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
_DEGRES = (
    "a_initier",
    "experimentation",
    "en_place",
    "incertain",
    "possible",
    "indicatif",
    "confirme",
    "termine",
)
_DEGRES_DE_PARTENAIRE = ("indicatif", "possible", "confirme", "en_attente")
_NATURES = ("specifique", "droit_commun")
_RENVOIS = ("complement", "voir_aussi", "articulation", "texte_externe")
_LIEUX = ("quartier", "commune", "agglomeration", "departement", "region", "site", "autre")
_ECHELLES = ("agglomeration", "communes", "partagee")
_CONFIANCES = {"liste": 1.0, "prose": 1.0, "titre": 1.0}


def lire_yaml(chemin: str | Path) -> ContratLu:
    """Lit un contrat (ou un seul pilier) de notre YAML ; lève ContratInvalide avec le chemin de la clé."""
    chemin = Path(chemin)
    try:
        if chemin.stat().st_size > LIMITE_OCTETS:
            raise ContratInvalide("", f"fichier de plus de {LIMITE_OCTETS // 1048576} Mo.")
        texte = chemin.read_text(encoding="utf-8")
    except OSError as erreur:
        raise ContratInvalide("", fermeture(chemin, erreur), 0) from erreur
    except UnicodeDecodeError as erreur:
        raise ContratInvalide("", "le fichier n'est pas en UTF-8.") from erreur
    return lire_yaml_texte(texte)


def lire_yaml_texte(texte: str) -> ContratLu:
    """Lit le texte d'un contrat de notre YAML ; lève ContratInvalide."""
    noeud = racine(texte)
    if (
        isinstance(noeud.valeur, dict)
        and "enjeux" in noeud.valeur
        and "piliers" not in noeud.valeur
    ):
        return ContratLu("", "", (None, None), (_pilier(noeud),))
    return _contrat(noeud)


def _contrat(noeud: Noeud) -> ContratLu:
    noeud.objet(
        "titre territoire periode piliers",
        "preambule notes edition prolonge_au hors_contrat partenaires dispositifs",
    )
    periode = noeud.valeur["periode"]
    if not (
        isinstance(periode, list) and len(periode) == 2 and all(type(a) is int for a in periode)
    ):
        raise ContratInvalide(
            "periode", "deux années étaient attendues, par exemple [2015, 2020].", noeud.ligne
        )
    return ContratLu(
        noeud.texte("titre"),
        noeud.texte("territoire"),
        (periode[0], periode[1]),
        noeud.liste("piliers", _pilier),
        noeud.liste("notes", _note),
        (),
        noeud.texte("preambule", "", paragraphes=True),
        noeud.texte("edition", ""),
        noeud.date("prolonge_au"),
        noeud.liste("hors_contrat", _sujet),
        noeud.liste("partenaires", _partenaire_connu),
        noeud.liste("dispositifs", _dispositif_connu),
    )


def _sujet(noeud: Noeud) -> SujetHorsContrat:
    noeud.objet("titre explication", "mots")
    mots = noeud.valeur.get("mots", [])
    if not (isinstance(mots, list) and all(isinstance(mot, str) for mot in mots)):
        raise ContratInvalide(
            f"{noeud.chemin}.mots", "une liste de mots était attendue.", noeud.ligne
        )
    return SujetHorsContrat(noeud.texte("titre"), noeud.texte("explication"), tuple(mots))


def _partenaire_connu(noeud: Noeud) -> PartenaireConnu:
    noeud.objet("nom", "sigle a_savoir fin_le suite")
    return PartenaireConnu(
        noeud.texte("nom"),
        noeud.texte("sigle", ""),
        noeud.texte("a_savoir", ""),
        noeud.date("fin_le"),
        noeud.texte("suite", ""),
    )


def _dispositif_connu(noeud: Noeud) -> DispositifConnu:
    noeud.objet("nom", "explication nature fin_le suite lien")
    return DispositifConnu(
        noeud.texte("nom"),
        noeud.texte("explication", ""),
        noeud.choix("nature", _NATURES, None),
        noeud.date("fin_le"),
        noeud.texte("suite", ""),
        noeud.texte("lien", ""),
    )


def _note(noeud: Noeud) -> Note:
    noeud.objet("numero texte", "ligne")
    return Note(noeud.nombre("numero", entier=True), noeud.texte("texte"))


def _pilier(noeud: Noeud) -> Pilier:
    noeud.objet("titre enjeux", "imprime national introduction")
    return Pilier(
        noeud.texte("titre"),
        noeud.liste("enjeux", _enjeu),
        noeud.texte("imprime") or noeud.texte("titre"),
        noeud.texte("introduction", "", paragraphes=True),
        noeud.texte("national"),
        noeud.ligne,
    )


def _enjeu(noeud: Noeud) -> Enjeu:
    noeud.objet("numero titre", "introduction renvois fiches")
    return Enjeu(
        _numero_d_enjeu(noeud),
        noeud.texte("titre"),
        noeud.texte("introduction", "", paragraphes=True),
        noeud.liste("fiches", _fiche),
        noeud.liste("renvois", _renvoi),
        noeud.ligne,
    )


def _numero_d_enjeu(noeud: Noeud) -> int | str:
    """Rend un numéro d'enjeu : un entier, ou un texte comme « 1.2 » ou « A »."""
    numero = noeud.valeur["numero"]
    if isinstance(numero, str) and re.fullmatch(r"[A-Z]{1,2}|[A-Z]?\d+(?:[.-]\d+)*", numero):
        return numero
    return noeud.nombre("numero", entier=True)


def _fiche(noeud: Noeud) -> Fiche:
    noeud.objet(
        "numero titre descriptif",
        "echelle types_d_action financeurs operateurs dispositifs renvois lieux publics constats",
    )
    numero = noeud.texte("numero")
    if not re.fullmatch(r"[A-Z]{0,2}-?\d+(?:[.-]\d+)*", numero):
        raise noeud.erreur(
            f"numéro de fiche « {numero} » (attendu : « 1-2 », « 1.2.3 » ou « A1 »)."
        )
    return Fiche(
        numero,
        noeud.texte("titre"),
        noeud.texte("descriptif", paragraphes=True),
        noeud.liste("types_d_action", _type_d_action),
        noeud.liste("financeurs", _partenaire),
        noeud.liste("operateurs", _partenaire),
        noeud.liste("dispositifs", _dispositif),
        noeud.liste("renvois", _renvoi),
        noeud.liste("lieux", _lieu),
        noeud.liste("publics", _public),
        noeud.liste("constats", _constat),
        noeud.choix("echelle", _ECHELLES, None),
        noeud.ligne,
    )


def _type_d_action(noeud: Noeud) -> TypeDAction:
    noeud.objet("texte", "forme")
    forme = noeud.choix("forme", _FORMES, "liste")
    return TypeDAction(noeud.texte("texte"), forme, _CONFIANCES[forme], noeud.ligne)


def _partenaire(noeud: Noeud) -> Partenaire:
    noeud.objet("nom", "imprime parent condition degre")
    nom = noeud.texte("nom")
    connu = repertoire().entrees.get(nom) or getattr(repertoire().trouver(nom), "entree", None)
    return Partenaire(
        nom,
        noeud.texte("imprime") or nom,
        noeud.texte("parent"),
        noeud.texte("condition"),
        noeud.ligne,
        connu.nature if connu else "inconnu",
        1.0,
        noeud.choix("degre", _DEGRES_DE_PARTENAIRE, None),
    )


def _dispositif(noeud: Noeud) -> Dispositif:
    noeud.objet("nom", "porteur detail origine degre nature parent imprime")
    porteur = noeud.valeur.get("porteur")
    porteurs = porteur if isinstance(porteur, list) else [porteur] if porteur is not None else []
    if not all(isinstance(nom, str) and nom.strip() for nom in porteurs):
        raise ContratInvalide(
            f"{noeud.chemin}.porteur", "un nom ou une liste de noms était attendu.", noeud.ligne
        )
    noms = tuple(collapser(nom) for nom in porteurs)
    return Dispositif(
        noms[0] if noms else None,
        noeud.texte("nom"),
        noeud.texte("detail"),
        noeud.choix("origine", _ORIGINES, "puce"),
        1.0,
        noeud.ligne,
        noms,
        noeud.texte("parent"),
        noeud.choix("degre", _DEGRES, None),
        noeud.choix("nature", _NATURES, None),
        noeud.texte("imprime"),
    )


def _renvoi(noeud: Noeud) -> Renvoi:
    noeud.objet("imprime cible", "nature anomalie")
    nature = noeud.choix("nature", _RENVOIS, "voir_aussi")
    return Renvoi(
        noeud.texte("imprime"), noeud.texte("cible"), nature, noeud.texte("anomalie"), noeud.ligne
    )


def _lieu(noeud: Noeud) -> Lieu:
    noeud.objet("imprime", "territoire type")
    return Lieu(
        noeud.texte("imprime"),
        noeud.texte("territoire"),
        noeud.choix("type", _LIEUX, "autre"),
        noeud.ligne,
    )


def _public(noeud: Noeud) -> Public:
    noeud.objet("code", "preuve")
    codes = tuple(public["code"] for public in charger_lexique("publics")["publics"])
    return Public(noeud.choix("code", codes, None), noeud.texte("preuve", ""), noeud.ligne)


def _constat(noeud: Noeud) -> Constat:
    noeud.objet("texte", "valeur unite annee territoire source")
    return Constat(
        noeud.texte("texte"),
        noeud.nombre("valeur"),
        noeud.texte("unite"),
        noeud.nombre("annee", entier=True),
        noeud.texte("territoire"),
        noeud.texte("source"),
        noeud.ligne,
    )
