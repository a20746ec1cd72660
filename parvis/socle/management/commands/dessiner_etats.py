from django.conf import settings
from django.core.management.base import BaseCommand

from parvis.socle.etats import diagramme, tables


class Command(BaseCommand):
    help = (
        "Écrit docs/etats/ : le diagramme des états de chaque pièce, depuis sa table de passages."
    )
    requires_system_checks = []

    def handle(self, *args, **options):
        dossier = settings.RACINE / "docs" / "etats"
        dossier.mkdir(parents=True, exist_ok=True)
        for piece, passages in tables():
            fichier = dossier / f"{piece}.md"
            fichier.write_text(diagramme(piece, passages), encoding="utf-8")
            self.stdout.write(f"Écrit : docs/etats/{fichier.name}")
