"""Les chiffres du territoire : d'où ils viennent, ce qu'ils disent, ce qui s'en montre."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from parvis.observatoire.enums import Diffusion, Etat, Frequence, Niveau, Remontee, Unite
from parvis.territoires.models import Commune, Epci, Quartier


class Source(models.Model):
    """Qui produit des chiffres, et sous quel nombre de personnes ils se taisent."""

    # Vide, la source est à toute la plateforme ; sinon, au contrat de ce code.
    contrat = models.CharField("contrat", max_length=80, blank=True)
    nom = models.CharField("nom", max_length=200)
    producteur = models.CharField("producteur", max_length=200)
    licence = models.CharField("licence", max_length=120, blank=True)
    adresse = models.URLField("adresse", blank=True)
    seuil = models.PositiveSmallIntegerField(
        "seuil du secret", default=11, validators=[MinValueValidator(1)]
    )

    class Meta:
        verbose_name = "source"
        ordering = ["nom"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "nom"],
                name="observatoire_une_source_par_nom",
                violation_error_message="Une source porte déjà ce nom.",
            ),
            models.CheckConstraint(
                condition=Q(seuil__gte=1),
                name="observatoire_seuil_positif",
                violation_error_message="Le seuil du secret est d’au moins une personne.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class Serie(models.Model):
    """Ce qu'un chiffre mesure : sa définition, son unité, et comment il remonte des quartiers."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="series")
    code = models.SlugField("code", max_length=80)
    libelle = models.CharField("libellé", max_length=300)
    definition = models.TextField("définition", blank=True)
    unite = models.CharField("unité", max_length=10, choices=Unite.choices)
    remontee = models.CharField("remontée", max_length=10, choices=Remontee.choices)
    # La population dont un taux est une part, par exemple.
    poids = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Les femmes sont une partie des habitants : les parties d'un tout se protègent ensemble.
    partie_de = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="parties"
    )
    # Un tout se découpe de plusieurs façons : par sexe, par âge.
    decoupage = models.CharField("découpage", max_length=60, blank=True)
    rang = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        verbose_name = "série"
        ordering = ["source__nom", "rang", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "code"],
                name="observatoire_une_serie_par_code",
                violation_error_message="Cette source a déjà une série de ce code.",
            ),
            models.CheckConstraint(
                condition=Q(remontee=Remontee.MOYENNE) ^ Q(poids__isnull=True),
                name="observatoire_moyenne_a_un_poids",
                violation_error_message="Une moyenne pondérée dit par quelle série, et elle seule.",
            ),
            models.CheckConstraint(
                condition=Q(partie_de__isnull=False) | Q(decoupage=""),
                name="observatoire_seule_une_partie_decoupe",
                violation_error_message="Seule une partie d’un tout dit selon quoi il se découpe.",
            ),
            models.CheckConstraint(
                condition=Q(partie_de__isnull=True) | ~Q(partie_de=F("pk")),
                name="observatoire_pas_partie_de_soi",
                violation_error_message="Une série n’est pas une partie d’elle-même.",
            ),
        ]

    def __str__(self) -> str:
        return self.libelle

    @property
    def est_secrete(self) -> bool:
        """Dit si la série compte des personnes : le secret s'y applique."""
        return self.unite == Unite.PERSONNES


class Description(models.Model):
    """Comment se lit un fichier qui revient : décrit une fois, relu ensuite sans question."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="descriptions")
    nom = models.CharField("nom", max_length=120)
    niveau = models.CharField("échelle", max_length=10, choices=Niveau.choices)
    millesime = models.PositiveSmallIntegerField("génération de quartiers", null=True, blank=True)
    colonne_du_territoire = models.CharField("colonne du territoire", max_length=200)
    # Par titre de colonne, le code de la série.
    colonnes = models.JSONField("colonnes", default=dict)
    # Ce que la source écrit dans une case secrète ; une case vide, sinon, est non disponible.
    marques_du_secret = models.JSONField("marques du secret", default=list)

    class Meta:
        verbose_name = "description de fichier"
        verbose_name_plural = "descriptions de fichiers"
        ordering = ["nom"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "nom"],
                name="observatoire_une_description_par_nom",
                violation_error_message="Cette source a déjà un fichier décrit sous ce nom.",
            ),
            models.CheckConstraint(
                condition=Q(niveau=Niveau.QUARTIER, millesime__isnull=False)
                | (~Q(niveau=Niveau.QUARTIER) & Q(millesime__isnull=True)),
                name="observatoire_quartiers_d_un_millesime",
                violation_error_message="Des quartiers sont d’une génération, et eux seuls.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class Livraison(models.Model):
    """Un fichier reçu : d'où viennent les valeurs qu'il a apportées."""

    description = models.ForeignKey(
        Description, on_delete=models.PROTECT, related_name="livraisons"
    )
    periode = models.CharField("période", max_length=7)
    fichier = models.CharField("fichier", max_length=200)
    empreinte = models.CharField("empreinte", max_length=64)
    recue_le = models.DateTimeField("reçue le")
    recue_par = models.CharField("reçue par", max_length=200)

    class Meta:
        verbose_name = "livraison"
        ordering = ["-recue_le", "-pk"]

    def __str__(self) -> str:
        return f"{self.description} · {self.periode}"


class Valeur(models.Model):
    """La valeur d'une série en un territoire et une période, et si elle se montre."""

    serie = models.ForeignKey(Serie, on_delete=models.PROTECT, related_name="valeurs")
    quartier = models.ForeignKey(Quartier, on_delete=models.PROTECT, null=True, blank=True)
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, null=True, blank=True)
    epci = models.ForeignKey(Epci, on_delete=models.PROTECT, null=True, blank=True)
    # « 2018 », « 2018-T1 » ou « 2018-03 » : l'ordre du texte est celui du temps.
    periode = models.CharField("période", max_length=7)
    etat = models.CharField("état", max_length=10, choices=Etat.choices)
    valeur = models.DecimalField("valeur", max_digits=18, decimal_places=4, null=True, blank=True)
    diffusion = models.CharField(
        "diffusion", max_length=10, choices=Diffusion.choices, default=Diffusion.PUBLIABLE
    )
    livraison = models.ForeignKey(Livraison, on_delete=models.PROTECT, related_name="valeurs")

    class Meta:
        verbose_name = "valeur"
        ordering = ["serie", "periode", "pk"]
        constraints = [
            *(
                models.UniqueConstraint(
                    fields=["serie", "periode", lieu],
                    condition=Q(**{f"{lieu}__isnull": False}),
                    name=f"observatoire_une_valeur_par_{lieu}",
                )
                for lieu in ("quartier", "commune", "epci")
            ),
            models.CheckConstraint(
                condition=Q(quartier__isnull=False, commune__isnull=True, epci__isnull=True)
                | Q(quartier__isnull=True, commune__isnull=False, epci__isnull=True)
                | Q(quartier__isnull=True, commune__isnull=True, epci__isnull=False),
                name="observatoire_un_seul_territoire",
                violation_error_message="Une valeur est d’un territoire, et d’un seul.",
            ),
            models.CheckConstraint(
                condition=Q(etat=Etat.CONNUE) ^ Q(valeur__isnull=True),
                name="observatoire_connue_a_une_valeur",
                violation_error_message="Une valeur connue est un nombre, et elle seule.",
            ),
            models.CheckConstraint(
                condition=Q(etat=Etat.CONNUE) | Q(diffusion=Diffusion.PUBLIABLE),
                name="observatoire_seule_une_valeur_se_tait",
                violation_error_message="Seule une valeur connue peut être tue.",
            ),
        ]
        indexes = [
            models.Index(fields=["quartier", "serie"], name="observatoire_par_quartier"),
        ]

    def __str__(self) -> str:
        return f"{self.serie} · {self.periode}"


class ValeurDEnsemble(models.Model):
    """La valeur d'une série pour tous les quartiers d'une intercommunalité, calculée à l'import.

    Une valeur qui manque à l'un manque à l'ensemble : rien n'est estimé.
    """

    serie = models.ForeignKey(Serie, on_delete=models.PROTECT, related_name="ensembles")
    epci = models.ForeignKey(Epci, on_delete=models.PROTECT, related_name="+")
    niveau = models.CharField("échelle", max_length=10, choices=Niveau.choices)
    # Les quartiers de deux générations font deux ensembles ; 0 pour des communes.
    millesime = models.PositiveSmallIntegerField("génération de quartiers", default=0)
    periode = models.CharField("période", max_length=7)
    etat = models.CharField("état", max_length=10, choices=Etat.choices)
    valeur = models.DecimalField("valeur", max_digits=18, decimal_places=4, null=True, blank=True)
    diffusion = models.CharField(
        "diffusion", max_length=10, choices=Diffusion.choices, default=Diffusion.PUBLIABLE
    )
    connus = models.PositiveSmallIntegerField("territoires connus")
    attendus = models.PositiveSmallIntegerField("territoires attendus")

    class Meta:
        verbose_name = "valeur d’ensemble"
        verbose_name_plural = "valeurs d’ensemble"
        ordering = ["serie", "periode", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["serie", "epci", "niveau", "millesime", "periode"],
                name="observatoire_un_ensemble",
            ),
            models.CheckConstraint(
                condition=Q(etat=Etat.CONNUE) ^ Q(valeur__isnull=True),
                name="observatoire_ensemble_connu_a_une_valeur",
            ),
            models.CheckConstraint(
                condition=Q(connus__lte=F("attendus")), name="observatoire_connus_parmi_attendus"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.serie} · ensemble · {self.periode}"


class LivraisonAttendue(models.Model):
    """Un fichier qu'un partenaire doit donner, tous les combien, et quand le prochain."""

    contrat = models.CharField("contrat", max_length=80)
    jeu = models.CharField("ce qui est attendu", max_length=200)
    fournisseur = models.CharField("qui le donne", max_length=200)
    frequence = models.CharField("fréquence", max_length=14, choices=Frequence.choices)
    prochaine_le = models.DateField("prochaine livraison")
    description = models.ForeignKey(
        Description, on_delete=models.PROTECT, null=True, blank=True, related_name="attendues"
    )
    note = models.CharField("note", max_length=300, blank=True)
    est_close = models.BooleanField("close", default=False)

    class Meta:
        verbose_name = "livraison attendue"
        verbose_name_plural = "livraisons attendues"
        ordering = ["prochaine_le", "pk"]

    def __str__(self) -> str:
        return self.jeu


class FichierDepose(models.Model):
    """Un fichier de chiffres déposé, le temps de le décrire et de l'importer."""

    contrat = models.CharField("contrat", max_length=80)
    nom = models.CharField("nom du fichier", max_length=200)
    octets = models.BinaryField("fichier")
    depose_le = models.DateTimeField("déposé le")
    depose_par = models.CharField("déposé par", max_length=200)

    class Meta:
        verbose_name = "fichier de chiffres déposé"
        verbose_name_plural = "fichiers de chiffres déposés"
        ordering = ["-depose_le", "-pk"]

    def __str__(self) -> str:
        return self.nom
