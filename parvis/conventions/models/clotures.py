"""Ce qu'un financeur ne versera pas du reste d'un acte : ce n'est plus engagé."""

from django.db import models
from django.db.models import Q

from parvis.conventions.models.actes import Acte, LigneDActe
from parvis.dossiers.models import Demande
from parvis.socle.montants import MontantField


class Cloture(models.Model):
    """Le reste d'un acte, que son financeur ne verse pas : rien de plus ne s'y note, sans retour."""

    acte = models.OneToOneField(Acte, on_delete=models.PROTECT, related_name="cloture")
    montant = MontantField("montant qui ne se verse pas")
    motif = models.CharField("motif", max_length=1000)
    faite_le = models.DateField("décidée le")
    faite_par = models.CharField("décidée par", max_length=200)

    class Meta:
        verbose_name = "clôture"
        ordering = ["faite_le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(montant__gt=0) & ~Q(motif=""),
                name="conventions_cloture_chiffree_et_motivee",
                violation_error_message="Ce qui ne se verse pas a un montant et un motif.",
            ),
        ]

    def __str__(self) -> str:
        return f"clôture, {self.acte}"


class PartDeCloture(models.Model):
    """Ce qu'une clôture laisse d'une demande : tout ce qui n'en était pas versé, et qui n'est plus engagé."""

    cloture = models.ForeignKey(Cloture, on_delete=models.PROTECT, related_name="parts")
    ligne = models.OneToOneField(LigneDActe, on_delete=models.PROTECT, related_name="cloture")
    demande = models.ForeignKey(Demande, on_delete=models.PROTECT, related_name="clotures")
    montant = MontantField("montant qui n’est plus engagé")

    class Meta:
        verbose_name = "part d’une clôture"
        verbose_name_plural = "parts des clôtures"
        ordering = ["cloture_id", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(montant__gt=0), name="conventions_part_de_cloture_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.demande}, {self.cloture}"
