"""Le refus : une action dit toutes les raisons de ne pas se faire."""

from collections.abc import Iterable
from typing import Any


class Refus(Exception):
    """Une action est refusée ; porte tous les motifs, en phrases."""

    def __init__(self, motifs: Iterable[str]) -> None:
        self.motifs = list(motifs)
        super().__init__(" ".join(self.motifs))


class ConflitDeVersion(Refus):
    """La ligne a changé depuis qu'on l'a lue ; porte la ligne telle qu'elle est maintenant."""

    def __init__(self, courant: Any) -> None:
        self.courant = courant
        super().__init__(
            [
                f"« {courant} » a changé pendant que vous écriviez. "
                "Comparez les deux versions, puis enregistrez de nouveau."
            ]
        )


def exiger(motifs: list[str]) -> None:
    """Lève Refus s'il y a au moins un motif."""
    if motifs:
        raise Refus(motifs)
