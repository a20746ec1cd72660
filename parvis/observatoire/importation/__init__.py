"""Lire un fichier de chiffres. Sans base."""
