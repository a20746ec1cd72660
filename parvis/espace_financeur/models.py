"""Ce que chacun garde de son espace : ses vues de la liste."""

from django.db import models
from django.db.models import Q

from parvis.comptes.models import Utilisateur


class VueEnregistree(models.Model):
    """Des choix de la liste des dossiers, gardés sous un nom, par une personne."""

    utilisateur = models.ForeignKey(Utilisateur, on_delete=models.CASCADE, related_name="vues")
    contrat = models.CharField("contrat", max_length=80)
    nom = models.CharField("nom de la vue", max_length=60)
    choix = models.CharField("choix", max_length=1000)
    enregistree_le = models.DateTimeField("enregistrée le")

    class Meta:
        verbose_name = "vue enregistrée"
        verbose_name_plural = "vues enregistrées"
        ordering = ["nom", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["utilisateur", "contrat", "nom"],
                name="espace_financeur_une_vue_par_nom",
                violation_error_message="Vous avez déjà une vue de ce nom.",
            ),
            models.CheckConstraint(
                condition=~Q(nom=""),
                name="espace_financeur_vue_nommee",
                violation_error_message="Donnez un nom à cette vue.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom
