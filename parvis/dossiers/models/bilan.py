"""Ce qu'un dossier doit d'un bilan : le jour où il est attendu, et ce qu'il en est advenu.

Le bilan s'écrit dans une pièce plus haute ; ici n'en sont que les dates, pour qui dépose, décide ou paie.
"""

from django.db import models
from django.db.models import F, Q

from parvis.dossiers.enums import SorteDeBilan, SorteDeDecharge
from parvis.dossiers.models.dossier import Dossier


class BilanAttendu(models.Model):
    """Un bilan qu'un dossier doit pour un exercice : attendu, rendu, accepté."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="bilans_attendus")
    exercice = models.PositiveSmallIntegerField("exercice")
    sorte = models.CharField(
        "sorte", max_length=13, choices=SorteDeBilan.choices, default=SorteDeBilan.DEFINITIF
    )
    # Repoussé quand le service laisse plus de temps, ou demande de le compléter.
    attendu_le = models.DateField("attendu le")
    # Le jour où il a cessé de manquer : rendu ici, reçu autrement, ou dispensé.
    rendu_le = models.DateField("rendu le", null=True, blank=True)
    accepte_le = models.DateField("accepté le", null=True, blank=True)
    # Le projet n'a pas eu lieu : accepté, ce bilan n'ouvre aucun solde.
    est_sans_realisation = models.BooleanField("projet constaté sans réalisation", default=False)
    decharge = models.CharField(
        "reçu autrement, ou dispensé", max_length=14, choices=SorteDeDecharge.choices, blank=True
    )

    class Meta:
        verbose_name = "bilan attendu"
        verbose_name_plural = "bilans attendus"
        ordering = ["attendu_le", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "exercice", "sorte"],
                name="dossiers_un_bilan_attendu_par_exercice",
                violation_error_message="Ce bilan est déjà attendu.",
            ),
            models.CheckConstraint(
                condition=Q(sorte__in=SorteDeBilan.values), name="dossiers_sorte_de_bilan_connue"
            ),
            models.CheckConstraint(
                condition=Q(accepte_le__isnull=True)
                | Q(rendu_le__isnull=False, accepte_le__gte=F("rendu_le")),
                name="dossiers_bilan_accepte_une_fois_rendu",
                violation_error_message="Un bilan s’accepte une fois rendu.",
            ),
            models.CheckConstraint(
                condition=Q(decharge="")
                | Q(
                    decharge__in=SorteDeDecharge.values,
                    sorte=SorteDeBilan.DEFINITIF,
                    accepte_le__isnull=False,
                ),
                name="dossiers_bilan_decharge_ne_manque_plus",
            ),
        ]
        indexes = [
            models.Index(fields=["sorte", "rendu_le", "attendu_le"], name="dossiers_bilans_dus")
        ]

    def __str__(self) -> str:
        return f"{self.get_sorte_display()}, {self.exercice}"

    @property
    def est_rendu(self) -> bool:
        return self.rendu_le is not None
