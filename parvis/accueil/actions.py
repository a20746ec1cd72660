"""Les actes de qui tient l'instance."""

from django.db import transaction

from parvis.courriels import actions as courriels
from parvis.courriels.models import Courriel
from parvis.journal.actions import noter
from parvis.socle.auteur import Auteur


@transaction.atomic
def relancer_un_courriel(*, par: Auteur, courriel: Courriel) -> bool:
    """Remet à l'envoi un courriel abandonné, et le note ; sans effet, et rend faux, dans tout autre état."""
    if not courriels.relancer(courriel=courriel):
        return False
    noter(
        par=par,
        contrat="instance",
        action="courriels.relancer",
        objet=str(courriel.identifiant),
        # Ni l'objet ni l'adresse : le journal ne s'efface pas.
        objet_nom=courriel.get_sujet_display(),
    )
    return True
