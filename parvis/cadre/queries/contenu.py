"""Mettre à plat une édition en base comme on met à plat un document lu."""

from parvis.cadre import models as m
from parvis.cadre.contenu import Contenu, ajouter, contenu_lu, dire
from parvis.cadre.importation.structure import ContratLu
from parvis.cadre.models import Edition
from parvis.cadre.queries.relire import relire
from parvis.cadre.sections import SECTIONS, en_texte
from parvis.comptes.acteur import Acteur


def contenu(acteur: Acteur, edition: Edition) -> Contenu:
    """Rend le contenu d'une édition, avec les mêmes clés qu'un contrat lu, et ses déclinaisons."""
    return contenu_relu(edition, relire(acteur, edition))


def contenu_relu(edition: Edition, relue: ContratLu) -> Contenu:
    """Rend le contenu d'une édition que l'on vient de relire."""
    plat = contenu_lu(relue, edition.catalogue)
    for declinaison in edition.declinaisons.select_related("version__fiche"):
        cle = (f"fiche {declinaison.version.numero}", "déclinaison", declinaison.lieu)
        ajouter(plat, cle, dire(declinaison.type, _ce_qui_differe(declinaison)))
    return plat


def _ce_qui_differe(declinaison: m.Declinaison) -> str:
    """Rend en clair ce qu'un lieu dit autrement, section par section."""
    return "\n\n".join(
        f"{section.titre} : {en_texte(section, declinaison.sections[section.code])}"
        for section in SECTIONS["declinaison"]
        if section.code in declinaison.sections
    )
