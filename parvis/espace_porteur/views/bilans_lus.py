"""Ce que lisent toutes les pages d'un bilan, du côté du porteur."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone

from parvis.comptes.acces import acteur_de
from parvis.dossiers.enums import SorteDeBilan
from parvis.dossiers.models import Dossier
from parvis.espace_porteur.views.suites import depose_lu
from parvis.evaluation.permissions import peut_ecrire_le_bilan, peut_rendre_le_bilan
from parvis.evaluation.queries.bilans import (
    BilanLu,
    Echeance,
    bilan_du_dossier,
    echeances,
    lire_le_bilan,
)
from parvis.evaluation.queries.decharges import phrase_de_la_decharge
from parvis.evaluation.rules.dire import dire_l_etat_au_porteur
from parvis.socle.templatetags.socle import jour as en_clair
from parvis.socle.vues import trouver


def bilan_lu(request: HttpRequest, contrat: str, pk: int, exercice: int, sorte: str) -> BilanLu:
    """Rend un bilan ouvert que l'acteur lit comme porteur ; lève Http404 pour tout autre."""
    dossier = depose_lu(request, contrat, pk)
    bilan = trouver(bilan_du_dossier, dossier, exercice, sorte)
    return lire_le_bilan(bilan, timezone.localdate())


def echeance_lue(dossier: Dossier, exercice: int, sorte: str) -> Echeance:
    """Rend un bilan que ce dossier doit, ou peut ouvrir ; lève Http404 s'il n'y en a pas à rendre."""
    jour = timezone.localdate()
    connues = echeances(dossier, jour)
    for echeance in connues:
        if (echeance.exercice, echeance.sorte) == (exercice, sorte):
            return echeance
    # Le définitif rendu, il n'y a plus de chemin à mi-parcours.
    doit = any(e.exercice == exercice and e.rendu_le is None for e in connues)
    if sorte == SorteDeBilan.INTERMEDIAIRE and doit:
        return Echeance(exercice, sorte, None, None, jour)
    raise Http404


def adresse_du_bilan(lu: BilanLu) -> tuple[str, int, int, str]:
    """Rend ce qui désigne un bilan dans une adresse du porteur."""
    bilan = lu.bilan
    return bilan.dossier.projet.contrat.code, bilan.dossier_id, bilan.exercice, bilan.sorte


def autour_du_bilan(request: HttpRequest, lu: BilanLu) -> dict[str, Any]:
    """Rend ce que montrent toutes les pages d'un bilan ouvert."""
    acteur, bilan = acteur_de(request), lu.bilan
    return {
        "contrat": bilan.dossier.projet.contrat,
        "dossier": bilan.dossier,
        "projet": bilan.dossier.projet,
        "bilan": bilan,
        "lu": lu,
        "sections": lu.sections.values(),
        "peut_ecrire": peut_ecrire_le_bilan(acteur, bilan),
        "peut_rendre": peut_rendre_le_bilan(acteur, bilan),
    }


def voisines(lu: BilanLu, code: str) -> dict[str, Any]:
    """Rend la section d'avant et celle d'après, dans l'ordre où on les remplit."""
    toutes = [jugee.section for jugee in lu.sections.values()]
    rang = next((rang for rang, une in enumerate(toutes) if une.code == code), len(toutes))
    return {
        "avant": toutes[rang - 1] if rang else None,
        "apres": toutes[rang + 1] if rang + 1 < len(toutes) else None,
    }


def phrase_de_l_etat(dossier: Dossier, echeance: Echeance) -> str:
    """Rend où en est un bilan, au porteur, ouvert ou non."""
    bilan = echeance.bilan
    if echeance.decharge:
        return f"{phrase_de_la_decharge(echeance.decharge)} Rien n’est à rendre ici."
    return dire_l_etat_au_porteur(
        etat=bilan.etat if bilan else "",
        issue=bilan.issue if bilan else "",
        service=dossier.version_d_appel.service or "l’équipe du contrat",
        attendu=en_clair(echeance.attendu_le),
        est_en_retard=echeance.est_en_retard,
        sorte=echeance.sorte,
    )
