"""Ce qu'un mot ajouté doit être, et jusqu'où on écoute une question."""

# Une question se partage par son adresse, que le serveur borne à 8 190 octets.
LONGUEUR_D_UNE_QUESTION = 1500
LONGUEUR_DU_MOT, LONGUEUR_DU_SENS = 80, 200
MOTS_PAR_CONTRAT = 500
MOTS_D_UNE_EXPRESSION = 6


def motifs_sur_un_mot(*, cle: str, sens_compris: bool, nombre: int) -> list[str]:
    """Rend pourquoi un mot ne s'ajoute pas : sans lettres, sans sens que le contrat connaisse, ou trop."""
    motifs = []
    if not cle:
        motifs.append("Écrivez un mot qui ait des lettres, autre que « le », « pour » ou « avec ».")
    if not sens_compris:
        motifs.append(
            "Aucune fiche ne dit ces mots-là. Dites-le avec les mots du contrat : "
            "« mode d’accueil », « insertion », « accès aux droits »…"
        )
    if len(cle.split()) > MOTS_D_UNE_EXPRESSION:
        motifs.append(f"Écrivez une expression de {MOTS_D_UNE_EXPRESSION} mots au plus.")
    if nombre >= MOTS_PAR_CONTRAT:
        motifs.append(f"Ce contrat a déjà {MOTS_PAR_CONTRAT} mots : retirez-en d’abord.")
    return motifs
