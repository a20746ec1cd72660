"""Ce que l'on saisit en étudiant un dossier."""
