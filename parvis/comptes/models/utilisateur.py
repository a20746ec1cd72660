"""Une personne qui se connecte."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

# Prénom, espace et nom tiennent dans les 200 signes du journal.
LONGUEUR_D_UN_NOM = 99


class Utilisateurs(BaseUserManager["Utilisateur"]):
    """Ce que Django demande pour retrouver une personne par son adresse."""

    def get_by_natural_key(self, username: str | None) -> "Utilisateur":
        return self.get(courriel=(username or "").lower())


class Utilisateur(AbstractBaseUser):
    """Une personne qui se connecte avec son adresse de courriel."""

    courriel = models.EmailField("adresse de courriel", unique=True)
    prenom = models.CharField("prénom", max_length=LONGUEUR_D_UN_NOM)
    nom = models.CharField("nom", max_length=LONGUEUR_D_UN_NOM)
    is_active = models.BooleanField("compte actif", default=True)
    cree_le = models.DateTimeField("créé le", auto_now_add=True)

    USERNAME_FIELD = "courriel"
    EMAIL_FIELD = "courriel"

    objects = Utilisateurs()

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
