"""Recompter ce qui est versé et engagé d'une autre façon : ligne à ligne, en Python."""

from collections import defaultdict
from decimal import Decimal

from parvis.conventions.models import (
    LigneDActe,
    PartDeCloture,
    PartDeRetrait,
    PartDeVersement,
    Reversement,
    Versement,
)
from parvis.dossiers.models import Demande

ZERO = Decimal(0)


def ecarts() -> list[str]:
    """Rend tout ce qui cloche : les colonnes, et les versements que leurs parts ne font pas."""
    fautes = []
    for versement in Versement.objects.prefetch_related("parts"):
        if sum((p.montant for p in versement.parts.all()), ZERO) != versement.montant:
            fautes.append(f"{versement} : ses parts ne font pas sa somme")
    return fautes + colonnes()


def colonnes() -> list[str]:
    """Rend ce qui cloche : une colonne qui n'est pas sa somme, ou versé au-delà d'engagé ou de voté."""
    verses: dict[int, Decimal] = defaultdict(lambda: ZERO)
    engages: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for ligne in LigneDActe.objects.filter(vaut=True, acte__etat__in=["signe", "notifie"]):
        engages[ligne.demande_id] += ligne.montant
    fautes = []
    for part in PartDeVersement.objects.filter(versement__annule_le__isnull=True):
        verses[part.demande_id] += part.montant
    for rendu in Reversement.objects.filter(recu_le__isnull=False):
        verses[rendu.demande_id] -= rendu.montant
        engages[rendu.demande_id] -= rendu.montant
    for repris in PartDeRetrait.objects.all():
        engages[repris.demande_id] -= repris.montant_degage
    for close in PartDeCloture.objects.all():
        engages[close.demande_id] -= close.montant
    for demande in Demande.objects.filter(guichet="plateforme"):
        verse, engage = demande.montant_verse or ZERO, demande.montant_engage or ZERO
        if (verse, engage) != (verses[demande.pk], engages[demande.pk]):
            fautes.append(f"{demande} : une colonne n’est pas sa somme")
        if not ZERO <= verse <= engage <= (demande.montant_vote or ZERO):
            fautes.append(f"{demande} : versé, engagé et voté ne s’ordonnent plus")
    return fautes
