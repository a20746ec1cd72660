"""Ce que les commandes d'import partagent : montrer la différence, dire comment l'écrire."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from django.core.management.base import BaseCommand, CommandError

from parvis.socle.refus import Refus


class Bilan(Protocol):
    """Ce que rend un import : sa différence, en phrases."""

    @property
    def est_vide(self) -> bool: ...

    def lignes(self) -> list[str]: ...


class CommandeDImport(BaseCommand):
    """Une commande qui montre ce qu'un fichier changerait, et l'écrit avec --ecrire."""

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--ecrire", action="store_true", help="enregistre, tout ou rien")

    def mener(self, importer: Callable[[], tuple[Bilan, list[str]]], *, ecrire: bool) -> None:
        """Mène l'import et en imprime la différence ; lève CommandError avec tous les motifs."""
        try:
            bilan, avertissements = importer()
        except Refus as refus:
            raise CommandError("\n".join(refus.motifs)) from None
        for ligne in bilan.lignes():
            self.stdout.write(ligne)
        for avertissement in avertissements:
            self.stdout.write(f"attention · {avertissement}")
        if bilan.est_vide:
            self.stdout.write("Rien ne change.")
        else:
            self.stdout.write("C’est enregistré." if ecrire else "Pour l’enregistrer : --ecrire.")
