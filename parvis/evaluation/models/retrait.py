"""Un fichier retiré d'un bilan déjà rendu : une personne l'a demandé."""

from django.db import models
from django.db.models import Q

from parvis.documents.models import Fichier
from parvis.evaluation.models.bilan import Bilan


class RetraitDeFichier(models.Model):
    """Pourquoi un fichier rendu n'est plus lisible ; la version rendue, elle, ne change pas."""

    bilan = models.ForeignKey(Bilan, on_delete=models.PROTECT, related_name="retraits")
    fichier = models.OneToOneField(
        Fichier, on_delete=models.PROTECT, related_name="retrait_d_un_bilan"
    )
    motif = models.CharField("pourquoi", max_length=500)
    retire_le = models.DateTimeField("retiré le")
    retire_par = models.CharField("retiré par", max_length=200)
    auteur = models.CharField("identifiant de qui retire", max_length=40)

    class Meta:
        verbose_name = "retrait d’un fichier"
        verbose_name_plural = "retraits de fichiers"
        ordering = ["retire_le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(motif=""),
                name="evaluation_retrait_motive",
                violation_error_message="Dites pourquoi.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.bilan}, {self.motif}"
