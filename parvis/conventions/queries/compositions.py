"""Les lots d'actes que l'on compose : où ils en sont, pour qui les a demandés."""

from dataclasses import dataclass

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.conventions.enums import EtatDActe
from parvis.conventions.queries.actes import actes
from parvis.travaux.models import Travail

NATURE = "conventions.composer_les_actes"


@dataclass(frozen=True)
class Composition:
    """Ce qui reste à composer chez un service, et le dernier lot que l'acteur a demandé."""

    a_composer: int
    travail: Travail | None

    @property
    def est_ouverte(self) -> bool:
        return self.travail is not None and self.travail.est_ouvert

    @property
    def avancement(self) -> int:
        """Rend où il en est, en centièmes."""
        travail = self.travail
        return travail.fait * 100 // travail.total if travail and travail.total else 0


def composition(acteur: Acteur, contrat: Contrat) -> Composition:
    """Rend où en est la composition des actes de l'acteur ; un lot d'un autre ne se voit pas."""
    reste = actes(acteur, contrat).filter(etat=EtatDActe.PREPARE).count()
    return Composition(reste, dernier_lot(acteur, contrat))


def dernier_lot(acteur: Acteur, contrat: Contrat) -> Travail | None:
    """Rend le dernier lot que l'acteur a demandé dans ce contrat, sous ce rôle."""
    if acteur.utilisateur is None or acteur.rattachement is None:
        return None
    siens = Travail.objects.filter(
        nature=NATURE,
        contrat=contrat.code,
        demande_par=acteur.utilisateur_identifiant,
        parametres__rattachement=acteur.rattachement.pk,
    )
    return siens.order_by("-demande_le", "-pk").first()
