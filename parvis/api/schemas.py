"""La forme de ce que rend l'API : les clés documentées du contrat, tirées dans le schéma OpenAPI."""

from datetime import date
from decimal import Decimal
from typing import Any

from ninja import Schema


class Contrat(Schema):
    """Un contrat publié et son édition courante."""

    code: str
    titre: str
    territoire: str
    debut: int
    fin: int
    prolonge_au: date | None
    edition: str
    mots: dict[str, str]


class EnjeuBref(Schema):
    """Un enjeu et les numéros de ses fiches."""

    numero: str
    titre: str
    introduction: str
    fiches: list[str]


class Pilier(Schema):
    """Un pilier et ses enjeux."""

    identifiant: str
    titre: str
    national: str
    introduction: str
    enjeux: list[EnjeuBref]


class FicheBreve(Schema):
    """Une fiche dans une liste."""

    numero: str
    titre: str
    pilier: str
    enjeu: str
    accroche: str
    publics: list[str]


class TypeDAction(Schema):
    """Une sorte de projet attendue."""

    texte: str
    forme: str
    confiance: float


class PartenaireDeFiche(Schema):
    """Un financeur ou un opérateur d'une fiche."""

    nom: str
    identifiant: str
    imprime: str
    parent: str | None
    condition: str | None
    degre: str


class DispositifDeFiche(Schema):
    """Un dispositif cité par une fiche."""

    porteur: str | None
    nom: str
    identifiant: str
    detail: str | None
    origine: str
    confiance: float
    degre: str | None
    nature: str | None
    fin_le: date | None
    suite: str | None


class Renvoi(Schema):
    """Un renvoi vers une autre fiche, un enjeu, un texte."""

    imprime: str
    cible: str
    nature: str
    anomalie: str | None


class Lieu(Schema):
    """Un lieu nommé ; codes officiels quand il est reconnu."""

    imprime: str
    territoire: str
    type: str
    commune: str | None
    quartier: str | None


class Public(Schema):
    """Un public visé et les mots qui le prouvent."""

    code: str
    preuve: str


class Constat(Schema):
    """Un constat, avec son chiffre s'il en a un."""

    texte: str
    valeur: Decimal | None
    unite: str
    annee: int | None
    territoire: str
    source: str


class Rubrique(Schema):
    """Une rubrique propre au contrat (pilote, calendrier…), telle qu'imprimée."""

    code: str
    libelle: str
    texte: str


class Declinaison(Schema):
    """Ce qu'un lieu dit autrement d'une fiche : chaque section changée, entière."""

    lieu: str
    type: str
    commune: str | None
    quartier: str | None
    sections: dict[str, Any]


class Fiche(Schema):
    """Une fiche entière."""

    numero: str
    titre: str
    pilier: str
    enjeu: str
    echelle: str
    descriptif: str
    types_d_action: list[TypeDAction]
    financeurs: list[PartenaireDeFiche]
    operateurs: list[PartenaireDeFiche]
    dispositifs: list[DispositifDeFiche]
    renvois: list[Renvoi]
    lieux: list[Lieu]
    publics: list[Public]
    constats: list[Constat]
    rubriques: list[Rubrique]
    declinaisons: list[Declinaison]


class Partenaire(Schema):
    """Un partenaire du contrat."""

    identifiant: str
    nom: str
    sigle: str
    nature: str
    a_savoir: str
    fin_le: date | None
    suite: str
    nombre_de_fiches: int


class Dispositif(Schema):
    """Un dispositif du contrat."""

    identifiant: str
    nom: str
    nature: str
    explication: str
    responsables: list[str]
    fin_le: date | None
    suite: str
    nombre_de_fiches: int


class Resultat(Schema):
    """Une réponse de la recherche."""

    sorte: str
    identifiant: str
    titre: str
    ou: str
    extrait: str


class Recherche(Schema):
    """Les réponses à une question, et les corrections de frappe faites."""

    question: str
    corrections: dict[str, str]
    est_partielle: bool
    resultats: list[Resultat]


class Erreur(Schema):
    """Ce qui n'a pas pu être rendu, en une phrase."""

    detail: str
