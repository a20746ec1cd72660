"""Le refus : une action dit toutes les raisons de ne pas se faire."""

from collections.abc import Iterable


class Refus(Exception):
    """Une action est refusée ; porte tous les motifs, en phrases."""

    def __init__(self, motifs: Iterable[str]) -> None:
        self.motifs = list(motifs)
        super().__init__(" ".join(self.motifs))


def exiger(motifs: list[str]) -> None:
    """Lève Refus s'il y a au moins un motif."""
    if motifs:
        raise Refus(motifs)
