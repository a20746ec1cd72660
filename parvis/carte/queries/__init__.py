"""Lire les quartiers d'un contrat et ce qui s'y passe."""
