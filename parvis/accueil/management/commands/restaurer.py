"""Remet une sauvegarde dans une base et un dossier de fichiers vides, et recompte tout."""

from pathlib import Path

from django.core.management.base import BaseCommand

from parvis.accueil.sauvegarde.commande import en_clair
from parvis.accueil.sauvegarde.manifeste import Manifeste
from parvis.accueil.sauvegarde.restauration import CLE, JOURNAL, restaurer, verifier_l_archive
from parvis.socle.templatetags.socle import compte

MONTRES = 20


class Command(BaseCommand):
    requires_system_checks = []
    help = (
        "Remet une sauvegarde dans une base et un dossier de fichiers vides, sur SQLite ou PostgreSQL, "
        "d’où qu’elle vienne. Tout, vérifié, ou rien. Le site doit être arrêté."
    )

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path, metavar="FICHIER")
        parser.add_argument(
            "--verifier",
            action="store_true",
            help="relit la sauvegarde sans rien restaurer ni ouvrir de base",
        )
        parser.add_argument(
            "--malgre",
            action="append",
            choices=[CLE, JOURNAL],
            default=[],
            help="restaure même si la clé secrète n’est pas la sienne, ou si son journal était rompu",
        )

    def handle(self, *args, **options):
        with en_clair("La restauration s’arrête"):
            if options["verifier"]:
                self._verifier(options["fichier"])
            else:
                self._restaurer(options["fichier"], options["malgre"])

    def _verifier(self, fichier):
        manifeste, reserves = verifier_l_archive(fichier)
        for reserve in reserves:
            self.stderr.write(reserve)
        self.stdout.write(f"La sauvegarde est entière : {_mesure(manifeste)}.")

    def _restaurer(self, fichier, malgre):
        faite = restaurer(fichier, malgre)
        manifeste = faite.manifeste
        for cle in manifeste.manquants[:MONTRES]:
            self.stderr.write(f"Fichier que la sauvegarde n’avait pas : {cle}.")
        for cle in faite.fermes[:MONTRES]:
            self.stderr.write(f"Fichier remis, qui ne s’ouvre pas : {cle}.")
        if faite.fermes:
            self.stderr.write(
                f"{compte(len(faite.fermes), 'fichier')} : octets qui ne s’ouvrent pas."
            )
        for rupture in faite.ruptures:
            self.stderr.write(f"Journal rompu, comme dans la sauvegarde : {rupture}.")
        self.stdout.write(f"Restauré : {_mesure(manifeste)}.")
        if not faite.ruptures:
            self.stdout.write(
                f"Le journal est intact : {compte(len(manifeste.tetes), 'chaîne')}, jusqu’à la tête."
            )
        if faite.courriels_en_attente:
            self.stdout.write(
                f"{compte(faite.courriels_en_attente, 'courriel')} en attente : l’envoi reprendra au "
                "démarrage du site."
            )
        self.stdout.write("Tout est égal.")


def _mesure(manifeste: Manifeste) -> str:
    return (
        f"{compte(len(manifeste.tables), 'table')}, {compte(manifeste.lignes, 'ligne')}, "
        f"{compte(len(manifeste.fichiers), 'fichier')}, du {manifeste.ecrite_le}, "
        f"Parvis {manifeste.origine or '?'}"
    )
