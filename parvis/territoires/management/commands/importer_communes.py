from typing import Any

from parvis.socle.auteur import Machine
from parvis.territoires.actions import importer_communes
from parvis.territoires.importation.communes import lire_communes
from parvis.territoires.management.importation import Bilan, CommandeDImport


class Command(CommandeDImport):
    help = (
        "Montre ce qu'un fichier de communes changerait (CSV du code officiel géographique, ou "
        "GeoJSON de contours) ; --ecrire l'enregistre."
    )

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--departement", action="append", default=[], help="ne lire que celui-ci (répétable)"
        )
        parser.add_argument("--projection", default="", help="code EPSG d'un fichier qui le tait")
        parser.add_argument("--reparer", action="store_true", help="répare les contours invalides")

    def handle(self, *args: Any, **options: Any) -> None:
        fichier, ecrire = options["fichier"], options["ecrire"]

        def importer() -> tuple[Bilan, list[str]]:
            lues = lire_communes(
                fichier,
                departements=frozenset(options["departement"]),
                projection=options["projection"],
                a_reparer=options["reparer"],
            )
            par = Machine("commande importer_communes")
            return importer_communes(par=par, lues=lues, source=fichier.name, ecrire=ecrire), []

        self.mener(importer, ecrire=ecrire)
