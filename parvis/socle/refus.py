"""Le refus d'une action : tous ses motifs, en phrases que l'on montre telles quelles."""

from collections.abc import Iterable


class Refus(Exception):
    """Une action est refusée ; porte tous les motifs, en phrases."""

    def __init__(self, motifs: Iterable[str]) -> None:
        self.motifs = list(motifs)
        super().__init__(" ".join(self.motifs))


def exiger(motifs: Iterable[str]) -> None:
    """Lève Refus s'il y a au moins un motif."""
    motifs = list(motifs)
    if motifs:
        raise Refus(motifs)
