"""Ce que le bilan accepté laisse dû d'une ligne d'acte, quand plusieurs actes engagent sa demande."""

from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from parvis.conventions.models import LigneDActe, PartDeVersement
from parvis.socle.montants import MontantField, en_base

ZERO = Decimal("0.00")


def reste_avant() -> Combinable:
    """Rend ce que les lignes d'avant de la même demande ont encore à verser : le dû va d'abord à elles."""
    avant = LigneDActe.objects.filter(
        demande=OuterRef("demande"), vaut=True, est_en_nature=False, pk__lt=OuterRef("pk")
    )
    verses = PartDeVersement.objects.filter(
        demande=OuterRef("demande"), ligne__lt=OuterRef("pk"), versement__annule_le__isnull=True
    )
    return _somme(avant) - _somme(verses)


def _somme(lignes: QuerySet[Any]) -> Coalesce:
    sommees = lignes.order_by().values("demande").annotate(somme=Sum("montant")).values("somme")
    return Coalesce(Subquery(sommees, output_field=MontantField()), en_base(ZERO))


def laisse_du_d_une_ligne(ligne: Any, verse: Decimal) -> Decimal:
    """Rend ce qu'il reste à verser d'une ligne, sans dépasser la part acceptée de sa demande."""
    reste = ZERO if ligne.est_en_nature else ligne.montant - verse
    part, deja = ligne.demande.part_du_bilan, ligne.demande.montant_verse or ZERO
    if part is None:
        return reste
    return max(ZERO, min(reste, part - deja - ligne.reste_avant))
