"""Retoucher une section d'un brouillon, comme le fait la page."""

from typing import Any

from parvis.cadre.actions.sections import (
    Enregistrement,
    modifier_section,
    reprendre_une_version,
)
from parvis.cadre.models import Edition
from parvis.cadre.queries.sections import objet, section, valeur
from parvis.cadre.sections import Saisie, Valeur, empreinte
from parvis.comptes.acteur import Acteur


def retoucher(
    par: Acteur,
    edition: Edition,
    cle: str = "fiche-1-1",
    code: str = "descriptif",
    saisie: Saisie | None = None,
    lue: str | None = None,
) -> Enregistrement:
    """Enregistre une section ; sans `lue`, comme si on l'avait relue à l'instant."""
    ici = objet(par, edition, cle)
    sa_section = section(ici, code)
    return modifier_section(
        par=par,
        objet=ici,
        section=sa_section,
        saisie={"descriptif": "Semer au printemps."} if saisie is None else saisie,
        lue=empreinte(valeur(ici, sa_section)) if lue is None else lue,
    )


def reprendre(
    par: Acteur, edition: Edition, cle: str, code: str, numero: int, lue: str | None = None
) -> Enregistrement:
    """Reprend une version passée ; sans `lue`, comme si on avait relu la section à l'instant."""
    ici = objet(par, Edition.objects.get(pk=edition.pk), cle)
    sa_section = section(ici, code)
    return reprendre_une_version(
        par=par,
        objet=ici,
        section=sa_section,
        numero=numero,
        lue=empreinte(valeur(ici, sa_section)) if lue is None else lue,
    )


def dit(edition: Edition, cle: str, code: str) -> Valeur:
    """Rend ce que dit aujourd'hui une section."""
    ici: Any = objet(Acteur.machine("essai"), Edition.objects.get(pk=edition.pk), cle)
    return valeur(ici, section(ici, code))
