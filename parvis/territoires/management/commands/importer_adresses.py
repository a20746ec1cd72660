from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from parvis.socle.auteur import Machine
from parvis.socle.refus import Refus
from parvis.territoires.actions.adresses import importer_adresses
from parvis.territoires.importation.adresses import lire_adresses


class Command(BaseCommand):
    help = "Montre ce qu'un fichier d'adresses (BAN ou BAL) changerait ; --ecrire l'enregistre."

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--ecrire", action="store_true", help="enregistre, tout ou rien")

    def handle(self, *args, **options):
        fichier = options["fichier"]
        try:
            bilan = importer_adresses(
                par=Machine("commande importer_adresses"),
                lignes=lire_adresses(fichier),
                source=fichier.name,
                ecrire=options["ecrire"],
            )
        except Refus as refus:
            raise CommandError("\n".join(refus.motifs)) from None
        self.stdout.write(
            f"{bilan.communes} commune(s), dont {bilan.communes_creees} nouvelle(s). Adresses : "
            f"{bilan.nouvelles} nouvelle(s), {bilan.changees} changée(s), "
            f"{bilan.inchangees} inchangée(s), {bilan.absentes} absente(s) du fichier."
        )
        if bilan.est_vide:
            self.stdout.write("Rien ne change.")
        elif options["ecrire"]:
            self.stdout.write("C’est enregistré.")
        else:
            self.stdout.write("Pour l’enregistrer : --ecrire.")
