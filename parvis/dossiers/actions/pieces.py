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
from parvis.dossiers.queries.a_part import pieces_voulues
from parvis.dossiers.queries.pieces import pieces_a_reprendre
from parvis.dossiers.rules.depot import FICHIERS_PAR_PIECE
from parvis.dossiers.rules.recepisse import apres_des_mois
from parvis.socle.refus import Refus


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
    dossier, piece, jointes = _tenir_pour_joindre(par, dossier, cle)
    for jointe in jointes:
        if jointe.fichier.empreinte == controle.empreinte:
            return jointe
    return _joindre(par, dossier, piece, ranger(par=par, controle=controle), valable_jusqu_au)


@transaction.atomic
def reprendre_une_piece(*, par: Acteur, dossier: Dossier, cle: str, fichier: int) -> PieceDeDossier:
    """Joint un fichier qu'un autre dossier du même porteur a déjà pour cette pièce.

    Lève PieceDeDossier.DoesNotExist s'il n'est pas à ce porteur, ou ne vaut plus.
    """
    dossier, piece, jointes = _tenir_pour_joindre(par, dossier, cle)
    ancienne = pieces_a_reprendre(par, dossier, cle).filter(fichier=fichier).first()
    # Tenu : nul ne l'efface pendant qu'on le joint.
    if ancienne is None:
        raise PieceDeDossier.DoesNotExist
    if tenir_les_fichiers([ancienne.fichier])[ancienne.fichier_id].est_efface:
        raise PieceDeDossier.DoesNotExist
    deja = next((jointe for jointe in jointes if jointe.fichier_id == fichier), None)
    return deja or _joindre(par, dossier, piece, ancienne.fichier, ancienne.valable_jusqu_au)


@transaction.atomic
def reprendre_les_pieces(*, par: Acteur, dossier: Dossier, de: Dossier) -> list[PieceDeDossier]:
    """Joint d'un coup ce qu'un autre dossier du porteur a joint, que l'appel demande et qui vaut encore.

    Lève Refus si le dossier est déposé.
    """
    dossier = tenir_le_dossier(par, dossier)
    exiger_l_ecriture(dossier, "pieces")
    voulues = {piece.cle: piece for piece in pieces_voulues(dossier)}
    deja = set(dossier.pieces.values_list("cle", "fichier"))
    anciennes = [
        ancienne
        for ancienne in pieces_a_reprendre(par, dossier).filter(dossier=de)
        if ancienne.cle in voulues and (ancienne.cle, ancienne.fichier_id) not in deja
    ]
    tenus = tenir_les_fichiers({ancienne.fichier for ancienne in anciennes})
    return [
        _joindre(par, dossier, voulues[a.cle], a.fichier, a.valable_jusqu_au)
        for a in anciennes
        if not tenus[a.fichier_id].est_efface
    ]


def _tenir_pour_joindre(
    par: Acteur, dossier: Dossier, cle: str
) -> tuple[Dossier, PieceDAppel, list[PieceDeDossier]]:
    dossier = tenir_le_dossier(par, dossier)
    exiger_l_ecriture(dossier, "pieces", cle)
    piece = next((p for p in pieces_voulues(dossier) if p.cle == cle), None)
    if piece is None:
        raise PieceDeDossier.DoesNotExist
    jointes = list(dossier.pieces.filter(cle=cle).select_related("fichier"))
    if len(jointes) >= FICHIERS_PAR_PIECE:
        raise Refus([f"{piece.libelle} : {FICHIERS_PAR_PIECE} fichiers au plus."])
    return dossier, piece, jointes


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
    _marquer(dossier)
    # En dernier : la chaîne du journal, que tous attendent, n'est tenue que le temps d'y écrire.
    noter_le_dossier(
        par,
        "dossiers.joindre_une_piece",
        dossier,
        {"piece": piece.libelle, "empreinte": fichier.empreinte},
    )
    return jointe


@transaction.atomic
def dater_une_piece(
    *, par: Acteur, dossier: Dossier, pk: int, valable_jusqu_au: date | None
) -> PieceDeDossier:
    """Corrige jusqu'à quand vaut un fichier joint ; lève PieceDeDossier.DoesNotExist, ou Refus."""
    dossier = tenir_le_dossier(par, dossier)
    jointe = dossier.pieces.select_related("fichier").get(pk=pk)
    exiger_l_ecriture(dossier, "pieces", jointe.cle)
    if jointe.valable_jusqu_au != valable_jusqu_au:
        jointe.valable_jusqu_au = valable_jusqu_au
        jointe.save(update_fields=["valable_jusqu_au"])
        fin = valable_jusqu_au.isoformat() if valable_jusqu_au else ""
        details = {"piece": _libelle(dossier, jointe.cle), "fin": fin}
        noter_le_dossier(par, "dossiers.dater_une_piece", dossier, details)
    return jointe


@transaction.atomic
def retirer_une_piece(*, par: Acteur, dossier: Dossier, pk: int) -> None:
    """Retire un fichier d'un dossier ; ses octets s'effacent si plus rien ne s'en sert.

    Lève PieceDeDossier.DoesNotExist s'il n'est pas à ce dossier.
    """
    dossier = tenir_le_dossier(par, dossier)
    jointe = dossier.pieces.select_related("fichier").get(pk=pk)
    exiger_l_ecriture(dossier, "pieces", jointe.cle)
    fichier = jointe.fichier
    tenir_les_fichiers([fichier])
    details = {"piece": _libelle(dossier, jointe.cle), "empreinte": fichier.empreinte}
    noter_le_dossier(par, "dossiers.retirer_une_piece", dossier, details)
    jointe.delete()
    _marquer(dossier)
    effacer_les_inutiles(par, [fichier])


def _libelle(dossier: Dossier, cle: str) -> str:
    piece = dossier.version_d_appel.pieces.filter(cle=cle).first()
    return piece.libelle if piece else cle


def effacer_les_inutiles(par: Acteur, fichiers: Iterable[Fichier]) -> None:
    """Efface les fichiers, déjà tenus, que plus aucun dossier ne joint et qui n'ont jamais été déposés."""
    for fichier in fichiers:
        if not fichier.pieces.exists() and not fichier.versions_deposees.exists():
            effacer(par=par, fichier=fichier)


def tenir_les_fichiers(fichiers: Iterable[Fichier]) -> dict[int, Fichier]:
    """Rend ces fichiers verrouillés, par identifiant : nul ne les joint ni ne les efface d'ici la fin.

    Ils se prennent après le dossier et avant la chaîne du journal.
    """
    pks = [fichier.pk for fichier in fichiers]
    return {f.pk: f for f in Fichier.objects.select_for_update().filter(pk__in=pks).order_by("pk")}


def _marquer(dossier: Dossier) -> None:
    dossier.modifie_le = timezone.now()
    dossier.save(update_fields=["modifie_le"])
