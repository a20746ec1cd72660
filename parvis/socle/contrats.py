"""Le titre d'un contrat, pour les pièces qui n'en connaissent que le code."""

from collections.abc import Callable, Mapping

Titres = Mapping[str, str]
_lectures: list[Callable[[], Titres]] = []


def inscrire_les_titres(lecture: Callable[[], Titres]) -> None:
    """Inscrit la lecture qui rend le titre de chaque contrat, par code."""
    _lectures[:] = [lecture]


def titres_des_contrats() -> Titres:
    """Rend le titre de chaque contrat, par code ; vide si nulle pièce ne les connaît."""
    return _lectures[0]() if _lectures else {}
