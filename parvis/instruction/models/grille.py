"""Les notes qu'un service donne à un dossier, sur la grille de son appel."""

from django.db import models
from django.db.models import F, Q

from parvis.dossiers.models import Dossier
from parvis.dossiers.rules.grille import NIVEAUX, POIDS
from parvis.instruction.rules.grille import LONGUEUR_DU_COMMENTAIRE
from parvis.organismes.models import Organisme


class Note(models.Model):
    """Le niveau qu'un service donne à un dossier sur un critère. Elle ne sort jamais de ce service."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="notes")
    organisme = models.ForeignKey(Organisme, on_delete=models.PROTECT, related_name="notes")
    # La clé du critère, dans la version de l'appel que suit le dossier.
    cle = models.SlugField("critère", max_length=60)
    niveau = models.PositiveSmallIntegerField("niveau")
    # Recopiés de cette version, que rien ne change plus : la file se trie sans relire les grilles.
    sur = models.PositiveSmallIntegerField("rang du meilleur niveau")
    poids = models.PositiveSmallIntegerField("poids")
    commentaire = models.TextField("commentaire", max_length=LONGUEUR_DU_COMMENTAIRE, blank=True)
    notee_le = models.DateTimeField("notée le")
    auteur = models.CharField("identifiant de qui note", max_length=40)
    notee_par = models.CharField("notée par", max_length=200)

    class Meta:
        verbose_name = "note"
        ordering = ["dossier_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "organisme", "cle"], name="instruction_une_note_par_critere"
            ),
            models.CheckConstraint(
                condition=Q(sur__gte=NIVEAUX[0] - 1, sur__lte=NIVEAUX[1] - 1, niveau__lte=F("sur")),
                name="instruction_niveau_de_la_grille",
            ),
            models.CheckConstraint(
                condition=Q(poids__gte=POIDS[0], poids__lte=POIDS[1]),
                name="instruction_poids_de_la_grille",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier}, {self.organisme} : {self.cle}"
