"""Recompter les enveloppes d'une autre façon : ligne à ligne, en Python."""

from decimal import Decimal

from parvis.dossiers.models import Demande
from parvis.programmation.models import Enveloppe, Mouvement


def ecarts() -> list[str]:
    """Rend ce qui cloche : un compteur qui n'est pas sa somme, ou une enveloppe dépassée."""
    comptes = {pk: [Decimal(0)] * 3 for pk in Enveloppe.objects.values_list("pk", flat=True)}
    for mouvement in Mouvement.objects.all():
        comptes[mouvement.enveloppe_id][0] += mouvement.montant
        if mouvement.depuis_id:
            comptes[mouvement.depuis_id][1] += mouvement.montant
    for demande in Demande.objects.filter(imputation__isnull=False).select_related("imputation"):
        comptes[demande.imputation.enveloppe_id][2] += demande.montant_vote or 0
    fautes = []
    for une in Enveloppe.objects.all():
        recu, cede, vote = comptes[une.pk]
        if [une.montant_recu, une.montant_cede, une.montant_vote] != [recu, cede, vote]:
            fautes.append(f"{une} : un compteur n'est pas sa somme")
        if vote > recu - cede or min(recu, cede, vote) < 0:
            fautes.append(f"{une} : dépassée")
    return fautes
