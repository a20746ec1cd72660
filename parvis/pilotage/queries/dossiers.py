"""La file des dossiers déposés d'un contrat : ses choix, ses pages, ce qui y est demandé en tout."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.dossiers.enums import EtatDeDossier, Guichet
from parvis.dossiers.models import (
    Complement,
    Dossier,
    Message,
)
from parvis.dossiers.queries.choix_de_dossiers import (
    demandes_fermes,
    les_appels,
    les_fiches,
    les_financeurs,
    les_piliers,
    les_quartiers,
    mot_du_pilier,
    somme_des_demandes,
)
from parvis.dossiers.queries.etat_global import les_reponses
from parvis.dossiers.queries.recevabilite import dossier_recu
from parvis.dossiers.rules.publicite import RECUS
from parvis.instruction.queries.deports import dossiers_du_pilote
from parvis.socle.filtres import Critere, Facette, filtrer
from parvis.socle.pages import Page, page
from parvis.socle.tableaux import Cellule

COLONNES = (
    *("Numéro", "État", "Projet", "Porteur", "Siret", "Appel", "Exercice", "Déposé le"),
    *("Fiche principale", "Autres fiches", "Lieux", "Financeurs", "Demandé (€)"),
    *("Demandé ailleurs (€)", "Complément à rendre le", "Tranché le", "Motif"),
)
TRIS: dict[str, tuple[str, tuple[str, ...]]] = {
    "attente": ("Le plus ancien d’abord", ("depose_le", "pk")),
    "recent": ("Le plus récent d’abord", ("-depose_le", "-pk")),
    "montant": ("Le plus demandé d’abord", ("-demande", "-pk")),
    "porteur": ("Par porteur", ("projet__porteur__cle_de_tri", "pk")),
}


@dataclass(frozen=True)
class File:
    """Une page de la file, ses choix, et ce que tous les dossiers choisis demandent ensemble.

    Les `arretes` (retirés, irrecevables, envoyés ailleurs) ne demandent plus rien.
    """

    page: Page[Dossier]
    facettes: list[Facette]
    total: Decimal
    nombre: int
    arretes: int


def dossier_du_pilote(acteur: Acteur, contrat: Contrat, pk: int) -> Dossier:
    """Rend un dossier que l'acteur reçoit ; lève Dossier.DoesNotExist à tout autre, ou déporté."""
    if not dossiers_du_pilote(acteur, contrat).filter(pk=pk).exists():
        raise Dossier.DoesNotExist
    return dossier_recu(acteur, contrat, pk)


def file_des_dossiers(
    acteur: Acteur, contrat: Contrat, demandes: Mapping[str, str], *, jour: date
) -> File:
    """Rend une page des dossiers choisis, et le total de ce qu'ils demandent par la plateforme."""
    choisis, facettes = _choisir(acteur, contrat, demandes, jour)
    _, cles = TRIS.get(demandes.get("tri", ""), TRIS["attente"])
    lue = page(
        choisis,
        cles,
        apres=demandes.get("apres", ""),
        avant=demandes.get("avant", ""),
    )
    total, encore = _total(choisis)
    return File(lue, facettes, total, lue.total, lue.total - encore)


def tableau_des_dossiers(
    acteur: Acteur, contrat: Contrat, demandes: Mapping[str, str], *, jour: date
) -> list[tuple[Cellule, ...]]:
    """Rend tous les dossiers choisis, une ligne chacun, dans l'ordre de COLONNES."""
    choisis, _ = _choisir(acteur, contrat, demandes, jour)
    _, cles = TRIS.get(demandes.get("tri", ""), TRIS["attente"])
    return [_ligne(dossier) for dossier in choisis.order_by(*cles)]


def dossiers_a_consulter(
    acteur: Acteur, contrat: Contrat, demandes: Mapping[str, str], *, jour: date
) -> list[Dossier]:
    """Rend les dossiers choisis sur lesquels un avis peut se demander : ceux qui sont recevables."""
    recus = dossiers_du_pilote(acteur, contrat)
    choisis, _ = filtrer(recus, _criteres(recus, contrat, jour), demandes)
    recevables = choisis.filter(etat=EtatDeDossier.RECEVABLE)
    return list(recevables.select_related("projet__porteur", "appel__contrat").order_by("pk"))


def comptes_des_dossiers(acteur: Acteur, contrat: Contrat, *, jour: date) -> dict[str, int]:
    """Rend ce qui attend le pilote : à examiner, compléments en retard, messages à lire."""
    recus = dossiers_du_pilote(acteur, contrat)
    return {
        "a_examiner": recus.filter(etat=EtatDeDossier.DEPOSE).count(),
        "en_retard": recus.filter(
            Exists(_ouverts().filter(echeance_le__lt=jour)), etat=EtatDeDossier.A_COMPLETER
        ).count(),
        "messages": recus.filter(Exists(_non_lus())).count(),
    }


def _choisir(
    acteur: Acteur, contrat: Contrat, demandes: Mapping[str, str], jour: date
) -> tuple[QuerySet[Dossier], list[Facette]]:
    recus = dossiers_du_pilote(acteur, contrat)
    criteres = _criteres(recus, contrat, jour)
    choisis, facettes = filtrer(recus, criteres, demandes)
    return _avec_ce_qui_se_lit(choisis, demandes.get("financeur", ""), jour), facettes


def _avec_ce_qui_se_lit(
    choisis: QuerySet[Dossier], financeur: str, jour: date
) -> QuerySet[Dossier]:
    """Rend les dossiers avec leur demande (à un seul financeur, s'il est choisi) et ce qu'ils attendent."""
    ici = demandes_fermes().filter(guichet=Guichet.PLATEFORME)
    if financeur.isascii() and financeur.isdigit() and len(financeur) < 19:
        ici = ici.filter(financeur=int(financeur))
    echeances = _ouverts().order_by("echeance_le").values("echeance_le")[:1]
    return (
        choisis.annotate(
            demande=somme_des_demandes(ici),
            demande_ailleurs=somme_des_demandes(demandes_fermes().filter(guichet=Guichet.AILLEURS)),
            echeance=Subquery(echeances),
            a_un_message=Exists(_non_lus()),
            a_ete_complete=Exists(
                Complement.objects.filter(dossier=OuterRef("pk"), repondu_le__isnull=False)
            ),
        )
        .select_related("projet__porteur__fusionne_dans", "appel", "version_d_appel")
        .prefetch_related(
            "fiches__fiche", "lieux__commune", "lieux__quartier", "demandes__financeur"
        )
    )


def _total(choisis: QuerySet[Dossier]) -> tuple[Decimal, int]:
    """Rend ce que demandent les dossiers qui vivent encore, et leur nombre."""
    vivants = choisis.filter(etat__in=RECUS).order_by()
    lu = vivants.aggregate(total=Sum("demande"), nombre=Count("pk"))
    return lu["total"] or Decimal("0.00"), lu["nombre"]


def _ouverts() -> QuerySet[Complement]:
    return Complement.objects.filter(dossier=OuterRef("pk"), repondu_le__isnull=True)


def _non_lus() -> QuerySet[Message]:
    return Message.objects.filter(dossier=OuterRef("pk"), est_du_service=False, lu_le__isnull=True)


def _criteres(recus: QuerySet[Dossier], contrat: Contrat, jour: date) -> list[Critere]:
    return [
        Critere("appel", "Appel", les_appels(recus)),
        Critere("etat", "Où en est-on", {e.value: (e.label, Q(etat=e)) for e in _etats()}),
        Critere("reponses", "Réponses", les_reponses()),
        Critere("complement", "Complément", _complements(jour)),
        Critere("pilier", mot_du_pilier(contrat), les_piliers(contrat)),
        Critere("fiche", "Fiche", les_fiches(recus)),
        Critere("quartier", "Quartier", les_quartiers(recus)),
        Critere("financeur", "Financeur", les_financeurs(recus)),
    ]


def _etats() -> list[EtatDeDossier]:
    return [etat for etat in EtatDeDossier if etat != EtatDeDossier.BROUILLON]


def _complements(jour: date) -> dict[str, tuple[str, Q]]:
    a_completer = Q(etat=EtatDeDossier.A_COMPLETER)
    en_retard = Q(
        pk__in=Complement.objects.filter(repondu_le__isnull=True, echeance_le__lt=jour).values(
            "dossier"
        )
    )
    repondu = Q(pk__in=Complement.objects.filter(repondu_le__isnull=False).values("dossier"))
    return {
        "retard": ("En retard", a_completer & en_retard),
        "attendu": ("Attendu", a_completer & ~en_retard),
        "recu": ("Reçu, à lire", Q(etat=EtatDeDossier.DEPOSE) & repondu),
    }


def _ligne(dossier: Dossier) -> tuple[Cellule, ...]:
    fiches = list(dossier.fiches.all())
    porteur = dossier.projet.porteur.retenu
    return (
        dossier.reference,
        dossier.get_etat_display(),
        dossier.projet.titre,
        str(porteur),
        porteur.siret,
        dossier.version_d_appel.titre,
        dossier.exercice,
        _jour(dossier.depose_le),
        next((f.fiche.numero for f in fiches if f.est_principale), ""),
        ", ".join(f.fiche.numero for f in fiches if not f.est_principale),
        ", ".join(str(lieu) for lieu in dossier.lieux.all()),
        ", ".join(dict.fromkeys(d.nom_du_financeur for d in dossier.demandes.all())),
        dossier.demande,  # type: ignore[attr-defined]
        dossier.demande_ailleurs,  # type: ignore[attr-defined]
        dossier.echeance,  # type: ignore[attr-defined]
        _jour(dossier.tranche_le),
        dossier.motif,
    )


def _jour(instant: datetime | None) -> date | None:
    return timezone.localdate(instant) if instant else None
