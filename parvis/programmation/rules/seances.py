"""La loi d'une séance : ce qui s'y examine, ce qu'elle arbitre, quand cela se publie.

Une séance arbitre, elle n'accorde pas : ce qu'elle propose attend le vote de l'autorité de chaque
financeur. Tant qu'elle n'est pas publiée, tout y est provisoire.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier
from parvis.instances.enums import EtatDeReunion
from parvis.programmation.enums import EtatDeSeance, Resultat
from parvis.programmation.rules.decisions import dire_la_reponse
from parvis.socle.montants import ecrire_montant

ZERO = Decimal("0.00")
PASSAGES: dict[str, tuple[str, ...]] = {
    EtatDeSeance.PREPAREE: (EtatDeSeance.OUVERTE,),
    EtatDeSeance.OUVERTE: (EtatDeSeance.LEVEE,),
    EtatDeSeance.LEVEE: (EtatDeSeance.PUBLIEE,),
    EtatDeSeance.PUBLIEE: (),
}
# Levée, elle se corrige encore : rien n'en est dit avant sa publication.
ARBITRENT = (EtatDeSeance.OUVERTE, EtatDeSeance.LEVEE)
SE_COMPLETENT = (EtatDeSeance.PREPAREE, EtatDeSeance.OUVERTE)
# Ce que l'on dit le plus souvent, à une touche ; on peut toujours écrire autre chose.
MOTIFS: dict[str, tuple[str, ...]] = {
    Resultat.REFUSE: (
        "Le projet ne répond pas aux priorités de l’appel.",
        "Le projet ne touche pas assez les habitants des quartiers prioritaires.",
        "Le projet relève du droit commun du financeur.",
        "Le budget n’est pas assez justifié.",
        "L’enveloppe est épuisée.",
        "Le bilan de l’action précédente n’est pas rendu.",
    ),
    Resultat.AJOURNE: (
        "Il manque une information au dossier.",
        "Le financeur attend de connaître son budget.",
        "Le porteur est à rencontrer.",
        "Le plan de financement est à revoir.",
    ),
    Resultat.ORIENTE: ("Un autre dispositif finance mieux ce projet.",),
}
RESTE_AJOURNE = "La séance n’a pas eu le temps de l’examiner."


@dataclass(frozen=True)
class DemandeAArbitrer:
    """Une demande à l'ordre du jour : son nom à l'écran, ce qu'elle demande, où elle en est."""

    nom: str
    demande: Decimal
    etat: str
    dossier: str


@dataclass(frozen=True)
class Avancee:
    """Où en est une séance : combien de demandes à arbitrer, combien le sont."""

    demandes: int
    arbitrees: int

    @property
    def restent(self) -> int:
        return self.demandes - self.arbitrees

    @property
    def phrase(self) -> str:
        """Rend ce qui reste, en mots : « 12 demandes à arbitrer sur 200 »."""
        if not self.demandes:
            return "Rien à arbitrer"
        if not self.restent:
            return "Tout est arbitré"
        if not self.arbitrees:
            return f"{_demandes(self.demandes)} à arbitrer"
        return f"{_demandes(self.restent)} à arbitrer sur {self.demandes}"


def motifs_empechant_de_preparer_la_seance(
    *, reunion: str, exercice: int, reunie_le: date, en_a_une: bool
) -> list[str]:
    """Rend pourquoi une réunion n'arbitre pas cet exercice : tenue, annulée, ou d'un autre temps."""
    motifs = []
    if en_a_une:
        motifs.append("Cette réunion a déjà sa séance.")
    if reunion not in (EtatDeReunion.PREVUE, EtatDeReunion.CONVOQUEE):
        motifs.append(f"Cette réunion est « {EtatDeReunion(reunion).label.lower()} ».")
    if not exercice - 1 <= reunie_le.year <= exercice + 1:
        motifs.append(f"Une réunion de {reunie_le.year} n’arbitre pas l’exercice {exercice}.")
    return motifs


def motifs_si_la_seance_ne_se_complete_plus(etat: str) -> list[str]:
    """Rend pourquoi l'ordre du jour ne change plus : la séance est levée."""
    return [] if etat in SE_COMPLETENT else [_est(etat, "son ordre du jour ne change plus")]


def motifs_empechant_de_retirer(*, etat: str, est_arbitre: bool) -> list[str]:
    """Rend pourquoi un dossier ne sort pas de l'ordre du jour."""
    motifs = motifs_si_la_seance_ne_se_complete_plus(etat)
    if est_arbitre:
        motifs.append("La séance a déjà arbitré ce dossier : annulez d’abord ses arbitrages.")
    return motifs


def motifs_empechant_l_apport(
    *,
    etat: str,
    est_attendu: bool,
    montant: Decimal | None,
    vote_prevu_le: date | None,
    reunie_le: date,
) -> list[str]:
    """Rend pourquoi un financeur n'apporte pas ainsi à la séance."""
    motifs = [] if etat != EtatDeSeance.PUBLIEE else [_est(etat, "elle ne change plus")]
    if not est_attendu:
        motifs.append("Aucun dossier de la séance ne demande rien à ce financeur.")
    if montant is not None and montant < 0:
        motifs.append("Un apport ne peut pas être négatif.")
    if vote_prevu_le is not None and vote_prevu_le < reunie_le:
        motifs.append("Le vote ne peut pas venir avant la séance.")
    return motifs


def motifs_empechant_de_dater_le_vote(
    *, etat: str, attendent: int, le: date | None, avant: Collection[date | None], jour: date
) -> list[str]:
    """Rend pourquoi un financeur ne corrige pas le jour où il votera ce que la séance lui propose.

    Avant la publication, il le dit avec son apport.
    """
    motifs = []
    if etat != EtatDeSeance.PUBLIEE:
        motifs.append(_est(etat, "le jour du vote se dit avec l’apport"))
    if not attendent:
        motifs.append("Rien de ce que la séance propose à votre service n’attend encore son vote.")
    elif set(avant) == {le}:
        motifs.append("C’est déjà le jour prévu." if le else "Aucun jour n’est prévu.")
    if le is not None and le < jour:
        motifs.append("Ce jour est passé : dites quand votre autorité votera.")
    return motifs


def motifs_empechant_d_ouvrir(
    *,
    etat: str,
    reunion: str,
    reunie_le: date,
    jour: date,
    points: int,
    membres: int,
    absents_de_la_feuille: Collection[str],
    quorum: str,
) -> list[str]:
    """Rend pourquoi une séance ne s'ouvre pas ; `quorum` dit ce qui y manque, vide s'il est atteint."""
    motifs = _motifs_du_passage(etat, EtatDeSeance.OUVERTE)
    if reunion == EtatDeReunion.ANNULEE:
        motifs.append("La réunion est annulée.")
    if reunie_le > jour:
        motifs.append("La réunion n’est pas aujourd’hui : la séance s’ouvre ce jour-là.")
    if not points:
        motifs.append("Rien n’est à l’ordre du jour.")
    if not membres:
        motifs.append("Personne ne siège dans cette instance : nommez d’abord ses membres.")
    if absents_de_la_feuille:
        noms = ", ".join(absents_de_la_feuille)
        motifs.append(f"Notez d’abord la présence de chacun : il manque {noms}.")
    elif quorum:
        motifs.append(f"{quorum} : la séance ne s’ouvre pas. Convoquez de nouveau.")
    return motifs


def motifs_empechant_de_lever(etat: str) -> list[str]:
    """Rend pourquoi une séance ne se lève pas."""
    return _motifs_du_passage(etat, EtatDeSeance.LEVEE)


def motifs_empechant_de_publier_la_seance(*, etat: str, restent: int) -> list[str]:
    """Rend pourquoi une séance ne se publie pas : ouverte, déjà publiée, ou une demande sans arbitrage."""
    motifs = _motifs_du_passage(etat, EtatDeSeance.PUBLIEE)
    if restent:
        motifs.append(f"{_demandes(restent)} sans arbitrage : arbitrez, ou ajournez ce qui reste.")
    return motifs


def motifs_empechant_l_arbitrage(
    *,
    seance: str,
    demande: DemandeAArbitrer,
    resultat: str,
    montant: Decimal | None,
    motif: str,
    vers: str,
) -> list[str]:
    """Rend pourquoi la séance n'arbitre pas ainsi cette demande : tous les motifs à la fois."""
    motifs = motifs_si_la_seance_n_arbitre_pas(seance)
    if demande.dossier != EtatDeDossier.RECEVABLE or demande.etat != EtatDeDemande.DEMANDEE:
        motifs.append(f"{demande.nom} : cette demande n’est plus à arbitrer.")
    if resultat not in Resultat.values:
        motifs.append(f"{demande.nom} : choisissez ce que propose la séance.")
    elif resultat == Resultat.ACCORDE:
        if not montant or montant <= 0:
            motifs.append(f"{demande.nom} : écrivez le montant.")
        elif montant > demande.demande:
            motifs.append(
                f"{demande.nom} : {_euros(montant)} pour {_euros(demande.demande)} demandés."
            )
    elif not any(signe.isalnum() for signe in motif):
        motifs.append(f"{demande.nom} : dites pourquoi.")
    if resultat == Resultat.ORIENTE and not any(signe.isalnum() for signe in vers):
        motifs.append(f"{demande.nom} : dites vers quel dispositif.")
    return motifs


def motifs_si_la_seance_n_arbitre_pas(etat: str) -> list[str]:
    """Rend pourquoi rien ne s'arbitre : la séance n'est pas ouverte, ou elle est publiée."""
    if etat == EtatDeSeance.PREPAREE:
        return ["La séance n’est pas ouverte."]
    return [] if etat in ARBITRENT else [_est(etat, "elle ne change plus")]


def motifs_si_un_autre_a_arbitre(*, nom: str, depart: int, actuel: int, dit: str) -> list[str]:
    """Rend pourquoi un arbitrage ne s'écrit pas : un autre clavier l'a écrit depuis qu'on l'a lu.

    `depart` et `actuel` sont les rangs lus et présents, zéro sans arbitrage ; annuler fait redescendre.
    """
    if depart == actuel:
        return []
    if actuel > depart:
        fait = f"vient de l’arbitrer ({dit})"
    else:
        fait = "vient d’annuler son arbitrage" + (f" ({dit} vaut de nouveau)" if dit else "")
    return [f"{nom} : quelqu’un {fait}. Relisez, puis recommencez."]


def montant_propose_d_abord(
    demande: Decimal, propose: Decimal | None, reste: Decimal | None
) -> Decimal | None:
    """Rend le montant que la séance trouve écrit : le proposé, sinon le demandé, dans ce qui reste.

    Rien quand l'apport est épuisé : le dépasser s'écrit.
    """
    voulu = demande if propose is None else propose
    if reste is None:
        return voulu
    return min(voulu, reste) if reste > 0 else None


def dire_l_arbitrage(
    *, resultat: str, montant: Decimal | None, demande: Decimal, condition: str = "", vers: str = ""
) -> str:
    """Rend un arbitrage en peu de mots : « accordée en partie, 8 000 € sur 12 000 € demandés »."""
    dit = dire_la_reponse(resultat, montant, demande)
    if vers:
        dit += f" ({vers})"
    return f"{dit}, sous réserve : {condition.rstrip(' .')}" if condition else dit


def somme(montants: Iterable[Decimal | None]) -> Decimal:
    """Rend la somme des montants dits."""
    return sum((montant for montant in montants if montant is not None), ZERO)


def _motifs_du_passage(depuis: str, vers: str) -> list[str]:
    if vers in PASSAGES[depuis]:
        return []
    return [_est(depuis, "cela ne se fait pas, ou plus")]


def dire_le_quorum(phrase: str, *, est_ouverte: bool, est_atteint: bool) -> str:
    """Rend le quorum en mots ; ouverte, une séance l'avait, et l'on dit qu'elle l'a perdu.

    Aucun texte ne l'arrête alors : ce qu'elle arbitre se lit avec ce que l'on en sait.
    """
    perdu = est_ouverte and not est_atteint
    return (
        f"Le quorum n’est plus atteint. Atteint à l’ouverture, depuis : {phrase}"
        if perdu
        else phrase
    )


def _est(etat: str, suite: str) -> str:
    return f"Cette séance est « {EtatDeSeance(etat).label.lower()} » : {suite}."


def _demandes(nombre: int) -> str:
    return f"{nombre} demande{'s' if nombre > 1 else ''}"


def _euros(montant: Decimal) -> str:
    return ecrire_montant(montant, court=True)
