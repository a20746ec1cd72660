"""Le lien qu'un porteur donne à qui tient ses comptes, pour lire le suivi d'un projet sans compte."""

from django.db import models
from django.db.models import F, Q

from parvis.dossiers.models.projet import Projet


class LienDeLecture(models.Model):
    """Un lien secret vers le suivi d'un projet, et lui seul ; la base n'en garde que l'empreinte."""

    projet = models.ForeignKey(Projet, on_delete=models.CASCADE, related_name="liens_de_lecture")
    pour = models.CharField("pour qui", max_length=100)
    empreinte = models.CharField("empreinte du jeton", max_length=64, unique=True)
    cree_le = models.DateTimeField("créé le")
    cree_par = models.CharField("créé par", max_length=200)
    auteur = models.CharField("identifiant de qui l’a créé", max_length=40)
    expire_le = models.DateTimeField("expire le")
    revoque_le = models.DateTimeField("révoqué le", null=True, blank=True)
    revoque_par = models.CharField("révoqué par", max_length=200, blank=True)
    lectures = models.PositiveIntegerField("nombre de lectures", default=0)
    lu_le = models.DateTimeField("dernière lecture", null=True, blank=True)

    class Meta:
        verbose_name = "lien de lecture"
        verbose_name_plural = "liens de lecture"
        ordering = ["-cree_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(pour=""),
                name="dossiers_lien_pour_quelqu_un",
                violation_error_message="Dites pour qui est ce lien.",
            ),
            models.CheckConstraint(
                condition=Q(expire_le__gt=F("cree_le")), name="dossiers_lien_expire_apres"
            ),
            models.CheckConstraint(
                condition=Q(revoque_le__isnull=True, revoque_par="")
                | (Q(revoque_le__isnull=False) & ~Q(revoque_par="")),
                name="dossiers_lien_revoque_date_et_signe",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.projet}, pour {self.pour}"
