"""Les pièces d'un dossier, et celles que le porteur a déjà données."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.permissions import agit_pour
from parvis.dossiers.enums import EtatDeDossier, EtatDeSection
from parvis.dossiers.models import Dossier, PieceDAppel, PieceDeDossier
from parvis.dossiers.permissions import peut_ecrire_le_projet, peut_lire_la_piece
from parvis.dossiers.queries.a_part import pieces_voulues
from parvis.dossiers.rules.compte_bancaire import est_bancaire
from parvis.dossiers.rules.depot import FICHIERS_PAR_PIECE
from parvis.organismes.queries import membres


@dataclass(frozen=True)
class PieceLue:
    """Une pièce que l'appel demande, les fichiers joints, et ceux d'avant que l'on peut reprendre."""

    piece: PieceDAppel
    jointes: list[PieceDeDossier]
    a_reprendre: list[PieceDeDossier]
    # Un complément demandé rouvre parfois une seule pièce.
    est_ouverte: bool
    # Un relevé d'identité bancaire ne s'ouvre qu'à qui signe.
    peut_lire: bool
    jour: date

    @property
    def est_bancaire(self) -> bool:
        return est_bancaire(self.piece.cle)

    @property
    def est_perimee(self) -> bool:
        """Dit si ce qui est joint ne vaut plus : aucun fichier n'est encore valable."""
        fins = [jointe.valable_jusqu_au for jointe in self.jointes]
        return bool(fins) and all(fin is not None and fin < self.jour for fin in fins)

    @property
    def etat(self) -> EtatDeSection:
        """Rend où en est la pièce, dans les mots d'une section."""
        if self.est_perimee:
            return EtatDeSection.A_CORRIGER
        return EtatDeSection.COMPLETE if self.jointes else EtatDeSection.VIDE

    @property
    def reste(self) -> int:
        """Rend combien de fichiers peuvent encore s'y joindre."""
        return max(0, FICHIERS_PAR_PIECE - len(self.jointes))


def pieces(acteur: Acteur, dossier: Dossier) -> list[PieceLue]:
    """Rend les pièces que l'appel demande à ce porteur, en un nombre fixe de requêtes."""
    # Chargées avec leur fichier, elles servent à tout ce que la page dit d'elles.
    avec_leur_fichier = PieceDeDossier.objects.select_related("fichier")
    prefetch_related_objects([dossier], Prefetch("pieces", queryset=avec_leur_fichier))
    jointes = list(dossier.pieces.all())
    empreintes = {jointe.fichier.empreinte for jointe in jointes}
    anciennes = list(pieces_a_reprendre(acteur, dossier))
    ouvertes, jour = _cles_ouvertes(acteur, dossier), timezone.localdate()
    lues = []
    for piece in pieces_voulues(dossier):
        a_reprendre: dict[str, PieceDeDossier] = {}
        for ancienne in anciennes:
            empreinte = ancienne.fichier.empreinte
            if ancienne.cle == piece.cle and empreinte not in empreintes:
                a_reprendre.setdefault(empreinte, ancienne)
        siennes = [jointe for jointe in jointes if jointe.cle == piece.cle]
        lues.append(
            PieceLue(
                piece,
                siennes,
                list(a_reprendre.values())[:3],
                est_ouverte=ouvertes is None or piece.cle in ouvertes,
                peut_lire=peut_lire_la_piece(acteur, dossier.projet, piece.cle),
                jour=jour,
            )
        )
    return lues


def piece_a_joindre(acteur: Acteur, dossier: Dossier, cle: str) -> tuple[PieceDAppel, bool]:
    """Rend une pièce que l'appel demande, et si l'acteur peut la joindre.

    Lève PieceDAppel.DoesNotExist si l'appel ne la demande pas à ce porteur.
    """
    for piece in pieces_voulues(dossier):
        if piece.cle == cle:
            ouvertes = _cles_ouvertes(acteur, dossier)
            return piece, ouvertes is None or cle in ouvertes
    raise PieceDAppel.DoesNotExist


def _cles_ouvertes(acteur: Acteur, dossier: Dossier) -> set[str] | None:
    """Rend les pièces que l'acteur peut joindre ; None, toutes : un brouillon, ou un complément large."""
    if not peut_ecrire_le_projet(acteur, dossier.projet):
        return set()
    if dossier.est_un_brouillon:
        return None
    demandes = dossier.complements.filter(section="pieces", repondu_le__isnull=True)
    cles = set(demandes.values_list("piece", flat=True))
    est_large = "" in cles and dossier.etat == EtatDeDossier.A_COMPLETER
    return None if est_large else cles if dossier.etat == EtatDeDossier.A_COMPLETER else set()


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
