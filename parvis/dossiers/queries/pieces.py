"""Les pièces d'un dossier, et celles que le porteur a déjà données."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.dossiers.models import Dossier, PieceDAppel, PieceDeDossier
from parvis.dossiers.queries.controle import pieces_voulues
from parvis.organismes.queries import membres


@dataclass(frozen=True)
class PieceLue:
    """Une pièce que l'appel demande, les fichiers joints, et ceux d'avant que l'on peut reprendre."""

    piece: PieceDAppel
    jointes: list[PieceDeDossier]
    a_reprendre: list[PieceDeDossier]


def pieces(acteur: Acteur, dossier: Dossier) -> list[PieceLue]:
    """Rend les pièces que l'appel demande à ce porteur, en trois requêtes."""
    jointes = list(dossier.pieces.select_related("fichier"))
    empreintes = {jointe.fichier.empreinte for jointe in jointes}
    anciennes = list(pieces_a_reprendre(dossier))
    lues = []
    for piece in pieces_voulues(dossier):
        a_reprendre: dict[str, PieceDeDossier] = {}
        for ancienne in anciennes:
            empreinte = ancienne.fichier.empreinte
            if ancienne.cle == piece.cle and empreinte not in empreintes:
                a_reprendre.setdefault(empreinte, ancienne)
        siennes = [jointe for jointe in jointes if jointe.cle == piece.cle]
        lues.append(PieceLue(piece, siennes, list(a_reprendre.values())[:3]))
    return lues


def pieces_a_reprendre(dossier: Dossier, cle: str | None = None) -> QuerySet[PieceDeDossier]:
    """Rend ce que d'autres dossiers du même porteur ont joint et qui vaut encore, le dernier d'abord."""
    autres = PieceDeDossier.objects.filter(
        Q(valable_jusqu_au__isnull=True) | Q(valable_jusqu_au__gte=timezone.localdate()),
        dossier__projet__porteur__in=membres(dossier.projet.porteur.retenu),
        fichier__efface_le__isnull=True,
    ).exclude(dossier=dossier)
    if cle is not None:
        autres = autres.filter(cle=cle)
    return autres.select_related("fichier").order_by("-ajoutee_le", "-pk")


def piece(acteur: Acteur, dossier: Dossier, pk: int) -> PieceDeDossier:
    """Rend une pièce jointe à ce dossier ; lève PieceDeDossier.DoesNotExist pour toute autre."""
    return dossier.pieces.select_related("fichier").get(pk=pk)
