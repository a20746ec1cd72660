"""Qui agit, et pour quel organisme : ce que chaque action reçoit dans `par=`."""

from dataclasses import dataclass
from datetime import date

from parvis.comptes.enums import Role
from parvis.comptes.models import Rattachement, Utilisateur
from parvis.comptes.rules.roles import ECRIVENT, ETUDIENT, FINANCEURS, TIENNENT_L_ARGENT
from parvis.organismes.models import Organisme


@dataclass(frozen=True)
class Acteur:
    """Une personne et le rattachement choisi ; figé, pour que rien ne change pendant l'acte."""

    utilisateur: Utilisateur | None
    rattachement: Rattachement | None
    nom_de_la_machine: str = ""

    def __post_init__(self) -> None:
        if self.rattachement and (
            self.utilisateur is None or self.rattachement.utilisateur_id != self.utilisateur.pk
        ):
            raise ValueError("Le rattachement n'est pas celui de cette personne.")

    @classmethod
    def anonyme(cls) -> "Acteur":
        """Rend l'acteur d'un visiteur qui n'est pas connecté."""
        return cls(None, None)

    @classmethod
    def machine(cls, nom: str) -> "Acteur":
        """Rend l'acteur d'une commande lancée par un exploitant, nommée dans le journal."""
        return cls(None, None, nom)

    @classmethod
    def pour(cls, utilisateur: Utilisateur, rattachement: Rattachement, *, jour: date) -> "Acteur":
        """Rend l'acteur d'une personne ; lève ValueError si le rattachement ne vaut pas ce jour-là."""
        if not rattachement.est_en_cours(jour):
            raise ValueError("Ce rattachement n'est pas en cours.")
        return cls(utilisateur, rattachement)

    @property
    def est_anonyme(self) -> bool:
        return self.utilisateur is None and not self.nom_de_la_machine

    @property
    def role(self) -> str:
        """Rend le rôle tenu, vide pour un visiteur ou une commande."""
        return self.rattachement.role if self.rattachement else ""

    @property
    def est_porteur(self) -> bool:
        """Dit si l'acteur agit pour un organisme qui dépose : il écrit ses projets, ou les lit."""
        return self.role in (*ECRIVENT, Role.LECTEUR)

    @property
    def etudie_des_dossiers(self) -> bool:
        """Dit si l'acteur lit des dossiers déposés pour en donner son avis."""
        return self.a_le_role(*ETUDIENT)

    @property
    def tient_des_enveloppes(self) -> bool:
        """Dit si l'acteur tient l'argent de son organisme, parce que celui-ci finance des projets."""
        return (
            self.a_le_role(*TIENNENT_L_ARGENT)
            and self.organisme is not None
            and self.organisme.nature in FINANCEURS
        )

    @property
    def est_confirme(self) -> bool:
        """Dit si le rattachement est confirmé : sinon, on écrit mais on ne dépose ni ne lit le passé."""
        return self.rattachement is not None and self.rattachement.est_confirme

    @property
    def organisme(self) -> Organisme | None:
        """Rend l'organisme pour lequel on agit ; un doublon vaut la fiche qui a été gardée."""
        if self.rattachement is None:
            return None
        return self.rattachement.organisme.fusionne_dans or self.rattachement.organisme

    def a_le_role(self, *roles: str, contrat: str | None = None) -> bool:
        """Dit si l'acteur tient un de ces rôles, confirmé, et pour ce contrat s'il est donné."""
        return (
            self.est_confirme
            and self.role in roles
            and (contrat is None or self.rattachement.contrat == contrat)  # type: ignore[union-attr]
        )

    @property
    def utilisateur_identifiant(self) -> str:
        return str(self.utilisateur.pk) if self.utilisateur else ""

    @property
    def utilisateur_nom(self) -> str:
        return str(self.utilisateur) if self.utilisateur else self.nom_de_la_machine or "Visiteur"

    @property
    def organisme_identifiant(self) -> str:
        return str(self.organisme.pk) if self.organisme else ""

    @property
    def organisme_nom(self) -> str:
        return str(self.organisme) if self.organisme else ""
