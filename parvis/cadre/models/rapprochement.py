"""Quels organismes se cachent derrière un nom du contrat, et de quand à quand."""

from django.db import models
from django.db.models import F, Q

from parvis.cadre.enums import OrigineDeRapprochement
from parvis.cadre.models.partenaire import Partenaire
from parvis.organismes.models import Organisme


class OrganismeDePartenaire(models.Model):
    """Un partenaire du contrat est tenu par cet organisme, entre deux dates.

    Hors du contenu des éditions : un rapprochement se fait et se défait sans toucher au texte.
    """

    partenaire = models.ForeignKey(
        Partenaire, on_delete=models.PROTECT, related_name="rapprochements"
    )
    organisme = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, related_name="rapprochements"
    )
    depuis_le = models.DateField("depuis le")
    jusqu_au = models.DateField("jusqu’au", null=True, blank=True)
    origine = models.CharField("origine", max_length=10, choices=OrigineDeRapprochement.choices)

    class Meta:
        verbose_name = "organisme d’un partenaire"
        verbose_name_plural = "organismes des partenaires"
        ordering = ["organisme__cle_de_tri", "depuis_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["partenaire", "organisme"],
                condition=Q(jusqu_au__isnull=True),
                name="cadre_un_rapprochement_ouvert",
                violation_error_message="Cet organisme tient déjà ce partenaire.",
            ),
            models.CheckConstraint(
                condition=Q(jusqu_au__isnull=True) | Q(jusqu_au__gte=F("depuis_le")),
                name="cadre_rapprochement_ordonne",
                violation_error_message="Le rapprochement finit avant de commencer.",
            ),
            models.CheckConstraint(
                condition=Q(origine__in=OrigineDeRapprochement.values),
                name="cadre_rapprochement_origine",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partenaire} : {self.organisme}"
