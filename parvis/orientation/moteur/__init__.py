"""Le moteur d'orientation : des mots ordinaires aux fiches, avec les raisons. Sans Django ni réseau."""
