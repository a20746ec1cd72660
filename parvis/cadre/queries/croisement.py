"""Le tableau croisé : quelles fiches chaque financeur peut soutenir."""

from dataclasses import dataclass

from parvis.cadre import models as m
from parvis.cadre.enums import RoleDePartenaire
from parvis.cadre.models import Edition
from parvis.cadre.queries.lecture import partenaires_par_presence
from parvis.comptes.acteur import Acteur


@dataclass(frozen=True)
class Case:
    """Le croisement d'une fiche et d'un financeur : son lien, ou rien."""

    financeur: m.Partenaire
    lien: m.PartenaireDeFiche | None


@dataclass(frozen=True)
class Ligne:
    """Une fiche et toutes ses cases, dans l'ordre des financeurs."""

    fiche: m.VersionDeFiche
    cases: list[Case]
    nombre: int


@dataclass(frozen=True)
class Croisement:
    """Le tableau entier : colonnes les plus présentes d'abord, lignes dans l'ordre du contrat."""

    financeurs: list[m.Partenaire]
    lignes: list[Ligne]


def croisement(acteur: Acteur, edition: Edition) -> Croisement:
    """Rend le tableau fiches × financeurs d'une édition, en trois requêtes."""
    financeurs = list(partenaires_par_presence(acteur, edition, RoleDePartenaire.FINANCEUR))
    liens = m.PartenaireDeFiche.objects.filter(
        edition=edition, role=RoleDePartenaire.FINANCEUR
    ).select_related("partenaire")
    par_case = {(lien.version_id, lien.partenaire_id): lien for lien in liens}
    lignes = []
    for version in edition.versions.select_related("fiche", "enjeu__pilier"):
        cases = [Case(f, par_case.get((version.pk, f.pk))) for f in financeurs]
        lignes.append(Ligne(version, cases, sum(case.lien is not None for case in cases)))
    return Croisement(financeurs, lignes)
