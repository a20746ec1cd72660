"""Ce que les services se demandent sur un dossier, et ce qu'ils demandent à son porteur."""

from django.db import models
from django.db.models import Q

from parvis.dossiers.models import Dossier
from parvis.instruction.enums import SorteDEchange
from parvis.instruction.rules.echanges import LONGUEUR
from parvis.organismes.models import Organisme


class Echange(models.Model):
    """Une question sur un dossier que l'on étudie, ou une réponse à l'une d'elles : un seul niveau.

    Le porteur ne lit, et n'écrit, que dans les échanges qui sont avec lui.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="echanges")
    # D'une réponse, la sorte est celle de sa question : qui la lit ne change pas en route.
    sorte = models.CharField("entre qui", max_length=20, choices=SorteDEchange.choices)
    question = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reponses"
    )
    # La section du dossier déposé, et le nom imprimé de ce dont on parle ; vides, tout le dossier.
    section = models.CharField("section", max_length=30, blank=True)
    sur = models.CharField("ce dont on parle", max_length=300, blank=True)
    texte = models.TextField("texte", max_length=LONGUEUR)
    organisme = models.ForeignKey(Organisme, on_delete=models.PROTECT, related_name="echanges")
    est_du_porteur = models.BooleanField("vient du porteur", default=False)
    ecrit_le = models.DateTimeField("écrit le")
    auteur = models.CharField("identifiant de qui écrit", max_length=40)
    ecrit_par = models.CharField("écrit par", max_length=200)
    echeance_le = models.DateField("réponse attendue le", null=True, blank=True)
    # Le dernier rappel envoyé.
    rappele_le = models.DateTimeField("rappelé le", null=True, blank=True)
    clos_le = models.DateTimeField("clos le", null=True, blank=True)
    clos_par = models.CharField("clos par", max_length=200, blank=True)

    class Meta:
        verbose_name = "échange"
        ordering = ["ecrit_le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(texte=""),
                name="instruction_echange_ecrit",
                violation_error_message="Écrivez votre question, ou votre réponse.",
            ),
            models.CheckConstraint(
                condition=Q(sorte__in=SorteDEchange.values), name="instruction_sorte_connue"
            ),
            models.CheckConstraint(
                condition=Q(question__isnull=True)
                | Q(
                    section="",
                    sur="",
                    echeance_le__isnull=True,
                    rappele_le__isnull=True,
                    clos_le__isnull=True,
                ),
                name="instruction_reponse_sans_echeance",
                violation_error_message="Une réponse n’a ni échéance ni champ : ils sont à sa question.",
            ),
            models.CheckConstraint(
                condition=Q(est_du_porteur=False)
                | Q(sorte=SorteDEchange.AVEC_LE_PORTEUR, question__isnull=False),
                name="instruction_le_porteur_repond",
                violation_error_message="Le porteur répond à ce qu’on lui demande.",
            ),
            models.CheckConstraint(
                condition=Q(section="", sur="") | (~Q(section="") & ~Q(sur="")),
                name="instruction_question_situee",
                violation_error_message="Une question dit de quoi elle parle, et où le lire.",
            ),
            models.CheckConstraint(
                condition=Q(rappele_le__isnull=True) | Q(echeance_le__isnull=False),
                name="instruction_rappel_d_une_echeance",
                violation_error_message="Seule une échéance se rappelle.",
            ),
            models.CheckConstraint(
                condition=Q(clos_le__isnull=True, clos_par="")
                | (Q(clos_le__isnull=False) & ~Q(clos_par="")),
                name="instruction_question_close_datee",
                violation_error_message="Une question close porte sa date et qui la ferme.",
            ),
        ]

    def __str__(self) -> str:
        return self.texte[:80]
