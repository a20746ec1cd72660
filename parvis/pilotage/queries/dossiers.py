"""La file des dossiers déposés d'un contrat : ses choix, ses pages, ce qui y est demandé en tout."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from parvis.cadre.models import Contrat, Edition, Pilier
from parvis.cadre.queries.filtres import Facette
from parvis.comptes.acteur import Acteur
from parvis.dossiers.enums import EtatDeDossier, Guichet, NatureDeDemande
from parvis.dossiers.models import (
    Complement,
    Demande,
    Dossier,
    FicheDeDossier,
    LieuDeDossier,
    Message,
    VersionDAppel,
)
from parvis.dossiers.queries.recevabilite import dossiers_recus
from parvis.dossiers.rules.publicite import RECUS
from parvis.organismes.models import Organisme
from parvis.pilotage.queries.filtres import Critere, filtrer
from parvis.socle.montants import MontantField, en_base
from parvis.socle.pages import Page, page
from parvis.socle.tableaux import Cellule
from parvis.territoires.models import Quartier

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


def comptes_des_dossiers(acteur: Acteur, contrat: Contrat, *, jour: date) -> dict[str, int]:
    """Rend ce qui attend le pilote : à examiner, compléments en retard, messages à lire."""
    recus = dossiers_recus(acteur, contrat)
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
    recus = dossiers_recus(acteur, contrat)
    criteres = _criteres(recus, contrat, jour)
    choisis, facettes = filtrer(recus, criteres, demandes)
    return _avec_ce_qui_se_lit(choisis, demandes.get("financeur", ""), jour), facettes


def _avec_ce_qui_se_lit(
    choisis: QuerySet[Dossier], financeur: str, jour: date
) -> QuerySet[Dossier]:
    """Rend les dossiers avec leur demande (à un seul financeur, s'il est choisi) et ce qu'ils attendent."""
    ici = _fermes().filter(guichet=Guichet.PLATEFORME)
    if financeur.isascii() and financeur.isdigit() and len(financeur) < 19:
        ici = ici.filter(financeur=int(financeur))
    echeances = _ouverts().order_by("echeance_le").values("echeance_le")[:1]
    return (
        choisis.annotate(
            demande=_somme(ici),
            demande_ailleurs=_somme(_fermes().filter(guichet=Guichet.AILLEURS)),
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


def _fermes() -> QuerySet[Demande]:
    """Rend les demandes en argent du premier exercice d'un dossier : les suivants sont prévus."""
    return Demande.objects.filter(
        dossier=OuterRef("pk"),
        exercice=OuterRef("exercice"),
        nature=NatureDeDemande.NUMERAIRE,
    )


def _somme(demandes: QuerySet[Demande]) -> Coalesce:
    somme = demandes.order_by().values("dossier").annotate(somme=Sum("montant_demande"))
    return Coalesce(
        Subquery(somme.values("somme"), output_field=MontantField()),
        en_base(Decimal("0.00")),
        output_field=MontantField(),
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
        Critere("appel", "Appel", _appels(recus)),
        Critere("etat", "Où en est-on", {e.value: (e.label, Q(etat=e)) for e in _etats()}),
        Critere("complement", "Complément", _complements(jour)),
        Critere("pilier", contrat_pilier(contrat), _piliers(contrat)),
        Critere("fiche", "Fiche", _fiches(recus)),
        Critere("quartier", "Quartier", _quartiers(recus)),
        Critere("financeur", "Financeur", _financeurs(recus)),
    ]


def _etats() -> list[EtatDeDossier]:
    return [etat for etat in EtatDeDossier if etat != EtatDeDossier.BROUILLON]


def contrat_pilier(contrat: Contrat) -> str:
    """Rend le nom que ce contrat donne à ses piliers."""
    edition = Edition.objects.courante(contrat.code)
    return edition.mot_pilier.capitalize() if edition else "Pilier"


def _appels(recus: QuerySet[Dossier]) -> dict[str, tuple[str, Q]]:
    courantes = VersionDAppel.objects.courantes().filter(appel__in=recus.values("appel"))
    return {
        str(v.appel_id): (f"{v.titre} ({v.appel.exercice})", Q(appel=v.appel_id))
        for v in courantes.select_related("appel").order_by("-appel__exercice", "titre")
    }


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


def _piliers(contrat: Contrat) -> dict[str, tuple[str, Q]]:
    edition = Edition.objects.courante(contrat.code)
    piliers = Pilier.objects.filter(edition=edition).order_by("rang") if edition else []
    return {
        str(pilier.rang): (
            pilier.titre,
            Q(
                pk__in=FicheDeDossier.objects.filter(fiche__versions__enjeu__pilier=pilier).values(
                    "dossier"
                )
            ),
        )
        for pilier in piliers
    }


def _fiches(recus: QuerySet[Dossier]) -> dict[str, tuple[str, Q]]:
    citees = FicheDeDossier.objects.filter(dossier__in=recus.values("pk"))
    numeros = citees.order_by("fiche__numero").values_list("fiche__numero", "fiche").distinct()
    return {
        numero: (
            f"Fiche {numero}",
            Q(pk__in=FicheDeDossier.objects.filter(fiche=fiche).values("dossier")),
        )
        for numero, fiche in sorted(numeros, key=lambda couple: _rang(couple[0]))
    }


def _rang(numero: str) -> tuple[Any, ...]:
    return tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in numero.split("-"))


def _quartiers(recus: QuerySet[Dossier]) -> dict[str, tuple[str, Q]]:
    cites = LieuDeDossier.objects.filter(dossier__in=recus.values("pk"))
    quartiers = Quartier.objects.filter(pk__in=cites.values("quartier")).order_by("nom", "pk")
    return {
        str(quartier.pk): (
            str(quartier),
            Q(pk__in=LieuDeDossier.objects.filter(quartier=quartier).values("dossier")),
        )
        for quartier in quartiers
    }


def _financeurs(recus: QuerySet[Dossier]) -> dict[str, tuple[str, Q]]:
    demandes = Demande.objects.filter(dossier__in=recus.values("pk"))
    financeurs = Organisme.objects.filter(pk__in=demandes.values("financeur"))
    return {
        str(financeur.pk): (
            str(financeur),
            Q(pk__in=Demande.objects.filter(financeur=financeur).values("dossier")),
        )
        for financeur in financeurs.order_by("cle_de_tri", "pk")
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
