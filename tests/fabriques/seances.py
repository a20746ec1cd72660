"""Une séance du comité des financeurs : son ordre du jour, ses membres présents, ouverte si l'on veut."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from parvis.comptes.acteur import Acteur
from parvis.instances.actions import noter_les_presences
from parvis.instances.enums import EtatDePresence
from parvis.instances.models import Instance, Mandat
from parvis.instances.rules import Venue
from parvis.programmation.actions import arbitrages, seances
from parvis.programmation.actions.arbitrages import Propose
from parvis.programmation.enums import Resultat
from parvis.programmation.models import Arbitrage, PointDeSeance, Seance
from parvis.programmation.queries.ordre_du_jour import ordre_du_jour
from tests.fabriques import instances, instruction


@dataclass
class Tenue:
    """L'étude d'un dossier, l'instance où il s'arbitre, et la séance."""

    etude: instruction.Etude
    instance: Instance
    mandats: dict[str, Mandat]
    seance: Seance

    @property
    def pilote(self) -> Acteur:
        return self.etude.pilote

    @property
    def samia(self) -> Acteur:
        return self.etude.samia

    @property
    def point(self) -> PointDeSeance:
        return self.seance.points.get(dossier=self.etude.dossier)

    def ouvrir(self) -> "Tenue":
        """Note chacun présent, et ouvre la séance."""
        presents = {m.pk: Venue(EtatDePresence.PRESENT) for m in self.mandats.values()}
        noter_les_presences(par=self.pilote, reunion=self.seance.reunion, venues=presents)
        self.seance = seances.ouvrir_la_seance(par=self.pilote, seance=self.seance)
        return self

    def arbitrer(
        self, de: Acteur, resultat: str = Resultat.ACCORDE, montant: str = "", **autres: Any
    ) -> Arbitrage:
        """Arbitre ce que le dossier demande au service de cette personne."""
        propose = Propose(resultat, Decimal(montant) if montant else None, **autres)
        return arbitrages.arbitrer(
            par=self.pilote,
            seance=self.seance,
            demande=self.etude.demande(de),
            propose=propose,
        )

    def lever(self) -> "Tenue":
        """Lève la séance."""
        self.seance = seances.lever_la_seance(par=self.pilote, seance=self.seance)
        return self

    def publier(self) -> "Tenue":
        """Ajourne ce qui reste, lève et publie la séance."""
        if self.restent:
            arbitrages.ajourner_le_reste(par=self.pilote, seance=self.seance)
        self.lever()
        self.seance = arbitrages.publier_la_seance(par=self.pilote, seance=self.seance)
        return self

    @property
    def restent(self) -> int:
        """Rend combien de demandes la séance n'a pas arbitrées."""
        return ordre_du_jour(self.pilote, self.seance).avancee.restent


def seance(etude: instruction.Etude | None = None, **valeurs: Any) -> Tenue:
    """Rend une séance d'hier en préparation, le dossier à son ordre du jour."""
    etude = etude or instruction.etude()
    comite = instances.instance(etude.pilote, etude.ici.contrat)
    mandats = {"samia": instances.membre(etude.pilote, comite, etude.samia)}
    reunie = instances.reunion(etude.pilote, comite, dans_jours=-1, **valeurs)
    preparee = seances.preparer_une_seance(
        par=etude.pilote, reunion=reunie, exercice=etude.dossier.exercice
    )
    seances.inscrire(par=etude.pilote, seance=preparee, dossiers=[etude.dossier.pk])
    return Tenue(etude, comite, mandats, preparee)
