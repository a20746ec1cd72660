from django.db import models


class Sorte(models.TextChoices):
    """Ce qu'une association envoie : statuts, RIB, comptes, procès-verbaux. La liste est fermée."""

    PDF = "pdf", "PDF"
    JPEG = "jpeg", "Image JPEG"
    PNG = "png", "Image PNG"
    DOCX = "docx", "Document Word"
    XLSX = "xlsx", "Classeur Excel"
    ODT = "odt", "Document LibreOffice"
    ODS = "ods", "Classeur LibreOffice"


class Verdict(models.TextChoices):
    """Ce que l'antivirus a dit d'un fichier ; un fichier infecté n'est jamais gardé."""

    SAIN = "sain", "Examiné par l’antivirus"
    NON_CONTROLE = "non_controle", "Non examiné : aucun antivirus n’était réglé"


IMAGES = frozenset({Sorte.JPEG, Sorte.PNG})
TEXTES = frozenset({Sorte.PDF, Sorte.DOCX, Sorte.ODT})
TABLEAUX = frozenset({Sorte.XLSX, Sorte.ODS})
