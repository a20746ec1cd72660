"""Choisir parmi des dossiers déposés : par appel, par pilier, par fiche, par quartier ; ce qu'ils demandent.

Chaque lecture rend, pour une valeur, son libellé et sa condition : de quoi faire un critère d'une liste.
"""

from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from parvis.cadre.models import Contrat, Edition, Pilier
from parvis.dossiers.enums import NatureDeDemande
from parvis.dossiers.models import Demande, Dossier, FicheDeDossier, LieuDeDossier, VersionDAppel
from parvis.organismes.models import Organisme
from parvis.socle.montants import MontantField, en_base
from parvis.territoires.models import Quartier


def mot_du_pilier(contrat: Contrat) -> str:
    """Rend le nom que ce contrat donne à ses piliers."""
    edition = Edition.objects.courante(contrat.code)
    return edition.mot_pilier.capitalize() if edition else "Pilier"


def les_appels(recus: QuerySet[Dossier]) -> dict[str, tuple[str, Q]]:
    """Rend les appels des dossiers, du plus récent au plus ancien."""
    courantes = VersionDAppel.objects.courantes().filter(appel__in=recus.values("appel"))
    return {
        str(v.appel_id): (f"{v.titre} ({v.appel.exercice})", Q(appel=v.appel_id))
        for v in courantes.select_related("appel").order_by("-appel__exercice", "titre")
    }


def les_piliers(contrat: Contrat) -> dict[str, tuple[str, Q]]:
    """Rend les piliers de l'édition courante."""
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


def les_fiches(recus: QuerySet[Dossier]) -> dict[str, tuple[str, Q]]:
    """Rend les fiches que citent les dossiers, dans l'ordre de leurs numéros."""
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


def les_quartiers(recus: QuerySet[Dossier]) -> dict[str, tuple[str, Q]]:
    """Rend les quartiers où les dossiers se passent."""
    cites = LieuDeDossier.objects.filter(dossier__in=recus.values("pk"))
    quartiers = Quartier.objects.filter(pk__in=cites.values("quartier")).order_by("nom", "pk")
    return {
        str(quartier.pk): (
            str(quartier),
            Q(pk__in=LieuDeDossier.objects.filter(quartier=quartier).values("dossier")),
        )
        for quartier in quartiers
    }


def les_financeurs(recus: QuerySet[Dossier]) -> dict[str, tuple[str, Q]]:
    """Rend les organismes à qui les dossiers demandent."""
    demandes = Demande.objects.filter(dossier__in=recus.values("pk"))
    financeurs = Organisme.objects.filter(pk__in=demandes.values("financeur"))
    return {
        str(financeur.pk): (
            str(financeur),
            Q(pk__in=Demande.objects.filter(financeur=financeur).values("dossier")),
        )
        for financeur in financeurs.order_by("cle_de_tri", "pk")
    }


def demandes_fermes() -> QuerySet[Demande]:
    """Rend les demandes en argent du premier exercice d'un dossier : les suivants sont prévus."""
    return Demande.objects.filter(
        dossier=OuterRef("pk"),
        exercice=OuterRef("exercice"),
        nature=NatureDeDemande.NUMERAIRE,
    )


def somme_des_demandes(demandes: QuerySet[Demande]) -> Coalesce:
    """Rend ce que demandent ces lignes, pour chaque dossier."""
    somme = demandes.order_by().values("dossier").annotate(somme=Sum("montant_demande"))
    return Coalesce(
        Subquery(somme.values("somme"), output_field=MontantField()),
        en_base(Decimal("0.00")),
        output_field=MontantField(),
    )
