"""La taille de la grande séance et du grand lot d'actes, que leurs tests lisent sans charger le site."""

DOSSIERS, PAR_DOSSIER = 40, 5
DEMANDES = DOSSIERS * PAR_DOSSIER
# Qui vote pour chaque financeur, sur la page de connexion de la démonstration.
VOTANTS = (
    *("Joséphine Mbemba", "Samir Oukaci", "Moussa Girard-Kanouté"),
    *("Hélène Da Silva Rocha", "Olivier Pham", "Grégory Ozanne"),
)
# Le grand lot d'actes : une notification par organisme, et qui les prend.
ACTES, QUI_SIGNE = 300, "Olivier Pham"
