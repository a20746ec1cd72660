"""Ce qu'un service prépare une fois pour tous ses actes : ses textes, et les mentions qu'ils portent."""

from django.db import models
from django.db.models import Q

from parvis.cadre.models import Contrat
from parvis.conventions.enums import SorteDActe
from parvis.organismes.models import Organisme
from parvis.socle.montants import MontantField

# Sous le seuil, l'acte ordinaire d'un financeur : le sien, s'il le dit.
_ORDINAIRES = (SorteDActe.NOTIFICATION, SorteDActe.ARRETE, SorteDActe.CONVENTION)


class ModeleDActe(models.Model):
    """Le texte d'une sorte d'acte chez un financeur, version après version."""

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="modeles_d_acte")
    financeur = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, related_name="modeles_d_acte"
    )
    sorte = models.CharField("sorte d’acte", max_length=13, choices=SorteDActe.choices)
    cree_le = models.DateTimeField("créé le")
    cree_par = models.CharField("créé par", max_length=200)

    class Meta:
        verbose_name = "modèle d’acte"
        verbose_name_plural = "modèles d’acte"
        ordering = ["contrat_id", "financeur_id", "sorte"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "financeur", "sorte"], name="conventions_un_modele_par_sorte"
            ),
            models.CheckConstraint(
                condition=Q(sorte__in=SorteDActe.values), name="conventions_sorte_de_modele_connue"
            ),
        ]

    def __str__(self) -> str:
        return self.get_sorte_display()


class VersionDeModele(models.Model):
    """Une version du texte d'un modèle ; publiée, elle ne change plus : les actes la nomment."""

    modele = models.ForeignKey(ModeleDActe, on_delete=models.PROTECT, related_name="versions")
    numero = models.PositiveSmallIntegerField("numéro")
    objet = models.CharField("objet", max_length=200)
    corps = models.TextField("texte", max_length=30_000)
    ecrite_le = models.DateTimeField("écrite le")
    ecrite_par = models.CharField("écrite par", max_length=200)
    publiee_le = models.DateTimeField("publiée le", null=True, blank=True)
    publiee_par = models.CharField("publiée par", max_length=200, blank=True)

    class Meta:
        verbose_name = "version d’un modèle"
        verbose_name_plural = "versions des modèles"
        ordering = ["modele_id", "-numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["modele", "numero"], name="conventions_une_version_par_numero"
            ),
            models.UniqueConstraint(
                fields=["modele"],
                condition=Q(publiee_le__isnull=True),
                name="conventions_un_brouillon_par_modele",
                violation_error_message="Ce modèle a déjà une version en préparation.",
            ),
            models.CheckConstraint(
                condition=~Q(objet="") & ~Q(corps=""),
                name="conventions_version_ecrite",
                violation_error_message="Un modèle a un objet et un texte.",
            ),
            models.CheckConstraint(
                condition=Q(publiee_le__isnull=True, publiee_par="")
                | (Q(publiee_le__isnull=False) & ~Q(publiee_par="")),
                name="conventions_version_publiee_datee",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.modele}, version {self.numero}"

    @property
    def est_publiee(self) -> bool:
        return self.publiee_le is not None


class MentionsDuService(models.Model):
    """Ce que tous les actes d'un financeur portent : qui signe, d'où, qui appeler, devant quel juge."""

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="mentions")
    financeur = models.ForeignKey(Organisme, on_delete=models.PROTECT, related_name="mentions")
    entete = models.TextField("en-tête", max_length=400, blank=True)
    lieu = models.CharField("fait à", max_length=100, blank=True)
    signataire = models.CharField("nom du signataire", max_length=200, blank=True)
    qualite = models.CharField("qualité du signataire", max_length=200, blank=True)
    contact = models.CharField("service à appeler", max_length=300, blank=True)
    tribunal = models.CharField("tribunal administratif", max_length=300, blank=True)
    acte_ordinaire = models.CharField(
        "acte ordinaire, sous le seuil", max_length=13, choices=SorteDActe.choices, blank=True
    )
    # La part versée à la notification, en pour cent ; le reste attend le compte rendu financier.
    acompte = models.PositiveSmallIntegerField("acompte, en pour cent", default=100)
    modifiees_le = models.DateTimeField("modifiées le")
    modifiees_par = models.CharField("modifiées par", max_length=200)

    class Meta:
        verbose_name = "mentions d’un service"
        verbose_name_plural = "mentions des services"
        ordering = ["contrat_id", "financeur_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "financeur"], name="conventions_mentions_une_fois"
            ),
            models.CheckConstraint(
                condition=Q(acte_ordinaire="") | Q(acte_ordinaire__in=_ORDINAIRES),
                name="conventions_acte_ordinaire_connu",
                violation_error_message="Sous le seuil : une notification, un arrêté ou une convention.",
            ),
            models.CheckConstraint(
                condition=Q(acompte__gte=1, acompte__lte=100),
                name="conventions_acompte_en_pour_cent",
                violation_error_message="Un acompte va de 1 à 100 pour cent.",
            ),
        ]

    def __str__(self) -> str:
        return f"mentions de {self.financeur}"


class AutreSubvention(models.Model):
    """Ce qu'une autorité donne à un organisme hors de la plateforme : cela compte pour le seuil."""

    financeur = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, related_name="autres_subventions_donnees"
    )
    titulaire = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, related_name="autres_subventions_recues"
    )
    exercice = models.PositiveSmallIntegerField("exercice")
    objet = models.CharField("objet", max_length=200)
    montant = MontantField("montant")
    notee_le = models.DateTimeField("notée le")
    notee_par = models.CharField("notée par", max_length=200)

    class Meta:
        verbose_name = "autre subvention"
        verbose_name_plural = "autres subventions"
        ordering = ["exercice", "titulaire_id", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(montant__gt=0),
                name="conventions_autre_subvention_positive",
                violation_error_message="Une subvention est d’un montant positif.",
            ),
            models.CheckConstraint(
                condition=~Q(objet=""),
                name="conventions_autre_subvention_dite",
                violation_error_message="Dites à quoi sert cette subvention.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objet} ({self.exercice})"
