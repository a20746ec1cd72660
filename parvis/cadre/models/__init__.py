"""Le cadre du contrat : ce qui est attendu, par qui, avec quels appuis."""

from parvis.cadre.models.contrat import Contrat, Edition
from parvis.cadre.models.declinaison import Declinaison
from parvis.cadre.models.fiche import (
    Constat,
    Enjeu,
    Fiche,
    LieuDeFiche,
    Pilier,
    Public,
    PublicDeFiche,
    Renvoi,
    RubriqueDeFiche,
    SujetHorsContrat,
    TypeDeProjet,
    VersionDeFiche,
)
from parvis.cadre.models.indicateur import Indicateur
from parvis.cadre.models.lecture import Lecture, Reponse
from parvis.cadre.models.partenaire import (
    Dispositif,
    DispositifDeFiche,
    Partenaire,
    PartenaireDeFiche,
)
from parvis.cadre.models.rapprochement import OrganismeDePartenaire
from parvis.cadre.models.section import VersionDeSection

# Tout ce qu'une édition publiée fige ; les déclencheurs de sql/ portent sur les mêmes tables.
CONTENU_D_EDITION = (
    Declinaison,
    Renvoi,
    Constat,
    RubriqueDeFiche,
    PublicDeFiche,
    LieuDeFiche,
    TypeDeProjet,
    DispositifDeFiche,
    PartenaireDeFiche,
    VersionDeFiche,
    Enjeu,
    Pilier,
    SujetHorsContrat,
)

__all__ = [
    "CONTENU_D_EDITION",
    "Constat",
    "Contrat",
    "Declinaison",
    "Dispositif",
    "DispositifDeFiche",
    "Edition",
    "Enjeu",
    "Fiche",
    "Indicateur",
    "Lecture",
    "LieuDeFiche",
    "OrganismeDePartenaire",
    "Partenaire",
    "PartenaireDeFiche",
    "Pilier",
    "Public",
    "PublicDeFiche",
    "Renvoi",
    "Reponse",
    "RubriqueDeFiche",
    "SujetHorsContrat",
    "TypeDeProjet",
    "VersionDeFiche",
    "VersionDeSection",
]
