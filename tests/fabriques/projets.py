"""Des projets déposés, écrits d'un trait en base : pour ce qui en lit beaucoup, ou après une décision."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.dossiers.enums import EtatDeDemande, EtatDeDossier, Guichet
from parvis.dossiers.models import (
    Demande,
    Dossier,
    FicheDeDossier,
    LieuDeDossier,
    Projet,
    VersionDAppel,
)
from parvis.organismes.models import Organisme
from parvis.territoires.models import Commune, Quartier

TRANCHES = (EtatDeDossier.RECEVABLE, EtatDeDossier.IRRECEVABLE, EtatDeDossier.RETIRE)


def projet(
    version: VersionDAppel,
    porteur: Organisme,
    titre: str,
    *lieux: Commune | Quartier,
    etat: str = EtatDeDossier.DEPOSE,
    echelle: str = "",
    annee: int | None = None,
    **autres: Any,
) -> Dossier:
    """Rend le dossier d'un nouveau projet, dans cet état ; sans lieu ni échelle, nulle part."""
    maintenant = timezone.now()
    mene = Projet.objects.create(
        contrat=version.appel.contrat,
        porteur=porteur,
        titre=titre,
        cree_le=maintenant,
        cree_par="Lucie",
        auteur="0",
    )
    dates: dict[str, Any] = {}
    if etat != EtatDeDossier.BROUILLON:
        numero = version.appel.dossiers.count() + 1
        dates = {"depose_le": maintenant, "depose_par": "Lucie", "numero": numero}
    if etat in TRANCHES:
        dates |= {"tranche_le": maintenant, "tranche_par": "Nathalie"}
    if etat == EtatDeDossier.IRRECEVABLE:
        dates["motif"] = "Hors du contrat."
    dossier = Dossier.objects.create(
        projet=mene,
        appel=version.appel,
        version_d_appel=version,
        exercice=annee or version.appel.exercice,
        etat=etat,
        echelle=echelle,
        cree_le=maintenant - timedelta(days=1),
        cree_par="Lucie",
        auteur="0",
        modifie_le=maintenant,
        **(dates | autres),
    )
    situer(dossier, *lieux)
    fiche = version.fiches.order_by("pk").first()
    if fiche:
        FicheDeDossier.objects.create(dossier=dossier, fiche=fiche.fiche, est_principale=True)
    return dossier


def situer(dossier: Dossier, *lieux: Commune | Quartier) -> None:
    """Dit où se passe un projet."""
    for lieu in lieux:
        champ = "quartier" if isinstance(lieu, Quartier) else "commune"
        LieuDeDossier.objects.create(dossier=dossier, **{champ: lieu})


def voter(
    dossier: Dossier,
    financeur: Organisme,
    montant: str = "2000",
    *,
    guichet: str = Guichet.PLATEFORME,
    source: str = "",
    etat: str = EtatDeDemande.ACCORDEE,
    le: date | None = None,
) -> Demande:
    """Écrit la décision d'un financeur, comme elle le sera un jour par lui-même."""
    est_accordee = etat == EtatDeDemande.ACCORDEE
    return Demande.objects.create(
        dossier=dossier,
        exercice=dossier.exercice,
        rang=dossier.demandes.count() + 1,
        financeur=financeur,
        guichet=guichet,
        suivi_source=source,
        montant_demande=Decimal(3000),
        etat=etat,
        demande_le=None if etat == EtatDeDemande.PREPAREE else timezone.now(),
        montant_vote=Decimal(montant) if est_accordee else None,
        vote_le=(le or timezone.localdate()) if est_accordee else None,
    )
