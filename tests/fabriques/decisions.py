"""Un dossier recevable, l'enveloppe de chaque financeur, et une décision en préparation."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.programmation.actions import enveloppes as enveloppes_
from parvis.programmation.actions.decisions import (
    Dit,
    preparer_une_decision,
    publier_la_decision,
    repondre,
)
from parvis.programmation.enums import Resultat
from parvis.programmation.models import Decision, Enveloppe
from tests.fabriques import instruction


@dataclass
class Vote:
    """L'étude d'un dossier, et l'enveloppe de la caisse."""

    etude: instruction.Etude
    enveloppe: Enveloppe

    @property
    def samia(self) -> Acteur:
        return self.etude.samia

    def decision(self, par: Acteur | None = None, **valeurs: Any) -> Decision:
        """Rend une décision de la caisse en préparation."""
        depart = {
            "exercice": self.etude.dossier.exercice,
            "sorte": "conseil",
            "prise_le": timezone.localdate(),
            "numero": "12",
        }
        return preparer_une_decision(
            par=par or self.samia, contrat=self.etude.ici.contrat, **(depart | valeurs)
        )

    def accorder(self, decision: Decision, montant: str, **autres: Any) -> None:
        """Accorde à la caisse ce montant, pris sur son enveloppe."""
        dit = Dit(Resultat.ACCORDE, Decimal(montant), self.enveloppe.pk, **autres)
        self.repondre(decision, dit)

    def repondre(self, decision: Decision, dit: Dit) -> None:
        """Met la réponse de la caisse dans la décision."""
        demande = self.etude.demande(self.samia)
        repondre(par=self.samia, decision=decision, reponses={demande.pk: dit})

    def publiee(self, montant: str = "1500", **autres: Any) -> Decision:
        """Rend une décision publiée qui accorde ce montant."""
        decision = self.decision(**autres)
        self.accorder(decision, montant)
        return publier_la_decision(par=self.samia, decision=decision)


def enveloppe(
    etude: instruction.Etude, par: Acteur, montant: int = 5000, **valeurs: Any
) -> Enveloppe:
    """Rend une enveloppe dotée du service de cette personne."""
    depart = {"exercice": etude.dossier.exercice, "ligne": "Politique de la ville"}
    creee = enveloppes_.creer_une_enveloppe(
        par=par, contrat=etude.ici.contrat, **(depart | valeurs)
    )
    enveloppes_.doter(
        par=par, enveloppe=creee, montant=Decimal(montant), decide_le=timezone.localdate()
    )
    creee.refresh_from_db()
    return creee


def vote(etude: instruction.Etude | None = None, montant: int = 5000) -> Vote:
    """Rend de quoi décider."""
    etude = etude or instruction.etude()
    return Vote(etude, enveloppe(etude, etude.samia, montant))
