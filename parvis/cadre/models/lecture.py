"""La lecture d'un document déposé, et la mémoire des réponses données à ses questions."""

from django.db import models
from django.db.models import Q

from parvis.cadre.enums import StatutDeLecture
from parvis.cadre.models.contrat import Contrat, Edition
from parvis.travaux.models import Travail


class LectureQuerySet(models.QuerySet):
    def legeres(self) -> "LectureQuerySet":
        """Laisse de côté ce qui pèse : le fichier, les lignes et le contenu lu."""
        return self.defer("octets", "lignes", "reperes", "lu")


class Lecture(models.Model):
    """Un document déposé par le pilote : ses lignes, ce qu'on y a lu, l'édition qu'il a donnée."""

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="lectures")
    fichier = models.CharField("nom du fichier", max_length=200)
    taille = models.PositiveIntegerField("taille, en octets")
    empreinte = models.CharField("empreinte du fichier", max_length=64)
    # Le fichier n'est gardé que le temps de le lire.
    octets = models.BinaryField("fichier", null=True)
    statut = models.CharField(
        "statut",
        max_length=12,
        choices=StatutDeLecture.choices,
        default=StatutDeLecture.EN_ATTENTE,
    )
    deposee_le = models.DateTimeField("déposée le")
    deposee_par = models.CharField("déposée par", max_length=200)
    travail = models.ForeignKey(
        Travail, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="travail"
    )
    lignes = models.JSONField("lignes du document", default=list)
    reperes = models.JSONField("repère de chaque ligne", default=list)
    lu = models.JSONField("contenu lu", null=True)
    refus = models.TextField("pourquoi le document ne se lit pas", blank=True)
    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, null=True, related_name="lectures"
    )

    objects = LectureQuerySet.as_manager()

    class Meta:
        verbose_name = "lecture"
        ordering = ["-deposee_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(statut__in=[StatutDeLecture.LUE, StatutDeLecture.ECRITE])
                | Q(lu__isnull=False),
                name="cadre_lecture_lue_a_un_contenu",
                violation_error_message="Une lecture finie porte ce qu’elle a lu.",
            ),
            models.CheckConstraint(
                condition=Q(statut=StatutDeLecture.ILLISIBLE) ^ Q(refus=""),
                name="cadre_lecture_refusee_dit_pourquoi",
                violation_error_message="Une lecture refusée dit pourquoi, et elle seule.",
            ),
            models.CheckConstraint(
                condition=Q(statut=StatutDeLecture.EN_ATTENTE) | Q(octets__isnull=True),
                name="cadre_fichier_garde_le_temps_de_lire",
                violation_error_message="Le fichier n’est gardé que le temps de le lire.",
            ),
            models.CheckConstraint(
                condition=Q(statut=StatutDeLecture.ECRITE, edition__isnull=False)
                | (~Q(statut=StatutDeLecture.ECRITE) & Q(edition__isnull=True)),
                name="cadre_lecture_ecrite_a_une_edition",
                violation_error_message="Une lecture écrite a son édition, et elle seule.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fichier} ({self.contrat.code})"

    @property
    def est_a_relire(self) -> bool:
        """Dit si l'on peut répondre aux questions et écrire le brouillon."""
        return self.statut == StatutDeLecture.LUE

    @property
    def est_en_attente(self) -> bool:
        return self.statut == StatutDeLecture.EN_ATTENTE

    @property
    def est_abandonnable(self) -> bool:
        """Dit si l'on peut encore y renoncer."""
        return self.statut in (StatutDeLecture.EN_ATTENTE, StatutDeLecture.LUE)


class Reponse(models.Model):
    """Une réponse du pilote à une question de lecture ; elle vaut aux imports suivants du contrat."""

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="reponses")
    cle = models.CharField("clé de l’élément", max_length=400)
    imprime = models.TextField("ce qui est imprimé")
    valeur = models.TextField("réponse", blank=True)
    repondue_le = models.DateTimeField("répondue le")
    repondue_par = models.CharField("répondue par", max_length=200)

    class Meta:
        verbose_name = "réponse"
        ordering = ["cle"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "cle"],
                name="cadre_une_reponse_par_cle",
                violation_error_message="Cette question a déjà une réponse.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.imprime} → {self.valeur or 'non'}"
