"""Ce qu'a dit une section d'un brouillon, version après version."""

from django.db import models

from parvis.cadre.models.contrat import Edition


class VersionDeSection(models.Model):
    """Une section d'un brouillon telle qu'une personne l'a laissée, d'une séance à l'autre.

    La première version est celle d'avant toute retouche. Enregistrer de nouveau dans la même séance
    met à jour la dernière.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="retouches")
    objet = models.CharField("objet", max_length=60)  # « fiche-13-2 », « enjeu-4 », « contrat »
    section = models.CharField("section", max_length=20)
    numero = models.PositiveIntegerField("numéro")
    valeur = models.JSONField("valeur")
    ecrite_par = models.CharField("écrite par", max_length=200)
    auteur = models.CharField("identifiant de l’auteur", max_length=64, blank=True)
    commencee_le = models.DateTimeField("commencée le")
    enregistree_le = models.DateTimeField("enregistrée le")

    class Meta:
        verbose_name = "version de section"
        verbose_name_plural = "versions de sections"
        ordering = ["edition", "objet", "section", "-numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "objet", "section", "numero"],
                name="cadre_une_version_par_numero",
                violation_error_message="Cette version existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.objet}, {self.section}, version {self.numero}"
