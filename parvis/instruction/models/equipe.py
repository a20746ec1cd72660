"""Qui s'occupe d'un dossier dans un service, qui s'en retire, et ce que chacun en a déjà vu."""

from django.db import models
from django.db.models import F, Q

from parvis.comptes.models import Utilisateur
from parvis.dossiers.models import Dossier, VersionDeposee
from parvis.organismes.models import Organisme


class PriseEnCharge(models.Model):
    """Un agent étudie un dossier pour son service : ses collègues le savent."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="prises_en_charge")
    organisme = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, related_name="prises_en_charge"
    )
    agent = models.ForeignKey(
        Utilisateur, on_delete=models.PROTECT, related_name="prises_en_charge"
    )
    prise_le = models.DateTimeField("prise le")
    rendue_le = models.DateTimeField("rendue le", null=True, blank=True)

    class Meta:
        verbose_name = "prise en charge"
        verbose_name_plural = "prises en charge"
        ordering = ["-prise_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "organisme"],
                condition=Q(rendue_le__isnull=True),
                name="instruction_un_agent_a_la_fois",
                violation_error_message="Quelqu’un de votre service étudie déjà ce dossier.",
            ),
            models.CheckConstraint(
                condition=Q(rendue_le__isnull=True) | Q(rendue_le__gte=F("prise_le")),
                name="instruction_prise_ordonnee",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent}, {self.organisme}"


class LienDeclare(models.Model):
    """Ce qu'une personne a déclaré qui la lie à un organisme : on lui propose de se déporter."""

    utilisateur = models.ForeignKey(
        Utilisateur, on_delete=models.CASCADE, related_name="liens_declares"
    )
    organisme = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, related_name="liens_declares"
    )
    lien = models.CharField("quel lien", max_length=200)
    declare_le = models.DateTimeField("déclaré le")
    fini_le = models.DateTimeField("fini le", null=True, blank=True)

    class Meta:
        verbose_name = "lien déclaré"
        verbose_name_plural = "liens déclarés"
        ordering = ["-declare_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["utilisateur", "organisme"],
                condition=Q(fini_le__isnull=True),
                name="instruction_un_lien_par_organisme",
                violation_error_message="Vous avez déjà déclaré un lien avec cet organisme.",
            ),
            models.CheckConstraint(
                condition=~Q(lien=""),
                name="instruction_lien_dit",
                violation_error_message="Dites ce qui vous lie à cet organisme.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.utilisateur}, {self.organisme} : {self.lien}"


class Deport(models.Model):
    """Une personne s'est retirée d'un dossier : elle ne le voit plus, n'y agit plus."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="deports")
    utilisateur = models.ForeignKey(Utilisateur, on_delete=models.PROTECT, related_name="deports")
    organisme = models.ForeignKey(Organisme, on_delete=models.PROTECT, related_name="deports")
    motif = models.CharField("motif", max_length=500)
    declare_le = models.DateTimeField("déclaré le")
    leve_le = models.DateTimeField("levé le", null=True, blank=True)
    leve_par = models.CharField("levé par", max_length=200, blank=True)

    class Meta:
        verbose_name = "déport"
        ordering = ["-declare_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "utilisateur"],
                condition=Q(leve_le__isnull=True),
                name="instruction_un_deport_par_personne",
                violation_error_message="Vous êtes déjà déporté de ce dossier.",
            ),
            models.CheckConstraint(
                condition=~Q(motif=""),
                name="instruction_deport_motive",
                violation_error_message="Dites pourquoi vous vous déportez.",
            ),
            models.CheckConstraint(
                condition=Q(leve_le__isnull=True, leve_par="")
                | (Q(leve_le__isnull=False) & ~Q(leve_par="")),
                name="instruction_deport_leve_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.utilisateur}, {self.dossier}"


class DerniereLecture(models.Model):
    """La dernière version d'un dossier qu'une personne a dit avoir lue."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="lectures")
    utilisateur = models.ForeignKey(Utilisateur, on_delete=models.CASCADE, related_name="lectures")
    version = models.ForeignKey(VersionDeposee, on_delete=models.PROTECT, related_name="lectures")
    lu_le = models.DateTimeField("lu le")

    class Meta:
        verbose_name = "dernière lecture"
        verbose_name_plural = "dernières lectures"
        ordering = ["-lu_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "utilisateur"], name="instruction_une_lecture_par_personne"
            )
        ]

    def __str__(self) -> str:
        return f"{self.utilisateur}, {self.version}"
