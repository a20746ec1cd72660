"""Un dossier à emporter en PDF : ce qu'il dit en parties neutres, et leur mise en page."""
