"""L'argent d'un dossier : les lignes de son budget, et ce qu'il demande à chacun."""

from django.db import models
from django.db.models import F, Q

from parvis.dossiers.enums import EtatDeDemande, Guichet, NatureDeDemande, SourceDuSuivi
from parvis.dossiers.models.dossier import Dossier
from parvis.organismes.models import Organisme
from parvis.socle.montants import MontantField


class LigneDeBudget(models.Model):
    """Une dépense ou une recette d'un exercice, hors subventions demandées."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="lignes_de_budget")
    exercice = models.PositiveSmallIntegerField("exercice")
    rang = models.PositiveSmallIntegerField("rang")
    compte = models.CharField("compte", max_length=20)
    libelle = models.CharField("précision", max_length=200, blank=True)
    # Ce que la personne a tapé (« 12*2*25 »), même si l'on ne sait pas le calculer.
    saisie = models.CharField("montant ou calcul", max_length=200, blank=True)
    montant = MontantField("montant", null=True, blank=True)

    class Meta:
        verbose_name = "ligne de budget"
        verbose_name_plural = "lignes de budget"
        ordering = ["exercice", "rang", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(montant__isnull=True) | Q(montant__gte=0),
                name="dossiers_ligne_positive",
                violation_error_message="Un montant ne peut pas être négatif.",
            ),
            models.UniqueConstraint(
                fields=["dossier", "exercice", "rang"], name="dossiers_une_ligne_par_rang"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.compte} {self.libelle}".strip()


class Demande(models.Model):
    """Ce qu'un dossier demande à un financeur, pour un exercice et une ligne de crédit."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="demandes")
    exercice = models.PositiveSmallIntegerField("exercice")
    rang = models.PositiveSmallIntegerField("rang")
    financeur = models.ForeignKey(
        Organisme, on_delete=models.PROTECT, null=True, blank=True, related_name="demandes_recues"
    )
    # Un financeur d'ailleurs, que la plateforme ne connaît pas.
    financeur_nom = models.CharField("autre financeur", max_length=200, blank=True)
    compte = models.CharField("compte", max_length=20, blank=True)
    ligne = models.CharField("ligne de crédit ou dispositif", max_length=200, blank=True)
    nature = models.CharField(
        "nature",
        max_length=10,
        choices=NatureDeDemande.choices,
        default=NatureDeDemande.NUMERAIRE,
    )
    guichet = models.CharField(
        "guichet", max_length=10, choices=Guichet.choices, default=Guichet.PLATEFORME
    )
    lien = models.URLField("page du guichet", max_length=500, blank=True)
    numero_externe = models.CharField("numéro chez le financeur", max_length=60, blank=True)
    saisie = models.CharField("montant ou calcul", max_length=200, blank=True)
    montant_demande = MontantField("montant demandé", null=True, blank=True)
    etat = models.CharField(
        "état", max_length=12, choices=EtatDeDemande.choices, default=EtatDeDemande.PREPAREE
    )
    demande_le = models.DateTimeField("demandé le", null=True, blank=True)
    # Un mot de l'argent, une colonne, une date : chacune vient de qui la sait. Ce qui est proposé ne se
    # lit que dans son service, puis chez les autres financeurs quand il le partage.
    montant_propose = MontantField("montant proposé", null=True, blank=True)
    propose_le = models.DateTimeField("proposé le", null=True, blank=True)
    propose_partage_le = models.DateTimeField("proposition partagée le", null=True, blank=True)
    # Arbitré par une séance publiée : une proposition, tant que l'autorité du financeur n'a pas voté.
    montant_arbitre = MontantField("montant arbitré", null=True, blank=True)
    arbitre_le = models.DateField("arbitré le", null=True, blank=True)
    vote_prevu_le = models.DateField("vote prévu le", null=True, blank=True)
    montant_vote = MontantField("montant voté", null=True, blank=True)
    vote_le = models.DateField("voté le", null=True, blank=True)
    montant_engage = MontantField("montant engagé", null=True, blank=True)
    engage_le = models.DateField("engagé le", null=True, blank=True)
    montant_verse = MontantField("montant versé", null=True, blank=True)
    verse_le = models.DateField("versé le", null=True, blank=True)
    # Ce que le coût réel laisse à sa charge, d'après le bilan définitif accepté ; vide sans lui.
    part_du_bilan = MontantField("part du coût réel acceptée", null=True, blank=True)
    suivi_le = models.DateTimeField("suivi noté le", null=True, blank=True)
    suivi_par = models.CharField("suivi noté par", max_length=200, blank=True)
    suivi_source = models.CharField(
        "source du suivi", max_length=10, choices=SourceDuSuivi.choices, blank=True
    )
    # Le mot du portail (« Prise en charge »), tel que son export l'écrit.
    statut_externe = models.CharField("statut chez le financeur", max_length=100, blank=True)

    class Meta:
        verbose_name = "demande"
        ordering = ["exercice", "rang", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(financeur__isnull=True) ^ Q(financeur_nom=""),
                name="dossiers_demande_un_financeur",
                violation_error_message="Une demande nomme un financeur, et un seul.",
            ),
            models.CheckConstraint(
                condition=Q(guichet=Guichet.AILLEURS) | Q(financeur__isnull=False),
                name="dossiers_demande_financeur_connu",
                violation_error_message="Un financeur inconnu de la plateforme a son propre guichet.",
            ),
            models.CheckConstraint(
                condition=Q(guichet=Guichet.AILLEURS) | Q(lien="", numero_externe=""),
                name="dossiers_demande_numero_d_ailleurs",
            ),
            models.CheckConstraint(
                condition=Q(guichet=Guichet.AILLEURS) | Q(suivi_source="", statut_externe=""),
                name="dossiers_demande_suivie_ailleurs",
                violation_error_message="Une demande reçue ici ne se suit pas par un export.",
            ),
            models.CheckConstraint(
                condition=Q(montant_demande__isnull=True) | Q(montant_demande__gte=0),
                name="dossiers_demande_positive",
                violation_error_message="Un montant ne peut pas être négatif.",
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatDeDemande.PREPAREE, demande_le__isnull=True)
                | (
                    ~Q(etat=EtatDeDemande.PREPAREE)
                    & Q(demande_le__isnull=False, montant_demande__isnull=False)
                ),
                name="dossiers_demande_datee",
                violation_error_message="Une demande faite porte sa date et son montant.",
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatDeDemande.ACCORDEE) | Q(montant_vote__isnull=True),
                name="dossiers_demande_votee_accordee",
                violation_error_message="Seule une demande accordée porte un montant voté.",
            ),
            models.CheckConstraint(
                condition=Q(
                    montant_propose__isnull=True,
                    propose_le__isnull=True,
                    propose_partage_le__isnull=True,
                )
                | Q(montant_propose__gte=0, propose_le__isnull=False, guichet=Guichet.PLATEFORME),
                name="dossiers_demande_proposition_datee",
            ),
            models.CheckConstraint(
                condition=Q(
                    montant_arbitre__isnull=True,
                    arbitre_le__isnull=True,
                    vote_prevu_le__isnull=True,
                )
                | Q(montant_arbitre__gte=0, arbitre_le__isnull=False),
                name="dossiers_demande_arbitrage_date",
            ),
            models.CheckConstraint(
                condition=Q(montant_vote__isnull=True, vote_le__isnull=True)
                | Q(montant_vote__gte=0, vote_le__isnull=False),
                name="dossiers_demande_vote_date",
            ),
            models.CheckConstraint(
                condition=Q(montant_engage__isnull=True, engage_le__isnull=True)
                | Q(
                    montant_engage__gte=0,
                    engage_le__isnull=False,
                    montant_vote__isnull=False,
                    montant_engage__lte=F("montant_vote"),
                ),
                name="dossiers_demande_engage_sous_vote",
                violation_error_message="On n’engage pas plus que ce qui est voté.",
            ),
            models.CheckConstraint(
                condition=Q(montant_verse__isnull=True, verse_le__isnull=True)
                | Q(
                    montant_verse__gte=0,
                    verse_le__isnull=False,
                    montant_engage__isnull=False,
                    montant_verse__lte=F("montant_engage"),
                ),
                name="dossiers_demande_verse_sous_engage",
                violation_error_message="On ne verse pas plus que ce qui est engagé.",
            ),
            models.CheckConstraint(
                condition=Q(part_du_bilan__isnull=True) | Q(part_du_bilan__gte=0),
                name="dossiers_demande_part_du_bilan_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nom_du_financeur} ({self.exercice})"

    @property
    def nom_du_financeur(self) -> str:
        return str(self.financeur) if self.financeur_id else self.financeur_nom

    @property
    def est_ferme(self) -> bool:
        """Dit si la demande vaut pour le premier exercice ; les suivants ne sont que prévus."""
        return self.exercice == self.dossier.exercice
