"""Les postes que l'État aide dans un contrat : de l'argent du contrat, et non des projets."""

from django.db import models
from django.db.models import Q

from parvis.cadre.models import Contrat
from parvis.organismes.models import Organisme
from parvis.programmation.enums import DispositifDePoste
from parvis.socle.montants import MontantField


class PosteAide(models.Model):
    """Un adulte-relais ou un poste FONJEP d'un exercice, tel que le fichier publié le dit.

    Son montant est un coût théorique au 31 décembre : le poste peut être à temps partiel, ou vacant.
    """

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="postes_aides")
    dispositif = models.CharField("dispositif", max_length=15, choices=DispositifDePoste.choices)
    exercice = models.PositiveSmallIntegerField("exercice")
    numero = models.CharField("numéro du poste", max_length=40)
    # L'employeur, tel qu'imprimé ; un Siret faux se garde comme il est écrit.
    nom = models.CharField("employeur", max_length=300)
    cle_de_tri = models.CharField("clé de tri", max_length=300, editable=False)
    siret = models.CharField("numéro Siret imprimé", max_length=40, blank=True)
    organisme = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, null=True, blank=True, related_name="postes_aides"
    )
    montant = MontantField("coût théorique")
    # D'autres contrats comptent le même poste, pour la même somme.
    autres_codes = models.CharField("autres contrats nommés", max_length=200, blank=True)
    source = models.CharField("fichier d’origine", max_length=200)
    importe_le = models.DateField("importé le")

    class Meta:
        verbose_name = "poste aidé"
        verbose_name_plural = "postes aidés"
        ordering = ["-exercice", "dispositif", "cle_de_tri", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "dispositif", "exercice", "numero"],
                name="programmation_un_poste_par_numero",
                violation_error_message="Ce poste est déjà noté pour cet exercice.",
            ),
            models.CheckConstraint(
                condition=Q(montant__gte=0),
                name="programmation_poste_positif",
                violation_error_message="Le coût d’un poste n’est pas négatif.",
            ),
            models.CheckConstraint(
                condition=Q(dispositif__in=DispositifDePoste.values),
                name="programmation_poste_connu",
            ),
            models.CheckConstraint(
                condition=~Q(numero="") & ~Q(nom="") & ~Q(source=""),
                name="programmation_poste_nomme",
                violation_error_message="Un poste a un numéro, un employeur et une source.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_dispositif_display()} {self.numero}, {self.exercice}"
