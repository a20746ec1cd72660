"""Le document d'une édition : une description neutre, et de quoi l'écrire en Word ou en PDF."""
