"""Lire le journal : vérifier ses chaînes, raconter l'histoire d'un objet."""
