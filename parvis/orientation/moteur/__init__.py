"""Le moteur d'orientation : des mots ordinaires aux fiches, avec les raisons. Sans base ni réseau."""
