"""Les mots qu'un pilote ajoute : ceux de son territoire, que le thésaurus ne connaît pas."""

from django.db import models

from parvis.cadre.models import Contrat
from parvis.orientation.rules import LONGUEUR_DU_MOT, LONGUEUR_DU_SENS


class MotDuContrat(models.Model):
    """Un mot ou une expression d'ici, et ce qu'il faut comprendre, en mots ordinaires."""

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="mots_ajoutes")
    ecrit = models.CharField("mot ou expression", max_length=LONGUEUR_DU_MOT)
    # Ses clés, dans l'ordre : « Les Glycines » et « glycine » sont le même mot.
    cle = models.CharField("clé", max_length=200)
    sens = models.CharField("ce qu’il veut dire", max_length=LONGUEUR_DU_SENS)
    ajoute_le = models.DateTimeField("ajouté le")
    ajoute_par = models.CharField("ajouté par", max_length=200)

    class Meta:
        verbose_name = "mot du contrat"
        verbose_name_plural = "mots du contrat"
        ordering = ["cle"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "cle"],
                name="orientation_un_mot_par_contrat",
                violation_error_message="Ce mot est déjà dans la liste : retirez-le d’abord.",
            ),
            models.CheckConstraint(
                condition=~models.Q(ecrit="") & ~models.Q(cle="") & ~models.Q(sens=""),
                name="orientation_mot_complet",
                violation_error_message="Écrivez le mot, et ce qu’il veut dire.",
            ),
        ]

    def __str__(self) -> str:
        return self.ecrit
