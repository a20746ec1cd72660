"""Un scénario : ce que donnerait une règle de partage, écrit à part des propositions du service."""

from django.db import models
from django.db.models import Q

from parvis.cadre.models import Contrat
from parvis.dossiers.models import Demande
from parvis.organismes.models import Organisme
from parvis.programmation.enums import Partage, Priorite
from parvis.socle.montants import MontantField


class Scenario(models.Model):
    """Une règle de partage d'un service pour un exercice ; lui seul la voit."""

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="scenarios")
    financeur = models.ForeignKey(Organisme, on_delete=models.PROTECT, related_name="scenarios")
    exercice = models.PositiveSmallIntegerField("exercice")
    nom = models.CharField("nom", max_length=100)
    partage = models.CharField("partage", max_length=10, choices=Partage.choices)
    priorite = models.CharField("qui passe d’abord", max_length=10, choices=Priorite.choices)
    taux = models.PositiveSmallIntegerField("pourcentage", null=True, blank=True)
    total = MontantField("somme à partager", null=True, blank=True)
    plafond = MontantField("plafond par demande", null=True, blank=True)
    plancher = MontantField("plancher par demande", null=True, blank=True)
    arrondi = models.PositiveSmallIntegerField("arrondi, en euros", default=100)
    cree_le = models.DateTimeField("créé le")
    cree_par = models.CharField("créé par", max_length=200)
    applique_le = models.DateTimeField("appliqué le", null=True, blank=True)
    applique_par = models.CharField("appliqué par", max_length=200, blank=True)

    class Meta:
        verbose_name = "scénario"
        ordering = ["-cree_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "financeur", "exercice", "nom"],
                name="programmation_un_scenario_par_nom",
                violation_error_message="Votre service a déjà un scénario de ce nom.",
            ),
            models.CheckConstraint(
                condition=~Q(nom=""),
                name="programmation_scenario_nomme",
                violation_error_message="Donnez un nom au scénario.",
            ),
            models.CheckConstraint(
                condition=Q(partage=Partage.TAUX, taux__isnull=False, total__isnull=True)
                | (~Q(partage=Partage.TAUX) & Q(taux__isnull=True, total__isnull=False)),
                name="programmation_scenario_chiffre",
                violation_error_message="Un taux, ou une somme à partager : l’un des deux.",
            ),
            models.CheckConstraint(
                condition=Q(applique_le__isnull=True, applique_par="")
                | (Q(applique_le__isnull=False) & ~Q(applique_par="")),
                name="programmation_scenario_applique_date",
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class LigneDeScenario(models.Model):
    """Ce qu'un scénario donnerait à une demande, le jour où il est fait."""

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="lignes")
    demande = models.ForeignKey(Demande, on_delete=models.CASCADE, related_name="scenarios")
    montant = MontantField("montant")

    class Meta:
        verbose_name = "ligne d’un scénario"
        verbose_name_plural = "lignes des scénarios"
        ordering = ["scenario_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scenario", "demande"], name="programmation_une_ligne_par_scenario"
            ),
            models.CheckConstraint(
                condition=Q(montant__gte=0), name="programmation_scenario_positif"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scenario}, {self.demande}"
