"""Ce que tous les actes sur un organisme ont en commun : le tenir, puis le noter."""

from collections.abc import Mapping
from typing import Any

from parvis.journal.actions import noter, tenir_la_chaine
from parvis.organismes.models import Organisme
from parvis.socle.auteur import Auteur

# Un organisme n'appartient à aucun contrat.
CHAINE = "instance"


def tenir(*organismes: Organisme) -> list[Organisme]:
    """Rend les organismes relus, que nul autre acte ne changera avant la fin de celui-ci.

    La chaîne du journal est tenue d'abord : les actes sur les organismes passent l'un après
    l'autre, et deux actes croisés ne s'attendent pas l'un l'autre.
    """
    tenir_la_chaine(CHAINE)
    lignes = Organisme.objects.select_for_update(no_key=True).order_by("pk")
    tenus = lignes.in_bulk([o.pk for o in organismes])
    return [tenus[o.pk] for o in organismes]


def consigner(
    par: Auteur, action: str, organisme: Organisme, details: Mapping[str, Any] | None = None
) -> None:
    """Note l'acte au journal de l'instance."""
    noter(
        par=par,
        contrat=CHAINE,
        action=f"organismes.{action}",
        objet=f"organisme:{organisme.pk}",
        objet_nom=organisme.nom,
        details=details,
    )
