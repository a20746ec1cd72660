"""Ce que l'on peut compter pour une fiche : proposé aux porteurs, tenu par le pilote."""

from django.db import models
from django.db.models import Q

from parvis.cadre.models.contrat import Contrat
from parvis.cadre.models.fiche import Fiche


class Indicateur(models.Model):
    """Une chose à compter : son nom, son unité, où elle se lit. Sans fiche, elle vaut pour toutes.

    Retiré, il ne se propose plus ; les dossiers qui le comptent le gardent, avec leurs mots.
    """

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="indicateurs")
    fiche = models.ForeignKey(
        Fiche, on_delete=models.PROTECT, null=True, blank=True, related_name="indicateurs"
    )
    nom = models.CharField("ce que l’on compte", max_length=200)
    unite = models.CharField("unité", max_length=60, blank=True)
    source = models.CharField("où cela se lit", max_length=200, blank=True)
    cree_le = models.DateTimeField("ajouté le")
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)

    class Meta:
        verbose_name = "indicateur"
        ordering = ["contrat", "fiche", "nom", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(nom=""),
                name="cadre_indicateur_nomme",
                violation_error_message="Dites ce que l’on compte.",
            ),
            models.UniqueConstraint(
                fields=["contrat", "fiche", "nom"],
                condition=Q(retire_le__isnull=True, fiche__isnull=False),
                name="cadre_indicateur_une_fois_par_fiche",
                violation_error_message="Cette fiche a déjà cet indicateur.",
            ),
            models.UniqueConstraint(
                fields=["contrat", "nom"],
                condition=Q(retire_le__isnull=True, fiche__isnull=True),
                name="cadre_indicateur_une_fois_pour_toutes",
                violation_error_message="Cet indicateur est déjà proposé à toutes les fiches.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom
