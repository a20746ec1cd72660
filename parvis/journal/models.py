"""La trace des actes : une chaîne par contrat, que la base refuse de modifier."""

from django.db import models


class Chaine(models.Model):
    """Tête de la chaîne d'un contrat, gardée à part pour que rien ne s'efface par la fin."""

    contrat = models.SlugField("contrat", max_length=80, unique=True, allow_unicode=False)
    nombre = models.PositiveBigIntegerField("nombre d’événements", default=0)
    empreinte = models.CharField("empreinte du dernier événement", max_length=64, default="0" * 64)

    class Meta:
        verbose_name = "chaîne du journal"
        verbose_name_plural = "chaînes du journal"

    def __str__(self) -> str:
        return f"{self.contrat} ({self.nombre})"


class Evenement(models.Model):
    """Un acte : qui, pour qui, quand, quoi. Identifiants et noms sont des valeurs imprimées.

    Aucune clé étrangère vers une personne ou un objet du domaine : la trace survit à ce
    qu'elle raconte.
    """

    contrat = models.CharField("contrat", max_length=80)
    rang = models.PositiveBigIntegerField("rang dans la chaîne")
    instant = models.DateTimeField("instant")
    utilisateur = models.CharField("identifiant de l’utilisateur", max_length=40, blank=True)
    utilisateur_nom = models.CharField("nom imprimé de l’utilisateur", max_length=200)
    organisme = models.CharField("identifiant de l’organisme", max_length=40, blank=True)
    organisme_nom = models.CharField("nom imprimé de l’organisme", max_length=300, blank=True)
    action = models.CharField("action", max_length=80)
    objet = models.CharField("identifiant de l’objet", max_length=120)
    objet_nom = models.CharField("nom imprimé de l’objet", max_length=300)
    empreinte_details = models.CharField("empreinte salée des détails", max_length=64, blank=True)
    empreinte_precedente = models.CharField("empreinte de l’événement précédent", max_length=64)
    empreinte = models.CharField("empreinte", max_length=64)

    class Meta:
        verbose_name = "événement"
        ordering = ["contrat", "rang"]
        constraints = [
            models.UniqueConstraint(fields=["contrat", "rang"], name="journal_un_rang_par_contrat"),
            models.CheckConstraint(condition=models.Q(rang__gte=1), name="journal_rang_positif"),
        ]
        indexes = [models.Index(fields=["objet", "id"], name="journal_par_objet")]

    def __str__(self) -> str:
        return f"{self.contrat} n°{self.rang} : {self.action}"


class Details(models.Model):
    """Ce qui a changé, à côté de la chaîne : effaçable sans la rompre (droit à l'effacement)."""

    evenement = models.OneToOneField(
        Evenement, on_delete=models.PROTECT, related_name="details", verbose_name="événement"
    )
    sel = models.CharField("sel", max_length=32)
    contenu = models.JSONField("contenu")

    class Meta:
        verbose_name = "détails d’un événement"
        verbose_name_plural = "détails des événements"

    def __str__(self) -> str:
        return f"Détails de {self.evenement_id}"
