from pathlib import Path

import yaml
from django.core.management.base import BaseCommand, CommandError

from parvis.socle.auteur import Machine
from parvis.territoires.actions import charger_territoire


class Command(BaseCommand):
    help = "Charge les communes et les quartiers d'un territoire décrit dans donnees/territoires/."

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path)

    def handle(self, *args, **options):
        fichier = options["fichier"]
        try:
            donnees = yaml.safe_load(fichier.read_text(encoding="utf-8"))
            chargement = charger_territoire(
                par=Machine("commande charger_territoire"),
                donnees=donnees,
                source=fichier.stem,
            )
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as erreur:
            raise CommandError(f"Le fichier {fichier} ne se lit pas : {erreur}") from None
        except (KeyError, TypeError) as erreur:
            raise CommandError(
                f"Le fichier {fichier} n'a pas la clé attendue : {erreur}."
            ) from None
        self.stdout.write(
            f"{chargement.communes} commune(s) et {chargement.quartiers} quartier(s) créés."
        )
