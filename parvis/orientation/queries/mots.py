"""Les mots qu'un pilote ajoute, et ce que chacun change aux réponses."""

from dataclasses import dataclass

from django.db.models import QuerySet

from parvis.cadre.models import Contrat, Edition
from parvis.cadre.queries.relire import relire
from parvis.comptes.acteur import Acteur
from parvis.orientation.models import MotDuContrat
from parvis.orientation.moteur.construction import construire
from parvis.orientation.moteur.reponse import Orientation, orienter
from parvis.orientation.queries.orientation import finis, moteur_de


@dataclass(frozen=True)
class Effet:
    """Ce que répond le contrat à un essai, sans le mot et avec lui."""

    essai: str
    avant: Orientation
    apres: Orientation

    @property
    def change(self) -> bool:
        """Dit si le mot change les fiches ou leur ordre."""
        return [p.numero for p in self.avant.pistes] != [p.numero for p in self.apres.pistes]


def mots_du_contrat(acteur: Acteur, contrat: Contrat) -> QuerySet[MotDuContrat]:
    """Rend les mots ajoutés à un contrat, en ordre français."""
    return MotDuContrat.objects.filter(contrat=contrat)


def effet(acteur: Acteur, edition: Edition, ecrit: str, sens: str, essai: str) -> Effet:
    """Rend ce qu'un mot changerait à une question, sans rien écrire."""
    mots = [(mot.ecrit, mot.sens) for mot in mots_du_contrat(acteur, edition.contrat)]
    avec = construire(relire(acteur, edition), [*mots, (ecrit, sens)], finis(edition.contrat))
    return Effet(essai, orienter(moteur_de(edition), essai), orienter(avec, essai))
