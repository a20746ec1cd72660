"""La forme de ce qu'un lecteur connecté choisit sur les pages publiques."""
