from typing import Any

from parvis.socle.auteur import Machine
from parvis.territoires.actions import importer_correspondances
from parvis.territoires.importation.quartiers import lire_correspondances
from parvis.territoires.management.importation import Bilan, CommandeDImport


class Command(CommandeDImport):
    help = (
        "Montre les liens entre deux millésimes de quartiers (colonnes code_qp_2015 et code_qp_2024) ; "
        "--ecrire les enregistre."
    )

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--ignorer-les-absents",
            action="store_true",
            help="passe les lignes dont un quartier n'est pas chargé, en les nommant",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        fichier, ecrire = options["fichier"], options["ecrire"]

        def importer() -> tuple[Bilan, list[str]]:
            avant, apres, suites = lire_correspondances(fichier)
            bilan = importer_correspondances(
                par=Machine("commande importer_correspondances"),
                avant=avant,
                apres=apres,
                suites=suites,
                source=fichier.name,
                ecrire=ecrire,
                ignorer_les_absents=options["ignorer_les_absents"],
            )
            return bilan, []

        self.mener(importer, ecrire=ecrire)
