"""Créer un contrat, vide : son pilote y donnera ensuite le document à lire."""

from django.db import transaction

from parvis.cadre import rules
from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.journal.actions import noter
from parvis.socle.refus import exiger


@transaction.atomic
def creer_contrat(
    *, par: Acteur, code: str, titre: str, territoire: str, debut: int, fin: int
) -> Contrat:
    """Crée un contrat sans édition ; lève Refus avec tous les motifs s'il ne convient pas."""
    existe = Contrat.objects.filter(code=code).exists()
    exiger(rules.motifs_empechant_la_creation(code=code, debut=debut, fin=fin, existe=existe))
    contrat = Contrat.objects.create(
        code=code, titre=titre, territoire=territoire, debut=debut, fin=fin
    )
    noter(
        par=par,
        contrat=code,
        action="cadre.creer_contrat",
        objet=f"contrat:{code}",
        objet_nom=titre,
        details={"territoire": territoire, "debut": debut, "fin": fin},
    )
    return contrat
