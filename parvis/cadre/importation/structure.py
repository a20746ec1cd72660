"""Structure d'un contrat lu : ce que rendent tous les lecteurs, quel que soit le format d'origine.

L'ordre des champs est l'ordre documenté des clés JSON ; les clés propres à Parvis sont en fin
d'objet. `ligne` est toujours le numéro (à partir de 1) de la ligne du fichier source ; il vaut
`None` quand la source n'a pas de lignes (notre YAML).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, is_dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Anomalie:
    """Singularité relevée dans le document, avec sa ligne : rien n'est corrigé en silence."""

    ligne: int | None
    nature: str
    texte: str


@dataclass(frozen=True, slots=True)
class Note:
    """Note de bas de page."""

    numero: int
    texte: str
    ligne: int | None = None


@dataclass(frozen=True, slots=True)
class TypeDAction:
    """Type de projet attendu ; `forme` vaut `liste`, `prose` ou `titre`."""

    texte: str
    forme: str = "liste"
    confiance: float = 1.0
    ligne: int | None = None


@dataclass(frozen=True, slots=True)
class Partenaire:
    """Financeur ou opérateur d'une fiche : nom canonique et graphie imprimée."""

    nom: str
    imprime: str
    parent: str | None = None
    condition: str | None = None
    ligne: int | None = None
    nature: str = "inconnu"  # organisme | categorie | inconnu (absent du lexique)
    confiance: float = 1.0
    degre: str | None = None  # indicatif | possible | confirme | en_attente


@dataclass(frozen=True, slots=True)
class Dispositif:
    """Dispositif ou appui qu'un responsable (`porteur`) peut apporter aux projets de la fiche."""

    porteur: str | None
    nom: str
    detail: str | None = None
    origine: str = "puce"  # puce | phrase
    confiance: float = 1.0
    ligne: int | None = None
    porteurs: tuple[str, ...] = ()
    parent: str | None = None
    degre: str | None = (
        None  # a_initier | experimentation | en_place | incertain | possible | indicatif
    )
    nature: str | None = None  # specifique | droit_commun
    imprime: str | None = None


@dataclass(frozen=True, slots=True)
class Renvoi:
    """Référence à une autre fiche, un enjeu, un pilier ou un texte extérieur."""

    imprime: str
    cible: str
    nature: str = "voir_aussi"  # complement | voir_aussi | articulation | texte_externe
    anomalie: str | None = None
    ligne: int | None = None


@dataclass(frozen=True, slots=True)
class Lieu:
    """Lieu nommé, avec la commune ou le territoire auquel il appartient."""

    imprime: str
    territoire: str | None = None
    type: str = "autre"  # quartier | commune | agglomeration | departement | region | site | autre
    ligne: int | None = None


@dataclass(frozen=True, slots=True)
class Public:
    """Public visé (code de la liste fermée) et mots du document qui le prouvent."""

    code: str
    preuve: str
    ligne: int | None = None


@dataclass(frozen=True, slots=True)
class Constat:
    """Constat du diagnostic ou d'un texte nommé ; `valeur` est nulle quand il n'a pas de chiffre."""

    texte: str
    valeur: float | int | None = None
    unite: str | None = None
    annee: int | None = None
    territoire: str | None = None
    source: str | None = None
    ligne: int | None = None


@dataclass(frozen=True, slots=True)
class Rubrique:
    """Rubrique rencontrée dans une fiche : son code, son libellé imprimé, sa première ligne.

    `texte` : contenu des rubriques que le lecteur n'analyse pas (calendrier, pilote, inconnue…).
    """

    code: str
    imprime: str
    ligne: int | None = None
    texte: str = ""


@dataclass(frozen=True, slots=True)
class Fiche:
    """Fiche opérationnelle et ses quatre rubriques analysées."""

    numero: str
    titre: str
    descriptif: str = ""
    types_d_action: tuple[TypeDAction, ...] = ()
    financeurs: tuple[Partenaire, ...] = ()
    operateurs: tuple[Partenaire, ...] = ()
    dispositifs: tuple[Dispositif, ...] = ()
    renvois: tuple[Renvoi, ...] = ()
    lieux: tuple[Lieu, ...] = ()
    publics: tuple[Public, ...] = ()
    constats: tuple[Constat, ...] = ()
    echelle: str | None = None  # agglomeration | communes | partagee
    ligne: int | None = None
    rubriques: tuple[Rubrique, ...] = ()


@dataclass(frozen=True, slots=True)
class Enjeu:
    """Enjeu stratégique ; il peut n'avoir aucune fiche. `numero` : un entier, ou « 1.2 »."""

    numero: int | str
    titre: str
    introduction: str = ""
    fiches: tuple[Fiche, ...] = ()
    renvois: tuple[Renvoi, ...] = ()
    ligne: int | None = None


@dataclass(frozen=True, slots=True)
class Pilier:
    """Pilier du contrat."""

    titre: str
    enjeux: tuple[Enjeu, ...] = ()
    imprime: str | None = None
    introduction: str = ""
    national: str | None = None
    ligne: int | None = None


@dataclass(frozen=True, slots=True)
class SujetHorsContrat:
    """Sujet que le contrat traite ailleurs, et les mots par lesquels on le cherche."""

    titre: str
    explication: str
    mots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartenaireConnu:
    """Ce que le contrat livré sait d'un partenaire, toutes fiches confondues."""

    nom: str
    sigle: str = ""
    a_savoir: str = ""
    fin_le: str | None = None  # AAAA-MM-JJ
    suite: str = ""


@dataclass(frozen=True, slots=True)
class DispositifConnu:
    """Ce que le contrat livré sait d'un dispositif, toutes fiches confondues."""

    nom: str
    explication: str = ""
    nature: str | None = None  # specifique | droit_commun
    fin_le: str | None = None  # AAAA-MM-JJ
    suite: str = ""
    lien: str = ""


@dataclass(frozen=True, slots=True)
class Mots:
    """Les mots du contrat pour ses trois niveaux (« axe », « objectif », « action »)."""

    pilier: str = "pilier"
    enjeu: str = "enjeu"
    fiche: str = "fiche"


@dataclass(frozen=True, slots=True)
class ContratLu:
    """Contrat entier tel qu'il a été lu."""

    titre: str
    territoire: str = ""
    periode: tuple[int | None, int | None] = (None, None)
    piliers: tuple[Pilier, ...] = ()
    notes: tuple[Note, ...] = ()
    anomalies: tuple[Anomalie, ...] = ()
    preambule: str = ""
    edition: str = ""  # AAAA-MM
    prolonge_au: str | None = None  # AAAA-MM-JJ
    hors_contrat: tuple[SujetHorsContrat, ...] = ()
    partenaires_connus: tuple[PartenaireConnu, ...] = ()
    dispositifs_connus: tuple[DispositifConnu, ...] = ()
    mots: Mots = Mots()

    @property
    def enjeux(self) -> tuple[Enjeu, ...]:
        """Rend tous les enjeux, dans l'ordre du document."""
        return tuple(enjeu for pilier in self.piliers for enjeu in pilier.enjeux)

    @property
    def fiches(self) -> tuple[Fiche, ...]:
        """Rend toutes les fiches, dans l'ordre du document."""
        return tuple(fiche for enjeu in self.enjeux for fiche in enjeu.fiches)


def en_dict(valeur: Any) -> Any:
    """Rend la structure en types JSON simples, clés dans l'ordre documenté."""
    if is_dataclass(valeur):
        return {champ.name: en_dict(getattr(valeur, champ.name)) for champ in fields(valeur)}
    if isinstance(valeur, (tuple, list)):
        return [en_dict(element) for element in valeur]
    return valeur


_COMPOSES: dict[type, dict[str, type]] = {
    ContratLu: {
        "piliers": Pilier,
        "notes": Note,
        "anomalies": Anomalie,
        "hors_contrat": SujetHorsContrat,
        "partenaires_connus": PartenaireConnu,
        "dispositifs_connus": DispositifConnu,
    },
    Pilier: {"enjeux": Enjeu},
    Enjeu: {"fiches": Fiche, "renvois": Renvoi},
    Fiche: {
        "types_d_action": TypeDAction,
        "financeurs": Partenaire,
        "operateurs": Partenaire,
        "dispositifs": Dispositif,
        "renvois": Renvoi,
        "lieux": Lieu,
        "publics": Public,
        "constats": Constat,
        "rubriques": Rubrique,
    },
}


def depuis_dict(donnees: dict[str, Any]) -> ContratLu:
    """Rend le contrat que `en_dict` a mis en types simples."""
    contrat: ContratLu = reconstruire(ContratLu, donnees)
    return contrat


def reconstruire(classe: type, donnees: dict[str, Any]) -> Any:
    """Rend un objet de cette classe que `en_dict` a mis en types simples."""
    valeurs = {}
    for nom, valeur in donnees.items():
        compose = _COMPOSES.get(classe, {}).get(nom)
        if compose is not None:
            valeur = tuple(reconstruire(compose, element) for element in valeur)
        elif isinstance(valeur, list):
            valeur = tuple(valeur)
        elif nom == "mots":
            valeur = Mots(**valeur)
        valeurs[nom] = valeur
    return classe(**valeurs)


def en_json(contrat: ContratLu, indentation: int | None = 2) -> str:
    """Rend le contrat en JSON documenté, accents lisibles."""
    return json.dumps(en_dict(contrat), ensure_ascii=False, indent=indentation)
