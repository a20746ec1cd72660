"""Ce que le pilote a vérifié d'un dossier reçu, point par point."""

from django.db import models
from django.db.models import Q

from parvis.dossiers.models.dossier import Dossier


class PointVerifie(models.Model):
    """Un point de la liste de contrôle, tel qu'une personne l'a jugé ; le revoir le remplace."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="points_verifies")
    code = models.CharField("point", max_length=30)
    est_bon = models.BooleanField("en règle")
    note = models.TextField("note", max_length=1000, blank=True)
    verifie_le = models.DateTimeField("vérifié le")
    verifie_par = models.CharField("vérifié par", max_length=200)
    auteur = models.CharField("identifiant de qui vérifie", max_length=40)

    class Meta:
        verbose_name = "point vérifié"
        verbose_name_plural = "points vérifiés"
        ordering = ["dossier_id", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "code"],
                name="dossiers_point_verifie_une_fois",
                violation_error_message="Ce point est déjà vérifié.",
            ),
            models.CheckConstraint(
                condition=Q(est_bon=True) | ~Q(note=""),
                name="dossiers_point_refuse_explique",
                violation_error_message="Dites ce qui ne va pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} : {'en règle' if self.est_bon else 'à revoir'}"
