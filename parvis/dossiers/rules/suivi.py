"""Le suivi de l'argent d'une demande : ce qui se note, et la même phrase partout.

Demandé, voté, engagé, versé : chaque mot a son montant et sa date. Ce qui n'est pas voté n'est pas de
l'argent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier, Guichet
from parvis.dossiers.rules.demandes import PASSAGES as PASSAGES_DE_DEMANDE
from parvis.dossiers.rules.recepisse import ADMINISTRATIONS, apres_des_mois
from parvis.dossiers.rules.recepisse import MOIS_DE_SILENCE as MOIS
from parvis.socle.montants import ecrire_montant
from parvis.socle.texte import avec_de

ZERO = Decimal("0.00")
SUITES = (EtatDeDemande.DEMANDEE, EtatDeDemande.ACCORDEE, EtatDeDemande.REFUSEE)
VIVANTES = (EtatDeDemande.DEMANDEE, EtatDeDemande.ACCORDEE)


@dataclass(frozen=True)
class Suite:
    """Ce qu'un financeur d'ailleurs a répondu, tel qu'on le sait aujourd'hui."""

    etat: str
    numero: str = ""
    vote: Decimal | None = None
    vote_le: date | None = None
    engage: Decimal | None = None
    engage_le: date | None = None
    verse: Decimal | None = None
    verse_le: date | None = None


@dataclass(frozen=True)
class Argent:
    """Ce que l'on sait de l'argent d'une demande, ou de plusieurs, en euros."""

    demande: Decimal = ZERO
    vote: Decimal | None = None
    engage: Decimal | None = None
    verse: Decimal | None = None


def motifs_empechant_la_suite(
    *, guichet: str, etat: str, suite: Suite, demande_le: date, jour: date
) -> list[str]:
    """Rend pourquoi la suite d'une demande ne peut pas se noter ainsi : tous les motifs à la fois."""
    if guichet != Guichet.AILLEURS:
        return ["Cette demande se suit ici : son financeur en écrira la suite."]
    if etat not in SUITES:
        return ["Cette demande n’est pas faite, ou elle est close : il n’y a pas de suite à noter."]
    if suite.etat != etat and suite.etat not in PASSAGES_DE_DEMANDE[etat]:
        return ["Dites où en est la demande : en attente, accordée ou refusée."]
    if suite.etat != EtatDeDemande.ACCORDEE:
        if any(montant is not None for montant in (suite.vote, suite.engage, suite.verse)):
            return [
                "Seule une demande accordée porte des montants : effacez-les, ou dites-la accordée."
            ]
        return []
    return [*_motifs_des_montants(suite), *_motifs_des_jours(suite, demande_le, jour)]


def _motifs_des_montants(suite: Suite) -> list[str]:
    motifs = []
    if suite.vote is None:
        motifs.append("Combien est accordé ? Écrivez le montant de la décision.")
    elif suite.vote <= 0:
        motifs.append("Rien d’accordé : dites plutôt que la demande est refusée.")
    if suite.engage is not None and suite.engage > (suite.vote or ZERO):
        motifs.append("La convention ne peut pas porter sur plus que ce qui est accordé.")
    if suite.verse is not None and suite.engage is None:
        motifs.append("Rien ne se verse sans décision notifiée ou convention : dites son montant.")
    elif suite.verse is not None and suite.verse > (suite.engage or ZERO):
        motifs.append("Il ne peut pas être versé plus que ce que dit la convention.")
    return motifs


def _motifs_des_jours(suite: Suite, demande_le: date, jour: date) -> list[str]:
    """Rend ce qui cloche dans les dates : un montant a la sienne, dans l'ordre, et jamais à venir."""
    motifs = []
    avant, nom_d_avant = demande_le, "la demande"
    for nom, montant, quand in (
        ("l’accord", suite.vote, suite.vote_le),
        ("la convention", suite.engage, suite.engage_le),
        ("le versement", suite.verse, suite.verse_le),
    ):
        debut = nom[0].upper() + nom[1:]
        if (montant is None) != (quand is None):
            motifs.append(f"{debut} a un montant et une date : il manque l’un des deux.")
        if quand is None:
            continue
        if quand > jour:
            motifs.append(f"{debut} ne peut pas être daté d’un jour à venir.")
        elif quand < avant:
            motifs.append(f"{debut} ne peut pas venir avant {nom_d_avant}.")
        avant, nom_d_avant = quand, nom
    return motifs


def reponse_attendue(
    *, nature: str, demande_le: date, complements: Iterable[tuple[date, date]] = ()
) -> date | None:
    """Rend le jour où le silence d'une administration vaudra refus ; rien pour qui n'en est pas une.

    `complements` dit, pour chacun, le jour où il est demandé et celui où il n'arrête plus le délai :
    la réponse, ou l'échéance si elle vient d'abord. Deux à la fois n'arrêtent le délai qu'une fois ;
    demandé trop tard, un complément ne le rouvre pas.

    Code des relations entre le public et l'administration, articles L. 231-4 et L. 114-5.
    """
    if nature not in ADMINISTRATIONS:
        return None
    fin, deja_compte = apres_des_mois(demande_le, MOIS), demande_le
    for demande, arret in sorted(complements):
        debut = max(demande, deja_compte)
        if demande <= fin and arret > debut:
            fin, deja_compte = fin + (arret - debut), arret
    return fin


def phrase_de_l_argent(argent: Argent, *, attente: str = "") -> str:
    """Rend la phrase de l'argent, la même partout.

    « 12 000 € demandés · 8 000 € votés · 0 € versé, la CAF répond avant le 3 avril ». `attente` dit
    qui doit répondre. Tant que rien n'est voté, ni voté ni versé ne se disent : ce n'est pas de l'argent.
    """
    dits = [_mot(argent.demande, "demandé")]
    if argent.vote is not None:
        dits.append(_mot(argent.vote, "voté"))
        if argent.engage is not None:
            dits.append(_mot(argent.engage, "engagé"))
        dits.append(_mot(argent.verse or ZERO, "versé"))
    return " · ".join(dits) + (f", {attente}" if attente else "")


def phrase_de_ce_qui_est_vote(argent: Argent) -> str:
    """Rend ce que tout le monde lit de l'argent d'un projet : voté, et versé si on le sait."""
    sus = ((argent.vote, "voté"), (argent.verse, "versé"))
    return " · ".join(_mot(montant, mot) for montant, mot in sus if montant is not None)


def _mot(montant: Decimal, mot: str) -> str:
    return f"{ecrire_montant(montant, court=True)} {mot}{'s' if montant >= 2 else ''}"


def reunir(parts: Iterable[Argent]) -> Argent:
    """Rend la somme de plusieurs demandes ; ce qu'aucune ne dit reste non dit."""
    parts = list(parts)
    return Argent(
        sum((p.demande for p in parts), ZERO),
        _somme(p.vote for p in parts),
        _somme(p.engage for p in parts),
        _somme(p.verse for p in parts),
    )


def _somme(montants: Iterable[Decimal | None]) -> Decimal | None:
    connus = [montant for montant in montants if montant is not None]
    return sum(connus, ZERO) if connus else None


def phrase_de_ce_qui_est_sur(
    argent: Argent, *, est_close: bool = False, est_muette: bool = False
) -> str:
    """Rend ce sur quoi le porteur peut vraiment compter : ce qui est voté, et ce qui est déjà versé.

    `est_close` : toutes les demandes sont refusées, irrecevables ou retirées ; `est_muette` : sur
    toutes celles qui restent, le silence vaut déjà refus.
    """
    if est_close:
        return "Il n’y a plus rien à attendre : rien n’est accordé."
    if not argent.vote and est_muette:
        return "Rien n’est accordé : le délai est passé sans réponse."
    if not argent.vote:
        return "Rien n’est encore sûr : aucune décision n’est prise."
    sur = ecrire_montant(argent.vote, court=True)
    verse = argent.verse or ZERO
    if verse >= argent.vote:
        return f"{sur} sûrs, déjà versés."
    if verse:
        deja = ecrire_montant(verse, court=True)
        return f"{sur} sûrs, dont {deja} déjà versés."
    return f"{sur} sûrs, et rien n’est encore versé."


def dire_l_attente(
    *, nom: str, etat: str, dossier: str, guichet: str, reponse: str, est_passee: bool
) -> str:
    """Rend qui doit répondre, et avant quand ; vide quand plus rien n'est attendu.

    `reponse` est le jour où le silence vaudra refus, en clair, vide s'il ne vaut rien.
    """
    if etat == EtatDeDemande.REFUSEE:
        return f"{nom} a refusé"
    if etat == EtatDeDemande.IRRECEVABLE:
        return "dossier irrecevable"
    if etat == EtatDeDemande.RETIREE:
        return "demande retirée"
    if etat != EtatDeDemande.DEMANDEE:
        return ""
    if guichet == Guichet.PLATEFORME and dossier == EtatDeDossier.A_COMPLETER:
        return "un complément vous est demandé"
    if reponse and est_passee:
        return f"sans réponse de {nom} au {reponse}, la demande est considérée comme refusée"
    if reponse:
        return f"{nom} répond avant le {reponse}"
    return f"{nom} n’a pas encore répondu"


def dire_la_proposition(*, nom: str, montant: Decimal, vote: str, en_nature: bool = False) -> str:
    """Rend ce qu'une séance publiée propose au porteur ; ce n'est pas encore de l'argent.

    `vote` est le jour où l'autorité du financeur votera, en clair, vide s'il n'est pas connu.
    """
    if not montant:
        return f"pas de proposition favorable {avec_de(nom)}, dont la décision dira pourquoi"
    reserve = f"sous réserve du vote du {vote}" if vote else "sous réserve de son vote"
    combien = ecrire_montant(montant, court=True)
    quoi = f"un apport en nature, évalué à {combien}" if en_nature else combien
    return f"proposition favorable {avec_de(nom)} : {quoi}, {reserve}"


@dataclass(frozen=True)
class BilanDuDossier:
    """Le prochain bilan que doit un dossier soutenu : attendu tel jour, en clair, ou rendu et à lire.

    À peine l'argent voté, son jour n'est pas encore fixé : il est vide.
    """

    exercice: int
    attendu_le: str = ""
    est_rendu: bool = False


def qui_tient_la_plume(
    *,
    etat: str,
    service: str,
    porteur: str,
    financeurs: int,
    seul: str = "",
    votent: int = 0,
    muets: int = 0,
    bilan: BilanDuDossier | None = None,
) -> str:
    """Rend à qui est le prochain geste sur un dossier déposé, en une phrase.

    `financeurs` compte ceux de qui une réponse est attendue, et `seul` nomme celui qui reste seul ;
    `votent` compte ceux d'entre eux à qui une séance a proposé la leur, `muets` ceux dont le silence vaut
    déjà refus. `bilan` est le bilan qu'il doit encore.
    """
    if muets and not financeurs and etat in (EtatDeDossier.DEPOSE, EtatDeDossier.RECEVABLE):
        return (
            "Plus personne ne tient la plume : le délai est passé sans réponse. "
            "Le récépissé dit comment contester, et jusqu’à quand."
        )
    if etat == EtatDeDossier.DEPOSE:
        return f"{_debut(service)} tient la plume : dire si le dossier est recevable."
    if etat == EtatDeDossier.A_COMPLETER:
        return f"{_debut(porteur)} tient la plume : un complément est demandé."
    if etat == EtatDeDossier.RECEVABLE and financeurs:
        return _les_financeurs(financeurs, seul, votent, muets)
    if etat == EtatDeDossier.REORIENTE:
        return (
            f"{_debut(porteur)} tient la plume : reprendre le projet dans l’appel conseillé, "
            "si cela lui convient."
        )
    if etat == EtatDeDossier.RECEVABLE and bilan:
        return _le_bilan(bilan, service, porteur)
    return "Plus rien n’est attendu sur ce dossier."


def _le_bilan(bilan: BilanDuDossier, service: str, porteur: str) -> str:
    if bilan.est_rendu:
        return f"{_debut(service)} tient la plume : lire le bilan {bilan.exercice}."
    if not bilan.attendu_le:
        return f"Tous les financeurs ont répondu. Le bilan {bilan.exercice} sera à rendre."
    qui = _debut(porteur)
    return (
        f"{qui} tient la plume : rendre le bilan {bilan.exercice}, attendu le {bilan.attendu_le}."
    )


def _les_financeurs(financeurs: int, seul: str, votent: int, muets: int) -> str:
    if muets:
        tiennent = (
            f"{financeurs} financeurs tiennent" if financeurs > 1 else f"{_debut(seul)} tient"
        )
        autres = "les autres" if muets > 1 else "l’autre"
        return (
            f"{tiennent} encore la plume : étudier la demande. Pour {autres}, le délai est passé "
            "sans réponse : le récépissé dit comment contester."
        )
    geste = "voter ce que la séance propose" if votent == financeurs else "étudier la demande"
    if financeurs > 1:
        return f"Les {financeurs} financeurs tiennent la plume : {geste}."
    return f"{_debut(seul)} tient la plume : {geste}."


def _debut(nom: str) -> str:
    return nom[:1].upper() + nom[1:]
