"""Joindre une pièce à un dossier, en reprendre une d'une autre année, la retirer."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.documents.actions import FichierControle, effacer, ranger
from parvis.documents.models import Fichier
from parvis.dossiers.actions.journal import noter_le_dossier
from parvis.dossiers.actions.sections import exiger_l_ecriture, tenir_le_dossier
from parvis.dossiers.models import Dossier, PieceDAppel, PieceDeDossier
from parvis.dossiers.queries.controle import pieces_voulues
from parvis.dossiers.queries.pieces import pieces_a_reprendre
from parvis.dossiers.rules.recepisse import apres_des_mois
from parvis.socle.refus import Refus

FICHIERS_PAR_PIECE = 10


@transaction.atomic
def joindre_une_piece(
    *,
    par: Acteur,
    dossier: Dossier,
    cle: str,
    controle: FichierControle,
    valable_jusqu_au: date | None = None,
) -> PieceDeDossier:
    """Joint un fichier déjà contrôlé ; le même fichier envoyé deux fois n'est joint qu'une.

    Sans date donnée, il vaut le temps que l'appel accorde à cette pièce. Lève Refus.
    """
    dossier, piece = _tenir_pour_joindre(par, dossier, cle)
    jointes = dossier.pieces.filter(cle=cle).select_related("fichier")
    for jointe in jointes:
        if jointe.fichier.empreinte == controle.empreinte:
            return jointe
    return _joindre(par, dossier, piece, ranger(par=par, controle=controle), valable_jusqu_au)


@transaction.atomic
def reprendre_une_piece(*, par: Acteur, dossier: Dossier, cle: str, fichier: int) -> PieceDeDossier:
    """Joint un fichier qu'un autre dossier du même porteur a déjà pour cette pièce.

    Lève PieceDeDossier.DoesNotExist s'il n'est pas à ce porteur, ou ne vaut plus.
    """
    dossier, piece = _tenir_pour_joindre(par, dossier, cle)
    ancienne = pieces_a_reprendre(dossier, cle).filter(fichier=fichier).first()
    if ancienne is None:
        raise PieceDeDossier.DoesNotExist
    deja = dossier.pieces.filter(cle=cle, fichier=fichier).first()
    return deja or _joindre(par, dossier, piece, ancienne.fichier, ancienne.valable_jusqu_au)


def _tenir_pour_joindre(par: Acteur, dossier: Dossier, cle: str) -> tuple[Dossier, PieceDAppel]:
    dossier = tenir_le_dossier(par, dossier)
    exiger_l_ecriture(dossier, "pieces", cle)
    piece = next((p for p in pieces_voulues(dossier) if p.cle == cle), None)
    if piece is None:
        raise PieceDeDossier.DoesNotExist
    if dossier.pieces.filter(cle=cle).count() >= FICHIERS_PAR_PIECE:
        raise Refus([f"{piece.libelle} : {FICHIERS_PAR_PIECE} fichiers au plus."])
    return dossier, piece


def _joindre(
    par: Acteur,
    dossier: Dossier,
    piece: PieceDAppel,
    fichier: Fichier,
    valable_jusqu_au: date | None,
) -> PieceDeDossier:
    if valable_jusqu_au is None and piece.duree_de_validite:
        valable_jusqu_au = apres_des_mois(timezone.localdate(), piece.duree_de_validite)
    jointe = PieceDeDossier.objects.create(
        dossier=dossier,
        cle=piece.cle,
        fichier=fichier,
        valable_jusqu_au=valable_jusqu_au,
        ajoutee_le=timezone.now(),
        ajoutee_par=par.utilisateur_nom,
    )
    noter_le_dossier(
        par,
        "dossiers.joindre_une_piece",
        dossier,
        {"piece": piece.libelle, "empreinte": fichier.empreinte},
    )
    return jointe


@transaction.atomic
def retirer_une_piece(*, par: Acteur, dossier: Dossier, pk: int) -> None:
    """Retire un fichier d'un brouillon ; ses octets s'effacent si nul autre dossier ne l'a.

    Lève PieceDeDossier.DoesNotExist s'il n'est pas à ce dossier.
    """
    dossier = tenir_le_dossier(par, dossier)
    jointe = dossier.pieces.select_related("fichier").get(pk=pk)
    exiger_l_ecriture(dossier, "pieces", jointe.cle)
    derniere = dossier.versions_deposees.first()
    if derniere is not None and jointe.ajoutee_le <= derniere.deposee_le:
        raise Refus(["Ce fichier a été déposé : il reste. Ajoutez le bon à côté."])
    fichier = jointe.fichier
    noter_le_dossier(
        par,
        "dossiers.retirer_une_piece",
        dossier,
        {"piece": jointe.cle, "empreinte": fichier.empreinte},
    )
    jointe.delete()
    effacer_les_inutiles(par, [fichier])


def effacer_les_inutiles(par: Acteur, fichiers: Iterable[Fichier]) -> None:
    """Efface les fichiers que plus aucun dossier ne joint."""
    for fichier in fichiers:
        if not PieceDeDossier.objects.filter(fichier=fichier).exists():
            effacer(par=par, fichier=fichier)
