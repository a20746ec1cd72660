"""Ce qu'une autorité a déjà accordé à chaque organisme sur un exercice, pour le seuil d'une convention."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from parvis.conventions.enums import EtatDActe, SorteDActe
from parvis.conventions.models import Acte, AutreSubvention
from parvis.dossiers.enums import EtatDeDemande, Guichet, SourceDuSuivi
from parvis.dossiers.models import Demande
from parvis.organismes.models import Organisme
from parvis.organismes.queries import membres_a_lire

ZERO = Decimal("0.00")


@dataclass
class Cumul:
    """Ce qu'un organisme reçoit d'une autorité sur l'exercice : voté, noté à part, et ses actes."""

    vote: Decimal = ZERO
    autres: list[AutreSubvention] = field(default_factory=list)
    actes: list[Acte] = field(default_factory=list)

    @property
    def ailleurs(self) -> Decimal:
        return sum((autre.montant for autre in self.autres), ZERO)

    @property
    def total(self) -> Decimal:
        return self.vote + self.ailleurs


def cumuls(financeur: Organisme, exercice: int, titulaires: Collection[int]) -> Mapping[int, Cumul]:
    """Rend le cumul de chaque organisme gardé, en un nombre fixe de requêtes.

    Tous les contrats comptent : la loi regarde l'autorité et l'organisme, pas le projet. Argent et
    nature comptent ; un vote d'ailleurs que le porteur a noté de mémoire, non.
    """
    rendus: dict[int, Cumul] = {pk: Cumul() for pk in titulaires}
    siens = membres_a_lire(financeur)
    for titulaire, somme in _votes(siens, exercice, titulaires):
        rendus[titulaire].vote += somme or ZERO
    autres = AutreSubvention.objects.filter(financeur__in=siens, exercice=exercice).annotate(
        garde=Coalesce("titulaire__fusionne_dans", "titulaire")
    )
    for autre in autres.filter(garde__in=titulaires):
        rendus[autre.garde].autres.append(autre)
    pris = (
        Acte.objects.filter(financeur__in=siens, exercice=exercice)
        .exclude(etat=EtatDActe.ANNULE)
        .exclude(sorte=SorteDActe.REFUS)
        .annotate(garde=Coalesce("titulaire__fusionne_dans", "titulaire"))
        .filter(garde__in=titulaires)
        .order_by("rang")
    )
    for acte in pris:
        rendus[acte.garde].actes.append(acte)  # type: ignore[attr-defined]
    return rendus


def _votes(siens, exercice: int, titulaires: Collection[int]):  # type: ignore[no-untyped-def]
    """Rend (organisme gardé, somme votée) : la structure porteuse passe avant le groupe qu'elle porte."""
    de_memoire = Q(guichet=Guichet.AILLEURS, suivi_source=SourceDuSuivi.PERSONNE)
    return (
        Demande.objects.filter(financeur__in=siens, exercice=exercice, etat=EtatDeDemande.ACCORDEE)
        .exclude(de_memoire)
        .annotate(
            garde=Coalesce(
                "dossier__projet__structure_porteuse__fusionne_dans",
                "dossier__projet__structure_porteuse",
                "dossier__projet__porteur__fusionne_dans",
                "dossier__projet__porteur",
            )
        )
        .filter(garde__in=titulaires)
        .order_by()
        .values("garde")
        .annotate(somme=Sum(F("montant_vote")))
        .values_list("garde", "somme")
    )


def autres_subventions(
    financeur: Organisme, exercice: int, titulaire: Organisme
) -> list[AutreSubvention]:
    """Rend ce que le financeur a noté donner à cet organisme hors de la plateforme."""
    return list(
        AutreSubvention.objects.filter(
            financeur__in=membres_a_lire(financeur),
            titulaire__in=membres_a_lire(titulaire),
            exercice=exercice,
        )
    )
