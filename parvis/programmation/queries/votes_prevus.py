"""Ce qu'une séance publiée propose à un service et que son autorité n'a pas encore voté."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from parvis.comptes.acteur import Acteur
from parvis.dossiers.enums import EtatDeDemande
from parvis.dossiers.models import Demande
from parvis.organismes.queries import membres_a_lire
from parvis.programmation.enums import EtatDeSeance
from parvis.programmation.models import Arbitrage, Seance
from parvis.programmation.permissions import a_des_enveloppes
from parvis.programmation.queries.seances import dits_depuis


@dataclass(frozen=True)
class VotePrevu:
    """Quand l'autorité d'un service votera ce que la séance lui propose ; rien si elle ne le dit pas."""

    le: date | None
    est_passe: bool


def demandes_a_voter(acteur: Acteur, seance: Seance) -> QuerySet[Demande]:
    """Rend ce que la séance propose au service de l'acteur et qui attend son vote ; rien à tout autre.

    Ni ce qu'une séance réunie depuis a arbitré autrement. Ce dont l'acteur s'est déporté en est : le jour
    d'un vote est celui du service, et le dire n'est pas se prononcer.
    """
    if not a_des_enveloppes(acteur) or seance.etat != EtatDeSeance.PUBLIEE:
        return Demande.objects.none()
    assert acteur.organisme is not None
    ici = Arbitrage.objects.filter(point__seance=seance, vaut=True, demande=OuterRef("pk"))
    return Demande.objects.filter(
        Exists(ici),
        ~Exists(dits_depuis(seance).filter(demande=OuterRef("pk"))),
        financeur__in=membres_a_lire(acteur.organisme),
        etat=EtatDeDemande.DEMANDEE,
        montant_arbitre__isnull=False,
    )


def vote_prevu(acteur: Acteur, seance: Seance, *, jour: date) -> VotePrevu | None:
    """Rend le jour où le service de l'acteur votera ce que propose la séance ; rien s'il n'a rien à voter.

    De plusieurs jours, le dernier.
    """
    jours = list(demandes_a_voter(acteur, seance).values_list("vote_prevu_le", flat=True))
    if not jours:
        return None
    le = max(filter(None, jours), default=None)
    return VotePrevu(le, le is not None and le < jour)
