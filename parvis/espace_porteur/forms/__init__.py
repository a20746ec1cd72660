"""Ce qu'un porteur saisit."""
