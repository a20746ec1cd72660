from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from parvis.cadre.actions import importer_cadre
from parvis.cadre.actions.importer import comparer_au_cadre
from parvis.cadre.contenu import Difference, dire
from parvis.cadre.importation.lecteur import lire
from parvis.cadre.importation.source import DocumentIllisible
from parvis.comptes.acteur import Acteur
from parvis.socle.refus import Refus
from parvis.socle.templatetags.socle import compte

# Ce qu'un contrat a toujours, même quand son document n'en dit rien : y revenir n'apprend rien.
_VA_DE_SOI = {
    ("mots",): dire("pilier", "enjeu", "fiche"),
    ("prolongation",): dire(""),
    ("préambule",): dire(""),
}


class Command(BaseCommand):
    help = (
        "Montre ce qu'un document changerait au cadre d'un contrat ; --ecrire en fait un brouillon."
    )

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--contrat", required=True, help="code du contrat, dans les adresses")
        parser.add_argument("--ecrire", action="store_true", help="écrit un brouillon d'édition")

    def handle(self, *args, **options):
        try:
            lu = lire(options["fichier"])
        except DocumentIllisible as erreur:
            raise CommandError(str(erreur)) from None
        for anomalie in lu.anomalies:
            self.stderr.write(f"ligne {anomalie.ligne} · {anomalie.nature} · {anomalie.texte}")
        par = Acteur.machine("commande importer_cadre")
        try:
            if not options["ecrire"]:
                self._montrer(comparer_au_cadre(par=par, contrat=options["contrat"], lu=lu))
                return
            importation = importer_cadre(
                par=par,
                contrat=options["contrat"],
                lu=lu,
                source=options["fichier"].name,
            )
        except Refus as refus:
            raise CommandError(str(refus)) from None
        self._montrer(importation.differences)
        if importation.est_ecrite:
            self.stdout.write(f"Brouillon écrit : édition {importation.edition.code}.")
            self.stdout.write(
                f"Pour le publier : .venv/bin/parvis publier_edition {options['contrat']} "
                f"{importation.edition.code}"
            )

    def _montrer(self, differences):
        if not differences:
            self.stdout.write("Rien ne change.")
            return
        dites = [difference for difference in differences if not _va_de_soi(difference)]
        for difference in dites:
            self.stdout.write(str(difference))
        self.stdout.write(f"{compte(len(dites), 'différence')}.")


def _va_de_soi(difference: Difference) -> bool:
    """Dit si un premier import n'ajoute là rien que le document dise."""
    est_neuf = difference.avant is None
    return est_neuf and difference.apres == _VA_DE_SOI.get(difference.cle)
