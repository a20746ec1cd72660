from typing import Any

from parvis.socle.auteur import Machine
from parvis.territoires.actions import importer_epci
from parvis.territoires.importation.communes import lire_epci
from parvis.territoires.management.importation import Bilan, CommandeDImport


class Command(CommandeDImport):
    help = (
        "Montre ce qu'un tableau d'intercommunalités changerait (une ligne par commune : Siren, nom, "
        "code de la commune) ; --ecrire l'enregistre."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        fichier, ecrire = options["fichier"], options["ecrire"]

        def importer() -> tuple[Bilan, list[str]]:
            par, lus = Machine("commande importer_epci"), lire_epci(fichier)
            return importer_epci(par=par, lus=lus, source=fichier.name, ecrire=ecrire), []

        self.mener(importer, ecrire=ecrire)
