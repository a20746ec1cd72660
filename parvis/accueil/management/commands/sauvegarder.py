"""Écrit une sauvegarde de la base et des fichiers déposés, pendant que le site tourne."""

from pathlib import Path

from django.core.management.base import BaseCommand

from parvis.accueil.sauvegarde.commande import en_clair
from parvis.accueil.sauvegarde.ecriture import chemin_de_la_sauvegarde, sauvegarder
from parvis.documents.rules.depot import poids
from parvis.socle.templatetags.socle import compte

MONTRES = 20


class Command(BaseCommand):
    # Une instance mal réglée se sauve quand même.
    requires_system_checks = []
    help = (
        "Écrit une sauvegarde : la base et les fichiers déposés, dans un seul fichier. "
        "Le site peut tourner. La clé secrète n’y est pas : gardez-la ailleurs."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "chemin",
            type=Path,
            metavar="DOSSIER|FICHIER",
            help="où l’écrire ; dans un dossier, son nom porte la date",
        )

    def handle(self, *args, **options):
        fichier = chemin_de_la_sauvegarde(options["chemin"])
        with en_clair(f"La sauvegarde ne s’écrit pas dans « {fichier.parent} »"):
            ecrit = sauvegarder(fichier)
        for cle in ecrit.manquants[:MONTRES]:
            self.stderr.write(f"Fichier introuvable : {cle}. Il est perdu, ou vient d’être effacé.")
        if (nombre := len(ecrit.manquants)) > MONTRES:
            self.stderr.write(f"… {compte(nombre, 'fichier')} en tout, sans leurs octets.")
        self.stdout.write(
            f"Sauvegarde écrite : {fichier} ({poids(fichier.stat().st_size)}). "
            f"{compte(len(ecrit.tables), 'table')}, {compte(ecrit.lignes, 'ligne')}, "
            f"{compte(len(ecrit.fichiers), 'fichier')}. Clé secrète à garder ailleurs : {ecrit.cles[0]}."
        )
