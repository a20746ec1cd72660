// Le tableau de programmation : sans ce fichier, chaque case mène à son formulaire.
