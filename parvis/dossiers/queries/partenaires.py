"""Les appels ouverts et les projets d'un partenaire du contrat : financeur, ou opérateur."""

from collections.abc import Iterable, Sequence

from django.db.models import Q

from parvis.cadre.models import Contrat, Partenaire
from parvis.comptes.acteur import Acteur
from parvis.dossiers.models import Dossier, FinanceurDAppel
from parvis.dossiers.queries.appels import Echeance, appels_ouverts
from parvis.dossiers.queries.projets_visibles import ProjetVisible, projets_visibles
from parvis.organismes.models import Organisme


def appels_du_financeur(
    acteur: Acteur, partenaire: Partenaire, organismes: Iterable[Organisme]
) -> list[Echeance]:
    """Rend les appels ouverts que finance un partenaire, ou l'un des organismes qui le tiennent."""
    ouverts = appels_ouverts(acteur, partenaire.contrat)
    versions = [e.version.pk for e in ouverts if e.version]
    finances = set(
        FinanceurDAppel.objects.filter(_de(organismes), version__in=versions).values_list(
            "version", flat=True
        )
    )
    return [
        e
        for e in ouverts
        if (e.version and e.version.pk in finances)
        or (e.ailleurs and e.ailleurs.partenaire_id == partenaire.pk)
    ]


def appels_de_l_operateur(
    acteur: Acteur, contrat: Contrat, fiches: Iterable[int]
) -> list[Echeance]:
    """Rend les appels ouverts sur l'une des fiches qui citent un opérateur."""
    citent = set(fiches)
    ouverts = appels_ouverts(acteur, contrat)
    return [e for e in ouverts if any(fiche.pk in citent for fiche in e.fiches)]


def projets_portes_par(
    acteur: Acteur, contrat: Contrat, organismes: Sequence[Organisme]
) -> list[ProjetVisible]:
    """Rend les projets que portent ces organismes, doublons compris, et que l'acteur lit."""
    if not organismes:
        return []
    portes = Dossier.objects.filter(
        _de(organismes, "projet__porteur") | _de(organismes, "projet__structure_porteuse")
    )
    return projets_visibles(acteur, contrat, portes)


def _de(organismes: Iterable[Organisme], champ: str = "organisme") -> Q:
    """Rend le filtre d'un organisme parmi ceux-ci, ou réuni à l'un d'eux."""
    cles = [organisme.pk for organisme in organismes]
    return Q(**{f"{champ}__in": cles}) | Q(**{f"{champ}__fusionne_dans__in": cles})
