"""Ce que l'on recopie sur le portail d'un financeur, et ce que l'on reprend de ses exports."""

from django.db import models
from django.db.models import Q

from parvis.cadre.models import Contrat
from parvis.dossiers.models.dossier import Dossier


class ChampRecopie(models.Model):
    """Un champ d'un portail, pour un dossier : ce qui y est déjà recopié, la limite qu'on y a vue."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="champs_recopies")
    portail = models.SlugField("portail", max_length=30)
    champ = models.CharField("champ du portail", max_length=80)
    # L'empreinte de ce qui était à recopier : si le dossier change, la case se défait d'elle-même.
    empreinte = models.CharField("empreinte de la valeur", max_length=64, blank=True)
    recopie_le = models.DateTimeField("recopié le", null=True, blank=True)
    recopie_par = models.CharField("recopié par", max_length=200, blank=True)
    limite = models.PositiveIntegerField("limite vue sur le portail", null=True, blank=True)

    class Meta:
        verbose_name = "champ recopié"
        verbose_name_plural = "champs recopiés"
        ordering = ["portail", "champ"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "portail", "champ"], name="dossiers_une_fois_par_champ"
            ),
            models.CheckConstraint(
                condition=Q(recopie_le__isnull=True, recopie_par="", empreinte="")
                | (Q(recopie_le__isnull=False) & ~Q(recopie_par="") & ~Q(empreinte="")),
                name="dossiers_recopie_date_et_signe",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.portail}, {self.champ}"


class CorrespondanceDImport(models.Model):
    """Quelle colonne des exports d'un portail dit quoi, gardée pour le prochain fichier d'un contrat."""

    contrat = models.ForeignKey(
        Contrat, on_delete=models.CASCADE, related_name="correspondances_d_import"
    )
    portail = models.SlugField("portail", max_length=30)
    # Le titre de la colonne, par fait : numéro, statut, montant voté…
    colonnes = models.JSONField("colonnes", default=dict)
    enregistree_le = models.DateTimeField("enregistrée le")
    enregistree_par = models.CharField("enregistrée par", max_length=200)

    class Meta:
        verbose_name = "correspondance d’import"
        verbose_name_plural = "correspondances d’import"
        ordering = ["contrat_id", "portail"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "portail"], name="dossiers_une_correspondance_par_portail"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contrat}, {self.portail}"
