"""Les portails des financeurs qui veulent leur propre saisie : leurs champs, dans leur ordre.

La table est une donnée de Parvis. Aucune source publique, à notre connaissance, ne fixe ces écrans :
l'ordre et les limites suivent les rubriques du CERFA n° 12156, à titre indicatif, et la page le dit.
"""

import re
from dataclasses import dataclass

from parvis.organismes.enums import Nature

INDICATIF = (
    "L’ordre des champs et leurs limites sont donnés à titre indicatif : nous n’en connaissons pas de "
    "source publique, et le portail peut les changer. Vérifiez-les sur le portail."
)
NUMERO_AU_PLUS = 60
# Le numéro d'une action sur le portail de l'État, tel que l'écrivent ses exports.
_NUMERO_DAUPHIN = re.compile(r"(?:DA)?([0-9]{8})(?:-[0-9]*)?")
_INTITULE = 250
_LONG = 4000


@dataclass(frozen=True)
class ChampDePortail:
    """Un champ du portail : ce qui y est écrit, sa limite en signes, et d'où vient sa valeur."""

    code: str
    libelle: str
    source: str
    limite: int | None = None


@dataclass(frozen=True)
class EcranDePortail:
    """Un écran du portail, ou une partie d'écran."""

    titre: str
    champs: tuple[ChampDePortail, ...]
    # L'écran du budget : une case par compte, après ses champs.
    a_le_budget: bool = False


@dataclass(frozen=True)
class Portail:
    """Un portail : son nom, son adresse si elle est la même partout, et qui le demande."""

    code: str
    nom: str
    ecrans: tuple[EcranDePortail, ...]
    natures: frozenset[str] = frozenset()
    adresse: str = ""
    note: str = INDICATIF
    # Son numéro suit la forme des actions du portail de l'État.
    est_dauphin: bool = False


def _champs(*faits: tuple[str, str] | tuple[str, str, int]) -> tuple[ChampDePortail, ...]:
    """Rend des champs, chacun nommé par sa source."""
    return tuple(
        ChampDePortail(source.replace(".", "-").replace("_", "-"), libelle, source, *limite)
        for source, libelle, *limite in faits
    )


_QUI = EcranDePortail(
    "L’organisme demandeur",
    _champs(
        ("porteur.siret", "Numéro Siret", 14),
        ("porteur.rna", "Numéro RNA", 10),
        ("porteur.nom", "Nom de l’organisme"),
        ("porteur.sigle", "Sigle"),
        ("porteur.adresse", "Adresse du siège"),
        ("organisation.representant", "Représentant légal"),
        ("organisation.representant_fonction", "Fonction du représentant légal"),
        ("organisation.charge", "Personne chargée du dossier"),
        ("organisation.charge_courriel", "Courriel de la personne chargée du dossier"),
        ("organisation.charge_telephone", "Téléphone de la personne chargée du dossier"),
    ),
)
_MOYENS_DE_L_ORGANISME = EcranDePortail(
    "Les moyens humains de l’organisme",
    _champs(
        ("organisation.benevoles", "Bénévoles"),
        ("organisation.volontaires", "Volontaires"),
        ("organisation.salaries", "Salariés"),
        ("organisation.etpt", "Salariés en équivalent temps plein"),
        ("organisation.adherents", "Adhérents"),
    ),
)
_MOYENS = (
    ("moyens.materiels", "Moyens matériels", _LONG),
    ("moyens.humains", "Moyens humains", _LONG),
    ("moyens.benevoles", "Bénévoles sur l’action"),
    ("moyens.salaries", "Salariés sur l’action"),
    ("moyens.etpt", "Salariés sur l’action, en équivalent temps plein"),
)
_BUDGET = EcranDePortail("Le budget de l’action", (), a_le_budget=True)

DAUPHIN = Portail(
    "dauphin",
    "portail de l’État pour la politique de la ville (Dauphin)",
    (
        _QUI,
        _MOYENS_DE_L_ORGANISME,
        EcranDePortail(
            "La demande",
            _champs(
                ("projet.titre", "Intitulé du projet", _INTITULE),
                ("projet.frequence", "Fréquence : première demande ou renouvellement"),
                ("demandes.periode", "Période : ponctuelle ou pluriannuelle"),
                ("fiches.texte", "Thématique : les fiches du contrat auxquelles il répond"),
                ("projet.resume", "Objet, en une phrase", 500),
                ("projet.objectifs", "Objectifs", _LONG),
                ("projet.description", "Description", _LONG),
                ("projet.besoin", "Besoin auquel répond le projet", _LONG),
                ("publics.texte", "Bénéficiaires", _LONG),
                ("lieux.texte", "Territoire", _LONG),
                *_MOYENS,
                ("partenaires.texte", "Partenaires", _LONG),
                ("calendrier.debut_le", "Date de début"),
                ("calendrier.fin_le", "Date de fin"),
                ("indicateurs.texte", "Indicateurs d’évaluation", _LONG),
                ("projet.evaluation", "Évaluation", _LONG),
            ),
        ),
        _BUDGET,
    ),
    frozenset({Nature.ETAT.value}),
    "https://usager-dauphin.cget.gouv.fr",
    est_dauphin=True,
)
CAF = Portail(
    "caf",
    "portail d’une caisse d’allocations familiales",
    (
        _QUI,
        EcranDePortail(
            "Le projet",
            _champs(
                ("projet.titre", "Nom du projet", _INTITULE),
                ("projet.besoin", "Diagnostic et besoin", _LONG),
                ("projet.objectifs", "Objectifs", _LONG),
                ("projet.description", "Actions prévues", _LONG),
                ("publics.texte", "Public", _LONG),
                ("projet.habitants", "Participation des habitants", _LONG),
                ("lieux.texte", "Lieux", _LONG),
                ("calendrier.debut_le", "Date de début"),
                ("calendrier.fin_le", "Date de fin"),
                ("partenaires.texte", "Partenaires", _LONG),
                *_MOYENS,
                ("indicateurs.texte", "Indicateurs", _LONG),
            ),
        ),
        _BUDGET,
    ),
    frozenset({Nature.PROTECTION_SOCIALE.value}),
)


def _de_collectivite(code: str, nom: str, *natures: str) -> Portail:
    """Rend un portail qui suit l'ordre du formulaire CERFA n° 12156, comme la plupart."""
    return Portail(
        code,
        nom,
        (
            _QUI,
            _MOYENS_DE_L_ORGANISME,
            EcranDePortail(
                "Le projet",
                _champs(
                    ("projet.titre", "Intitulé", _INTITULE),
                    ("projet.objectifs", "Objectifs", _LONG),
                    ("projet.description", "Description", _LONG),
                    ("publics.texte", "Bénéficiaires", _LONG),
                    ("lieux.texte", "Territoire", _LONG),
                    *_MOYENS,
                    ("calendrier.debut_le", "Date de début"),
                    ("calendrier.fin_le", "Date de fin"),
                    ("projet.evaluation", "Évaluation", _LONG),
                    ("indicateurs.texte", "Indicateurs", _LONG),
                ),
            ),
            _BUDGET,
        ),
        frozenset(natures),
    )


PORTAILS: tuple[Portail, ...] = (
    DAUPHIN,
    CAF,
    _de_collectivite("region", "portail d’une Région", Nature.REGION),
    _de_collectivite("departement", "portail d’un Département", Nature.DEPARTEMENT),
    _de_collectivite(
        "commune", "portail d’une commune ou d’une intercommunalité", Nature.COMMUNE, Nature.EPCI
    ),
    # Toutes les autres natures, et un financeur que la plateforme ne connaît pas.
    _de_collectivite("autre", "portail d’un autre financeur"),
)


def portail_de(nature: str) -> Portail:
    """Rend le portail que demande un financeur de cette nature ; vide, il n'est pas connu."""
    return next((p for p in PORTAILS if nature in p.natures), PORTAILS[-1])


def portail_du_code(code: str) -> Portail | None:
    """Rend le portail de ce code, s'il existe."""
    return next((portail for portail in PORTAILS if portail.code == code), None)


def ecrire_le_numero(portail: Portail, texte: str) -> str:
    """Rend un numéro tel qu'il se garde : en majuscules et sans espaces sur le portail de l'État."""
    propre = " ".join(texte.split())
    return propre.replace(" ", "").upper() if portail.est_dauphin else propre


def motifs_sur_le_numero(portail: Portail, numero: str) -> list[str]:
    """Rend pourquoi ce numéro, déjà écrit proprement, n'est pas de ce portail ; vide, il s'efface."""
    if not numero:
        return []
    if portail.est_dauphin and not _NUMERO_DAUPHIN.fullmatch(numero):
        return [
            f"« {numero[:40]} » n’est pas un numéro de ce portail : il a huit chiffres, "
            "par exemple DA01234567 ou 01234567-1."
        ]
    if len(numero) > NUMERO_AU_PLUS:
        return [f"Ce numéro est trop long : {len(numero)} signes, {NUMERO_AU_PLUS} permis."]
    return []


def racine_du_numero(texte: str) -> str:
    """Rend ce qui désigne une action de l'État, sans « DA » ni suffixe ; vide si ce n'en est pas un.

    Un tableur perd les zéros de tête : un nombre plus court les retrouve.
    """
    propre = "".join(texte.split()).upper()
    if propre.isascii() and propre.isdigit() and len(propre) < 8 and propre.strip("0"):
        return propre.zfill(8)
    trouve = _NUMERO_DAUPHIN.fullmatch(propre)
    return trouve[1] if trouve else ""
