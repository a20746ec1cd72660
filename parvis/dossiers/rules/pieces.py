"""Les pièces que la plateforme propose de demander, selon la nature du porteur.

Ce sont des propositions : le pilote en retire, en ajoute, les récrit.
"""

from collections.abc import Collection
from dataclasses import dataclass

from parvis.organismes.enums import Nature

_PRIVES = (Nature.ASSOCIATION, Nature.FONDATION)
_SANS_COMPTE = (Nature.COLLECTIF, Nature.CONSEIL_CITOYEN)
# Une assemblée y décide : le projet et son plan de financement passent devant elle.
_A_ASSEMBLEE = (
    Nature.COMMUNE,
    Nature.EPCI,
    Nature.DEPARTEMENT,
    Nature.REGION,
    Nature.ETABLISSEMENT_PUBLIC,
    Nature.ETABLISSEMENT_SCOLAIRE,
    Nature.GIP,
)
_UN_AN = 12


@dataclass(frozen=True)
class PieceProposee:
    """Une pièce proposée : les natures de porteur qui la donnent, sa durée de validité en mois."""

    cle: str
    libelle: str
    explication: str
    natures: tuple[str, ...] = ()
    est_obligatoire: bool = True
    est_nominative: bool = False
    duree_de_validite: int | None = None


PIECES_PROPOSEES = (
    PieceProposee(
        "statuts",
        "Statuts",
        "La version en vigueur, datée et signée.",
        (*_PRIVES, Nature.GIP),
    ),
    PieceProposee(
        "declaration",
        "Récépissé de déclaration",
        "Celui de la préfecture, ou l’inscription au registre du tribunal en Alsace-Moselle.",
        (Nature.ASSOCIATION,),
    ),
    PieceProposee(
        "bureau",
        "Liste des personnes qui administrent l’organisme",
        "Celle de la dernière assemblée générale : nom et fonction de chacun.",
        _PRIVES,
        est_nominative=True,
        duree_de_validite=_UN_AN,
    ),
    PieceProposee(
        "comptes",
        "Comptes approuvés du dernier exercice",
        "Bilan, compte de résultat et annexe, ou le tableau des recettes et des dépenses.",
        (*_PRIVES, Nature.ENTREPRISE),
        duree_de_validite=18,
    ),
    PieceProposee(
        "rapport-d-activite",
        "Rapport d’activité de la dernière année",
        "Celui qui a été présenté à l’assemblée générale.",
        _PRIVES,
        duree_de_validite=18,
    ),
    PieceProposee(
        "budget-de-l-organisme",
        "Budget prévisionnel de l’organisme",
        "Pour l’année de la demande, tous projets réunis.",
        _PRIVES,
        duree_de_validite=_UN_AN,
    ),
    PieceProposee(
        "immatriculation",
        "Extrait d’immatriculation (Kbis)",
        "Il date de moins de trois mois.",
        (Nature.ENTREPRISE,),
        duree_de_validite=3,
    ),
    # Règlement (UE) 2023/2831, article 7 : les aides des trois dernières années se déclarent.
    PieceProposee(
        "aides-de-minimis",
        "Déclaration des aides reçues depuis trois ans",
        "Les aides dites « de minimis » : une page suffit, même s’il n’y en a pas.",
        (Nature.ENTREPRISE,),
    ),
    PieceProposee(
        "deliberation",
        "Délibération qui approuve le projet et son plan de financement",
        "Elle peut suivre le dépôt : joignez-la dès qu’elle est prise.",
        _A_ASSEMBLEE,
        est_obligatoire=False,
    ),
    PieceProposee(
        "structure-porteuse",
        "Accord de la structure qui reçoit l’argent",
        "Un groupe sans personnalité morale passe par un organisme qui signe pour lui.",
        _SANS_COMPTE,
    ),
    PieceProposee(
        "rib",
        "Relevé d’identité bancaire (RIB)",
        "Au nom de l’organisme, et de lui seul. Les services qui paient sont seuls à le lire.",
        tuple(nature for nature in Nature if nature not in _SANS_COMPTE),
    ),
    PieceProposee(
        "pouvoir",
        "Pouvoir de qui signe",
        "Seulement si la personne qui signe n’est pas le représentant légal.",
        est_obligatoire=False,
        est_nominative=True,
    ),
)


def est_un_pouvoir(cle: str) -> bool:
    """Dit si la pièce de cette clé est le pouvoir de qui signe sans être le représentant légal."""
    return "pouvoir" in cle.split("-")


def pieces_pour(nature: str) -> tuple[PieceProposee, ...]:
    """Rend les pièces proposées pour un porteur de cette nature, dans l'ordre."""
    return tuple(p for p in PIECES_PROPOSEES if not p.natures or nature in p.natures)


def ranger_les_natures(natures: Collection[str]) -> list[str]:
    """Rend ces natures dans l'ordre de la liste ; toutes, c'est n'en distinguer aucune."""
    rangees = [nature.value for nature in Nature if nature in natures]
    return [] if len(rangees) == len(Nature) else rangees


def dire_les_natures(natures: Collection[str]) -> str:
    """Rend qui donne une pièce, en peu de mots : « association, fondation », « tous, sauf… »."""
    absentes = [nature for nature in Nature if nature not in natures]
    if not natures or not absentes:
        return "tous les porteurs"
    if len(absentes) < len(natures):
        return f"tous, sauf {', '.join(map(_en_minuscule, absentes))}"
    return ", ".join(_en_minuscule(nature) for nature in Nature if nature in natures)


def _en_minuscule(nature: Nature) -> str:
    # « Service de l’État » garde sa majuscule du milieu.
    return nature.label[:1].lower() + nature.label[1:]
