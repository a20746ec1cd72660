"""Par où passe un acte, de sa préparation à sa notification, et ce que chacun en lit."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from parvis.comptes.enums import Regard
from parvis.conventions.enums import EtatDActe, ModeDeNotification
from parvis.socle.montants import ecrire_montant

ZERO = Decimal("0.00")
# Signes : ce qu'en garde le registre.
OBJET_AU_PLUS = 300

PASSAGES: dict[str, tuple[str, ...]] = {
    EtatDActe.PREPARE: (EtatDActe.A_SIGNER, EtatDActe.ANNULE),
    EtatDActe.A_SIGNER: (EtatDActe.SIGNE, EtatDActe.PREPARE, EtatDActe.ANNULE),
    EtatDActe.SIGNE: (EtatDActe.NOTIFIE, EtatDActe.ANNULE),
    # Notifié, un acte crée des droits : il ne s'annule plus ici, un avenant ou un retrait le change.
    EtatDActe.NOTIFIE: (),
    EtatDActe.ANNULE: (),
}
# Ceux dont les montants sont engagés.
ENGAGENT = (EtatDActe.SIGNE, EtatDActe.NOTIFIE)

_PHRASES: dict[str, tuple[str, str]] = {
    EtatDActe.PREPARE: ("Le document n’est pas encore composé.", ""),
    EtatDActe.A_SIGNER: ("Imprimez-le, faites-le signer, puis notez la signature ici.", ""),
    EtatDActe.SIGNE: ("L’argent est engagé. Il reste à notifier l’acte à qui le reçoit.", ""),
    EtatDActe.NOTIFIE: (
        "L’organisme l’a reçu : les délais courent.",
        "Vous l’avez reçu : gardez-le avec vos pièces.",
    ),
    EtatDActe.ANNULE: ("Cet acte ne vaut plus. Son numéro reste au registre.", ""),
}


def dire_l_acte(etat: str, regard: str) -> str:
    """Rend ce que l'état d'un acte veut dire à qui regarde, en une phrase."""
    return _PHRASES[etat][0 if regard == Regard.SERVICE else 1]


def motifs_empechant_de_passer(*, etat: str, vers: str) -> list[str]:
    """Rend pourquoi un acte ne change pas ainsi d'état ; sa notification est le dernier pas."""
    if vers in PASSAGES[etat]:
        return []
    if etat == EtatDActe.NOTIFIE:
        return ["Cet acte est notifié : il ne change plus. Un avenant peut le modifier."]
    if etat == EtatDActe.ANNULE:
        return ["Cet acte est annulé : il ne change plus."]
    return [f"Cet acte est « {EtatDActe(etat).label.lower()} » : il ne peut pas changer ainsi."]


def motifs_empechant_de_signer(
    *, nom: str, signe_le: date | None, signe_par: str, prise_le: date, jour: date
) -> list[str]:
    """Rend pourquoi une signature ne se note pas : sans nom, à venir, ou d'avant la décision."""
    motifs = []
    if not signe_par.strip():
        motifs.append(f"{nom} : écrivez qui a signé.")
    if signe_le is None:
        motifs.append(f"{nom} : écrivez le jour de la signature.")
    elif signe_le > jour:
        motifs.append(f"{nom} : une signature à venir ne se note pas.")
    elif signe_le < prise_le:
        motifs.append(f"{nom} : la signature serait d’avant la décision. Relisez sa date.")
    return motifs


def motifs_empechant_de_joindre(*, etat: str, a_son_exemplaire: bool, est_joint: bool) -> list[str]:
    """Rend pourquoi l'exemplaire signé d'un acte ne se joint pas : pas signé, déjà là, ou sans fichier."""
    if etat not in ENGAGENT:
        return ["Cet acte n’est pas signé, ou il est annulé : il n’a pas d’exemplaire à joindre."]
    if a_son_exemplaire:
        return ["L’exemplaire signé est déjà joint : il ne se remplace pas."]
    return [] if est_joint else ["Choisissez le fichier de l’exemplaire signé."]


def motifs_empechant_de_notifier(
    *,
    nom: str,
    notifie_le: date | None,
    mode: str,
    signe_le: date | None,
    jour: date,
    est_sans_exemplaire_signe: bool = False,
) -> list[str]:
    """Rend pourquoi une notification ne se note pas : sans date, à venir, ou d'avant la signature.

    La plateforme remet une lettre ou un arrêté sans signature manuscrite, s'il nomme son auteur, sa qualité
    et son service (code des relations entre le public et l'administration, article L. 212-2) ; une
    convention, jamais : deux parties l'ont signée.
    """
    motifs = []
    if mode == ModeDeNotification.PLATEFORME and est_sans_exemplaire_signe:
        motifs.append(
            f"{nom} : joignez l’exemplaire signé des deux parties avant de le remettre ici."
        )
    if not mode:
        motifs.append(f"{nom} : dites comment l’acte a été remis.")
    if notifie_le is None:
        motifs.append(f"{nom} : écrivez le jour de la notification.")
    elif notifie_le > jour:
        motifs.append(f"{nom} : une notification à venir ne se note pas.")
    elif signe_le is not None and notifie_le < signe_le:
        motifs.append(f"{nom} : la notification serait d’avant la signature. Relisez sa date.")
    return motifs


def motifs_de_la_ligne(
    *,
    nom: str,
    est_la_derniere_reponse: bool,
    engage: Decimal,
    vote: Decimal | None,
    est_retire: bool = False,
) -> list[str]:
    """Rend pourquoi une ligne ne s'engage plus : dossier retiré, réponse reprise depuis, vote dépassé."""
    if engage and est_retire:
        return [f"{nom} : le porteur a retiré son dossier depuis. Annulez cet acte."]
    if not est_la_derniere_reponse:
        return [
            f"{nom} : une décision plus récente répond autrement à cette demande. Annulez cet acte, "
            "puis préparez le nouveau."
        ]
    if engage and engage > (vote or ZERO):
        return [
            f"{nom} : {_euros(engage)} seraient engagés pour {_euros(vote or ZERO)} votés. "
            "Annulez cet acte, puis préparez le nouveau."
        ]
    return []


def motifs_si_un_autre_suit(numeros: Sequence[str]) -> list[str]:
    """Rend pourquoi un acte ne s'annule pas : un autre, pris après lui, porte la même demande."""
    if not numeros:
        return []
    return [f"L’acte n° {', '.join(numeros)} s’y ajoute ou le modifie : annulez-le d’abord."]


def motifs_si_l_objet_deborde(objet: str) -> list[str]:
    """Rend pourquoi un objet ne s'écrit pas : coupé, il ne dirait plus ce que l'acte paie."""
    trop = len(objet) - OBJET_AU_PLUS
    if trop <= 0:
        return []
    s = "s" if trop > 1 else ""
    return [f"L’objet a {trop} signe{s} de trop : {OBJET_AU_PLUS} au plus. Raccourcissez-le."]


def motifs_si_verse(verse: Decimal | None, reste: Decimal) -> list[str]:
    """Rend pourquoi un engagement ne se retire pas : l'argent est déjà versé."""
    if verse is None or verse <= reste:
        return []
    return [f"{_euros(verse)} sont déjà versés : cet acte ne s’annule plus."]


def _euros(montant: Decimal) -> str:
    return ecrire_montant(montant, court=True)
