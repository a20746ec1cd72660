import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from parvis.cadre.importation.lecteur import lire
from parvis.cadre.importation.source import DocumentIllisible
from parvis.cadre.importation.structure import en_json
from parvis.socle.templatetags.socle import compte


class Command(BaseCommand):
    help = "Lit un contrat publié et dit ce qu'il contient, sans toucher à la base."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--json", action="store_true", help="tout le contenu, en JSON")

    def handle(self, *args, **options):
        try:
            contrat = lire(options["fichier"])
        except DocumentIllisible as erreur:
            raise CommandError(str(erreur)) from None
        if options["json"]:
            sys.stdout.buffer.write(en_json(contrat).encode() + b"\n")
            return
        self.stdout.write(f"{contrat.titre} ({contrat.territoire})")
        mots = contrat.mots
        comptes = (
            compte(len(contrat.piliers), mots.pilier),
            compte(len(contrat.enjeux), mots.enjeu),
            compte(len(contrat.fiches), mots.fiche),
            compte(len(contrat.anomalies), "anomalie"),
        )
        self.stdout.write(", ".join(comptes))
        for anomalie in contrat.anomalies:
            self.stdout.write(f"  ligne {anomalie.ligne} · {anomalie.nature} · {anomalie.texte}")
