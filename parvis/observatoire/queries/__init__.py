"""Lire les chiffres d'un territoire, ce qui s'en montre et rien d'autre."""
