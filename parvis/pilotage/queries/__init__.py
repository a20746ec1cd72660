"""Ce que lisent les écrans du pilote et de l'administrateur ; l'acteur d'abord, toujours."""
