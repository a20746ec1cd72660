from django.db import models


class Role(models.TextChoices):
    """Ce qu'une personne peut faire pour l'organisme auquel elle est rattachée."""

    GESTIONNAIRE = "gestionnaire", "Gestionnaire"
    CONTRIBUTEUR = "contributeur", "Contributeur"
    SIGNATAIRE = "signataire", "Signataire"
    INSTRUCTEUR = "instructeur", "Instructeur"
    LECTEUR = "lecteur", "Lecteur"
    PILOTE = "pilote", "Pilote du contrat"
    ADMINISTRATEUR = "administrateur", "Administrateur de la plateforme"
    ELU = "elu", "Élu"
    DELEGUE_DU_PREFET = "delegue_du_prefet", "Délégué du préfet"
    CONSEILLER_CITOYEN = "conseiller_citoyen", "Conseiller citoyen"
    EXPERT = "expert", "Expert"
