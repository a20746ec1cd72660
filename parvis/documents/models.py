"""Les fichiers déposés : la ligne dit quoi, qui et quand ; les octets, chiffrés, sont dans la réserve."""

import uuid

from django.db import models
from django.db.models import Q

from parvis.documents.enums import Sorte, Verdict
from parvis.documents.rules.depot import poids
from parvis.documents.rules.noms import LONGUEUR_MAX


class Fichier(models.Model):
    """Un fichier déposé et contrôlé. Effacé, il garde sa ligne, sans son nom ni ses octets."""

    identifiant = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    nom = models.CharField("nom du fichier", max_length=LONGUEUR_MAX, blank=True)
    sorte = models.CharField("sorte", max_length=10, choices=Sorte.choices)
    taille = models.PositiveIntegerField("taille, en octets")
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    # Tirée au hasard : elle ne dit rien du nom d'origine, et personne ne la devine.
    cle = models.CharField("clé dans la réserve", max_length=100, blank=True)
    depose_le = models.DateTimeField("déposé le")
    depose_par = models.CharField("déposé par", max_length=200)
    auteur = models.CharField("identifiant de qui l’a déposé", max_length=64, blank=True)
    verdict = models.CharField("antivirus", max_length=15, choices=Verdict.choices)
    controle_le = models.DateTimeField("examiné le", null=True, blank=True)
    efface_le = models.DateTimeField("effacé le", null=True, blank=True)

    class Meta:
        verbose_name = "fichier"
        ordering = ["depose_le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sorte__in=Sorte.values), name="documents_fichier_sorte_connue"
            ),
            models.CheckConstraint(
                condition=Q(taille__gt=0),
                name="documents_fichier_non_vide",
                violation_error_message="Un fichier vide ne se garde pas.",
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.SAIN, controle_le__isnull=False)
                | Q(verdict=Verdict.NON_CONTROLE, controle_le__isnull=True),
                name="documents_fichier_examine_et_date",
                violation_error_message="Un fichier examiné par l’antivirus porte la date, "
                "et lui seul.",
            ),
            models.CheckConstraint(
                condition=(Q(efface_le__isnull=True) & ~Q(nom="") & ~Q(cle=""))
                | Q(efface_le__isnull=False, nom="", cle=""),
                name="documents_fichier_efface_est_vide",
                violation_error_message="Un fichier effacé n’a plus ni nom ni octets, et lui seul.",
            ),
            models.UniqueConstraint(
                fields=["cle"],
                condition=~Q(cle=""),
                name="documents_fichier_cle_unique",
                violation_error_message="Ces octets appartiennent déjà à un fichier.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom or "fichier effacé"

    @property
    def est_efface(self) -> bool:
        return self.efface_le is not None

    @property
    def est_examine(self) -> bool:
        """Dit si l'antivirus l'a trouvé sain."""
        return self.verdict == Verdict.SAIN

    @property
    def poids(self) -> str:
        """Rend sa taille comme on la lit : « 1,2 Mo »."""
        return poids(self.taille)
