"""Le budget que l'on regarde : dans quel dossier, pour quel exercice, avec quels financeurs."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from parvis.comptes.acces import acteur_de
from parvis.comptes.acteur import Acteur
from parvis.dossiers.models import Dossier, EcritureDeSection
from parvis.dossiers.queries.budget import FinanceurPropose, financeurs_proposes
from parvis.dossiers.queries.dossiers import ecritures
from parvis.dossiers.sections import Section
from parvis.espace_porteur.forms.budget import Envoi
from parvis.espace_porteur.forms.feuille import Feuille, ouvrir_la_feuille
from parvis.espace_porteur.views.lus import dossier_lu, section_lue


@dataclass(frozen=True)
class Ici:
    """Le budget que l'on regarde : par qui, dans quel dossier, pour quel exercice."""

    acteur: Acteur
    dossier: Dossier
    section: Section
    ecrites: dict[str, EcritureDeSection]
    annee: int
    financeurs: list[FinanceurPropose]

    @property
    def ecriture(self) -> EcritureDeSection | None:
        return self.ecrites.get(self.section.code)

    @property
    def valeur(self) -> dict[str, Any]:
        return self.ecriture.valeur if self.ecriture else {}

    @property
    def est_ferme(self) -> bool:
        return self.annee == self.dossier.exercice

    @property
    def adresse(self) -> str:
        return self.adresse_de(self.annee)

    def adresse_de(self, annee: int) -> str:
        """Rend l'adresse du budget d'un exercice ; le premier n'a pas besoin d'être nommé."""
        contrat = self.dossier.projet.contrat.code
        adresse = reverse("espace_porteur:budget", args=(contrat, self.dossier.pk))
        return adresse if annee == self.dossier.exercice else f"{adresse}?exercice={annee}"

    def feuille(self, envoi: Envoi) -> Feuille:
        """Rend l'exercice à l'écran, tel qu'un envoi le dit."""
        return ouvrir_la_feuille(envoi, self.annee, self.financeurs, est_ferme=self.est_ferme)


def budget_lu(request: HttpRequest, contrat: str, pk: int) -> Ici:
    """Rend le budget que l'acteur lit comme porteur ; lève Http404 pour tout autre."""
    dossier = dossier_lu(request, contrat, pk)
    section = section_lue(dossier, "budget")
    demande = request.GET.get("exercice", "")
    annee = int(demande) if demande.isascii() and demande.isdigit() and len(demande) == 4 else 0
    return Ici(
        acteur_de(request),
        dossier,
        section,
        ecritures(dossier),
        annee if annee in dossier.annees else dossier.exercice,
        financeurs_proposes(dossier),
    )
