from typing import Any

from parvis.socle.auteur import Machine
from parvis.territoires.actions import importer_quartiers
from parvis.territoires.importation.quartiers import lire_quartiers
from parvis.territoires.management.importation import Bilan, CommandeDImport


class Command(CommandeDImport):
    help = (
        "Montre ce qu'un fichier officiel de quartiers prioritaires changerait (GeoJSON, CSV, XLSX, "
        "en .gz ou .zip) ; --ecrire l'enregistre."
    )

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument("--millesime", type=int, required=True, help="2015 ou 2024")
        parser.add_argument("--projection", default="", help="code EPSG d'un fichier qui le tait")
        parser.add_argument("--reparer", action="store_true", help="répare les contours invalides")
        parser.add_argument(
            "--couverture",
            default="fichier",
            help="où le fichier a tous les quartiers : fichier (ses communes), aucune (elle s'y "
            "retire), inchangee, france, ou des départements (94,75)",
        )
        parser.add_argument("--source", default="", help="le nom à montrer, sinon celui du fichier")

    def handle(self, *args: Any, **options: Any) -> None:
        fichier, ecrire = options["fichier"], options["ecrire"]

        def importer() -> tuple[Bilan, list[str]]:
            lus = lire_quartiers(
                fichier,
                options["millesime"],
                projection=options["projection"],
                a_reparer=options["reparer"],
            )
            bilan = importer_quartiers(
                par=Machine("commande importer_quartiers"),
                lus=lus,
                millesime=options["millesime"],
                source=options["source"] or fichier.name,
                couverture=options["couverture"],
                ecrire=ecrire,
            )
            return bilan, lus.avertissements

        self.mener(importer, ecrire=ecrire)
