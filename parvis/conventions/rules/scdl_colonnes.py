"""Les colonnes d'un fichier de subventions publié selon le SCDL : le schéma 2.1.1, et sa forme de 2018.

Noms, types et contraintes sont ceux de la norme ; ce que chaque colonne dit est écrit ici, pour qui lit
le fichier de Parvis. Décret n° 2017-779 du 5 mai 2017 et arrêté du 17 novembre 2017.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum


class Sorte(StrEnum):
    """Ce qu'une colonne tient."""

    TEXTE = "texte"
    SIRET = "siret"
    ENTIER = "entier"
    NOMBRE = "nombre"
    DATE = "date"


@dataclass(frozen=True)
class Colonne:
    """Une colonne de la norme, et ce que le fichier de Parvis y met ; vide s'il n'y met rien."""

    nom: str
    dit: str = ""
    sorte: Sorte = Sorte.TEXTE
    est_exigee: bool = False
    motif: str = ""
    # Ce que le motif veut, en mots : on ne montre pas une expression à qui corrige un fichier.
    attendu: str = ""
    valeurs: tuple[str, ...] = ()
    longueur: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None


OUI_NON = ("oui", "non")
NUMERAIRE, EN_NATURE = "aide en numéraire", "aide en nature"
UNIQUE, ECHELONNE, AUTRE = "unique", "échelonné", "autre"
# La faute est dans la norme : corrigé, le mot ne serait plus valide.
STATUTS = ("en cours d'intruction", "attribuée", "ineligible", "refusée")
ATTRIBUEE = STATUTS[1]
LONGUEUR_D_UN_TEXTE = 256
MOTIF_DU_RNA = r"^W\d{9}$"
MOTIF_DE_PERIODE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(/[0-9]{4}-[0-9]{2}-[0-9]{2})?$"

COLONNES = (
    Colonne("idSubvention", "Le même pour toutes les années d’une subvention."),
    Colonne("nomAttribuant", "Le financeur.", est_exigee=True),
    Colonne("idAttribuant", "Son Siret.", Sorte.SIRET, True, r"^\d{14}$", "un Siret : 14 chiffres"),
    Colonne("nomServiceInstructeur", "Le financeur : chacun étudie ses demandes."),
    Colonne("idServiceInstructeur", "Son Siret.", est_exigee=True),
    Colonne("nomBeneficiaire", "L’organisme qui reçoit l’argent.", est_exigee=True),
    Colonne("idBeneficiaire", "Son Siret ; l’un de ses deux numéros est là.", Sorte.SIRET),
    Colonne(
        "rnaBeneficiaire",
        "Son numéro au répertoire des associations.",
        motif=MOTIF_DU_RNA,
        attendu="un numéro RNA : la lettre W et 9 chiffres",
    ),
    Colonne("exerciceBudgetaire", "L’année de la subvention.", Sorte.ENTIER),
    Colonne("pluriannualite", "« oui » si plusieurs années sont votées.", valeurs=OUI_NON),
    Colonne("anneesPluriannualite", "Alors, les années votées."),
    Colonne("dateDecision", "Le jour du vote.", Sorte.DATE),
    Colonne("dateConvention", "Le jour où l’acte, notifié depuis, est signé.", Sorte.DATE, True),
    Colonne("referenceDecision", "Le numéro de l’acte, chez le financeur."),
    Colonne("dateCreation", sorte=Sorte.DATE),
    Colonne("dateDebut", sorte=Sorte.DATE),
    Colonne("dateFin", sorte=Sorte.DATE),
    Colonne("dispositif", "Le contrat de ville."),
    Colonne("sousDispositif", "L’appel à projets."),
    Colonne("statutLabel", "Toujours « attribuée ».", valeurs=STATUTS),
    Colonne("objet", "Le titre du projet.", est_exigee=True, longueur=LONGUEUR_D_UN_TEXTE),
    Colonne(
        "nature",
        "De l’argent, ou un prêt de salle, de matériel, de personnel.",
        est_exigee=True,
        valeurs=(
            NUMERAIRE,
            EN_NATURE,
            f"{NUMERAIRE};{EN_NATURE}",
            f"{EN_NATURE};{NUMERAIRE}",
        ),
    ),
    Colonne("montantDemande", sorte=Sorte.NOMBRE),
    Colonne("montant", "Le montant voté, en euros.", Sorte.NOMBRE),
    Colonne("nomOutilInstruction", "Parvis, si la demande s’y étudie."),
    Colonne("nomOutilVersement"),
    Colonne("ej"),
    Colonne("cléVersement"),
    Colonne(
        "conditionsVersement",
        "En une fois, en plusieurs, ou autrement.",
        est_exigee=True,
        valeurs=(UNIQUE, ECHELONNE, AUTRE),
    ),
    Colonne(
        "descriptionConditionsVersement",
        "La même chose, en une phrase.",
        est_exigee=True,
        longueur=LONGUEUR_D_UN_TEXTE,
    ),
    Colonne(
        "datesPeriodeVersement",
        "Le jour du versement, ou la période des versements.",
        est_exigee=True,
        motif=MOTIF_DE_PERIODE,
        attendu="une date AAAA-MM-JJ, ou deux séparées par « / »",
    ),
    Colonne("cofinancement", "« oui » si un autre financeur a voté pour lui.", valeurs=OUI_NON),
    Colonne("attribuantsCofinanceurs", "Ces autres financeurs."),
    Colonne("idCofinancement", "Le même pour tous les financeurs d’un dossier."),
    Colonne("idRAE", longueur=5),
    Colonne(
        "notificationUE",
        "Toujours « non » : Parvis n’a pas de régime d’aide notifié.",
        est_exigee=True,
        valeurs=OUI_NON,
    ),
    Colonne(
        "pourcentageSubvention",
        "Toujours 1 : un seul bénéficiaire.",
        Sorte.NOMBRE,
        True,
        minimum=Decimal("0.01"),
        maximum=Decimal(1),
    ),
    Colonne("evaluationCout", sorte=Sorte.NOMBRE),
    Colonne("evaluation"),
    Colonne("dateMiseAJour", "Le jour où le fichier est écrit.", Sorte.DATE),
)
NOMS = tuple(colonne.nom for colonne in COLONNES)

_PAR_NOM = {colonne.nom: colonne for colonne in COLONNES}
# La forme de 2018 : moins de colonnes, le montant exigé, et le dispositif d'aide que la suite a quitté.
COLONNES_DE_2018 = (
    *(
        _PAR_NOM[nom]
        for nom in (
            *("nomAttribuant", "idAttribuant", "dateConvention", "referenceDecision"),
            *("nomBeneficiaire", "idBeneficiaire", "rnaBeneficiaire", "objet"),
        )
    ),
    replace(_PAR_NOM["montant"], est_exigee=True),
    *(
        _PAR_NOM[nom]
        for nom in (
            *("nature", "conditionsVersement", "datesPeriodeVersement"),
            *("idRAE", "notificationUE", "pourcentageSubvention"),
        )
    ),
    Colonne("dispositifAide"),
)


def norme_de(entete: tuple[str, ...]) -> tuple[Colonne, ...]:
    """Rend la norme qu'un fichier suit, d'après son en-tête : 40 colonnes, ou celles de 2018.

    Les colonnes que seule la suite connaît le disent ; sans aucune d'elles, le fichier est de 2018.
    """
    de_2018 = {colonne.nom for colonne in COLONNES_DE_2018}
    return COLONNES if set(entete) & (set(NOMS) - de_2018) else COLONNES_DE_2018
