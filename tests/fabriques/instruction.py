"""Un dossier recevable, ses deux financeurs, et qui l'étudie pour chacun."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.dossiers.actions.recevabilite import trancher
from parvis.dossiers.models import Demande, Dossier
from parvis.instruction.actions.avis import rendre_avis
from parvis.instruction.actions.grille import noter_un_dossier
from parvis.instruction.models import Avis
from parvis.instruction.queries.grille import GrilleLue, grille_a_noter
from parvis.instruction.rules.grille import Choix
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

    def noter(self, par: Acteur, **choix: int | tuple[int | None, str]) -> GrilleLue:
        """Note comme qui vient d'ouvrir la grille : un niveau par critère, ou un niveau et pourquoi."""
        dits = {
            cle.replace("_", "-"): Choix(*dit) if isinstance(dit, tuple) else Choix(dit)
            for cle, dit in choix.items()
        }
        lues = {x.critere.cle: x.choix for x in grille_a_noter(par, self.dossier).lignes}
        return noter_un_dossier(par=par, dossier=self.dossier, choix=dits, depart=lues)


def recevable(ici: depots.Lieux, titre: str = "Le verger") -> Dossier:
    """Rend un dossier déposé, dit recevable."""
    dossier = depots.depose(ici, titre=titre)
    trancher(par=ici.acteur("pilote"), dossier=dossier, vers="recevable")
    return depots.relire(dossier)


def etude(ici: depots.Lieux | None = None, *, avec_grille: bool = False) -> Etude:
    """Rend un dossier recevable et qui l'étudie."""
    ici = ici or depots.lieux(avec_grille=avec_grille)
    samia = ici.monde.ajouter("samia", ici.caisse, Role.INSTRUCTEUR)
    olga = ici.monde.ajouter("olga", ici.commune, Role.INSTRUCTEUR)
    return Etude(ici, recevable(ici), samia, olga)
