"""Ce que les essais d'une séance y ajoutent : d'autres demandes, d'autres dossiers, une autre séance."""

from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.dossiers.enums import EtatDeDemande
from parvis.dossiers.models import Demande, Dossier
from parvis.organismes.models import Organisme
from parvis.programmation.actions import arbitrages, seances
from parvis.programmation.actions.arbitrages import Propose
from parvis.programmation.enums import Resultat
from parvis.programmation.models import Arbitrage, Seance
from parvis.socle.montants import INSECABLE
from tests.fabriques import instances
from tests.fabriques.seances import Tenue
from tests.pilotage.test_dossiers import copier

NON = Propose(Resultat.REFUSE, motif="L’enveloppe est épuisée.")


def oui(montant: Decimal | int | str, **autres: Any) -> Propose:
    """Rend un accord de ce montant."""
    return Propose(Resultat.ACCORDE, Decimal(montant), **autres)


def demander(tenue: Tenue, financeur: Organisme, montant: int = 500, **valeurs: Any) -> Demande:
    """Ajoute une demande faite au dossier de la séance."""
    dossier = tenue.etude.dossier
    depart = {
        "exercice": dossier.exercice,
        "rang": 20 + dossier.demandes.count(),
        "montant_demande": Decimal(montant),
        "etat": EtatDeDemande.DEMANDEE,
        "demande_le": timezone.now(),
    }
    return Demande.objects.create(dossier=dossier, financeur=financeur, **(depart | valeurs))


def ajouter_des_dossiers(tenue: Tenue, nombre: int = 1) -> list[Dossier]:
    """Met à l'ordre du jour d'autres dossiers, pareils au premier."""
    copier(tenue.etude.dossier, nombre)
    autres = list(Dossier.objects.exclude(pk=tenue.etude.dossier.pk).order_by("pk"))
    seances.inscrire(par=tenue.pilote, seance=tenue.seance, dossiers=[d.pk for d in autres])
    return autres


def arbitrer(tenue: Tenue, demande: Demande, propose: Propose, **autres: Any) -> Arbitrage:
    """Arbitre une demande, comme la pilote."""
    depart = {"par": tenue.pilote, "seance": tenue.seance}
    return arbitrages.arbitrer(demande=demande, propose=propose, **(depart | autres))


def suivante(tenue: Tenue, dans_jours: int = 0, **valeurs: Any) -> Seance:
    """Prépare une autre séance de la même instance."""
    reunie = instances.reunion(tenue.pilote, tenue.instance, dans_jours=dans_jours, **valeurs)
    return seances.preparer_une_seance(
        par=tenue.pilote, reunion=reunie, exercice=tenue.seance.exercice
    )


def autre_pilote(tenue: Tenue) -> Acteur:
    """Rend une seconde pilote du même contrat."""
    ici = tenue.etude.ici
    return ici.monde.ajouter("paule", ici.monde.agglo, Role.PILOTE, contrat=ici.contrat.code)


def simple(texte: str) -> str:
    """Rend un texte sans espace insécable."""
    return texte.replace(INSECABLE, " ").replace("\u202f", " ")
