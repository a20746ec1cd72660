"""La réponse à une adresse ou à un point, dans chaque génération de quartiers du contrat."""

from dataclasses import dataclass

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.territoires.queries.positions import Trouvee, chercher
from parvis.territoires.queries.situation import Lieu, Situation, situer
from parvis.territoires.rules.millesimes import DECRETS, VALIDITES


@dataclass(frozen=True)
class ReponseDAdresse:
    """Les adresses trouvées, celle qui est retenue, et sa situation dans chaque génération."""

    demandee: str
    trouvees: list[Trouvee]
    retenue: Trouvee | None
    lieu: Lieu | None
    situations: list["SituationDatee"]
    panne: str = ""

    @property
    def est_par_point(self) -> bool:
        return self.lieu is not None and self.retenue is None


@dataclass(frozen=True)
class SituationDatee:
    """Une situation, et les dates entre lesquelles sa génération de quartiers vaut."""

    situation: Situation
    decret: str
    est_en_vigueur: bool
    est_du_contrat: bool

    @property
    def validite(self) -> str:
        """Rend quand la génération vaut : « depuis 2024 », « de 2015 à 2023 »."""
        debut, fin = VALIDITES[self.situation.millesime]
        return f"de {debut.year} à {fin.year}" if fin else f"depuis {debut.year}"


def repondre_a_un_point(
    acteur: Acteur, contrat: Contrat, *, lat: float, lon: float
) -> ReponseDAdresse:
    """Rend la réponse à un point, en degrés."""
    lieu = Lieu(lon, lat)
    return ReponseDAdresse("", [], None, lieu, _situations(lieu, contrat))


def repondre_a_une_adresse(
    acteur: Acteur, contrat: Contrat, *, q: str, choix: int | None
) -> ReponseDAdresse:
    """Rend la réponse à une adresse ; `choix` désigne une des trouvées."""
    recherche = chercher(q)
    trouvees = recherche.trouvees
    retenue = trouvees[min(choix or 0, len(trouvees) - 1)] if trouvees else None
    lieu = retenue.lieu if retenue else None
    return ReponseDAdresse(q, trouvees, retenue, lieu, _situations(lieu, contrat), recherche.panne)


def _situations(lieu: Lieu | None, contrat: Contrat) -> list[SituationDatee]:
    return [
        SituationDatee(
            situation=situer(lieu, millesime),
            decret=DECRETS[millesime],
            est_en_vigueur=VALIDITES[millesime][1] is None,
            est_du_contrat=VALIDITES[millesime][0].year <= contrat.debut
            and (VALIDITES[millesime][1] or contrat.termine_le).year >= contrat.debut,
        )
        for millesime in sorted(VALIDITES, reverse=True)
    ]
