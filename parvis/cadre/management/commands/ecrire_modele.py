from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from parvis.cadre.importation.formats import modele
from parvis.cadre.importation.formats.modele import ContratTropLong
from parvis.cadre.importation.lecteur import lire
from parvis.cadre.importation.source import DocumentIllisible

ECRITURES = {
    ".xlsx": (modele.modele_xlsx, modele.contrat_en_xlsx),
    ".csv": (modele.modele_csv, modele.contrat_en_csv),
}


class Command(BaseCommand):
    help = (
        "Écrit le modèle de contrat à remplir dans un tableur, vide ou rempli d'un document déjà "
        "écrit. Ne touche pas à la base."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path, help="fichier à écrire, .xlsx ou .csv")
        parser.add_argument("--contrat", type=Path, help="document dont on remplit le modèle")
        parser.add_argument("--remplacer", action="store_true", help="écrit sur un fichier présent")

    def handle(self, *args, **options):
        fichier: Path = options["fichier"]
        if fichier.suffix.lower() not in ECRITURES:
            raise CommandError(f"« {fichier} » : donnez un nom de fichier en .xlsx ou en .csv.")
        vide, rempli = ECRITURES[fichier.suffix.lower()]
        try:
            octets = rempli(lire(options["contrat"])) if options["contrat"] else vide()
        except (DocumentIllisible, ContratTropLong) as erreur:
            raise CommandError(str(erreur)) from None
        _ecrire(fichier, octets, options["remplacer"])
        self.stdout.write(f"« {fichier} » est écrit.")


def _ecrire(fichier: Path, octets: bytes, remplacer: bool) -> None:
    try:
        with fichier.open("wb" if remplacer else "xb") as flux:
            flux.write(octets)
    except FileExistsError:
        raise CommandError(
            f"« {fichier} » existe déjà : ajoutez --remplacer pour l'écraser."
        ) from None
    except OSError as erreur:
        raise CommandError(f"« {fichier} » ne s'écrit pas : {erreur.strerror}.") from None
