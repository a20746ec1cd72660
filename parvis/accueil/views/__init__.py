"""Les vues des pages publiques : charger, lire, rendre."""
