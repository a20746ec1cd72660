"""Lire les comptes."""
