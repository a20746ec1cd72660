"""Les appels ouverts à une sorte de structure, d'après les opérateurs que citent leurs fiches."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from parvis.cadre.enums import RoleDePartenaire
from parvis.cadre.models import Edition, PartenaireDeFiche
from parvis.comptes.acteur import Acteur
from parvis.dossiers.queries.appels import Echeance, appels_ouverts
from parvis.organismes.models import Organisme
from parvis.orientation.moteur.structures import structures_citees, structures_de


@dataclass(frozen=True)
class AppelPour:
    """Un appel ouvert, et les numéros de ses fiches qui citent des structures comme celle-ci."""

    echeance: Echeance
    fiches: list[str]


@dataclass(frozen=True)
class AppelsPour:
    """Les appels qui s'adressent à un organisme, et combien d'autres sont ouverts."""

    appels: list[AppelPour]
    autres: int
    est_reconnu: bool


def appels_pour(
    acteur: Acteur, edition: Edition, organisme: Organisme, *, maintenant: datetime | None = None
) -> AppelsPour:
    """Rend les appels ouverts à la sorte de structure de cet organisme ; tous si l'on ne sait pas la dire.

    Un appel sans fiche s'adresse à chacun. Le nombre de requêtes ne dépend pas des appels.
    """
    ouverts = appels_ouverts(acteur, edition.contrat, maintenant=maintenant)
    siennes = structures_de(organisme.nature, organisme.nom)
    if not siennes or not ouverts:
        return AppelsPour([AppelPour(e, []) for e in ouverts], 0, bool(siennes))
    citees = _structures_des_fiches(edition)
    pour = [
        AppelPour(e, [f.numero for f in e.fiches if siennes & citees.get(f.pk, frozenset())])
        for e in ouverts
    ]
    gardes = [appel for appel in pour if appel.fiches or not appel.echeance.fiches]
    return AppelsPour(gardes, len(pour) - len(gardes), est_reconnu=True)


def _structures_des_fiches(edition: Edition) -> dict[int, frozenset[str]]:
    """Rend les sortes de structures que citent les opérateurs de chaque fiche, par clé de fiche."""
    operateurs = PartenaireDeFiche.objects.filter(edition=edition, role=RoleDePartenaire.OPERATEUR)
    noms: dict[int, list[str]] = defaultdict(list)
    for fiche, nom in operateurs.values_list("version__fiche", "partenaire__nom"):
        noms[fiche].append(nom)
    return {fiche: frozenset(structures_citees(dits)) for fiche, dits in noms.items()}
