"""Relire un fichier déposé avec un vrai lecteur, dans un autre processus ; rien de Django ici.

Chaque lecteur rend les octets à garder (une image est récrite, les autres formats sont rendus tels
quels), ou lève Refus avec une phrase qui dit quoi faire.
"""

from parvis.documents.controle.relecture import relire

__all__ = ["relire"]
