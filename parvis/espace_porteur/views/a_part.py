"""Ce qui entoure les pièces et les attestations : les autres sections, et les remarques."""

from collections.abc import Mapping
from typing import Any

from parvis.comptes.acteur import Acteur
from parvis.dossiers.models import Dossier, EcritureDeSection
from parvis.dossiers.queries.histoire import commentaires
from parvis.dossiers.queries.taches import avancement, taches, voisines
from parvis.dossiers.sections import Section


def autour_d_une_section_a_part(
    acteur: Acteur,
    dossier: Dossier,
    section: Section,
    ecrites: Mapping[str, EcritureDeSection] | None = None,
) -> dict[str, Any]:
    """Rend le dossier, ses sections, celles d'avant et d'après, et ce qu'on se dit de celle-ci."""
    siennes = taches(acteur, dossier, ecrites)
    avant, apres = voisines(dossier, section)
    ouvertes, reglees = commentaires(acteur, dossier, section)
    return {
        "contrat": dossier.projet.contrat,
        "dossier": dossier,
        "projet": dossier.projet,
        "section": section,
        "taches": siennes,
        "avancement": avancement(tache.lue for tache in siennes),
        "avant": avant,
        "apres": apres,
        "remarques": ouvertes,
        "reglees": reglees,
    }
