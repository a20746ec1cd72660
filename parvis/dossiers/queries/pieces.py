"""Les pièces d'un dossier, et celles que le porteur a déjà données."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.permissions import agit_pour
from parvis.dossiers.models import Dossier, PieceDAppel, PieceDeDossier
from parvis.dossiers.permissions import peut_lire_la_piece
from parvis.dossiers.queries.a_part import pieces_voulues
from parvis.organismes.queries import membres


@dataclass(frozen=True)
class PieceLue:
    """Une pièce que l'appel demande, les fichiers joints, et ceux d'avant que l'on peut reprendre."""

    piece: PieceDAppel
    jointes: list[PieceDeDossier]
    a_reprendre: list[PieceDeDossier]


def pieces(acteur: Acteur, dossier: Dossier) -> list[PieceLue]:
    """Rend les pièces que l'appel demande à ce porteur, en un nombre fixe de requêtes."""
    jointes = list(dossier.pieces.select_related("fichier"))
    empreintes = {jointe.fichier.empreinte for jointe in jointes}
    anciennes = list(pieces_a_reprendre(acteur, dossier))
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


def pieces_a_reprendre(
    acteur: Acteur, dossier: Dossier, cle: str | None = None
) -> QuerySet[PieceDeDossier]:
    """Rend ce que d'autres dossiers du même porteur ont joint et qui vaut encore, le dernier d'abord.

    Rien à qui attend sa confirmation, ni à qui n'est là que pour recevoir l'argent : le passé d'un
    organisme se lit entre ses membres.
    """
    porteur = dossier.projet.porteur.retenu
    if not (acteur.est_confirme and agit_pour(acteur, porteur)):
        return PieceDeDossier.objects.none()
    autres = PieceDeDossier.objects.filter(
        Q(valable_jusqu_au__isnull=True) | Q(valable_jusqu_au__gte=timezone.localdate()),
        dossier__projet__porteur__in=membres(porteur),
        fichier__efface_le__isnull=True,
    ).exclude(dossier=dossier)
    if cle is not None:
        autres = autres.filter(cle=cle)
    return autres.select_related("fichier", "dossier").order_by("-ajoutee_le", "-pk")


def piece(acteur: Acteur, dossier: Dossier, pk: int) -> PieceDeDossier:
    """Rend une pièce jointe à ce dossier, que cet acteur lit ; lève PieceDeDossier.DoesNotExist."""
    jointe = dossier.pieces.select_related("fichier").get(pk=pk)
    if not peut_lire_la_piece(acteur, dossier.projet, jointe.cle):
        raise PieceDeDossier.DoesNotExist
    return jointe
