"""Où se passe le contrat : communes, intercommunalités, quartiers de chaque millésime."""

from django.db import models
from django.db.models import F, Q

from parvis.territoires.enums import NatureDeChargement


class Commune(models.Model):
    """Une commune du code officiel géographique. Son contour ne sert qu'à la reconnaître et à dessiner."""

    code = models.CharField("code Insee", max_length=5, unique=True)
    nom = models.CharField("nom", max_length=120)
    departement = models.CharField("département", max_length=3)
    codes_postaux = models.CharField("codes postaux", max_length=200, blank=True)
    population = models.PositiveIntegerField("population", null=True, blank=True)
    # WKB, en degrés WGS84.
    contour = models.BinaryField("contour", null=True, blank=True)

    class Meta:
        verbose_name = "commune"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom


class Epci(models.Model):
    """Une intercommunalité, de sa création à sa fin, et celle qui lui succède."""

    siren = models.CharField("numéro Siren", max_length=9, blank=True)
    nom = models.CharField("nom", max_length=200)
    communes = models.ManyToManyField(Commune, related_name="epcis", verbose_name="communes")
    fin_le = models.DateField("prend fin le", null=True, blank=True)
    remplace_par = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, verbose_name="remplacé par"
    )

    class Meta:
        verbose_name = "intercommunalité"
        ordering = ["nom"]
        constraints = [
            # Deux intercommunalités de France peuvent porter le même nom : leur numéro les distingue.
            models.UniqueConstraint(
                fields=["siren"],
                condition=~Q(siren=""),
                name="territoires_un_epci_par_siren",
                violation_error_message="Une intercommunalité porte déjà ce numéro Siren.",
            ),
            models.UniqueConstraint(
                fields=["nom"],
                condition=Q(siren=""),
                name="territoires_un_epci_par_nom_sans_siren",
                violation_error_message="Une intercommunalité sans numéro porte déjà ce nom.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class Quartier(models.Model):
    """Un quartier prioritaire dans son millésime. Le code est un texte opaque."""

    code = models.CharField("code", max_length=12)
    millesime = models.PositiveSmallIntegerField("millésime")
    nom = models.CharField("nom", max_length=200)
    communes = models.ManyToManyField(Commune, related_name="quartiers", verbose_name="communes")
    valide_du = models.DateField("valide du")
    valide_au = models.DateField("valide jusqu’au", null=True, blank=True)
    note = models.CharField("note", max_length=300, blank=True)
    population = models.PositiveIntegerField("population", null=True, blank=True)
    population_source = models.CharField("source de la population", max_length=200, blank=True)

    class Meta:
        verbose_name = "quartier"
        ordering = ["millesime", "nom"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "millesime"],
                name="territoires_un_code_par_millesime",
                violation_error_message="Ce quartier existe déjà dans ce millésime.",
            ),
            models.CheckConstraint(
                condition=Q(valide_au__isnull=True) | Q(valide_au__gte=F("valide_du")),
                name="territoires_validite_ordonnee",
                violation_error_message="La validité du quartier finit avant de commencer.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nom} ({self.code})"


class Perimetre(models.Model):
    """Le contour d'un quartier, tel qu'une source le donne. Remplacé, il reste : une réponse l'a cité."""

    quartier = models.ForeignKey(Quartier, on_delete=models.PROTECT, related_name="perimetres")
    # WKB, en degrés WGS84.
    geometrie = models.BinaryField("géométrie")
    empreinte = models.CharField("empreinte", max_length=64)
    source = models.CharField("source", max_length=200)
    # Coordonnées arrondies : de quoi s'orienter, à recharger depuis le fichier officiel.
    est_arrondi = models.BooleanField("arrondi", default=False)
    charge_le = models.DateTimeField("chargé le")
    remplace_le = models.DateTimeField("remplacé le", null=True, blank=True)

    class Meta:
        verbose_name = "périmètre"
        ordering = ["quartier", "-charge_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["quartier"],
                condition=Q(remplace_le__isnull=True),
                name="territoires_un_perimetre_en_vigueur",
                violation_error_message="Ce quartier a déjà un périmètre en vigueur.",
            ),
            models.CheckConstraint(
                condition=Q(remplace_le__isnull=True) | Q(remplace_le__gte=F("charge_le")),
                name="territoires_perimetre_remplace_apres",
                violation_error_message="Un périmètre est remplacé après avoir été chargé.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quartier} · {self.source}"


class Couverture(models.Model):
    """Où tous les quartiers d'un millésime sont connus : hors de là, une réponse est « inconnu »."""

    millesime = models.PositiveSmallIntegerField("millésime")
    # « france », un département (« 94 ») ou une commune (« 94041 »).
    portee = models.CharField("portée", max_length=8)
    source = models.CharField("source", max_length=200)
    chargee_le = models.DateTimeField("chargée le")

    class Meta:
        verbose_name = "couverture d’un millésime"
        ordering = ["millesime", "portee"]
        constraints = [
            models.UniqueConstraint(
                fields=["millesime", "portee"], name="territoires_une_couverture_par_portee"
            )
        ]

    def __str__(self) -> str:
        return f"{self.millesime} · {self.portee}"


class Chargement(models.Model):
    """Un fichier chargé, et quand. Le dernier numéro dit aux contours gardés en mémoire s'ils datent."""

    nature = models.CharField("nature", max_length=20, choices=NatureDeChargement.choices)
    millesime = models.PositiveSmallIntegerField("millésime", null=True, blank=True)
    source = models.CharField("source", max_length=200)
    charge_le = models.DateTimeField("chargé le")

    class Meta:
        verbose_name = "chargement"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_nature_display()} · {self.source}"


class Adresse(models.Model):
    """Une adresse de la base adresse, chargée pour situer sans réseau. Nul n'y habite."""

    cle = models.CharField("clé d’interopérabilité", max_length=40)
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="adresses")
    numero = models.PositiveIntegerField("numéro")
    suffixe = models.CharField("suffixe", max_length=10, blank=True)
    voie = models.CharField("voie", max_length=200)
    # Le nom de la voie sans accent, sans abréviation, sans mot vide : ce qui se compare.
    voie_cle = models.CharField("clé de la voie", max_length=200)
    code_postal = models.CharField("code postal", max_length=5, blank=True)
    lon = models.FloatField("longitude")
    lat = models.FloatField("latitude")

    class Meta:
        verbose_name = "adresse"
        ordering = ["commune", "voie_cle", "numero", "suffixe"]
        constraints = [
            models.UniqueConstraint(
                fields=["cle"],
                name="territoires_une_adresse_par_cle",
                violation_error_message="Cette adresse est déjà chargée.",
            ),
            models.CheckConstraint(
                condition=Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
                name="territoires_adresse_sur_terre",
                violation_error_message="Les coordonnées de l’adresse sortent du globe.",
            ),
        ]
        indexes = [models.Index(fields=["commune", "voie_cle"], name="territoires_par_voie")]

    def __str__(self) -> str:
        return f"{self.numero}{self.suffixe} {self.voie}, {self.commune}"


class NomDeQuartier(models.Model):
    """Une autre graphie d'un quartier, telle qu'un texte officiel l'imprime."""

    quartier = models.ForeignKey(Quartier, on_delete=models.CASCADE, related_name="autres_noms")
    nom = models.CharField("nom", max_length=200)

    class Meta:
        verbose_name = "autre nom de quartier"
        verbose_name_plural = "autres noms de quartiers"
        constraints = [
            models.UniqueConstraint(fields=["quartier", "nom"], name="territoires_nom_une_fois")
        ]

    def __str__(self) -> str:
        return self.nom


class Correspondance(models.Model):
    """Ce que devient un quartier d'un millésime dans le suivant (fusions, partages, sorties)."""

    ancien = models.ForeignKey(
        Quartier, on_delete=models.PROTECT, related_name="suites", verbose_name="ancien quartier"
    )
    nouveau = models.ForeignKey(
        Quartier,
        on_delete=models.PROTECT,
        related_name="origines",
        verbose_name="nouveau quartier",
        null=True,
        blank=True,
    )
    nature = models.CharField("nature", max_length=10)

    class Meta:
        verbose_name = "correspondance de quartiers"
        verbose_name_plural = "correspondances de quartiers"
        constraints = [
            models.UniqueConstraint(
                fields=["ancien", "nouveau"], name="territoires_une_correspondance"
            )
        ]

    def __str__(self) -> str:
        return f"{self.ancien} → {self.nouveau or 'sorti'}"
