from django.db import models


class Unite(models.TextChoices):
    """Ce que compte une série. Seules les personnes sont soumises au secret."""

    PERSONNES = "personnes", "Personnes"
    MENAGES = "menages", "Ménages ou foyers"
    EUROS = "euros", "Euros"
    POURCENT = "pourcent", "Pour cent"
    NOMBRE = "nombre", "Nombre (écoles, établissements…)"
    INDICE = "indice", "Indice"


class Remontee(models.TextChoices):
    """Comment les valeurs des quartiers font celle d'un ensemble."""

    SOMME = "somme", "Elles s’additionnent"
    MOYENNE = "moyenne", "Moyenne pondérée par une autre série"
    AUCUNE = "aucune", "Elles ne s’additionnent pas"


class Etat(models.TextChoices):
    """Ce que dit une case du fichier."""

    CONNUE = "connue", "Connue"
    MANQUANTE = "manquante", "Non disponible"
    SECRETE = "secrete", "Secret de la source"


class Diffusion(models.TextChoices):
    """Si une valeur connue se montre."""

    PUBLIABLE = "publiable", "Publiable"
    PRIMAIRE = "primaire", "Secret : trop peu de personnes"
    SECONDAIRE = "secondaire", "Secret : elle en révélerait une autre"


class Niveau(models.TextChoices):
    """À quelle échelle un fichier donne ses valeurs."""

    QUARTIER = "quartier", "Quartiers"
    COMMUNE = "commune", "Communes"
    EPCI = "epci", "Intercommunalités"


class Frequence(models.TextChoices):
    """Tous les combien une source livre."""

    MENSUELLE = "mensuelle", "Chaque mois"
    TRIMESTRIELLE = "trimestrielle", "Chaque trimestre"
    SEMESTRIELLE = "semestrielle", "Chaque semestre"
    ANNUELLE = "annuelle", "Chaque année"
    UNIQUE = "unique", "Une seule fois"
