"""La matrice d'accès : chaque adresse × méthode × personne × objet, tirée du résolveur d'adresses."""
