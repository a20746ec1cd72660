"""Les enveloppes d'un financeur, ce qui y entre et en sort, et les demandes qui s'y prennent."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from parvis.cadre.models import Contrat
from parvis.dossiers.models import Demande
from parvis.organismes.models import Organisme
from parvis.programmation.enums import SorteDeMouvement
from parvis.socle.montants import MontantField
from parvis.territoires.models import Commune


class Enveloppe(models.Model):
    """L'argent d'un financeur pour un exercice et une ligne, parfois pour une commune ou un pilier.

    Les trois compteurs ne s'écrivent que par les déclencheurs de sql/ : une somme faite au moment de
    voter se tromperait devant deux votes simultanés (docs/adr/0032).
    """

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="enveloppes")
    financeur = models.ForeignKey(Organisme, on_delete=models.PROTECT, related_name="enveloppes")
    exercice = models.PositiveSmallIntegerField("exercice")
    ligne = models.CharField("ligne de crédit ou dispositif", max_length=200)
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, null=True, blank=True, related_name="enveloppes"
    )
    # L'adresse du pilier : la même d'une édition du contrat à l'autre.
    pilier = models.SlugField("pilier", max_length=120, blank=True)
    mere = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="filles",
        verbose_name="sous-enveloppe de",
    )
    montant_recu = MontantField("reçu", default=Decimal("0.00"), editable=False)
    montant_cede = MontantField("délégué ou reporté", default=Decimal("0.00"), editable=False)
    montant_vote = MontantField("voté", default=Decimal("0.00"), editable=False)
    creee_le = models.DateTimeField("créée le")
    creee_par = models.CharField("créée par", max_length=200)

    class Meta:
        verbose_name = "enveloppe"
        ordering = ["exercice", "ligne", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "financeur", "exercice", "ligne", "pilier"],
                condition=Q(commune__isnull=True),
                name="programmation_une_enveloppe_par_pilier",
                violation_error_message="Cette enveloppe existe déjà pour cet exercice.",
            ),
            models.UniqueConstraint(
                fields=["contrat", "financeur", "exercice", "ligne", "commune"],
                condition=Q(commune__isnull=False),
                name="programmation_une_enveloppe_par_commune",
                violation_error_message="Cette enveloppe existe déjà pour cette commune et cet exercice.",
            ),
            models.CheckConstraint(
                condition=Q(montant_recu__gte=0, montant_cede__gte=0, montant_vote__gte=0),
                name="programmation_compteurs_positifs",
                violation_error_message="Une enveloppe ne rend pas plus qu’elle n’a reçu ou cédé.",
            ),
            models.CheckConstraint(
                condition=Q(montant_vote__lte=F("montant_recu") - F("montant_cede")),
                name="programmation_jamais_plus_que_l_enveloppe",
                violation_error_message="Le montant voté dépasse ce que l’enveloppe peut donner.",
            ),
            models.CheckConstraint(
                condition=Q(commune__isnull=True) | Q(pilier=""),
                name="programmation_commune_ou_pilier",
                violation_error_message="Une enveloppe vaut pour une commune ou un pilier, pas les deux.",
            ),
            models.CheckConstraint(
                condition=~Q(ligne=""),
                name="programmation_ligne_nommee",
                violation_error_message="Nommez la ligne de crédit.",
            ),
            models.CheckConstraint(
                condition=Q(exercice__gte=2000, exercice__lte=2100),
                name="programmation_exercice_plausible",
                violation_error_message="L’exercice est une année, entre 2000 et 2100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ligne} ({self.exercice})"

    @property
    def montant_disponible(self) -> Decimal:
        """Rend ce que l'enveloppe peut donner en tout : reçu, moins délégué ou reporté."""
        return self.montant_recu - self.montant_cede

    @property
    def montant_reste(self) -> Decimal:
        """Rend ce que l'enveloppe peut encore donner."""
        return self.montant_disponible - self.montant_vote


class Mouvement(models.Model):
    """Ce qui entre dans une enveloppe ou en sort. Les déclencheurs refusent d'y toucher ensuite.

    Un montant négatif reprend : une dotation baisse, une délégation revient, un report s'annule.
    """

    enveloppe = models.ForeignKey(Enveloppe, on_delete=models.PROTECT, related_name="entrees")
    depuis = models.ForeignKey(
        Enveloppe, on_delete=models.PROTECT, null=True, blank=True, related_name="sorties"
    )
    sorte = models.CharField("sorte", max_length=10, choices=SorteDeMouvement.choices)
    montant = MontantField("montant", negatif=True)
    motif = models.TextField("motif", max_length=500, blank=True)
    decide_le = models.DateField("décidé le")
    note_le = models.DateTimeField("noté le")
    note_par = models.CharField("noté par", max_length=200)
    auteur = models.CharField("identifiant de qui l’a noté", max_length=40)

    class Meta:
        verbose_name = "mouvement"
        ordering = ["-note_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sorte__in=SorteDeMouvement.values), name="programmation_sorte_connue"
            ),
            models.CheckConstraint(
                condition=~Q(montant=0),
                name="programmation_mouvement_non_nul",
                violation_error_message="Un mouvement de zéro euro n’en est pas un.",
            ),
            models.CheckConstraint(
                condition=Q(sorte=SorteDeMouvement.DOTATION, depuis__isnull=True)
                | (~Q(sorte=SorteDeMouvement.DOTATION) & Q(depuis__isnull=False)),
                name="programmation_mouvement_a_sa_source",
            ),
            models.CheckConstraint(
                condition=Q(depuis__isnull=True) | ~Q(depuis=F("enveloppe")),
                name="programmation_mouvement_entre_deux",
            ),
            models.CheckConstraint(
                condition=(~Q(sorte=SorteDeMouvement.REPORT) & Q(montant__gt=0)) | ~Q(motif=""),
                name="programmation_mouvement_motive",
                violation_error_message="Un report, une baisse ou un retour dit pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_sorte_display()} ({self.enveloppe})"


class Imputation(models.Model):
    """L'enveloppe dont une demande se prendra : ce qui y est voté s'y compte."""

    # Une demande que le porteur retire de son budget n'a plus d'enveloppe ; votée, la base la garde.
    demande = models.OneToOneField(Demande, on_delete=models.CASCADE, related_name="imputation")
    enveloppe = models.ForeignKey(Enveloppe, on_delete=models.PROTECT, related_name="imputations")
    imputee_le = models.DateTimeField("imputée le")
    imputee_par = models.CharField("imputée par", max_length=200)

    class Meta:
        verbose_name = "imputation"
        ordering = ["enveloppe_id", "demande_id"]

    def __str__(self) -> str:
        return f"{self.demande} : {self.enveloppe}"
