"""Des enveloppes du petit contrat d'essai, et des demandes faites à leur financeur."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.dossiers.enums import EtatDeDemande
from parvis.dossiers.models import Demande, Dossier
from parvis.programmation.actions import enveloppes as actions
from parvis.programmation.models import Enveloppe
from tests.fabriques import depots

LIGNE = "Politique de la ville"


@dataclass
class Bourse:
    """L'appel et ses deux financeurs, qui tient leurs enveloppes, et un dossier qui leur demande."""

    ici: depots.Lieux
    caissiere: Acteur
    adjoint: Acteur
    dossier: Dossier

    @property
    def exercice(self) -> int:
        return self.dossier.exercice


def bourse(ici: depots.Lieux | None = None) -> Bourse:
    """Rend tout ce monde ; le dossier est un brouillon dont les demandes de `demande()` sont faites."""
    ici = ici or depots.lieux()
    return Bourse(
        ici,
        ici.monde.ajouter("caissiere", ici.caisse, Role.INSTRUCTEUR),
        ici.monde.ajouter("adjoint", ici.commune, Role.INSTRUCTEUR),
        depots.brouillon(ici),
    )


def enveloppe(b: Bourse, montant: Decimal | int = 0, **valeurs: Any) -> Enveloppe:
    """Rend une enveloppe de la caisse, dotée de ce montant, ou que sa mère lui délègue."""
    creee = actions.creer_une_enveloppe(
        par=valeurs.pop("par", b.caissiere),
        contrat=b.ici.contrat,
        montant=Decimal(montant),
        **({"exercice": b.exercice, "ligne": LIGNE} | valeurs),
    )
    creee.refresh_from_db()
    return creee


def demande(b: Bourse, dans: Enveloppe | None = None, **valeurs: Any) -> Demande:
    """Rend une demande faite à la caisse, prise sur une enveloppe si elle est donnée."""
    faite = Demande.objects.create(
        dossier=b.dossier,
        **(
            {
                "exercice": b.exercice,
                "rang": 10 + b.dossier.demandes.count(),
                "financeur": b.ici.caisse,
                "ligne": LIGNE,
                "montant_demande": Decimal(5000),
                "etat": EtatDeDemande.DEMANDEE,
                "demande_le": timezone.now(),
            }
            | valeurs
        ),
    )
    if dans is not None:
        actions.imputer(par=b.caissiere, demande=faite, enveloppe=dans)
    return faite


def voter(demande: Demande, montant: Decimal | int) -> None:
    """Écrit un vote, comme le fera la décision d'un financeur ; la base seule le vérifie."""
    demande.etat = EtatDeDemande.ACCORDEE
    demande.montant_vote, demande.vote_le = Decimal(montant), timezone.localdate()
    demande.save(update_fields=["etat", "montant_vote", "vote_le"])
