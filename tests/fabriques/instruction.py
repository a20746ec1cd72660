"""Un dossier recevable, ses deux financeurs, et qui l'étudie pour chacun."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.dossiers.actions.recevabilite import trancher
from parvis.dossiers.models import Demande, Dossier
from parvis.instruction.actions.avis import rendre_avis
from parvis.instruction.models import Avis
from tests.fabriques import depots


@dataclass
class Etude:
    """Le lieu, le dossier, et l'instructrice de chaque financeur : la caisse et la commune."""

    ici: depots.Lieux
    dossier: Dossier
    samia: Acteur
    olga: Acteur

    @property
    def pilote(self) -> Acteur:
        return self.ici.acteur("pilote")

    def demande(self, par: Acteur) -> Demande:
        """Rend ce que le dossier demande au service de cette personne."""
        return self.dossier.demandes.get(financeur=par.organisme)

    def rendre(
        self, par: Acteur, sens: str = "favorable", montant: str = "", **autres: Any
    ) -> Avis:
        """Rend un avis comme qui vient de lire le dossier."""
        valeurs: dict[str, Any] = {"version": 1, "rang": 0}
        if montant:
            valeurs["propositions"] = {self.demande(par).pk: Decimal(montant)}
        return rendre_avis(par=par, dossier=self.dossier, sens=sens, **(valeurs | autres))


def recevable(ici: depots.Lieux, titre: str = "Le verger") -> Dossier:
    """Rend un dossier déposé, dit recevable."""
    dossier = depots.depose(ici, titre=titre)
    trancher(par=ici.acteur("pilote"), dossier=dossier, vers="recevable")
    return depots.relire(dossier)


def etude(ici: depots.Lieux | None = None) -> Etude:
    """Rend un dossier recevable et qui l'étudie."""
    ici = ici or depots.lieux()
    samia = ici.monde.ajouter("samia", ici.caisse, Role.INSTRUCTEUR)
    olga = ici.monde.ajouter("olga", ici.commune, Role.INSTRUCTEUR)
    return Etude(ici, recevable(ici), samia, olga)
