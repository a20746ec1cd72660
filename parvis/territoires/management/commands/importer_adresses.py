from typing import Any

from parvis.socle.auteur import Machine
from parvis.territoires.actions import importer_adresses
from parvis.territoires.importation.adresses import lire_adresses
from parvis.territoires.management.importation import Bilan, CommandeDImport


class Command(CommandeDImport):
    help = "Montre ce qu'un fichier d'adresses (BAN ou BAL) changerait ; --ecrire l'enregistre."

    def handle(self, *args: Any, **options: Any) -> None:
        fichier, ecrire = options["fichier"], options["ecrire"]

        def importer() -> tuple[Bilan, list[str]]:
            par, lignes = Machine("commande importer_adresses"), lire_adresses(fichier)
            bilan = importer_adresses(par=par, lignes=lignes, source=fichier.name, ecrire=ecrire)
            return bilan, []

        self.mener(importer, ecrire=ecrire)
