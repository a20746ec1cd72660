"""Un bilan tel qu'il a été rendu, et ce que le service en demande encore."""

from django.db import models
from django.db.models import Q

from parvis.documents.models import Fichier
from parvis.dossiers.models import Demande
from parvis.evaluation.models.bilan import Bilan
from parvis.socle.montants import MontantField


class VersionDeBilan(models.Model):
    """Un bilan tel qu'il a été rendu : les déclencheurs refusent d'y toucher."""

    bilan = models.ForeignKey(Bilan, on_delete=models.PROTECT, related_name="versions")
    numero = models.PositiveSmallIntegerField("numéro")
    contenu = models.JSONField("contenu")
    # Ce qui a été rendu se lit toujours : ces fichiers ne s'effacent plus.
    fichiers = models.ManyToManyField(
        Fichier, related_name="versions_de_bilan", verbose_name="fichiers"
    )
    rendue_le = models.DateTimeField("rendue le")
    auteur = models.CharField("identifiant de qui rend", max_length=40)
    rendue_par = models.CharField("rendue par", max_length=200)
    signataire = models.CharField("qui certifie", max_length=200)
    qualite = models.CharField("à quel titre", max_length=200)

    class Meta:
        verbose_name = "version d’un bilan"
        verbose_name_plural = "versions des bilans"
        ordering = ["bilan_id", "-numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["bilan", "numero"], name="evaluation_une_version_par_numero"
            ),
            models.CheckConstraint(condition=Q(numero__gte=1), name="evaluation_version_depuis_un"),
            models.CheckConstraint(
                condition=~Q(signataire="") & ~Q(qualite=""),
                name="evaluation_version_signee",
                violation_error_message="Un bilan se rend signé : un nom, et à quel titre.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bilan}, version {self.numero}"


class ComplementDeBilan(models.Model):
    """Ce que le service demande de compléter dans une section d'un bilan, au nom de tous les financeurs."""

    bilan = models.ForeignKey(Bilan, on_delete=models.PROTECT, related_name="complements")
    section = models.CharField("section", max_length=30)
    texte = models.TextField("ce qui est demandé", max_length=2000)
    demande_le = models.DateTimeField("demandé le")
    demande_par = models.CharField("demandé par", max_length=200)
    auteur = models.CharField("identifiant de qui demande", max_length=40)
    echeance_le = models.DateField("à rendre le")
    repondu_le = models.DateTimeField("répondu le", null=True, blank=True)

    class Meta:
        verbose_name = "complément d’un bilan"
        verbose_name_plural = "compléments des bilans"
        ordering = ["demande_le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(texte=""),
                name="evaluation_complement_ecrit",
                violation_error_message="Dites ce qu’il faut compléter.",
            )
        ]

    def __str__(self) -> str:
        return self.texte[:80]


class PartDuCoutReel(models.Model):
    """Ce que le dernier rendu d'un bilan laisse à la charge d'une demande."""

    bilan = models.ForeignKey(Bilan, on_delete=models.CASCADE, related_name="parts")
    demande = models.ForeignKey(Demande, on_delete=models.PROTECT, related_name="parts_de_bilan")
    montant = MontantField("montant")
    # Ce que le porteur dit avoir reçu : il compte tant que le financeur n'a rien noté.
    declare = MontantField("déclaré reçu", null=True, blank=True)

    class Meta:
        verbose_name = "part du coût réel"
        verbose_name_plural = "parts du coût réel"
        ordering = ["bilan_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["bilan", "demande"], name="evaluation_une_part_par_demande"
            ),
            models.CheckConstraint(
                condition=Q(montant__gte=0) & (Q(declare__isnull=True) | Q(declare__gte=0)),
                name="evaluation_part_du_cout_reel_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.demande}, {self.bilan}"
