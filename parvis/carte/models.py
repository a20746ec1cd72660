"""Les tableaux d'adresses que des personnes font situer : gardés le temps de le faire, puis effacés."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.carte.rules import DUREE_DE_GARDE
from parvis.comptes.models import Utilisateur
from parvis.travaux.models import Travail


class Lot(models.Model):
    """Un tableau d'adresses à situer. Le fichier et son résultat sont chiffrés, puis effacés."""

    identifiant = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="+")
    demandeur = models.ForeignKey(Utilisateur, on_delete=models.CASCADE, related_name="lots")
    depose_le = models.DateTimeField("déposé le")
    fichier = models.CharField("nom du fichier", max_length=200, blank=True)
    millesimes = models.JSONField("millésimes", default=list)
    lignes = models.PositiveIntegerField("lignes")
    contenu = models.TextField("fichier chiffré", blank=True)
    resultat = models.TextField("résultat chiffré", blank=True)
    # Des nombres par réponse et par quartier : aucun nom, aucune adresse.
    decompte = models.JSONField("décompte", default=dict)
    travail = models.ForeignKey(
        Travail, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="travail"
    )
    pret_le = models.DateTimeField("prêt le", null=True, blank=True)
    efface_le = models.DateTimeField("effacé le", null=True, blank=True)

    class Meta:
        verbose_name = "lot d’adresses"
        verbose_name_plural = "lots d’adresses"
        ordering = ["-depose_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(efface_le__isnull=True) | Q(contenu="", resultat="", fichier=""),
                name="carte_lot_efface_est_vide",
                violation_error_message="Un lot effacé ne garde ni fichier ni résultat.",
            ),
            models.CheckConstraint(
                condition=Q(pret_le__isnull=True) ^ ~Q(resultat=""),
                name="carte_lot_pret_a_un_resultat",
                violation_error_message="Un lot prêt a un résultat, et lui seul.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lignes} lignes"

    @property
    def est_efface(self) -> bool:
        return self.efface_le is not None

    @property
    def est_pret(self) -> bool:
        """Dit si le résultat attend d'être téléchargé."""
        return self.pret_le is not None

    @property
    def efface_au_plus_tard_le(self) -> timezone.datetime:
        """Rend le moment où le site l'efface tout seul."""
        return self.depose_le + DUREE_DE_GARDE
