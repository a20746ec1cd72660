"""La loi d'une décision : qui décide quoi, ce qu'elle dit, et quand elle vote.

Une séance arbitre, l'autorité compétente décide : c'est elle qui vote (code général des collectivités
territoriales, articles L. 2311-7, L. 3312-7 et L. 4311-2, pour les assemblées locales).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256

from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier, NatureDeDemande
from parvis.programmation.enums import Resultat
from parvis.socle.montants import ecrire_montant

# Ce qu'une réponse fait d'une demande ; ajournée, elle attend toujours.
EFFETS: dict[str, str] = {
    Resultat.ACCORDE: EtatDeDemande.ACCORDEE,
    Resultat.REFUSE: EtatDeDemande.REFUSEE,
    Resultat.ORIENTE: EtatDeDemande.REFUSEE,
    Resultat.AJOURNE: EtatDeDemande.DEMANDEE,
}
A_DECIDER = (EtatDeDemande.DEMANDEE, EtatDeDemande.ACCORDEE, EtatDeDemande.REFUSEE)


@dataclass(frozen=True)
class DemandeADecider:
    """Une demande du financeur : son nom à l'écran, ce qu'elle demande, où elle en est."""

    nom: str
    demande: Decimal
    nature: str
    etat: str
    dossier: str
    engage: Decimal = Decimal(0)


@dataclass(frozen=True)
class Reponse:
    """Ce que l'on veut répondre à une demande ; `a_une_enveloppe` dit que l'argent a où se prendre."""

    resultat: str
    montant: Decimal | None = None
    a_une_enveloppe: bool = False
    motif: str = ""
    vers: str = ""
    a_qui: str = ""


def empreinte(*valeurs: object) -> str:
    """Rend ce qui distingue une réponse d'une autre : deux lectures égales ont la même empreinte."""
    return sha256("\x1f".join(map(str, valeurs)).encode()).hexdigest()[:16]


def motifs_si_un_collegue_a_repondu(
    *, nom: str, depart: str, actuelle: str, dite: str
) -> list[str]:
    """Rend pourquoi une réponse ne s'écrit pas : depuis qu'on l'a lue, un collègue l'a écrite ou retirée.

    `depart` est l'empreinte de ce qui était lu, `actuelle` celle de ce qui est écrit ; vides sans réponse.
    """
    if depart == actuelle:
        return []
    if not actuelle:
        return [f"{nom} : un collègue a retiré cette réponse. Relisez, puis écrivez-la de nouveau."]
    return [f"{nom} : un collègue vient d’y répondre ({dite}). Relisez, puis corrigez sa réponse."]


def motifs_empechant_de_preparer(*, prise_le: date, exercice: int, jour: date) -> list[str]:
    """Rend pourquoi une décision ne se prépare pas ainsi ; elle peut être à venir, pas d'un autre temps."""
    motifs = []
    if not exercice - 2 <= prise_le.year <= exercice + 1:
        motifs.append(
            f"Une décision pour {exercice} est prise entre {exercice - 2} et {exercice + 1} : "
            "relisez sa date."
        )
    return motifs


def motifs_empechant_la_reponse(*, demande: DemandeADecider, reponse: Reponse) -> list[str]:
    """Rend pourquoi cette réponse ne se donne pas à cette demande : tous les motifs à la fois."""
    motifs = _motifs_de_la_demande(demande, reponse)
    if reponse.resultat not in Resultat.values:
        motifs.append(f"{demande.nom} : choisissez une réponse.")
    elif reponse.resultat == Resultat.ACCORDE:
        motifs += _motifs_du_montant(demande, reponse)
    else:
        if reponse.montant:
            motifs.append(f"{demande.nom} : seule une demande accordée a un montant.")
        if not _dit(reponse.motif):
            motifs.append(f"{demande.nom} : dites pourquoi, le porteur le lira.")
        if reponse.resultat != Resultat.AJOURNE and not _dit(reponse.a_qui):
            motifs.append(f"{demande.nom} : dites à qui en parler, l’appel n’en dit rien.")
        if reponse.resultat == Resultat.AJOURNE and demande.etat != EtatDeDemande.DEMANDEE:
            motifs.append(
                f"{demande.nom} : cette demande a déjà sa réponse, elle ne s’ajourne plus."
            )
        if demande.engage:
            motifs.append(
                f"{demande.nom} : {_euros(demande.engage)} sont déjà engagés, elle ne se refuse plus."
            )
    if reponse.resultat == Resultat.ORIENTE and not _dit(reponse.vers):
        motifs.append(f"{demande.nom} : dites vers quel dispositif la demande est orientée.")
    return motifs


def _motifs_de_la_demande(demande: DemandeADecider, reponse: Reponse) -> list[str]:
    # D'un dossier retiré après le vote, on reprend ce qui était voté, et rien d'autre.
    se_reprend = (
        demande.dossier == EtatDeDossier.RETIRE
        and demande.etat == EtatDeDemande.ACCORDEE
        and reponse.resultat == Resultat.REFUSE
    )
    if demande.dossier != EtatDeDossier.RECEVABLE and not se_reprend:
        etat = EtatDeDossier(demande.dossier).label.lower()
        return [f"{demande.nom} : le dossier est « {etat} », il ne se décide pas."]
    if demande.etat not in A_DECIDER:
        etat = EtatDeDemande(demande.etat).label.lower()
        return [f"{demande.nom} : cette demande est {etat}, elle ne se décide plus."]
    return []


def _motifs_du_montant(demande: DemandeADecider, reponse: Reponse) -> list[str]:
    montant = reponse.montant or Decimal(0)
    if montant <= 0:
        return [f"{demande.nom} : écrivez le montant accordé."]
    motifs = []
    if montant > demande.demande:
        motifs.append(
            f"{demande.nom} : {_euros(montant)} accordés pour {_euros(demande.demande)} demandés."
        )
    if montant < demande.engage:
        motifs.append(
            f"{demande.nom} : {_euros(demande.engage)} sont déjà engagés, on ne vote pas moins."
        )
    if demande.nature == NatureDeDemande.NUMERAIRE and not reponse.a_une_enveloppe:
        motifs.append(f"{demande.nom} : choisissez l’enveloppe où l’argent se prend.")
    return motifs


def motifs_empechant_de_publier(
    *, est_publiee: bool, prise_le: date, jour: date, lignes: int
) -> list[str]:
    """Rend pourquoi une décision ne se publie pas : rien dedans, déjà publiée, ou pas encore prise."""
    if est_publiee:
        return ["Cette décision est déjà publiée : elle ne change plus."]
    motifs = []
    if not lignes:
        motifs.append("Cette décision ne dit rien encore : ajoutez des demandes.")
    if prise_le > jour:
        motifs.append("Cette décision n’est pas encore prise : elle se publie ce jour-là ou après.")
    return motifs


def motifs_d_enveloppe(restes: Iterable[tuple[str, Decimal, Decimal]]) -> list[str]:
    """Rend les enveloppes que la décision dépasserait : leur nom, ce qu'elle y prend, ce qui y reste."""
    return [
        f"{nom} : la décision y prend {_euros(pris)}, il n’en reste que {_euros(reste)}."
        for nom, pris, reste in restes
        if pris > reste
    ]


def dire_la_reponse(resultat: str, montant: Decimal | None, demande: Decimal) -> str:
    """Rend une réponse en peu de mots : « accordée, 8 000 € sur 12 000 € demandés »."""
    dit = Resultat(resultat).label.lower()
    if montant is None:
        return dit
    if montant < demande:
        return f"{dit} en partie, {_euros(montant)} sur {_euros(demande)} demandés"
    return f"{dit}, {_euros(montant)}"


def _dit(texte: str) -> bool:
    return any(signe.isalnum() for signe in texte)


def _euros(montant: Decimal) -> str:
    return ecrire_montant(montant, court=True)
