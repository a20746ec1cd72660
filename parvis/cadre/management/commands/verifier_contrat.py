from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from parvis.cadre.importation.comparaison import manques
from parvis.cadre.importation.lecteur import lire
from parvis.cadre.importation.lisibilite import defauts
from parvis.cadre.importation.source import DocumentIllisible
from parvis.socle.templatetags.socle import compte


class Command(BaseCommand):
    help = (
        "Vérifie un contrat livré : lisibilité de ses textes et, avec --source, chiffres, lieux, "
        "dispositifs, publics et partenaires du document d'origine qu'il aurait perdus."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("contrat", type=Path, help="contrat livré (YAML)")
        parser.add_argument("--source", type=Path, help="document publié d'origine")

    def handle(self, *args, **options):
        try:
            notre = lire(options["contrat"])
            source = lire(options["source"]) if options["source"] else None
        except DocumentIllisible as erreur:
            raise CommandError(str(erreur)) from None
        lignes = defauts(notre)
        if source:
            lignes += [
                f"fiche {m.fiche} : {m.nature} absent : {m.texte} (ligne {m.ligne})"
                for m in manques(source, notre)
            ]
        for ligne in lignes:
            self.stdout.write(ligne)
        if lignes:
            raise CommandError(f"{compte(len(lignes), 'point')} à revoir.")
        self.stdout.write(f"Rien à revoir : {compte(len(notre.fiches), 'fiche')}.")
