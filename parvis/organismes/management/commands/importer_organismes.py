from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from parvis.organismes.actions import importer_organismes
from parvis.organismes.importation import lire_organismes
from parvis.socle.auteur import Machine
from parvis.socle.refus import Refus


class Command(BaseCommand):
    help = "Montre ce qu'une liste d'organismes (CSV ou YAML) changerait ; --ecrire l'enregistre."

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--ecrire", action="store_true", help="enregistre, tout ou rien")

    def handle(self, *args, **options):
        fichier = options["fichier"]
        try:
            importes = importer_organismes(
                par=Machine("commande importer_organismes"),
                lignes=lire_organismes(fichier),
                source=fichier.name,
                ecrire=options["ecrire"],
            )
        except Refus as refus:
            raise CommandError("\n".join(refus.motifs)) from None
        for importe in importes:
            self.stdout.write(str(importe))
        if not importes:
            self.stdout.write("Rien ne change.")
        elif options["ecrire"]:
            self.stdout.write(f"{len(importes)} organisme(s) enregistré(s).")
        else:
            self.stdout.write(f"{len(importes)} changement(s). Pour les enregistrer : --ecrire.")
