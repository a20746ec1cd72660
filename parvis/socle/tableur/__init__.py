"""Lire le tableau d'un usager (CSV, XLSX), et le lui rendre avec des colonnes de plus."""

from parvis.socle.tableur.ecriture import ecrire_tableau
from parvis.socle.tableur.lecture import lire_tableau
from parvis.socle.tableur.modele import Nombre, Tableau

__all__ = ["Nombre", "Tableau", "ecrire_tableau", "lire_tableau"]
