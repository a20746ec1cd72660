"""Les services extérieurs : un dossier par service, avec son faux serveur. Aucune table."""
