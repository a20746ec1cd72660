"""Reprendre une subvention : entendre d'abord, retirer au prorata, demander ce qui est à rendre."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from parvis.conventions.enums import EtatDeRetrait
from parvis.dossiers.rules.recepisse import apres_des_mois
from parvis.socle.montants import CENTIME, ecrire_montant, repartir

ZERO = Decimal("0.00")
# Le nôtre : la loi demande que l'organisme puisse répondre (CRPA, articles L. 121-1 et L. 122-1), sans
# dire en combien de jours.
JOURS_POUR_REPONDRE = 15
# Loi n° 2000-321, article 10-1 : six mois au plus pour rendre, depuis la décision.
MOIS_POUR_RENDRE = 6

PASSAGES: dict[str, tuple[str, ...]] = {
    EtatDeRetrait.A_ENTENDRE: (EtatDeRetrait.DECIDE, EtatDeRetrait.ABANDONNE),
    EtatDeRetrait.DECIDE: (),
    EtatDeRetrait.ABANDONNE: (),
}


@dataclass(frozen=True)
class LigneARetirer:
    """Ce qu'une ligne d'un acte engage, ce qui en est versé, ce qui en est rendu ou déjà redemandé."""

    montant: Decimal
    verse: Decimal = ZERO
    rendu: Decimal = ZERO


@dataclass(frozen=True)
class Reprise:
    """Ce qu'un retrait reprend d'une ligne : en tout, ce qui n'est plus engagé, ce qui est à rendre."""

    montant: Decimal
    degage: Decimal
    a_rendre: Decimal


def au_prorata(montant: Decimal, *, debut: date, fin: date, manquement: date) -> Decimal:
    """Rend ce qui se retire : la part des jours qui restaient, celui du manquement compris.

    Décret n° 2021-1947, article 5 : au prorata de la période qui restait à courir. Au centime, le
    demi-centime vers le haut.
    """
    jours, restent = (fin - debut).days + 1, (fin - manquement).days + 1
    if not 0 < restent <= jours:
        raise ValueError("Le manquement est dans la période.")
    return (montant * restent / jours).quantize(CENTIME, ROUND_HALF_UP)


def reprendre(montant: Decimal, lignes: Sequence[LigneARetirer]) -> list[Reprise]:
    """Rend ce que le retrait de ce montant reprend de chaque ligne de la subvention.

    Rien de plus ne se verse après un retrait : tout ce qui n'est pas versé cesse d'être engagé. Ce qui
    l'est en tout au-delà de ce que l'organisme garde en tout est à rendre, là où il est de trop : une
    convention et ses avenants sont une seule subvention.
    """
    parts = repartir(montant, [ligne.montant for ligne in lignes])
    exces = [
        ligne.verse - ligne.rendu - (ligne.montant - part)
        for part, ligne in zip(parts, lignes, strict=True)
    ]
    de_trop = [max(ZERO, un) for un in exces]
    a_rendre = repartir(max(ZERO, sum(exces, ZERO)), de_trop) if any(de_trop) else de_trop
    return [
        Reprise(part, ligne.montant - ligne.verse, rendre)
        for part, ligne, rendre in zip(parts, lignes, a_rendre, strict=True)
    ]


def motifs_empechant_d_entendre(
    *,
    est_notifie: bool,
    est_en_argent: bool,
    est_ouvert: bool,
    est_clos: bool,
    modifie: str,
    motif: str,
    debut: date | None,
    fin: date | None,
    manquement: date | None,
    jour: date,
) -> list[str]:
    """Rend pourquoi un retrait ne s'ouvre pas : pas d'argent, déjà ouvert, des dates qui manquent.

    `modifie` : la convention que l'acte modifie, s'il est un avenant.
    """
    if not est_en_argent:
        return ["Cet acte n’engage pas d’argent : il n’y a rien à retirer."]
    motifs = (
        [] if est_notifie else ["Cet acte n’est pas notifié : il s’annule, il ne se retire pas."]
    )
    if modifie:
        motifs.append(
            f"Cet acte est un avenant : le retrait s’ouvre sur la convention n° {modifie}, et vaut pour lui."
        )
    if est_ouvert:
        motifs.append("Un retrait de cet acte est déjà ouvert.")
    if est_clos:
        motifs.append(
            "Le reste de cette subvention ne se verse pas : pour reprendre ce qui est versé, demandez un "
            "reversement."
        )
    if not motif.strip():
        motifs.append("Dites quel est le manquement.")
    if debut is None or fin is None or manquement is None:
        motifs.append("Écrivez le jour du manquement, et la période que la subvention couvre.")
    elif not debut <= manquement <= fin:
        motifs.append(
            "Le manquement est dans la période que la subvention couvre. Relisez les dates."
        )
    elif manquement > jour:
        motifs.append("Un manquement à venir ne se note pas.")
    return motifs


def repondre_avant(demandees_le: date) -> date:
    """Rend le dernier jour pour répondre à une demande d'observations."""
    return demandees_le + timedelta(days=JOURS_POUR_REPONDRE)


def motifs_empechant_de_retirer(
    *,
    etat: str,
    est_entendu: bool,
    repondre_avant_le: date,
    jour: date,
    du: Decimal = ZERO,
    sans_verser: bool = False,
) -> list[str]:
    """Rend pourquoi un retrait ne se décide pas : l'organisme n'a pas pu être entendu, ou il lui est dû.

    `du` : ce qu'il garde et n'a pas reçu ; `sans_verser` dit que l'on retire sans le verser.
    """
    if EtatDeRetrait.DECIDE not in PASSAGES[etat]:
        return ["Ce retrait est déjà décidé ou abandonné."]
    motifs = []
    if not est_entendu and jour <= repondre_avant_le:
        motifs.append(
            f"L’organisme a jusqu’au {repondre_avant_le:%d/%m/%Y} pour répondre : notez ses observations, "
            "ou attendez."
        )
    if du and not sans_verser:
        motifs.append(
            f"{_euros(du)} restent dus à l’organisme : versez-les d’abord, ou confirmez que vous retirez "
            "sans les verser."
        )
    return motifs


def motifs_empechant_de_repondre(
    *, etat: str, a_repondu: bool, reponse: str, repondre_avant_le: date, jour: date
) -> list[str]:
    """Rend pourquoi l'organisme ne répond pas : déjà fait, trop tard, ou rien d'écrit."""
    if EtatDeRetrait.DECIDE not in PASSAGES[etat]:
        return ["Ce retrait est déjà décidé ou abandonné."]
    if a_repondu:
        return ["Votre organisme a déjà répondu : sa réponse ne change plus."]
    if jour > repondre_avant_le:
        return [
            f"Le délai pour répondre est passé depuis le {repondre_avant_le:%d/%m/%Y} : écrivez au financeur."
        ]
    return [] if reponse.strip() else ["Écrivez votre réponse."]


def motifs_empechant_de_reverser(*, montant: Decimal, motif: str, reste: Decimal) -> list[str]:
    """Rend pourquoi un reversement ne se demande pas ; `reste` : versé, et pas déjà redemandé."""
    motifs = [] if motif.strip() else ["Dites pourquoi cet argent est à rendre."]
    if montant <= 0:
        motifs.append("Un reversement est d’un montant positif.")
    elif montant > reste:
        motifs.append(
            f"{_euros(montant)} dépassent ce qui est versé et pas redemandé : {_euros(reste)}."
        )
    return motifs


def motifs_empechant_de_recevoir(
    *, est_attendu: bool, recu_le: date | None, demande_le: date, jour: date
) -> list[str]:
    """Rend pourquoi un reversement ne se note pas reçu : clos, sans date, à venir, d'avant la demande."""
    if not est_attendu:
        return ["Ce reversement est déjà reçu ou abandonné."]
    if recu_le is None:
        return ["Écrivez le jour où l’argent est reçu."]
    if recu_le > jour:
        return ["Une réception à venir ne se note pas."]
    if recu_le < demande_le:
        return ["L’argent serait reçu avant d’être demandé. Relisez la date."]
    return []


def motifs_empechant_d_annuler_la_reception(
    *, est_recu: bool, motif: str, montant: Decimal, a_engager: Decimal
) -> list[str]:
    """Rend pourquoi une réception ne s'annule pas ; `a_engager` : voté, et qu'aucun acte n'engage."""
    if not est_recu:
        return ["Ce reversement n’est pas reçu : il n’y a rien à annuler."]
    motifs = [] if motif.strip() else ["Dites pourquoi cette réception est annulée."]
    if montant > a_engager:
        motifs.append(
            f"Un autre acte engage de nouveau une part de ces {_euros(montant)} : annulez-le d’abord."
        )
    return motifs


def rendre_avant(decide_le: date) -> date:
    """Rend le dernier jour pour rendre ce qu'un retrait reprend : six mois après la décision."""
    return apres_des_mois(decide_le, MOIS_POUR_RENDRE)


def _euros(montant: Decimal) -> str:
    return ecrire_montant(montant, court=True)
