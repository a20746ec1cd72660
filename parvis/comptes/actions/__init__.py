"""Écrire dans les comptes."""
