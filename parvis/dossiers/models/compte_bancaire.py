"""Le compte où un organisme reçoit ses subventions : chiffré, masqué, changé à deux."""

from django.db import models
from django.db.models import F, Q

from parvis.dossiers.enums import EtatDeCompte
from parvis.organismes.models import Organisme


class CompteBancaire(models.Model):
    """Un compte donné par un organisme. Un seul est courant, un seul attend d'être confirmé."""

    organisme = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, related_name="comptes_bancaires"
    )
    # Chiffré : qui tient la base ne le lit pas. Écarté, il s'efface.
    iban = models.TextField("IBAN chiffré", blank=True)
    masque = models.CharField("IBAN masqué", max_length=20)
    etat = models.CharField("état", max_length=12, choices=EtatDeCompte.choices)
    # Donné après un dépôt, un compte ne vaut qu'une fois confirmé par une seconde personne.
    se_confirme = models.BooleanField("se confirme à deux", default=False)
    donne_le = models.DateTimeField("donné le")
    donne_par = models.CharField("donné par", max_length=200)
    auteur = models.CharField("identifiant de qui l’a donné", max_length=40)
    confirme_le = models.DateTimeField("confirmé le", null=True, blank=True)
    confirme_par = models.CharField("confirmé par", max_length=200, blank=True)
    confirmateur = models.CharField("identifiant de qui l’a confirmé", max_length=40, blank=True)
    clos_le = models.DateTimeField("remplacé ou écarté le", null=True, blank=True)

    class Meta:
        verbose_name = "compte bancaire"
        verbose_name_plural = "comptes bancaires"
        ordering = ["-donne_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisme"],
                condition=Q(etat=EtatDeCompte.COURANT),
                name="dossiers_un_compte_courant",
                violation_error_message="Cet organisme a déjà un compte courant.",
            ),
            models.UniqueConstraint(
                fields=["organisme"],
                condition=Q(etat=EtatDeCompte.A_CONFIRMER),
                name="dossiers_un_compte_a_confirmer",
                violation_error_message="Un autre compte attend déjà d’être confirmé.",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=EtatDeCompte.values), name="dossiers_etat_de_compte_connu"
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatDeCompte.ECARTE, iban="")
                | (~Q(etat=EtatDeCompte.ECARTE) & ~Q(iban="")),
                name="dossiers_compte_ecarte_efface",
                violation_error_message="Un compte écarté n’a plus d’IBAN, et lui seul.",
            ),
            models.CheckConstraint(
                condition=Q(confirme_le__isnull=True, confirme_par="", confirmateur="")
                | (
                    Q(confirme_le__isnull=False)
                    & ~Q(confirme_par="")
                    & ~Q(confirmateur="")
                    & ~Q(confirmateur=F("auteur"))
                ),
                name="dossiers_compte_confirme_par_un_autre",
                violation_error_message="Une seconde personne confirme un compte.",
            ),
            models.CheckConstraint(
                condition=Q(se_confirme=False)
                | Q(confirme_le__isnull=False)
                | Q(etat__in=[EtatDeCompte.A_CONFIRMER, EtatDeCompte.ECARTE]),
                name="dossiers_compte_confirme_avant_de_valoir",
                violation_error_message="Ce compte ne vaut qu’une fois confirmé.",
            ),
            models.CheckConstraint(
                condition=Q(
                    etat__in=[EtatDeCompte.A_CONFIRMER, EtatDeCompte.COURANT],
                    clos_le__isnull=True,
                )
                | Q(
                    etat__in=[EtatDeCompte.REMPLACE, EtatDeCompte.ECARTE],
                    clos_le__isnull=False,
                ),
                name="dossiers_compte_clos_date",
            ),
        ]

    def __str__(self) -> str:
        return self.masque
