"""Lecture des contrats publiés : texte, Markdown et HTML mêlés, et notre YAML. Aucun Django ici."""
