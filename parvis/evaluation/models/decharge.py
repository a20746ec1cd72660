"""Un bilan que personne ne rend ici : reçu autrement, ou que le service n'attend plus."""

from django.db import models
from django.db.models import Q

from parvis.documents.models import Fichier
from parvis.dossiers.enums import SorteDeDecharge
from parvis.dossiers.models import Dossier


class Decharge(models.Model):
    """Ce que le service note d'un bilan qui ne sera pas rendu ici ; elle s'annule avec un motif."""

    # Comme un bilan : un dossier, un exercice. Un bilan intermédiaire n'arrête rien, et ne se décharge pas.
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="decharges")
    exercice = models.PositiveSmallIntegerField("exercice")
    sorte = models.CharField("sorte", max_length=14, choices=SorteDeDecharge.choices)
    recu_le = models.DateField("reçu le", null=True, blank=True)
    motif = models.CharField("pourquoi", max_length=1000)
    fichier = models.ForeignKey(
        Fichier, on_delete=models.PROTECT, null=True, blank=True, related_name="decharges"
    )
    notee_le = models.DateTimeField("notée le")
    notee_par = models.CharField("notée par", max_length=200)
    auteur = models.CharField("identifiant de qui la note", max_length=40)
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)
    annulee_par = models.CharField("annulée par", max_length=200, blank=True)
    motif_d_annulation = models.CharField("pourquoi elle est annulée", max_length=1000, blank=True)

    class Meta:
        verbose_name = "décharge d’un bilan"
        verbose_name_plural = "décharges des bilans"
        ordering = ["notee_le", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "exercice"],
                condition=Q(annulee_le__isnull=True),
                name="evaluation_une_decharge_par_exercice",
                violation_error_message="C’est déjà noté pour ce bilan.",
            ),
            models.CheckConstraint(
                condition=Q(sorte=SorteDeDecharge.RECU_AUTREMENT, recu_le__isnull=False)
                | Q(sorte=SorteDeDecharge.DISPENSE, recu_le__isnull=True),
                name="evaluation_decharge_datee",
                violation_error_message="Un bilan reçu autrement porte le jour où il est arrivé.",
            ),
            models.CheckConstraint(
                condition=~Q(motif=""),
                name="evaluation_decharge_motivee",
                violation_error_message="Dites pourquoi.",
            ),
            models.CheckConstraint(
                condition=Q(annulee_le__isnull=True, annulee_par="", motif_d_annulation="")
                | Q(annulee_le__isnull=False) & ~Q(annulee_par="") & ~Q(motif_d_annulation=""),
                name="evaluation_decharge_annulee_motivee",
                violation_error_message="Une décharge s’annule avec un motif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_sorte_display()}, {self.exercice}"
