"""Un complément demandé au porteur, sur une section ou sur une pièce."""

from django.db import models
from django.db.models import Q

from parvis.dossiers.models.dossier import Dossier


class Complement(models.Model):
    """Ce que le pilote demande de compléter dans un dossier déposé, et pour quand."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="complements")
    section = models.CharField("section", max_length=30)
    # Pour la section des pièces : laquelle ; vide, n'importe laquelle.
    piece = models.SlugField("clé de la pièce", max_length=60, blank=True)
    texte = models.TextField("ce qui est demandé", max_length=2000)
    demande_le = models.DateTimeField("demandé le")
    demande_par = models.CharField("demandé par", max_length=200)
    auteur = models.CharField("identifiant de qui demande", max_length=40)
    echeance_le = models.DateField("à rendre le")
    repondu_le = models.DateTimeField("répondu le", null=True, blank=True)
    repondu_par = models.CharField("répondu par", max_length=200, blank=True)
    reponse = models.TextField("réponse", max_length=2000, blank=True)

    class Meta:
        verbose_name = "complément"
        ordering = ["demande_le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(texte=""),
                name="dossiers_complement_ecrit",
                violation_error_message="Dites ce qu’il faut compléter.",
            ),
            models.CheckConstraint(
                condition=Q(repondu_le__isnull=True, repondu_par="", reponse="")
                | (Q(repondu_le__isnull=False) & ~Q(repondu_par="")),
                name="dossiers_complement_repondu_date",
                violation_error_message="Une réponse porte sa date et son auteur.",
            ),
        ]

    def __str__(self) -> str:
        return self.texte[:80]
