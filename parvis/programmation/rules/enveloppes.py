"""La loi des enveloppes : ce qui y entre, ce qui s'en délègue, s'en reporte et s'y prend.

Jamais plus de voté que l'enveloppe ne peut donner : la base le refuse aussi (docs/adr/0032). Ce qui est
proposé ou arbitré au-delà se montre, et ne se refuse pas.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from parvis.dossiers.enums import EtatDeDemande, Guichet, NatureDeDemande
from parvis.socle.montants import ecrire_montant

# Un projet couvre quatre exercices au plus : ses enveloppes se préparent.
ANNEES_D_AVANCE = 4
IMPUTABLES = (EtatDeDemande.DEMANDEE, EtatDeDemande.ACCORDEE)


@dataclass(frozen=True)
class Place:
    """À qui est une enveloppe ou une demande, et pour quand : contrat, financeur retenu, exercice."""

    contrat: int
    financeur: int | None
    exercice: int


@dataclass(frozen=True)
class Acte:
    """Un mouvement que l'on veut noter : combien, pourquoi, décidé quand. Négatif, il reprend."""

    montant: Decimal
    motif: str
    decide_le: date
    jour: date


@dataclass(frozen=True)
class DemandeAImputer:
    """Ce qu'il faut savoir d'une demande pour dire si elle se prend sur une enveloppe."""

    place: Place
    nature: str
    guichet: str
    etat: str
    vote: Decimal


def motifs_empechant_de_creer(
    *, ligne: str, exercice: int, debut: int, annee: int, est_d_ici: bool
) -> list[str]:
    """Rend pourquoi une enveloppe ne se crée pas ainsi.

    `debut` est la première année du contrat, `annee` celle où l'on est : un contrat se prolonge, et un
    projet pluriannuel se prépare. `est_d_ici` dit que sa commune, ou son pilier, est de ce contrat.
    """
    motifs = []
    if not _dit(ligne):
        motifs.append("Nommez la ligne de crédit ou le dispositif.")
    if not debut <= exercice <= annee + ANNEES_D_AVANCE:
        motifs.append(f"L’exercice est une année, de {debut} à {annee + ANNEES_D_AVANCE}.")
    if not est_d_ici:
        motifs.append("Choisissez une commune ou un pilier de ce contrat.")
    return motifs


def motifs_empechant_une_sous_enveloppe(
    *, mere: Place, voulue: Place, est_fille: bool
) -> list[str]:
    """Rend pourquoi une enveloppe ne dépend pas d'une autre : un seul niveau, le même exercice."""
    motifs = []
    if est_fille:
        motifs.append("Une sous-enveloppe n’a pas elle-même de sous-enveloppe.")
    if mere != voulue:
        motifs.append("Une sous-enveloppe est du même exercice que celle dont elle dépend.")
    return motifs


def motifs_empechant_de_doter(
    *, acte: Acte, est_fille: bool, dote: Decimal, reste: Decimal
) -> list[str]:
    """Rend pourquoi une dotation, ou son ajustement, ne se note pas ; `dote` est ce qui l'est déjà."""
    motifs = _motifs_de_l_acte(acte, "Dites pourquoi l’enveloppe diminue.")
    if est_fille:
        motifs.append(
            "Une sous-enveloppe reçoit par délégation : dotez l’enveloppe dont elle dépend."
        )
    if acte.montant < 0 and -acte.montant > dote:
        motifs.append(f"La dotation ne peut pas devenir négative : elle est de {_euros(dote)}.")
    if acte.montant < 0 and -acte.montant > reste:
        motifs.append(
            f"L’enveloppe ne peut pas baisser de {_euros(-acte.montant)} : il n’en reste que "
            f"{_euros(reste)}, le surplus est déjà voté, délégué ou reporté."
        )
    return motifs


def motifs_empechant_de_deleguer(
    *, acte: Acte, est_sa_mere: bool, delegue: Decimal, reste: Decimal, reste_de_la_fille: Decimal
) -> list[str]:
    """Rend pourquoi une délégation, ou son retour, ne se note pas ; `delegue` est ce qui l'est déjà."""
    motifs = _motifs_de_l_acte(acte, "Dites pourquoi cet argent revient.")
    if not est_sa_mere:
        motifs.append("On ne délègue qu’à une sous-enveloppe de cette enveloppe.")
    if acte.montant > reste:
        motifs.append(
            f"Il ne reste que {_euros(reste)} à déléguer : le surplus est déjà voté, délégué ou reporté."
        )
    if acte.montant < 0 and -acte.montant > delegue:
        motifs.append(f"Ne revient que ce qui a été délégué : {_euros(delegue)}.")
    if acte.montant < 0 and -acte.montant > reste_de_la_fille:
        motifs.append(
            f"Il ne reste que {_euros(reste_de_la_fille)} dans la sous-enveloppe : le surplus est déjà "
            "voté ou reporté."
        )
    return motifs


def motifs_empechant_de_reporter(
    *,
    acte: Acte,
    depuis: Place,
    vers: Place,
    reporte: Decimal,
    reste: Decimal,
    reste_de_l_autre: Decimal,
) -> list[str]:
    """Rend pourquoi un report, ou son annulation, ne se note pas ; `reporte` est ce qui l'est déjà.

    Rien ne passe d'un exercice à l'autre sans un acte : il se nomme toujours.
    """
    motifs = _motifs_de_l_acte(acte, "")
    if not _dit(acte.motif):
        motifs.append("Nommez l’acte qui décide ce report, ou qui l’annule.")
    if (depuis.contrat, depuis.financeur) != (vers.contrat, vers.financeur):
        motifs.append("Un report reste chez le même financeur et dans le même contrat.")
    if vers.exercice <= depuis.exercice:
        motifs.append("Un report va vers un exercice suivant.")
    if acte.montant > reste:
        motifs.append(
            f"Il ne reste que {_euros(reste)} à reporter : le surplus est déjà voté, délégué ou reporté."
        )
    if acte.montant < 0 and -acte.montant > reporte:
        motifs.append(f"Ne s’annule que ce qui a été reporté : {_euros(reporte)}.")
    if acte.montant < 0 and -acte.montant > reste_de_l_autre:
        motifs.append(
            f"Il ne reste que {_euros(reste_de_l_autre)} dans l’enveloppe de {vers.exercice} : le "
            "surplus est déjà voté, délégué ou reporté."
        )
    return motifs


def motifs_empechant_d_imputer(
    *, demande: DemandeAImputer, enveloppe: Place, reste: Decimal, est_la_sienne: bool
) -> list[str]:
    """Rend pourquoi une demande ne se prend pas sur une enveloppe ; `est_la_sienne` : elle y est déjà."""
    motifs = []
    if est_la_sienne:
        motifs.append("Cette demande se prend déjà sur cette enveloppe.")
    if demande.nature != NatureDeDemande.NUMERAIRE:
        motifs.append("Un apport en nature ne se prend sur aucune enveloppe.")
    if demande.guichet != Guichet.PLATEFORME:
        motifs.append(
            "Cette demande se suit ailleurs : son montant voté ne s’écrit pas ici, aucune enveloppe ne "
            "peut le compter."
        )
    if demande.etat not in IMPUTABLES:
        motifs.append("Cette demande n’est pas faite, ou elle est close.")
    if demande.place.contrat != enveloppe.contrat:
        motifs.append("Cette demande est d’un autre contrat.")
    if demande.place.financeur != enveloppe.financeur:
        motifs.append("Cette demande est faite à un autre financeur.")
    if demande.place.exercice != enveloppe.exercice:
        motifs.append(
            f"Cette demande est pour {demande.place.exercice}, l’enveloppe pour {enveloppe.exercice}."
        )
    if not est_la_sienne:
        motifs += motifs_empechant_de_voter(montant=demande.vote, deja=Decimal(0), reste=reste)
    return motifs


def motifs_empechant_de_desimputer(*, vote: Decimal) -> list[str]:
    """Rend pourquoi une demande ne quitte pas son enveloppe : ce qui est voté y reste compté."""
    if vote > 0:
        return [
            f"{_euros(vote)} sont votés : la demande peut changer d’enveloppe, pas en être retirée."
        ]
    return []


def motifs_empechant_de_voter(*, montant: Decimal, deja: Decimal, reste: Decimal) -> list[str]:
    """Rend pourquoi un montant ne se vote pas ; `deja` est ce que la demande a déjà de voté."""
    if montant - deja > reste:
        return [
            f"L’enveloppe ne peut pas donner {_euros(montant)} : il n’en reste que "
            f"{_euros(reste + deja)}."
        ]
    return []


def dire_le_reste(*, disponible: Decimal, vote: Decimal) -> str:
    """Rend en une phrase ce qu'une enveloppe peut encore donner."""
    if not disponible:
        return "Cette enveloppe est vide."
    if vote >= disponible:
        return f"Tout est voté : {_euros(vote)}."
    if not vote:
        return f"Il reste tout : {_euros(disponible)}."
    return f"Il reste {_euros(disponible - vote)} sur {_euros(disponible)}."


def _motifs_de_l_acte(acte: Acte, sans_motif: str) -> list[str]:
    motifs = []
    if not acte.montant:
        motifs.append("Écrivez un montant : zéro euro ne change rien.")
    if acte.montant < 0 and sans_motif and not _dit(acte.motif):
        motifs.append(sans_motif)
    if acte.decide_le > acte.jour:
        motifs.append("Une décision ne peut pas être datée d’un jour à venir.")
    return motifs


def _dit(texte: str) -> bool:
    return any(signe.isalnum() for signe in texte)


def _euros(montant: Decimal) -> str:
    return ecrire_montant(montant, court=True)
