"""Ce qu'il faut savoir pour proposer un montant sur une demande de son service."""

from collections.abc import Collection
from dataclasses import dataclass

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.dossiers.models import Demande
from parvis.instruction.enums import Qualite
from parvis.instruction.models import Avis
from parvis.instruction.permissions import peut_financer
from parvis.instruction.queries.dossiers import (
    Titre,
    avis_du_titre,
    demandes_du_service,
    dossiers_a_etudier,
)
from parvis.instruction.rules.avis import motifs_empechant_l_instruction


@dataclass(frozen=True)
class AProposer:
    """Une demande du service, son dernier avis, et pourquoi un montant ne s'y propose pas encore."""

    demande: Demande
    avis: Avis | None
    motifs: list[str]

    @property
    def rang(self) -> int:
        """Rend le dernier avis connu du service, zéro s'il n'en a pas."""
        return self.avis.rang if self.avis else 0


def demande_a_proposer(acteur: Acteur, contrat: Contrat, pk: int) -> AProposer:
    """Rend une demande ferme du service ; lève Demande.DoesNotExist pour toute autre, ou à un autre."""
    if not peut_financer(acteur):
        raise Demande.DoesNotExist
    etudies = dossiers_a_etudier(acteur, contrat)
    demande = (
        demandes_du_service(acteur)
        .filter(dossier__in=etudies.values("pk"))
        .select_related("dossier__projet__porteur__fusionne_dans", "dossier__appel__contrat")
        .get(pk=pk)
    )
    if not demande.est_ferme:
        raise Demande.DoesNotExist
    avis = avis_du_titre(acteur, demande.dossier, Titre(Qualite.FINANCEUR)).first()
    return AProposer(demande, avis, motifs_empechant_l_instruction(demande.dossier.etat))


def demandes_a_proposer(
    acteur: Acteur, contrat: Contrat, pks: Collection[int]
) -> dict[int, Demande]:
    """Rend, parmi ces demandes, celles du service que l'acteur étudie."""
    if not peut_financer(acteur):
        return {}
    etudies = dossiers_a_etudier(acteur, contrat)
    siennes = demandes_du_service(acteur).filter(pk__in=pks, dossier__in=etudies.values("pk"))
    return {demande.pk: demande for demande in siennes.select_related("dossier")}
