"""Sauvegarder tout ce qu'une instance ne sait pas refaire, et le restaurer ailleurs (docs/adr/0036).

Un seul fichier : les lignes de la base, écrites sans rien devoir à un moteur, les fichiers déposés
tels qu'ils sont rangés, et un manifeste qui les compte et porte leurs empreintes.
"""
