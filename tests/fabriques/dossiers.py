"""Un projet et son brouillon, dans le petit contrat d'essai."""

from typing import Any

from parvis.comptes.acteur import Acteur
from parvis.dossiers.actions.departs import commencer_un_projet
from parvis.dossiers.actions.dossiers import Depart
from parvis.dossiers.actions.sections import Enregistrement, ecrire_la_section
from parvis.dossiers.models import Appel, Dossier, VersionDAppel
from parvis.dossiers.queries.dossiers import ecritures, sections
from parvis.dossiers.sections import empreinte, vide
from tests.fabriques import appels


def appel_ouvert(par: Acteur, contrat: Any, **valeurs: Any) -> VersionDAppel:
    """Rend un appel publié et ouvert, sur toutes les fiches du contrat."""
    version = appels.brouillon(par, contrat, **valeurs)
    for fiche in contrat.fiches.all():
        version.fiches.get_or_create(fiche=fiche)
    return appels.appels.publier_l_appel(par=par, version=version)


def brouillon(par: Acteur, appel: Appel, titre: str = "Le jardin du Pré-Joli", **depart: Any):
    """Rend le brouillon d'un nouveau projet."""
    return commencer_un_projet(par=par, appel=appel, titre=titre, depart=Depart(**depart))


def dit(dossier: Dossier, code: str) -> Any:
    """Rend ce que dit aujourd'hui une section."""
    ecriture = ecritures(dossier).get(code)
    return ecriture.valeur if ecriture else vide(sections(dossier)[code])


def ecrire(par: Acteur, dossier: Dossier, code: str, valeur: Any, lue: str = "") -> Enregistrement:
    """Écrit une section, comme qui vient de la lire."""
    return ecrire_la_section(
        par=par,
        dossier=dossier,
        section=sections(dossier)[code],
        valeur=valeur,
        lue=lue or empreinte(dit(dossier, code)),
    )
