"""Lire le cadre d'un contrat."""
