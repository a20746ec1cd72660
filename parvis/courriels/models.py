"""La boîte d'envoi, et ce que chaque adresse a choisi de recevoir."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from parvis.courriels.enums import Etat, Frequence, Sujet


class CourrielQuerySet(models.QuerySet["Courriel"]):
    def dus(self, maintenant: datetime) -> "CourrielQuerySet":
        """Rend ce qu'il faut envoyer : l'heure est venue, ou l'exécutant ne donne plus signe de vie."""
        return self.filter(
            Q(etat=Etat.A_ENVOYER, prochain_essai_le__lte=maintenant)
            | Q(etat=Etat.EN_COURS, bail_jusqu_au__lt=maintenant)
        )

    def a_resumer(self) -> "CourrielQuerySet":
        """Rend ce qui attend le résumé du jour."""
        return self.filter(etat=Etat.A_ENVOYER, frequence=Frequence.QUOTIDIEN)


class Courriel(models.Model):
    """Un courriel déposé dans la transaction d'un acte, que l'exécutant enverra."""

    # Aussi l'en-tête Message-ID : un courriel reçu deux fois est le même pour qui le lit.
    identifiant = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    destinataire = models.EmailField("adresse du destinataire")
    sujet = models.CharField("sujet", max_length=20, choices=Sujet.choices)
    frequence = models.CharField("fréquence", max_length=10, choices=Frequence.choices)
    objet = models.CharField("objet", max_length=200)
    texte = models.TextField("texte", blank=True)
    etat = models.CharField("état", max_length=12, choices=Etat.choices, default=Etat.A_ENVOYER)
    resume = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="repris",
        verbose_name="résumé qui le reprend",
    )
    essais = models.PositiveSmallIntegerField("nombre d’essais", default=0)
    depose_le = models.DateTimeField("déposé le")
    prochain_essai_le = models.DateTimeField("prochain essai le", null=True, blank=True)
    bail_jusqu_au = models.DateTimeField("bail jusqu’au", null=True, blank=True)
    executant = models.CharField("exécutant", max_length=80, blank=True)
    envoye_le = models.DateTimeField("envoyé le", null=True, blank=True)
    erreur = models.TextField("dernière erreur", blank=True)

    objects = CourrielQuerySet.as_manager()

    class Meta:
        verbose_name = "courriel"
        ordering = ["-depose_le", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(etat__in=Etat.values), name="courriels_etat_connu"),
            models.CheckConstraint(
                condition=Q(sujet__in=Sujet.values), name="courriels_sujet_connu"
            ),
            models.CheckConstraint(
                condition=Q(destinataire=Lower("destinataire")),
                name="courriels_destinataire_minuscule",
                violation_error_message="L’adresse du destinataire s’écrit en minuscules.",
            ),
            models.CheckConstraint(
                condition=Q(frequence=Frequence.IMMEDIAT)
                | Q(frequence=Frequence.QUOTIDIEN, etat__in=[Etat.A_ENVOYER, Etat.RESUME]),
                name="courriels_quotidien_par_resume",
                violation_error_message="Un courriel quotidien ne part que dans un résumé.",
            ),
            models.CheckConstraint(
                condition=Q(
                    etat=Etat.A_ENVOYER,
                    frequence=Frequence.IMMEDIAT,
                    prochain_essai_le__isnull=False,
                )
                | (
                    ~Q(etat=Etat.A_ENVOYER, frequence=Frequence.IMMEDIAT)
                    & Q(prochain_essai_le__isnull=True)
                ),
                name="courriels_a_envoyer_et_date",
                violation_error_message="Un courriel à envoyer tout de suite a une date d’essai, "
                "et lui seul.",
            ),
            models.CheckConstraint(
                condition=Q(etat=Etat.EN_COURS, bail_jusqu_au__isnull=False)
                | (~Q(etat=Etat.EN_COURS) & Q(bail_jusqu_au__isnull=True)),
                name="courriels_en_cours_sous_bail",
                violation_error_message="Un courriel en cours d’envoi a un bail, et lui seul.",
            ),
            models.CheckConstraint(
                condition=Q(etat=Etat.ENVOYE, envoye_le__isnull=False)
                | (~Q(etat=Etat.ENVOYE) & Q(envoye_le__isnull=True)),
                name="courriels_envoye_et_date",
                violation_error_message="Un courriel envoyé porte sa date d’envoi, et lui seul.",
            ),
            models.CheckConstraint(
                condition=Q(etat=Etat.RESUME, resume__isnull=False)
                | (~Q(etat=Etat.RESUME) & Q(resume__isnull=True)),
                name="courriels_repris_par_un_resume",
                violation_error_message="Un courriel repris nomme son résumé, et lui seul.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=Etat.ABANDONNE, erreur=""),
                name="courriels_abandonne_et_raison",
                violation_error_message="Un courriel abandonné dit pourquoi.",
            ),
        ]
        indexes = [
            models.Index(fields=["etat", "prochain_essai_le"], name="courriels_file"),
            models.Index(fields=["destinataire", "depose_le"], name="courriels_boite"),
        ]

    def __str__(self) -> str:
        return f"{self.objet} ({self.get_etat_display()})"


class Preference(models.Model):
    """Ce qu'une adresse a choisi pour un sujet ; sans ligne, la règle du sujet vaut."""

    adresse = models.EmailField("adresse")
    sujet = models.CharField("sujet", max_length=20, choices=Sujet.choices)
    frequence = models.CharField("fréquence", max_length=10, choices=Frequence.choices)

    class Meta:
        verbose_name = "préférence de courriel"
        verbose_name_plural = "préférences de courriel"
        ordering = ["adresse", "sujet"]
        constraints = [
            models.UniqueConstraint(
                fields=["adresse", "sujet"],
                name="courriels_une_preference_par_sujet",
                violation_error_message="Cette adresse a déjà choisi pour ce sujet.",
            ),
            models.CheckConstraint(
                condition=Q(adresse=Lower("adresse")),
                name="courriels_adresse_minuscule",
                violation_error_message="L’adresse s’écrit en minuscules.",
            ),
            models.CheckConstraint(
                condition=Q(sujet__in=Sujet.values), name="courriels_preference_sujet_connu"
            ),
            models.CheckConstraint(
                condition=Q(frequence__in=Frequence.values), name="courriels_frequence_connue"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.adresse} · {self.get_sujet_display()} · {self.get_frequence_display()}"
