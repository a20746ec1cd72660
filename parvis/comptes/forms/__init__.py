"""La forme de ce qu'on saisit ; chaque liste de choix vient d'une lecture qui reçoit l'acteur."""
