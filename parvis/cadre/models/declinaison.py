"""Une fiche à l'échelle d'un lieu : ce que ce lieu dit autrement, et rien d'autre."""

from django.db import models

from parvis.cadre.enums import TypeDeLieu
from parvis.cadre.models.contrat import Edition
from parvis.cadre.models.fiche import VersionDeFiche
from parvis.cadre.sections import SECTIONS
from parvis.territoires.models import Commune, Quartier


class Declinaison(models.Model):
    """La déclinaison d'une fiche en un lieu ; le reste est celui de la fiche."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="declinaisons")
    version = models.ForeignKey(
        VersionDeFiche, on_delete=models.PROTECT, related_name="declinaisons"
    )
    lieu = models.CharField("lieu", max_length=200)
    slug = models.SlugField("adresse", max_length=120)
    type = models.CharField("sorte de lieu", max_length=14, choices=TypeDeLieu.choices)
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, null=True, blank=True)
    quartier = models.ForeignKey(Quartier, on_delete=models.PROTECT, null=True, blank=True)
    # Par code de section, sa valeur ici ; une section absente est celle de la fiche.
    sections = models.JSONField("ce qui diffère", default=dict)

    class Meta:
        verbose_name = "déclinaison"
        ordering = ["slug", "version__rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "slug"],
                name="cadre_une_declinaison_par_lieu",
                violation_error_message="Cette fiche est déjà déclinée en ce lieu.",
            )
        ]

    @property
    def noms_des_sections(self) -> list[str]:
        """Rend ce que le lieu dit autrement, par le nom des sections."""
        return [s.titre for s in SECTIONS["declinaison"] if s.code in self.sections]

    def __str__(self) -> str:
        return f"{self.version.fiche} · {self.lieu}"
