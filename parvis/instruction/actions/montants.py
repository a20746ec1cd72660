"""Proposer un montant depuis un tableau : un nouvel avis du service, qui reprend le dernier."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from parvis.comptes.acteur import Acteur
from parvis.dossiers.enums import EtatDeDemande
from parvis.dossiers.models import Demande
from parvis.instruction.actions.avis import rendre_avis
from parvis.instruction.actions.tenir import tenir_le_dossier_etudie
from parvis.instruction.enums import Qualite, SensDAvis
from parvis.instruction.models import Avis
from parvis.instruction.queries.dossiers import avis_du_titre, demandes_du_service
from parvis.instruction.rules.montants import motifs_empechant_de_proposer
from parvis.socle.refus import Refus, exiger


@dataclass(frozen=True)
class Changement:
    """Un montant à proposer, le dernier avis connu du service, et où le dire s'il est refusé."""

    demande: Demande
    montant: Decimal | None
    rang: int
    ou: str


@transaction.atomic
def proposer_un_montant(
    *, par: Acteur, demande: Demande, montant: Decimal | None, rang: int
) -> Avis:
    """Propose un montant pour une demande de son service, ou n'en propose plus ; rend l'avis.

    Il reprend le sens, le motif, la note, les fichiers et les autres montants du dernier avis, et le
    remplace ; sans avis encore, il est favorable. `rang` est le dernier que l'on connaît : celui d'un
    collègue ne s'écrase pas. Lève Refus, et Demande.DoesNotExist ou Dossier.DoesNotExist à un autre service.
    """
    dossier, titre = tenir_le_dossier_etudie(par, demande.dossier)
    if titre.qualite != Qualite.FINANCEUR:
        raise Demande.DoesNotExist
    siennes = {
        une.pk: une
        for une in demandes_du_service(par).filter(dossier=dossier, exercice=dossier.exercice)
    }
    if demande.pk not in siennes:
        raise Demande.DoesNotExist
    dernier = avis_du_titre(par, dossier, titre).select_related("version").first()
    version = dossier.versions_deposees.latest("numero").numero
    exiger(
        motifs_empechant_de_proposer(
            sens=dernier.sens if dernier else "",
            montant=montant,
            version_jugee=dernier.version.numero if dernier else None,
            version=version,
        )
    )
    gardees = _gardees(dernier, siennes)
    if dernier and dernier.rang == rang and gardees.get(demande.pk) == montant:
        return dernier
    propositions = {**gardees, demande.pk: montant}
    avis = rendre_avis(
        par=par,
        dossier=dossier,
        version=version,
        rang=rang,
        sens=dernier.sens if dernier else SensDAvis.FAVORABLE,
        motif=dernier.motif if dernier else "",
        note_interne=dernier.note_interne if dernier else "",
        propositions={pk: dit for pk, dit in propositions.items() if dit is not None},
        # Ce que le service montrait déjà aux autres financeurs, il le leur montre encore.
        est_partage=any(une.propose_partage_le for une in siennes.values()),
    )
    if dernier:
        avis.fichiers.add(*dernier.fichiers.all())
    return avis


@transaction.atomic
def proposer_des_montants(*, par: Acteur, changements: Sequence[Changement]) -> int:
    """Propose plusieurs montants, tous ou aucun ; rend combien.

    Lève Refus avec les motifs de chaque ligne refusée, et rien n'est écrit.
    """
    motifs = []
    # Toujours dans le même ordre : deux réimports à la fois ne s'attendent pas l'un l'autre.
    for un in sorted(changements, key=lambda c: (c.demande.dossier_id, c.demande.pk)):
        try:
            proposer_un_montant(par=par, demande=un.demande, montant=un.montant, rang=un.rang)
        except Refus as refus:
            motifs += [f"{un.ou} : {motif}" for motif in refus.motifs]
    exiger(motifs)
    return len(changements)


def _gardees(dernier: Avis | None, siennes: dict[int, Demande]) -> dict[int, Decimal]:
    """Rend ce que le dernier avis propose pour les demandes encore à juger."""
    if dernier is None:
        return {}
    return {
        proposee.demande_id: proposee.montant
        for proposee in dernier.propositions.all()
        if proposee.demande_id in siennes
        and siennes[proposee.demande_id].etat == EtatDeDemande.DEMANDEE
    }
