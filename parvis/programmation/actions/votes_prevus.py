"""Corriger, une séance publiée, le jour où un financeur votera ce qu'elle lui propose."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.dossiers.actions.reception import prevenir_le_porteur
from parvis.dossiers.actions.suivi import noter_le_vote_prevu
from parvis.dossiers.models import Demande, Dossier
from parvis.journal.actions import noter
from parvis.organismes.models import Organisme
from parvis.programmation.actions.tenir_la_seance import noter_la_seance, verrouiller_la_seance
from parvis.programmation.models import Seance
from parvis.programmation.permissions import peut_tenir_les_enveloppes
from parvis.programmation.queries.votes_prevus import demandes_a_voter
from parvis.programmation.rules.seances import motifs_empechant_de_dater_le_vote
from parvis.socle.refus import exiger
from parvis.socle.templatetags.socle import jour as en_clair


@transaction.atomic
def dater_le_vote(
    *, par: Acteur, seance: Seance, vote_prevu_le: date | None, jour: date | None = None
) -> int:
    """Corrige le jour où un service votera ce que la séance lui propose ; rend combien de demandes changent.

    Chaque porteur l'apprend. L'apport, lui, garde ce qui s'est dit en séance. Lève Refus, et
    Seance.DoesNotExist à qui ne tient pas l'argent d'un financeur.
    """
    if par.organisme is None or not peut_tenir_les_enveloppes(par, par.organisme):
        raise Seance.DoesNotExist
    seance = verrouiller_la_seance(seance)
    attendent = list(
        demandes_a_voter(par, seance)
        .select_for_update(of=("self",), no_key=True)
        .select_related("financeur", "dossier__projet", "dossier__appel__contrat")
        .order_by("pk")
    )
    exiger(
        motifs_empechant_de_dater_le_vote(
            etat=seance.etat,
            attendent=len(attendent),
            le=vote_prevu_le,
            avant={demande.vote_prevu_le for demande in attendent},
            jour=jour or timezone.localdate(),
        )
    )
    changent = [demande for demande in attendent if demande.vote_prevu_le != vote_prevu_le]
    for demande in changent:
        noter_le_vote_prevu(demande, vote_prevu_le)
    qui = par.organisme.retenu
    dit = en_clair(vote_prevu_le) if vote_prevu_le else ""
    noter_la_seance(par, "programmation.dater_le_vote", seance, financeur=str(qui), vote=dit)
    _annoncer(par, qui, changent, dit)
    return len(changent)


def _annoncer(par: Acteur, qui: Organisme, demandes: list[Demande], dit: str) -> None:
    """L'écrit une fois à chaque porteur, et le note dans l'histoire de son dossier."""
    dossiers: dict[int, Dossier] = {}
    for demande in demandes:
        dossiers.setdefault(demande.dossier_id, demande.dossier)
    for dossier in dossiers.values():
        noter(
            par=par,
            contrat=dossier.appel.contrat.code,
            action="programmation.dater_le_vote_d_un_dossier",
            objet=f"dossier:{dossier.pk}",
            objet_nom=str(dossier),
            details={"financeur": str(qui), "vote": dit},
        )
        prevenir_le_porteur(
            dossier,
            objet=f"Dossier {dossier.reference} : {'un vote change de jour' if dit else 'un vote est remis'}",
            texte=(
                f"{qui} votera le {dit} ce qui vous est proposé."
                if dit
                else f"{qui} ne sait plus quel jour voter ce qui vous est proposé."
            )
            + "\n\nD’ici là, rien n’est accordé. Votre dossier :",
        )
