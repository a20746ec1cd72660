"""La vie d'un lot d'adresses : déposé, situé en travail long, téléchargé, effacé."""

import base64
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.carte.models import Lot
from parvis.carte.rules import (
    DUREE_DE_GARDE,
    DUREE_DU_DECOMPTE,
    LIGNES_MAX,
    NATURE,
    motifs_empechant_le_depot,
)
from parvis.comptes.acteur import Acteur
from parvis.journal.actions import noter, tenir_la_chaine
from parvis.socle.chiffre import chiffrer, dechiffrer
from parvis.socle.refus import Refus, exiger
from parvis.socle.tableur import ecrire_tableau, lire_tableau
from parvis.territoires.queries.lots import LotSitue, situer_un_tableau
from parvis.territoires.rules.colonnes import ColonnesInconnues, reconnaitre_les_colonnes
from parvis.travaux import actions as travaux
from parvis.travaux.rules import TravailAnnule, TravailPerdu

logger = logging.getLogger(__name__)

_USAGE = "lot-d-adresses"
_CSV, _XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class EchecDuLot(Exception):
    """Un tableau n'a pas pu être situé ; son message ne cite rien de ce qu'il contient."""


@dataclass(frozen=True)
class Fichier:
    """Le tableau rendu : ses octets, sa sorte, et le nom sous lequel il s'enregistre."""

    octets: bytes
    sorte: str
    nom: str


def deposer_un_lot(
    *, par: Acteur, contrat: Contrat, nom: str, octets: bytes, millesimes: Sequence[int]
) -> Lot:
    """Garde un tableau, chiffré, et met son travail en file ; lève Refus s'il ne se lit pas."""
    assert par.utilisateur is not None, "la page ne s'ouvre qu'à une personne connectée"
    # Un fichier lourd ne se lit pas pour rien : le nombre de lots ouverts se vérifie avant, et après.
    exiger(motifs_empechant_le_depot(lignes=1, ouverts=_ouverts(par)))
    tableau = lire_tableau(octets, nom, lignes_max=LIGNES_MAX)
    try:
        reconnaitre_les_colonnes(tableau.colonnes, tableau.lignes[:200])
    except ColonnesInconnues as erreur:
        raise Refus([str(erreur)]) from None
    with transaction.atomic():
        # D'abord la chaîne : deux dépôts à la fois se comptent l'un après l'autre.
        tenir_la_chaine(contrat.code)
        exiger(motifs_empechant_le_depot(lignes=len(tableau.lignes), ouverts=_ouverts(par)))
        lot = Lot.objects.create(
            contrat=contrat,
            demandeur=par.utilisateur,
            depose_le=timezone.now(),
            fichier=nom[-200:],
            millesimes=list(millesimes),
            lignes=len(tableau.lignes),
            contenu=_fermer(octets),
        )
        _mettre_en_file(par, lot)
        # Le journal retient qu'un tableau a été situé : ni son nom, ni rien de ce qu'il contient.
        noter(
            par=par,
            contrat=contrat.code,
            action="carte.deposer_un_lot",
            objet=f"lot:{lot.identifiant}",
            objet_nom="un tableau d’adresses",
            details={"lignes": lot.lignes},
        )
    return lot


@transaction.atomic
def recommencer_le_lot(*, par: Acteur, lot: Lot) -> None:
    """Situe de nouveau un tableau encore gardé ; lève Refus s'il est effacé ou déjà en cours."""
    a_jour = Lot.objects.select_for_update(of=("self",)).select_related("travail").get(pk=lot.pk)
    if not a_jour.contenu:
        raise Refus(["Ce tableau a été effacé : déposez-le de nouveau."])
    if a_jour.travail and a_jour.travail.est_ouvert:
        raise Refus(["Ce tableau est déjà en cours."])
    a_jour.resultat, a_jour.pret_le, a_jour.decompte = "", None, {}
    a_jour.save(update_fields=["resultat", "pret_le", "decompte"])
    _mettre_en_file(par, a_jour)


def mener_le_lot(parametres: dict[str, Any], avancer: Callable[..., None]) -> dict[str, Any]:
    """Situe le tableau d'un lot et garde le résultat, chiffré ; rien si le lot a été effacé."""
    lot = Lot.objects.get(pk=parametres["lot"])
    if not lot.contenu:
        return {}
    try:
        octets, decompte = _situer(lot, avancer)
    except (TravailAnnule, TravailPerdu):
        raise
    except Exception as erreur:
        # Ce que dit l'erreur peut citer une ligne du tableau : on n'en retient que la sorte.
        logger.error("lot d'adresses échoué", extra={"erreur": type(erreur).__name__})
        raise EchecDuLot("Le tableau n’a pas pu être situé.") from None
    # Effacé entre-temps : rien n'est écrit, l'effacement l'emporte.
    Lot.objects.filter(pk=lot.pk, efface_le__isnull=True).update(
        resultat=_fermer(octets), pret_le=timezone.now(), decompte=decompte
    )
    return {}


def _situer(lot: Lot, avancer: Callable[..., None]) -> tuple[bytes, dict[str, Any]]:
    tableau = lire_tableau(_ouvrir(lot.contenu), lot.fichier)
    total = len(tableau.lignes)
    situe = situer_un_tableau(
        tableau, lot.millesimes, lambda fait: avancer(min(fait, total), total)
    )
    return ecrire_tableau(tableau, situe.colonnes, situe.lignes), _decompte(situe)


@transaction.atomic
def telecharger_le_lot(*, par: Acteur, lot: Lot) -> Fichier:
    """Rend le tableau situé et l'efface du site, avec l'original ; lève Refus s'il n'est pas prêt."""
    a_jour = Lot.objects.select_for_update().get(pk=lot.pk)
    if not a_jour.est_pret:
        raise Refus(["Ce tableau n’est pas prêt, ou il a déjà été téléchargé."])
    octets = _ouvrir(a_jour.resultat)
    debut, _, extension = a_jour.fichier.rpartition(".")
    est_un_classeur = octets[:2] == b"PK"
    nom = f"{debut or extension or 'adresses'}-situe.{'xlsx' if est_un_classeur else 'csv'}"
    _effacer(a_jour)
    return Fichier(octets, _XLSX if est_un_classeur else _CSV, nom)


@transaction.atomic
def effacer_le_lot(*, par: Acteur, lot: Lot) -> None:
    """Efface un tableau et son résultat, et annule son travail ; le décompte sans nom reste."""
    a_jour = Lot.objects.select_for_update(of=("self",)).select_related("travail").get(pk=lot.pk)
    if a_jour.travail:
        travaux.annuler(travail=a_jour.travail)
    _effacer(a_jour)


def oublier_les_lots_echus() -> int:
    """Efface les tableaux que personne n'est revenu chercher, et les vieux décomptes ; rend leur nombre."""
    maintenant = timezone.now()
    Lot.objects.filter(efface_le__lt=maintenant - DUREE_DU_DECOMPTE).delete()
    limite = maintenant - DUREE_DE_GARDE
    echus = Lot.objects.filter(depose_le__lt=limite, efface_le__isnull=True)
    return echus.update(contenu="", resultat="", fichier="", pret_le=None, efface_le=timezone.now())


def _ouverts(par: Acteur) -> int:
    return Lot.objects.filter(demandeur=par.utilisateur, efface_le__isnull=True).count()


def _mettre_en_file(par: Acteur, lot: Lot) -> None:
    lot.travail = travaux.demander(
        par=par,
        nature=NATURE,
        parametres={"lot": lot.pk},
        contrat=lot.contrat.code,
        total=lot.lignes,
    )
    lot.save(update_fields=["travail"])


def _effacer(lot: Lot) -> None:
    lot.contenu, lot.resultat, lot.fichier = "", "", ""
    lot.pret_le, lot.efface_le = None, timezone.now()
    lot.save(update_fields=["contenu", "resultat", "fichier", "pret_le", "efface_le"])


def _decompte(situe: LotSitue) -> dict[str, Any]:
    return {
        "millesimes": [
            {
                "millesime": d.millesime,
                "reponses": dict(d.reponses),
                "quartiers": [
                    {"code": code, "nom": d.noms[code], "nombre": nombre}
                    for code, nombre in d.quartiers.most_common()
                ],
            }
            for d in situe.decomptes
        ],
        "avertissements": situe.avertissements,
    }


def _fermer(octets: bytes) -> str:
    return chiffrer(_USAGE, base64.b64encode(octets).decode())


def _ouvrir(chiffre: str) -> bytes:
    return base64.b64decode(dechiffrer(_USAGE, chiffre))
