"""Ce qui attend le pilote d'un contrat, ou qui tient la plateforme : des phrases et où aller."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from parvis.cadre.enums import StatutDeLecture, StatutEdition
from parvis.cadre.models import Contrat, Edition, Lecture
from parvis.cadre.queries.lectures import lectures
from parvis.comptes.acteur import Acteur
from parvis.courriels.enums import Etat
from parvis.courriels.queries import compter_par_etat
from parvis.dossiers.models import VersionDAppel
from parvis.dossiers.queries.appels_pilotes import brouillons_d_appels
from parvis.dossiers.queries.comptes_bancaires import comptes_a_confirmer
from parvis.evaluation.queries.listes import bilans_du_pilote, comptes_des_bilans
from parvis.journal.models import Chaine
from parvis.pilotage.permissions import peut_administrer
from parvis.pilotage.queries.contrats import contrats_sans_pilote
from parvis.pilotage.queries.demandes import demandes_du_contrat
from parvis.pilotage.queries.dispositifs import nombre_a_verifier
from parvis.pilotage.queries.dossiers import comptes_des_dossiers
from parvis.pilotage.queries.organismes import organismes
from parvis.pilotage.queries.partenaires import comptes_des_partenaires
from parvis.pilotage.queries.roles import invitations_du_contrat

DERNIERS = 3


@dataclass(frozen=True)
class AttenteDuPilote:
    """Ce qui attend le pilote d'un contrat, en nombres."""

    documents: list[Lecture]
    brouillons: list[Edition]
    appels: list[VersionDAppel]
    demandes: int
    sans_organisme: int
    proposes: int
    dispositifs: int
    invitations: int
    # Les dossiers déposés : à examiner, compléments en retard, messages à lire.
    dossiers: dict[str, int]
    # Les bilans : à lire, en retard.
    bilans: dict[str, int]
    comptes_bancaires: int


@dataclass(frozen=True)
class AttenteDeLaPlateforme:
    """Ce qui attend qui tient la plateforme, en nombres, et l'état de la boîte d'envoi."""

    demandes: int
    sans_gestionnaire: int
    contrats_sans_pilote: list[Contrat]
    courriels: list[tuple[Etat, int]]
    abandonnes: int
    actes: int


def attente_du_pilote(
    acteur: Acteur, contrat: Contrat, *, jour: date, maintenant: datetime
) -> AttenteDuPilote:
    """Rend ce qui attend ce pilote, compté."""
    partenaires = comptes_des_partenaires(acteur, contrat, jour=jour)
    return AttenteDuPilote(
        documents=list(lectures(acteur, contrat).filter(statut=StatutDeLecture.LUE)[:DERNIERS]),
        brouillons=list(
            contrat.editions.filter(statut=StatutEdition.BROUILLON).order_by("-importee_le", "-pk")[
                :DERNIERS
            ]
        ),
        appels=list(brouillons_d_appels(acteur, contrat)[:DERNIERS]),
        demandes=demandes_du_contrat(acteur, contrat, jour=jour).count(),
        sans_organisme=partenaires["sans"],
        proposes=partenaires["proposes"],
        dispositifs=nombre_a_verifier(acteur, contrat, jour=jour),
        invitations=invitations_du_contrat(acteur, contrat, maintenant=maintenant).count(),
        dossiers=comptes_des_dossiers(acteur, contrat, jour=jour),
        bilans=comptes_des_bilans(bilans_du_pilote(acteur, contrat), jour),
        comptes_bancaires=comptes_a_confirmer(acteur, contrat).count(),
    )


def attente_de_la_plateforme(acteur: Acteur, *, jour: date) -> AttenteDeLaPlateforme:
    """Rend ce qui attend cet administrateur, compté ; rien à tout autre."""
    comptes = organismes(acteur, "", jour=jour).aggregate(
        demandes=Count("pk", filter=Q(a_une_demande=True)),
        sans_gestionnaire=Count("pk", filter=Q(a_un_gestionnaire=False)),
    )
    par_etat = compter_par_etat() if peut_administrer(acteur) else dict.fromkeys(Etat.values, 0)
    chaines = Chaine.objects.all() if peut_administrer(acteur) else Chaine.objects.none()
    return AttenteDeLaPlateforme(
        demandes=comptes["demandes"],
        sans_gestionnaire=comptes["sans_gestionnaire"],
        contrats_sans_pilote=list(contrats_sans_pilote(acteur, jour=jour)),
        courriels=[(etat, par_etat[etat]) for etat in Etat],
        abandonnes=par_etat[Etat.ABANDONNE],
        actes=sum(chaines.values_list("nombre", flat=True)),
    )
