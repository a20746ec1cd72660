"""Les travaux longs : progression, bail de l'exécutant, annulation, résultat gardé ; les baux nommés."""

import uuid

from django.db import models
from django.db.models import F, Q

from parvis.travaux.enums import ETATS_FINAUX, Etat


class Travail(models.Model):
    """Un travail long, que l'on peut quitter, retrouver et annuler."""

    identifiant = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    contrat = models.CharField("contrat", max_length=80, blank=True)
    nature = models.CharField("nature", max_length=80)
    parametres = models.JSONField("paramètres", default=dict)
    etat = models.CharField("état", max_length=12, choices=Etat.choices, default=Etat.EN_ATTENTE)
    fait = models.PositiveIntegerField("fait", default=0)
    total = models.PositiveIntegerField("total", default=0)
    demande_le = models.DateTimeField("demandé le")
    demande_par = models.CharField("identifiant du demandeur", max_length=40, blank=True)
    demande_par_nom = models.CharField("nom imprimé du demandeur", max_length=200)
    bail_jusqu_au = models.DateTimeField("bail jusqu’au", null=True, blank=True)
    executant = models.CharField("exécutant", max_length=80, blank=True)
    annulation_demandee = models.BooleanField("annulation demandée", default=False)
    termine_le = models.DateTimeField("terminé le", null=True, blank=True)
    resultat = models.JSONField("résultat", null=True, blank=True)
    erreur = models.TextField("erreur", blank=True)

    class Meta:
        verbose_name = "travail"
        verbose_name_plural = "travaux"
        ordering = ["-demande_le", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat__in=[e.value for e in Etat]), name="travaux_etat_connu"
            ),
            models.CheckConstraint(
                condition=Q(total=0) | Q(fait__lte=F("total")),
                name="travaux_pas_plus_que_le_total",
                violation_error_message="La progression dépasse le total du travail.",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=ETATS_FINAUX, termine_le__isnull=False)
                | (~Q(etat__in=ETATS_FINAUX) & Q(termine_le__isnull=True)),
                name="travaux_fini_et_date",
                violation_error_message="Un travail fini porte sa date de fin, et lui seul.",
            ),
            models.CheckConstraint(
                condition=Q(etat=Etat.EN_COURS, bail_jusqu_au__isnull=False)
                | (~Q(etat=Etat.EN_COURS) & Q(bail_jusqu_au__isnull=True)),
                name="travaux_en_cours_sous_bail",
                violation_error_message="Un travail en cours a un bail, et lui seul.",
            ),
        ]
        indexes = [models.Index(fields=["etat", "demande_le"], name="travaux_file")]

    def __str__(self) -> str:
        return f"{self.nature} ({self.get_etat_display()})"

    @property
    def est_ouvert(self) -> bool:
        """Dit si le travail attend ou avance encore."""
        return self.etat not in ETATS_FINAUX


class Bail(models.Model):
    """Ce qu'un seul processus fait à la fois, et jusqu'à quand il le tient."""

    nom = models.CharField("nom", max_length=40, unique=True)
    tenu_par = models.CharField("tenu par", max_length=80, blank=True)
    jusqu_au = models.DateTimeField("jusqu’au")

    class Meta:
        verbose_name = "bail"
        verbose_name_plural = "baux"

    def __str__(self) -> str:
        return f"{self.nom} : {self.tenu_par or 'libre'}"
