"""Ce qui entoure une section à l'écran : les autres, les remarques, ce qui a été écrit avant."""

from collections.abc import Mapping
from typing import Any

from parvis.comptes.acteur import Acteur
from parvis.dossiers.models import Dossier, EcritureDeSection
from parvis.dossiers.queries.histoire import commentaires, ecritures_passees, reprise
from parvis.dossiers.queries.taches import avancement, taches, voisines
from parvis.dossiers.sections import Reperes, Section, Valeur


def autour_de_la_section(
    acteur: Acteur,
    dossier: Dossier,
    section: Section,
    valeur: Valeur,
    permis: Reperes,
    ecrites: Mapping[str, EcritureDeSection],
) -> dict[str, Any]:
    """Rend les autres sections, les remarques, les écritures passées, ce qui vient de l'an dernier."""
    siennes = taches(acteur, dossier, ecrites)
    avant, apres = voisines(dossier, section)
    ouvertes, reglees = commentaires(acteur, dossier, section)
    return {
        "taches": siennes,
        "avancement": avancement(tache.lue for tache in siennes),
        "avant": avant,
        "apres": apres,
        "remarques": ouvertes,
        "reglees": reglees,
        "passees": ecritures_passees(acteur, dossier, section, permis),
        "reprise": reprise(acteur, dossier, section, valeur, permis),
    }
