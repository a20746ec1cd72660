"""Composer des actes en lot : chacun gardé dès qu'il est fait, repris où l'on s'est arrêté."""

import logging
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.comptes.models import Utilisateur
from parvis.comptes.queries.rattachements import rattachements_de
from parvis.conventions.document.acte import en_donnees_a_imprimer
from parvis.conventions.enums import EtatDActe
from parvis.conventions.models import Acte
from parvis.conventions.permissions import prend_des_actes
from parvis.conventions.queries.actes import actes, lignes_de
from parvis.conventions.queries.compositions import NATURE, dernier_lot
from parvis.conventions.queries.impression import GABARIT, a_imprimer, nom_de_fichier
from parvis.documents.actions import FichierControle, ranger
from parvis.documents.enums import Sorte, Verdict
from parvis.socle.refus import exiger
from parvis.socle.typographie import ImpressionImpossible, composer_un_pdf
from parvis.travaux import actions as travaux
from parvis.travaux.models import Travail

logger = logging.getLogger(__name__)
# Deux typographes à la fois : chacun est un processus, et la base n'attend qu'entre deux.
_A_LA_FOIS = 2
ECHEC = "Des actes n’ont pas pu être composés."


class EchecDesActes(Exception):
    """Des actes n'ont pas pu être composés ; le message n'en cite rien."""


@transaction.atomic
def demander_la_composition(*, par: Acteur, contrat: Contrat) -> Travail:
    """Met en file la composition des actes en préparation du service ; un lot déjà ouvert suffit.

    Lève Refus s'il n'y a rien à composer, et Acte.DoesNotExist à qui ne prend pas d'actes.
    """
    if not prend_des_actes(par) or par.rattachement is None:
        raise Acte.DoesNotExist
    dernier = dernier_lot(par, contrat)
    if dernier is not None and dernier.est_ouvert and not dernier.annulation_demandee:
        return dernier
    nombre = actes(par, contrat).filter(etat=EtatDActe.PREPARE).count()
    exiger([] if nombre else ["Aucun acte n’attend d’être composé."])
    return travaux.demander(
        par=par,
        nature=NATURE,
        parametres={
            "cle": uuid.uuid4().hex,
            "contrat": contrat.pk,
            "rattachement": par.rattachement.pk,
        },
        contrat=contrat.code,
        total=nombre,
    )


@transaction.atomic
def annuler_la_composition(*, par: Acteur, contrat: Contrat) -> None:
    """Arrête le lot que l'acteur attend : ce qui est composé le reste. Sans effet s'il n'attend rien."""
    lot = dernier_lot(par, contrat)
    if lot is not None and lot.est_ouvert:
        travaux.annuler(travail=lot)


def mener_la_composition(
    parametres: Mapping[str, Any], avancer: Callable[..., None]
) -> dict[str, Any]:
    """Compose un à un les actes en préparation de qui l'a demandé ; annulé ou coupé, il se reprend.

    Lève EchecDesActes si l'un ne se compose pas, une fois les autres faits.
    """
    acteur, contrat = _acteur_et_contrat(parametres)
    faits, rates = 0, set[int]()
    with ThreadPoolExecutor(max_workers=_A_LA_FOIS) as fils:
        # Ce qui se prépare ou se corrige pendant ce temps se compose à la suite.
        while restants := _restants(acteur, contrat, rates):
            avancer(faits, faits + len(restants))
            for debut in range(0, len(restants), _A_LA_FOIS):
                gardes, manques = _composer(acteur, restants[debut : debut + _A_LA_FOIS], fils)
                faits, rates = faits + gardes, rates | manques
                avancer(faits)
    if rates:
        raise EchecDesActes(ECHEC)
    return {"actes": faits}


def composer_un_acte(*, par: Acteur, acte: Acte, date: datetime) -> bool:
    """Compose un acte en préparation sans attendre un lot, et le garde ; lève ImpressionImpossible."""
    dit = en_donnees_a_imprimer(a_imprimer(acte, lignes_de(acte)))
    return _garder(par, acte, dit, composer_un_pdf(GABARIT, dit, date), date)


def _restants(acteur: Acteur, contrat: Contrat, rates: set[int]) -> list[Acte]:
    attendus = actes(acteur, contrat).filter(etat=EtatDActe.PREPARE).exclude(pk__in=rates)
    return list(attendus.order_by("pk"))


def _composer(par: Acteur, lot: list[Acte], fils: ThreadPoolExecutor) -> tuple[int, set[int]]:
    """Compose ces actes à la fois et garde chacun ; rend combien le sont, et ceux qui ont échoué."""
    date = timezone.now()
    # Ce que dit l'acte se lit ici ; le fil n'ouvre pas la base, il attend le typographe.
    dits = [en_donnees_a_imprimer(a_imprimer(acte, lignes_de(acte))) for acte in lot]
    futurs = [fils.submit(composer_un_pdf, GABARIT, dit, date) for dit in dits]
    faits, rates = 0, set[int]()
    for acte, dit, futur in zip(lot, dits, futurs, strict=True):
        try:
            faits += _garder(par, acte, dit, futur.result(), date)
        except ImpressionImpossible as erreur:
            # Ce que dit l'erreur peut citer l'acte : on n'en retient que la sorte.
            logger.error("acte non composé", extra={"erreur": type(erreur).__name__})
            rates.add(acte.pk)
    return faits, rates


def _garder(par: Acteur, acte: Acte, dit: Any, octets: bytes, date: datetime) -> bool:
    """Garde un acte composé s'il est toujours à composer et dit la même chose ; dit s'il l'est."""
    nom = f"{nom_de_fichier(acte)}.pdf"
    controle = FichierControle(nom, Sorte.PDF, octets, Verdict.NON_CONTROLE)
    with transaction.atomic():
        tenu = Acte.objects.select_for_update().get(pk=acte.pk)
        # Son texte, son échéancier, ses projets : ce qui a changé pendant ce temps se compose de nouveau.
        est_le_meme = en_donnees_a_imprimer(a_imprimer(tenu, lignes_de(tenu))) == dit
        if tenu.etat != EtatDActe.PREPARE or not est_le_meme:
            return False
        tenu.fichier = ranger(par=par, controle=controle)
        tenu.etat, tenu.compose_le = EtatDActe.A_SIGNER, date
        tenu.save(update_fields=["etat", "compose_le", "fichier"])
    return True


def _acteur_et_contrat(parametres: Mapping[str, Any]) -> tuple[Acteur, Contrat]:
    """Rend qui a demandé, avec le même rôle s'il l'a toujours ; lève EchecDesActes sinon."""
    travail = Travail.objects.get(nature=NATURE, parametres__cle=parametres["cle"])
    personne = Utilisateur.objects.filter(pk=travail.demande_par, is_active=True).first()
    if personne is None:
        raise EchecDesActes(ECHEC)
    siens = {r.pk: r for r in rattachements_de(personne, jour=timezone.localdate())}
    if parametres["rattachement"] not in siens:
        raise EchecDesActes(ECHEC)
    acteur = Acteur(personne, siens[parametres["rattachement"]])
    return acteur, Contrat.objects.get(pk=parametres["contrat"])
