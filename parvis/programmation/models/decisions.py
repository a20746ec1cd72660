"""Ce que décide l'autorité d'un financeur : une délibération, un arrêté, et sa réponse à chaque demande."""

from django.db import models
from django.db.models import Q

from parvis.cadre.models import Contrat
from parvis.documents.models import Fichier
from parvis.dossiers.models import Demande
from parvis.organismes.models import Organisme
from parvis.programmation.enums import Resultat, SorteDeDecision
from parvis.programmation.models.enveloppes import Enveloppe
from parvis.socle.montants import MontantField


class Decision(models.Model):
    """Une décision de l'autorité compétente d'un financeur ; publiée, elle vote, et ne change plus."""

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="decisions")
    financeur = models.ForeignKey(Organisme, on_delete=models.PROTECT, related_name="decisions")
    exercice = models.PositiveSmallIntegerField("exercice")
    sorte = models.CharField("sorte d’acte", max_length=14, choices=SorteDeDecision.choices)
    numero = models.CharField("numéro", max_length=60, blank=True)
    prise_le = models.DateField("prise le")
    fichier = models.ForeignKey(
        Fichier, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    preparee_le = models.DateTimeField("préparée le")
    preparee_par = models.CharField("préparée par", max_length=200)
    publiee_le = models.DateTimeField("publiée le", null=True, blank=True)
    publiee_par = models.CharField("publiée par", max_length=200, blank=True)
    auteur = models.CharField("identifiant de qui l’a publiée", max_length=40, blank=True)

    class Meta:
        verbose_name = "décision"
        ordering = ["-prise_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sorte__in=SorteDeDecision.values),
                name="programmation_sorte_de_decision_connue",
            ),
            models.UniqueConstraint(
                fields=["contrat", "financeur", "sorte", "numero"],
                condition=~Q(numero=""),
                name="programmation_une_decision_par_numero",
                violation_error_message="Une décision de cette sorte porte déjà ce numéro.",
            ),
            models.CheckConstraint(
                condition=Q(publiee_le__isnull=True, publiee_par="", auteur="")
                | (Q(publiee_le__isnull=False) & ~Q(publiee_par="") & ~Q(auteur="")),
                name="programmation_decision_publiee_datee",
                violation_error_message="Une décision publiée porte sa date et son auteur.",
            ),
        ]

    def __str__(self) -> str:
        numero = f" n° {self.numero}" if self.numero else ""
        return f"{self.get_sorte_display()}{numero}"

    @property
    def est_publiee(self) -> bool:
        return self.publiee_le is not None


class LigneDeDecision(models.Model):
    """Ce qu'une décision dit d'une demande : accordé et combien, refusé et pourquoi, ajourné, orienté."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="lignes")
    demande = models.ForeignKey(Demande, on_delete=models.PROTECT, related_name="decisions")
    resultat = models.CharField("résultat", max_length=10, choices=Resultat.choices)
    montant = MontantField("montant accordé", null=True, blank=True)
    # L'argent voté se prend toujours quelque part ; un apport en nature, nulle part.
    enveloppe = models.ForeignKey(
        Enveloppe, on_delete=models.PROTECT, null=True, blank=True, related_name="lignes"
    )
    condition = models.TextField("condition à lever", max_length=1000, blank=True)
    motif = models.TextField("motif", max_length=2000, blank=True)
    a_qui = models.CharField("à qui en parler", max_length=300, blank=True)
    ce_qui_changerait = models.TextField(
        "ce qui pourrait changer la réponse", max_length=1000, blank=True
    )
    vers = models.CharField("orientée vers", max_length=300, blank=True)

    class Meta:
        verbose_name = "ligne d’une décision"
        verbose_name_plural = "lignes des décisions"
        ordering = ["decision_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "demande"],
                name="programmation_une_ligne_par_demande",
                violation_error_message="Cette demande est déjà dans la décision.",
            ),
            models.CheckConstraint(
                condition=Q(resultat__in=Resultat.values), name="programmation_resultat_connu"
            ),
            models.CheckConstraint(
                condition=Q(resultat=Resultat.ACCORDE, montant__gt=0)
                | (~Q(resultat=Resultat.ACCORDE) & Q(montant__isnull=True, condition="")),
                name="programmation_accorde_chiffre",
                violation_error_message="Ce qui est accordé a un montant, et le reste n’en a pas.",
            ),
            models.CheckConstraint(
                condition=Q(resultat=Resultat.ACCORDE) | ~Q(motif=""),
                name="programmation_refus_motive",
                violation_error_message="Une réponse qui n’accorde rien dit pourquoi.",
            ),
            models.CheckConstraint(
                condition=Q(resultat=Resultat.ORIENTE) ^ Q(vers=""),
                name="programmation_oriente_dit_vers",
                violation_error_message="Une demande orientée ailleurs dit où.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_resultat_display()}, {self.demande}"
