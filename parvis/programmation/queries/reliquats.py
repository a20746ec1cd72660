"""Ce qui reste à un financeur pendant une séance : ses enveloppes à lui, que nul autre ne lit."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from parvis.comptes.acteur import Acteur
from parvis.dossiers.enums import EtatDeDemande, NatureDeDemande
from parvis.programmation.models import Arbitrage, Enveloppe, Seance
from parvis.programmation.queries.decisions import demandes_recues, enveloppe_probable
from parvis.programmation.queries.enveloppes import enveloppes

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Reliquat:
    """Une enveloppe du service : ce qui attend déjà un vote, et ce que cette séance y prend."""

    enveloppe: Enveloppe
    attend: Decimal
    arbitre: Decimal

    @property
    def libre(self) -> Decimal:
        """Rend ce que la séance peut y prendre, ce qui attend déjà son vote déduit."""
        return self.enveloppe.montant_reste - self.attend

    @property
    def apres(self) -> Decimal:
        """Rend ce qui y restera ; négatif, la séance arbitre plus qu'il n'y a, ce qui se montre."""
        return self.libre - self.arbitre


def reliquats(acteur: Acteur, seance: Seance) -> list[Reliquat]:
    """Rend les enveloppes du service de l'acteur, en un nombre fixe de requêtes ; rien à tout autre.

    Une demande qui ne se prend encore nulle part compte dans la seule enveloppe de sa ligne, ou de
    l'exercice ; s'il y en a plusieurs, elle n'est dans aucune.
    """
    contrat = seance.reunion.instance.contrat
    siennes = list(enveloppes(acteur, contrat).filter(exercice=seance.exercice))
    if not siennes:
        return []
    ici = dict(
        Arbitrage.objects.filter(point__seance=seance, vaut=True).values_list("demande", "montant")
    )
    demandes = demandes_recues(acteur, contrat, seance.exercice).filter(
        Q(pk__in=ici) | Q(montant_arbitre__isnull=False),
        etat=EtatDeDemande.DEMANDEE,
        nature=NatureDeDemande.NUMERAIRE,
    )
    attend: dict[int, Decimal] = defaultdict(lambda: ZERO)
    arbitre: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for demande in demandes.select_related("imputation__enveloppe"):
        prise = enveloppe_probable(demande, siennes)
        if prise is None:
            continue
        if demande.pk in ici:
            arbitre[prise.pk] += ici[demande.pk] or ZERO
        else:
            attend[prise.pk] += demande.montant_arbitre or ZERO
    return [Reliquat(une, attend[une.pk], arbitre[une.pk]) for une in siennes]


def apport_possible(lus: list[Reliquat]) -> Decimal:
    """Rend ce que le service peut apporter en tout : le reste de ses enveloppes, jamais moins que rien."""
    return max(ZERO, sum((un.libre for un in lus), ZERO))
