"""La page d'une commune du contrat : ses quartiers, ce que les fiches en disent, qui y agit."""

from dataclasses import dataclass

from django.db.models import Q
from shapely.geometry.base import BaseGeometry

from parvis.cadre.models import Edition
from parvis.carte.couches import COMMUNE, adresse_du_quartier
from parvis.carte.dessin import Forme
from parvis.carte.queries.quartiers import (
    ActeurIci,
    FicheIci,
    QuartierVu,
    acteurs_des_communes,
    communes_du_contrat,
    fiches_qui_nomment,
    millesimes,
    quartiers,
)
from parvis.comptes.acteur import Acteur
from parvis.dossiers.queries.ici import Ici
from parvis.territoires.geometrie import depuis_octets
from parvis.territoires.models import Commune


@dataclass(frozen=True)
class PageDeCommune:
    """Tout ce que montre la page d'une commune ; ses quartiers sont ceux de la dernière génération."""

    commune: Commune
    quartiers: list[QuartierVu]
    millesime: int
    fiches: list[FicheIci]
    acteurs: list[ActeurIci]

    @property
    def lieu(self) -> Ici:
        """Rend la commune entière, pour y chercher des appels et des projets."""
        return Ici(communes=frozenset({self.commune.pk}))

    def formes(self, contrat: str) -> list[Forme]:
        """Rend ce que dessine son plan : ses quartiers, qui mènent à leur page ; rien sans contour."""
        contour = self._contour
        siens = [
            Forme(
                vu.geometrie,
                vu.quartier.nom,
                adresse_du_quartier(contrat, vu.quartier.code),
            )
            for vu in self.quartiers
            if vu.geometrie is not None
        ]
        fond = [Forme(contour, self.commune.nom, classe=COMMUNE, est_nomme=False)]
        return [*(fond if contour is not None else []), *siens]

    @property
    def _contour(self) -> BaseGeometry | None:
        return depuis_octets(self.commune.contour) if self.commune.contour else None


def commune(acteur: Acteur, edition: Edition, code: str) -> PageDeCommune:
    """Rend la page d'une commune du territoire, par son code Insee ; lève Commune.DoesNotExist ailleurs."""
    lue = communes_du_contrat(acteur, edition.contrat).get(code=code)
    millesime = next(iter(millesimes(acteur, edition.contrat)), 0)
    tous = quartiers(acteur, edition, millesime) if millesime else []
    return PageDeCommune(
        commune=lue,
        quartiers=[vu for vu in tous if lue in vu.communes],
        millesime=millesime,
        fiches=fiches_qui_nomment(edition, Q(commune=lue, quartier__isnull=True)),
        acteurs=acteurs_des_communes(edition.contrat, [lue]),
    )
