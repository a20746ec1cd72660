"""Le titre de chaque contrat : les pièces basses n'en gardent que le code."""

from parvis.cadre.models import Contrat


def titres_par_code() -> dict[str, str]:
    """Rend le titre de chaque contrat, par code."""
    return dict(Contrat.objects.values_list("code", "titre"))
