"""Déposer un tableau d'adresses, le situer, le rendre, l'effacer."""
