"""Ce que l'on se dit autour d'un dossier."""

from django.db import models
from django.db.models import Q

from parvis.dossiers.models.dossier import Dossier


class Commentaire(models.Model):
    """Une remarque entre membres du porteur, sur une section qu'ils écrivent ensemble."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="commentaires")
    section = models.CharField("section", max_length=30)
    texte = models.TextField("texte", max_length=2000)
    ecrit_le = models.DateTimeField("écrit le")
    auteur = models.CharField("identifiant de qui écrit", max_length=40)
    ecrit_par = models.CharField("écrit par", max_length=200)
    regle_le = models.DateTimeField("réglé le", null=True, blank=True)
    regle_par = models.CharField("réglé par", max_length=200, blank=True)

    class Meta:
        verbose_name = "commentaire"
        ordering = ["ecrit_le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(texte=""),
                name="dossiers_commentaire_ecrit",
                violation_error_message="Écrivez votre remarque.",
            ),
            models.CheckConstraint(
                condition=Q(regle_le__isnull=True, regle_par="")
                | (Q(regle_le__isnull=False) & ~Q(regle_par="")),
                name="dossiers_commentaire_regle_date",
            ),
        ]

    def __str__(self) -> str:
        return self.texte[:80]


class Message(models.Model):
    """Un message entre le porteur d'un dossier déposé et le service du contrat qui le reçoit."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="messages")
    # Le service du contrat, ou le porteur : l'autre côté le lira.
    est_du_service = models.BooleanField("vient du service")
    texte = models.TextField("message", max_length=4000)
    ecrit_le = models.DateTimeField("écrit le")
    auteur = models.CharField("identifiant de qui écrit", max_length=40)
    ecrit_par = models.CharField("écrit par", max_length=200)
    organisme = models.CharField("organisme de qui écrit", max_length=200)
    lu_le = models.DateTimeField("lu le", null=True, blank=True)
    lu_par = models.CharField("lu par", max_length=200, blank=True)

    class Meta:
        verbose_name = "message"
        ordering = ["ecrit_le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(texte=""),
                name="dossiers_message_ecrit",
                violation_error_message="Écrivez votre message.",
            ),
            models.CheckConstraint(
                condition=Q(lu_le__isnull=True, lu_par="")
                | (Q(lu_le__isnull=False) & ~Q(lu_par="")),
                name="dossiers_message_lu_date",
            ),
        ]

    def __str__(self) -> str:
        return self.texte[:80]
