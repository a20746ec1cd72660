"""Relire le journal et vérifier sa chaîne."""

from dataclasses import dataclass

from parvis.journal import rules
from parvis.journal.models import Chaine, Evenement


@dataclass(frozen=True)
class Rupture:
    """Un endroit où la chaîne d'un contrat ne tient plus, et pourquoi."""

    contrat: str
    rang: int
    motif: str


def ruptures() -> list[Rupture]:
    """Relit toutes les chaînes et rend chaque rupture ; liste vide si le journal est intact."""
    trouvees = []
    suivies = set()
    for chaine in Chaine.objects.order_by("contrat"):
        suivies.add(chaine.contrat)
        trouvees += _ruptures_de(chaine)
    orphelins = Evenement.objects.exclude(contrat__in=suivies).order_by("contrat", "rang")
    trouvees += [Rupture(e.contrat, e.rang, "la tête de sa chaîne a disparu") for e in orphelins]
    return trouvees


def _ruptures_de(chaine: Chaine) -> list[Rupture]:
    trouvees = []
    attendue, rang = rules.ORIGINE, 0
    evenements = Evenement.objects.filter(contrat=chaine.contrat).order_by("rang")
    for evenement in evenements.select_related("details").iterator(chunk_size=2000):
        rang += 1
        motif = _defaut(evenement, rang, attendue)
        if motif:
            trouvees.append(Rupture(chaine.contrat, evenement.rang, motif))
        attendue, rang = evenement.empreinte, evenement.rang
    if (rang, attendue) != (chaine.nombre, chaine.empreinte):
        trouvees.append(Rupture(chaine.contrat, rang, "la fin de la chaîne ne rejoint pas sa tête"))
    return trouvees


def _defaut(evenement: Evenement, rang: int, attendue: str) -> str:
    """Rend ce qui cloche dans un événement, ou une chaîne vide."""
    if evenement.rang != rang:
        return "un événement manque avant celui-ci"
    if evenement.empreinte_precedente != attendue:
        return "il ne suit pas le précédent"
    if rules.empreinte(vars(evenement)) != evenement.empreinte:
        return "son contenu a changé"
    details = getattr(evenement, "details", None)
    if details and (
        rules.empreinte_details(details.sel, details.contenu) != evenement.empreinte_details
    ):
        return "ses détails ont changé"
    return ""
