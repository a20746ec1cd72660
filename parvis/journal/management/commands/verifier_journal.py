import json
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from parvis.journal.queries.verification import Tete, verifier


class Command(BaseCommand):
    help = "Relit la chaîne du journal de chaque contrat et dit si elle est intacte."

    def add_arguments(self, parser):
        parser.add_argument(
            "--tete",
            type=Path,
            metavar="FICHIER",
            help="Compare aux têtes gardées dans ce fichier : une chaîne refaite se voit.",
        )
        parser.add_argument(
            "--ecrire-tete",
            type=Path,
            metavar="FICHIER",
            help="Garde les têtes dans ce fichier, si le journal est intact.",
        )

    def handle(self, *args, **options):
        trouve = verifier(_lire(options["tete"]) if options["tete"] else None)
        for rupture in trouve.ruptures:
            self.stderr.write(f"{rupture.contrat}, événement n°{rupture.rang} : {rupture.motif}.")
        if trouve.ruptures:
            raise CommandError(f"{len(trouve.ruptures)} rupture(s) dans le journal.")
        if fichier := options["ecrire_tete"]:
            _ecrire(fichier, trouve.tetes)
        self.stdout.write("Le journal est intact.")


def _lire(fichier: Path) -> dict[str, Tete]:
    try:
        gardees = json.loads(fichier.read_text(encoding="utf-8"))
        return {contrat: Tete(**tete) for contrat, tete in gardees.items()}
    except OSError as erreur:
        raise CommandError(f"{fichier} ne se lit pas : {erreur.strerror}.") from None
    except (ValueError, TypeError, AttributeError):
        raise CommandError(
            f"{fichier} n’est pas un fichier écrit par « verifier_journal --ecrire-tete »."
        ) from None


def _ecrire(fichier: Path, tetes: dict[str, Tete]) -> None:
    """Écrit d'un seul geste : un fichier interrompu ne remplace pas le précédent."""
    contenu = {contrat: asdict(tete) for contrat, tete in tetes.items()}
    provisoire = fichier.with_name(f"{fichier.name}.provisoire")
    provisoire.write_text(json.dumps(contenu, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    provisoire.replace(fichier)
