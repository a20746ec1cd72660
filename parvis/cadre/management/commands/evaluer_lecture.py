import json
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from parvis.cadre.importation.evaluation import Mesure, charger_verite, evaluer
from parvis.cadre.importation.lecteur import lire
from parvis.cadre.importation.source import DocumentIllisible


class Command(BaseCommand):
    help = (
        "Mesure la lecture d'un document contre une vérité écrite à la main : précision et rappel "
        "de chaque champ."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path)
        parser.add_argument("verite", type=Path, help="JSON de la forme de `lire_document --json`")
        parser.add_argument("--details", action="store_true", help="nomme chaque écart")
        parser.add_argument("--json", action="store_true", help="les mesures en JSON")

    def handle(self, *args, **options):
        try:
            mesures = evaluer(lire(options["fichier"]), charger_verite(options["verite"]))
        except DocumentIllisible as erreur:
            raise CommandError(str(erreur)) from None
        if options["json"]:
            self.stdout.write(json.dumps([_en_dict(m) for m in mesures], ensure_ascii=False))
            return
        self.stdout.write(f"{'champ':36} attendus    lus justes  précision rappel")
        for m in mesures:
            self.stdout.write(
                f"{m.champ:36} {m.attendus:8} {m.lus:6} {m.justes:6} {m.precision:10.3f} {m.rappel:6.3f}"
            )
            if options["details"]:
                self._detailler(m)

    def _detailler(self, mesure: Mesure) -> None:
        for signe, textes in (("manque", mesure.manques), ("en trop", mesure.en_trop)):
            for texte in textes:
                self.stdout.write(f"    {signe} · {texte}")


def _en_dict(mesure: Mesure) -> dict:
    return asdict(mesure) | {
        "precision": round(mesure.precision, 4),
        "rappel": round(mesure.rappel, 4),
    }
