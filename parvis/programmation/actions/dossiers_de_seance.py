"""La vie d'un dossier de séance : demandé, composé en travail long, gardé un temps, oublié."""

import logging
import math
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.models import Utilisateur
from parvis.comptes.queries.rattachements import rattachements_de
from parvis.documents.actions import FichierControle, effacer, ranger
from parvis.documents.enums import Sorte, Verdict
from parvis.documents.models import Fichier
from parvis.programmation.models import Seance
from parvis.programmation.queries.dossiers_de_seance import (
    donnees_du_dossier,
    dossiers_de_la_seance,
)
from parvis.programmation.queries.dossiers_demandes import (
    DUREE_DE_GARDE,
    NATURE,
    nom_du_dossier,
    seance_a_lire,
    travaux_de,
)
from parvis.socle.refus import exiger
from parvis.socle.typographie import composer_un_pdf
from parvis.travaux import actions as travaux
from parvis.travaux.enums import ETATS_FINAUX, Etat
from parvis.travaux.models import Travail
from parvis.travaux.rules import TravailAnnule, TravailPerdu

logger = logging.getLogger(__name__)

GABARIT = Path(__file__).parents[1] / "document" / "dossier_de_seance.typ"
# Le typographe compose en mémoire, et la sienne est bornée : il lui en faut cinq mégaoctets par dossier.
DOSSIERS_MAX = 300
# Le temps de composer un dossier, à peu près : l'avancement s'en déduit, rien d'autre.
_PAR_DOSSIER, _SIGNE_DE_VIE = 0.03, 0.5
ECHEC = "Le dossier de séance n’a pas pu être composé."


class EchecDuDossier(Exception):
    """Un dossier de séance n'a pas pu être composé ; son message ne cite rien de ce qu'il contient."""


@transaction.atomic
def demander_le_dossier(*, par: Acteur, seance: Seance) -> Travail:
    """Met en file le dossier d'une séance que l'acteur lit ; celui qui attend ou avance déjà suffit.

    Le précédent de l'acteur s'efface. Lève Refus, et Seance.DoesNotExist à qui ne la lit pas.
    """
    seance = seance_a_lire(par, seance.reunion.instance.contrat, seance.pk)
    # Deux demandes à la fois se font l'une après l'autre.
    Seance.objects.select_for_update(no_key=True).get(pk=seance.pk)
    dernier = travaux_de(par, seance).first()
    if dernier is not None and dernier.est_ouvert and not dernier.annulation_demandee:
        return dernier
    nombre = len(dossiers_de_la_seance(par, seance))
    exiger(_motifs(nombre))
    for ancien in _fichiers(travaux_de(par, seance)):
        effacer(par=par, fichier=ancien)
    return travaux.demander(
        par=par,
        nature=NATURE,
        parametres={
            "cle": uuid.uuid4().hex,
            "seance": seance.pk,
            "rattachement": par.rattachement.pk if par.rattachement else 0,
        },
        contrat=seance.reunion.instance.contrat.code,
        total=2 * nombre,
    )


def _motifs(nombre: int) -> list[str]:
    if not nombre:
        return ["Rien n’est à l’ordre du jour : il n’y a pas de dossier de séance à composer."]
    if nombre > DOSSIERS_MAX:
        return [
            f"Cette séance examine {nombre} dossiers ; un dossier de séance en réunit {DOSSIERS_MAX} "
            "au plus."
        ]
    return []


@transaction.atomic
def annuler_le_dossier(*, par: Acteur, seance: Seance) -> None:
    """Annule le dossier que l'acteur attend ; sans effet s'il n'en attend pas.

    Lève Seance.DoesNotExist à qui ne lit pas la séance.
    """
    lue = seance_a_lire(par, seance.reunion.instance.contrat, seance.pk)
    for travail in travaux_de(par, lue).exclude(etat__in=ETATS_FINAUX):
        travaux.annuler(travail=travail)


def mener_le_dossier(parametres: Mapping[str, Any], avancer: Callable[..., None]) -> dict[str, Any]:
    """Compose le dossier d'une séance, tel que le lit aujourd'hui qui l'a demandé, et le garde.

    Coupé en chemin, il n'a rien gardé et se refait. Lève EchecDuDossier.
    """
    travail = Travail.objects.get(nature=NATURE, parametres__cle=parametres["cle"])
    if travail.resultat:
        return dict(travail.resultat)
    try:
        return _mener(travail, avancer)
    except (TravailAnnule, TravailPerdu, EchecDuDossier):
        raise
    except Exception as erreur:
        # Ce que dit l'erreur peut citer un dossier : on n'en retient que la sorte.
        logger.error("dossier de séance échoué", extra={"erreur": type(erreur).__name__})
        raise EchecDuDossier(ECHEC) from None


def _mener(travail: Travail, avancer: Callable[..., None]) -> dict[str, Any]:
    acteur, seance = _acteur_et_seance(travail)
    date, prevus = timezone.now(), len(dossiers_de_la_seance(acteur, seance))
    avancer(0, 2 * prevus)
    donnees, dossiers = donnees_du_dossier(acteur, seance, lambda lus: avancer(min(lus, prevus)))
    octets = _composer(donnees, date, prevus, avancer)
    controle = FichierControle(nom_du_dossier(seance), Sorte.PDF, octets, Verdict.NON_CONTROLE)
    with transaction.atomic():
        avancer(2 * prevus)
        fichier = ranger(par=acteur, controle=controle)
        # Noté avec le fichier : coupé juste après, le travail le retrouve, et l'oubli aussi.
        resultat = {"fichier": str(fichier.identifiant), "dossiers": dossiers}
        Travail.objects.filter(pk=travail.pk).update(resultat=resultat)
    return resultat


def _acteur_et_seance(travail: Travail) -> tuple[Acteur, Seance]:
    """Rend qui a demandé, avec le même rôle, et sa séance ; lève EchecDuDossier s'il ne la lit plus."""
    parametres = travail.parametres
    personne = Utilisateur.objects.filter(pk=travail.demande_par, is_active=True).first()
    seance = Seance.objects.select_related("reunion__instance__contrat").filter(
        pk=parametres["seance"]
    )
    vise = seance.first()
    if personne is None or vise is None:
        raise EchecDuDossier(ECHEC)
    siens = {r.pk: r for r in rattachements_de(personne, jour=timezone.localdate())}
    if parametres["rattachement"] and parametres["rattachement"] not in siens:
        raise EchecDuDossier(ECHEC)
    acteur = Acteur(personne, siens.get(parametres["rattachement"]))
    try:
        return acteur, seance_a_lire(acteur, vise.reunion.instance.contrat, vise.pk)
    except Seance.DoesNotExist:
        raise EchecDuDossier(ECHEC) from None


def _composer(donnees: Any, date: datetime, nombre: int, avancer: Callable[..., None]) -> bytes:
    """Compose à part, en donnant signe de vie : le bail se prolonge, et une annulation se voit.

    Le typographe ne dit pas où il en est : l'avancement s'estime, et n'atteint jamais la fin.
    """
    debut = time.monotonic()
    fil = ThreadPoolExecutor(max_workers=1)
    try:
        futur = fil.submit(composer_un_pdf, GABARIT, donnees, date)
        while True:
            try:
                return futur.result(timeout=_SIGNE_DE_VIE)
            except TimeoutError:
                part = 1 - math.exp(-(time.monotonic() - debut) / (nombre * _PAR_DOSSIER))
                avancer(nombre + int(nombre * part))
    finally:
        # Annulé, le typographe finit seul, en peu de secondes ; nul n'attend ce qu'il rend.
        fil.shutdown(wait=False)


def oublier_les_dossiers_echus() -> int:
    """Efface les dossiers de séance dont le temps de garde est passé ; rend leur nombre."""
    limite = timezone.now() - DUREE_DE_GARDE
    # Noté mais pas clos, un travail perdu a pu laisser un fichier.
    echus = Travail.objects.filter(nature=NATURE, demande_le__lt=limite).exclude(
        etat=Etat.TERMINE, termine_le__gte=limite
    )
    fichiers = _fichiers(echus)
    for fichier in fichiers:
        effacer(par=Acteur.machine("oubli des dossiers de séance"), fichier=fichier)
    return len(fichiers)


def _fichiers(de: QuerySet[Travail]) -> list[Fichier]:
    """Rend les fichiers que ces travaux gardent encore."""
    identifiants = list(
        de.filter(resultat__fichier__isnull=False).values_list("resultat__fichier", flat=True)
    )
    return list(Fichier.objects.filter(identifiant__in=identifiants, efface_le__isnull=True))
