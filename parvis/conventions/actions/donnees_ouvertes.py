"""Choisir ce que le fichier des données ouvertes d'un contrat publie."""

from django.db import transaction
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.conventions.enums import PorteeOuverte
from parvis.conventions.models import DonneesOuvertes
from parvis.journal.actions import noter, tenir_la_chaine
from parvis.socle.refus import exiger


@transaction.atomic
def choisir_ce_qui_se_publie(*, par: Acteur, contrat: Contrat, portee: str) -> bool:
    """Retient le choix du pilote ; rend faux s'il ne change rien, et lève Refus s'il n'en est pas un."""
    exiger([] if portee in PorteeOuverte.values else ["Choisissez ce qui se publie."])
    tenir_la_chaine(contrat.code)
    avant = DonneesOuvertes.objects.filter(contrat=contrat).first()
    if avant and avant.portee == portee:
        return False
    DonneesOuvertes.objects.update_or_create(
        contrat=contrat,
        defaults={
            "portee": portee,
            "choisie_le": timezone.now(),
            "choisie_par": par.utilisateur_nom,
        },
    )
    noter(
        par=par,
        contrat=contrat.code,
        action="conventions.choisir_ce_qui_se_publie",
        objet=f"contrat:{contrat.pk}",
        objet_nom=contrat.titre,
        details={"portee": PorteeOuverte(portee).label},
    )
    return True
