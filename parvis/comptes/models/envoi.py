"""Un formulaire refusé parce que la session était finie : gardé chiffré, le temps de se reconnecter."""

import uuid

from django.db import models
from django.db.models import F, Q

from parvis.comptes.models.rattachement import Rattachement
from parvis.comptes.models.utilisateur import Utilisateur

LONGUEUR_D_ADRESSE = 500


class EnvoiGarde(models.Model):
    """Ce qu'une personne avait écrit quand sa session s'est finie ; rendu à elle seule."""

    identifiant = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    utilisateur = models.ForeignKey(
        Utilisateur, on_delete=models.CASCADE, related_name="envois_gardes"
    )
    rattachement = models.ForeignKey(
        Rattachement, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    adresse = models.CharField("adresse du formulaire", max_length=LONGUEUR_D_ADRESSE)
    contenu = models.TextField("texte chiffré")
    garde_le = models.DateTimeField("gardé le")
    expire_le = models.DateTimeField("expire le")

    class Meta:
        verbose_name = "envoi gardé"
        verbose_name_plural = "envois gardés"
        ordering = ["-garde_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expire_le__gt=F("garde_le")), name="comptes_envoi_ordonne"
            )
        ]

    def __str__(self) -> str:
        return f"Texte de {self.utilisateur} pour {self.adresse}"
