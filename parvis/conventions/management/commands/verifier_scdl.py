import csv
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from parvis.conventions.rules.scdl_colonnes import COLONNES, norme_de
from parvis.conventions.rules.scdl_verification import ouvrir, valider

MONTREES = 200


class Command(BaseCommand):
    help = "Vérifie un fichier de subventions (SCDL), et nomme chaque faute par sa ligne et sa colonne."

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path, metavar="FICHIER")
        parser.add_argument(
            "--accepter-2018",
            action="store_true",
            help="Lit aussi « _ » entre les deux dates d’une période, comme on l’écrivait en 2018.",
        )

    def handle(self, *args, **options):
        chemin = options["fichier"]
        try:
            texte = chemin.read_bytes().decode("utf-8")
        except OSError as erreur:
            raise CommandError(f"{chemin} ne se lit pas : {erreur.strerror}.") from None
        except UnicodeDecodeError:
            raise CommandError(
                f"{chemin} n’est pas en UTF-8 : enregistrez-le dans cet encodage."
            ) from None
        try:
            fichier = ouvrir(texte, accepte_2018=options["accepter_2018"])
            norme = norme_de(fichier.entete)
            fautes = valider(fichier.entete, fichier.lignes, norme)
        except csv.Error:
            raise CommandError(f"{chemin} n’est pas un CSV que l’on sait lire.") from None
        for faute in fautes[:MONTREES]:
            self.stderr.write(str(faute))
        if len(fautes) > MONTREES:
            self.stderr.write(f"Et {len(fautes) - MONTREES} autres.")
        forme = "40 colonnes" if norme is COLONNES else "la forme de 2018"
        if fautes:
            raise CommandError(f"{len(fautes)} faute(s), d’après la norme ({forme}).")
        self.stdout.write(f"Ce fichier suit la norme ({forme}).")
