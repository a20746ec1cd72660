"""Écrire une subvention accordée dans les 40 colonnes du SCDL, ou dire ce qui lui manque pour y être.

Un refus n'y est jamais : ces faits sont ceux d'un vote public. Ce que la plateforme ne rend pas public
(le montant demandé, la date du dépôt, le calendrier du projet, son bilan) y reste vide.
"""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from parvis.conventions.rules.scdl_colonnes import (
    ATTRIBUEE,
    AUTRE,
    ECHELONNE,
    EN_NATURE,
    LONGUEUR_D_UN_TEXTE,
    MOTIF_DU_RNA,
    NOMS,
    NUMERAIRE,
    UNIQUE,
)
from parvis.dossiers.rules.coupes import couper
from parvis.organismes.rules.numeros import NumeroInvalide, normaliser_siret
from parvis.socle.tableaux import sans_formule
from parvis.socle.texte import en_une_ligne

OUTIL = "Parvis"


@dataclass(frozen=True)
class Organisation:
    """Qui donne ou qui reçoit : son nom et ses numéros, vides s'ils sont inconnus."""

    nom: str
    siret: str = ""
    rna: str = ""


@dataclass(frozen=True)
class Versements:
    """Comment une subvention se verse, d'après son acte et ce qui est payé.

    `nombre` : les versements prévus, zéro si l'acte n'en dit rien. `jours` : ceux que l'on connaît,
    payés ou prévus.
    """

    nombre: int = 0
    jours: tuple[date, ...] = ()


@dataclass(frozen=True)
class Subvention:
    """Une demande votée, et ce que le public en sait."""

    identifiant: str
    dossier: str
    attribuant: Organisation
    beneficiaire: Organisation
    exercice: int
    montant: Decimal
    objet: str
    votee_le: date
    est_en_nature: bool = False
    signee_le: date | None = None
    reference: str = ""
    dispositif: str = ""
    sous_dispositif: str = ""
    annees: tuple[int, ...] = ()
    cofinanceurs: tuple[str, ...] = ()
    versements: Versements = Versements()
    # Votée hors de la plateforme : on n'en sait que le vote, que le portail du financeur exporte.
    est_d_ailleurs: bool = False


def manques(subvention: Subvention) -> list[str]:
    """Rend ce qui manque à une subvention pour entrer dans le fichier, et ce qu'il faut compléter."""
    dits = []
    qui = subvention.attribuant.nom
    if not _est_un_siret(subvention.attribuant.siret):
        dits.append(f"Le financeur, {qui}, n’a pas de Siret : complétez-le dans son organisme.")
    qui = subvention.beneficiaire.nom
    if not (_est_un_siret(subvention.beneficiaire.siret) or _rna(subvention.beneficiaire)):
        if subvention.beneficiaire.rna:
            dits.append(
                f"Le bénéficiaire, {qui}, n’a pas de Siret, et la norme n’admet pas les lettres de son "
                "numéro RNA : complétez son Siret."
            )
        else:
            dits.append(f"Le bénéficiaire, {qui}, n’a ni Siret, ni numéro RNA : complétez-le.")
    if subvention.signee_le is None:
        dits.append(
            "Votée sur un autre portail, dont l’export ne dit pas l’acte : la ligne reste hors du fichier."
            if subvention.est_d_ailleurs
            else "Aucun acte notifié ne dit ce montant : la ligne entrera dans le fichier quand il le sera."
        )
    return dits


def ligne(subvention: Subvention, jour: date) -> tuple[str, ...]:
    """Rend les 40 cellules d'une subvention à qui rien ne manque, dans l'ordre de la norme."""
    cellules = _qui(subvention) | _quoi(subvention) | _comment(subvention)
    cellules["dateMiseAJour"] = jour.isoformat()
    return tuple(cellules.get(nom, "") for nom in NOMS)


def ecrire(subventions: Iterable[Subvention], jour: date) -> bytes:
    """Rend le fichier : UTF-8, virgules, une ligne par bénéficiaire, point décimal."""
    sortie = io.StringIO(newline="")
    ecrivain = csv.writer(sortie, lineterminator="\r\n")
    ecrivain.writerow(NOMS)
    ecrivain.writerows(ligne(subvention, jour) for subvention in subventions)
    return sortie.getvalue().encode()


def _qui(subvention: Subvention) -> dict[str, str]:
    donne, recoit = subvention.attribuant, subvention.beneficiaire
    return {
        "nomAttribuant": _texte(donne.nom),
        "idAttribuant": donne.siret,
        "nomServiceInstructeur": _texte(donne.nom),
        "idServiceInstructeur": donne.siret,
        "nomBeneficiaire": _texte(recoit.nom),
        "idBeneficiaire": recoit.siret if _est_un_siret(recoit.siret) else "",
        "rnaBeneficiaire": _rna(recoit),
        "cofinancement": _oui(bool(subvention.cofinanceurs)),
        "attribuantsCofinanceurs": _texte(", ".join(subvention.cofinanceurs)),
        "idCofinancement": _texte(subvention.dossier),
    }


def _quoi(subvention: Subvention) -> dict[str, str]:
    est_pluriannuelle = len(subvention.annees) > 1
    return {
        "idSubvention": _texte(subvention.identifiant),
        "exerciceBudgetaire": str(subvention.exercice),
        "pluriannualite": _oui(est_pluriannuelle),
        "anneesPluriannualite": (
            " - ".join(map(str, sorted(subvention.annees))) if est_pluriannuelle else ""
        ),
        "dateDecision": subvention.votee_le.isoformat(),
        "dateConvention": subvention.signee_le.isoformat() if subvention.signee_le else "",
        "referenceDecision": _texte(subvention.reference),
        "dispositif": _texte(subvention.dispositif),
        "sousDispositif": _texte(subvention.sous_dispositif),
        "statutLabel": ATTRIBUEE,
        "objet": objet(subvention.objet),
        "nature": EN_NATURE if subvention.est_en_nature else NUMERAIRE,
        "montant": f"{subvention.montant:.2f}",
        "nomOutilInstruction": "" if subvention.est_d_ailleurs else OUTIL,
        "notificationUE": "non",
        "pourcentageSubvention": "1",
    }


def _comment(subvention: Subvention) -> dict[str, str]:
    condition, dit = _condition(subvention)
    return {
        "conditionsVersement": condition,
        "descriptionConditionsVersement": dit,
        "datesPeriodeVersement": periode(subvention, condition),
    }


def _condition(subvention: Subvention) -> tuple[str, str]:
    if subvention.est_d_ailleurs:
        return AUTRE, "Selon la décision du financeur, prise hors de la plateforme"
    if subvention.est_en_nature:
        return AUTRE, "Aide en nature : rien n’est versé"
    nombre = max(subvention.versements.nombre, len(subvention.versements.jours))
    if nombre > 1:
        return ECHELONNE, f"En {nombre} versements"
    return UNIQUE, "En un versement"


def periode(subvention: Subvention, condition: str) -> str:
    """Rend le jour du versement unique, s'il est connu ; sinon la période où l'on verse.

    Sans date, elle va de l'acte à la fin de l'exercice ; un exercice fini avant l'acte ne la ferme pas
    avant son début.
    """
    jours = sorted(subvention.versements.jours)
    if condition == UNIQUE and len(jours) == 1:
        return jours[0].isoformat()
    debut = subvention.signee_le or subvention.votee_le
    if len(jours) > 1:
        return f"{jours[0].isoformat()}/{jours[-1].isoformat()}"
    fin = date(subvention.exercice, 12, 31)
    bornes = sorted({*jours, debut, max(debut, fin)})
    if len(bornes) == 1:
        return bornes[0].isoformat()
    return f"{bornes[0].isoformat()}/{bornes[-1].isoformat()}"


def objet(titre: str) -> str:
    """Rend le titre d'un projet dans la longueur admise, coupé à la fin d'une phrase ou d'un mot."""
    propre = _texte(titre)
    coupe = couper(propre, LONGUEUR_D_UN_TEXTE)
    return coupe.garde if coupe else propre


def _texte(texte: str) -> str:
    """Rend un texte d'une ligne, qu'aucun tableur ne prendra pour une formule."""
    return sans_formule(en_une_ligne(texte))


def _oui(dit: bool) -> str:
    return "oui" if dit else "non"


def _rna(organisation: Organisation) -> str:
    """Rend un numéro RNA que la norme admet ; le vrai a des lettres en Corse et outre-mer."""
    return organisation.rna if re.fullmatch(MOTIF_DU_RNA, organisation.rna, re.ASCII) else ""


def _est_un_siret(numero: str) -> bool:
    try:
        return bool(numero) and normaliser_siret(numero) == numero
    except NumeroInvalide:
        return False
