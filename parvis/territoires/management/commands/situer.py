from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from parvis.socle.refus import Refus
from parvis.socle.tableur import ecrire_tableau, lire_tableau
from parvis.territoires.enums import Reponse
from parvis.territoires.queries.lots import Decompte, situer_un_tableau
from parvis.territoires.rules.millesimes import VALIDITES, millesime_du


class Command(BaseCommand):
    help = (
        "Situe un tableau d'adresses ou de coordonnées (CSV, XLSX) dans les quartiers prioritaires : "
        "le même tableau, avec la réponse, le quartier, le score et la distance au bord."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("fichier", type=Path)
        parser.add_argument(
            "--millesime",
            type=int,
            action="append",
            choices=sorted(VALIDITES),
            help="répétable ; sans lui, la génération en vigueur aujourd'hui",
        )
        parser.add_argument(
            "--sortie", type=Path, help="où écrire ; sans lui, à côté, avec « -situe »"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        fichier: Path = options["fichier"]
        millesimes = options["millesime"] or [millesime_du(timezone.localdate())]
        sortie = options["sortie"] or fichier.with_name(f"{fichier.stem}-situe{fichier.suffix}")
        try:
            tableau = lire_tableau(fichier.read_bytes(), fichier.name)
            lot = situer_un_tableau(tableau, millesimes)
            sortie.write_bytes(ecrire_tableau(tableau, lot.colonnes, lot.lignes))
        except Refus as refus:
            raise CommandError("\n".join(refus.motifs)) from None
        except OSError as erreur:
            raise CommandError(f"Le fichier ne se lit ou ne s’écrit pas : {erreur}.") from None
        for decompte in lot.decomptes:
            self._imprimer(decompte)
        for avertissement in lot.avertissements:
            self.stderr.write(f"attention · {avertissement}")
        self.stdout.write(f"Écrit : {sortie}")

    def _imprimer(self, decompte: Decompte) -> None:
        """Imprime combien de lignes par réponse, puis par quartier ; ni nom ni adresse."""
        reponses = [f"{decompte.reponses[r]} {r.label.lower()}" for r in Reponse]
        self.stdout.write(f"Quartiers {decompte.millesime} : {', '.join(reponses)}.")
        for code, nombre in decompte.quartiers.most_common():
            self.stdout.write(f"  {nombre}  {decompte.noms[code]} ({code})")
