"""Les personnes, et les organismes pour lesquels elles agissent."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from parvis.comptes.enums import Role
from parvis.organismes.models import Organisme


class Utilisateur(AbstractBaseUser):
    """Une personne qui se connecte avec son adresse de courriel."""

    courriel = models.EmailField("adresse de courriel", unique=True)
    prenom = models.CharField("prénom", max_length=100)
    nom = models.CharField("nom", max_length=100)
    is_active = models.BooleanField("compte actif", default=True)
    cree_le = models.DateTimeField("créé le", auto_now_add=True)

    USERNAME_FIELD = "courriel"
    EMAIL_FIELD = "courriel"

    class Meta:
        verbose_name = "utilisateur"
        ordering = ["nom", "prenom"]
        constraints = [
            models.CheckConstraint(
                condition=Q(courriel=Lower("courriel")),
                name="comptes_courriel_minuscule",
                violation_error_message="L’adresse de courriel s’écrit en minuscules.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.prenom} {self.nom}".strip()


class Rattachement(models.Model):
    """Une personne agit pour un organisme, avec un rôle, entre deux dates."""

    utilisateur = models.ForeignKey(
        Utilisateur, on_delete=models.PROTECT, related_name="rattachements"
    )
    organisme = models.ForeignKey(Organisme, on_delete=models.PROTECT, related_name="rattachements")
    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    debut_le = models.DateField("depuis le")
    fin_le = models.DateField("jusqu’au", null=True, blank=True)

    class Meta:
        verbose_name = "rattachement"
        ordering = ["utilisateur", "debut_le"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fin_le__isnull=True) | Q(fin_le__gte=F("debut_le")),
                name="comptes_rattachement_ordonne",
                violation_error_message="Le rattachement finit avant de commencer.",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="comptes_role_connu"),
            models.UniqueConstraint(
                fields=["utilisateur", "organisme", "role"],
                condition=Q(fin_le__isnull=True),
                name="comptes_un_rattachement_ouvert_par_role",
                violation_error_message="Cette personne a déjà ce rôle dans cet organisme.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.utilisateur} · {self.get_role_display()} · {self.organisme}"

    def est_en_cours(self, jour) -> bool:
        """Dit si le rattachement vaut ce jour-là."""
        return self.debut_le <= jour and (self.fin_le is None or jour <= self.fin_le)
