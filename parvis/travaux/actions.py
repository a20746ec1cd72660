"""Demander, prendre, faire avancer et clore un travail long ; tenir un bail."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from parvis.socle.auteur import Auteur
from parvis.travaux import rules
from parvis.travaux.enums import Etat
from parvis.travaux.models import Bail, Travail
from parvis.travaux.rules import TravailAnnule, TravailPerdu
from parvis.travaux.tasks import executer


@transaction.atomic
def demander(
    *, par: Auteur, nature: str, parametres: Mapping[str, Any], contrat: str = "", total: int = 0
) -> Travail:
    """Met un travail en file ; il n'existe que si la transaction de l'acte aboutit."""
    travail = Travail.objects.create(
        contrat=contrat,
        nature=nature,
        parametres=dict(parametres),
        total=total,
        demande_le=timezone.now(),
        demande_par=par.utilisateur_identifiant,
        demande_par_nom=par.utilisateur_nom,
    )
    executer.enqueue(str(travail.identifiant))
    return travail


@transaction.atomic
def prendre(*, travail: Travail, executant: str) -> Travail:
    """Donne le travail à l'exécutant ; lève TravailPerdu s'il est clos ou tenu par un autre."""
    a_jour = Travail.objects.select_for_update().get(pk=travail.pk)
    maintenant = timezone.now()
    bail_echu = a_jour.bail_jusqu_au is not None and a_jour.bail_jusqu_au < maintenant
    if a_jour.etat != Etat.EN_ATTENTE and not bail_echu:
        raise TravailPerdu(str(travail.identifiant))
    a_jour.etat = Etat.EN_COURS
    a_jour.executant = executant
    a_jour.bail_jusqu_au = maintenant + rules.DUREE_DU_BAIL
    a_jour.save(update_fields=["etat", "executant", "bail_jusqu_au"])
    return a_jour


@transaction.atomic
def reprendre_les_perdus() -> int:
    """Remet en file les travaux dont l'exécutant ne donne plus signe de vie ; rend leur nombre."""
    echus = Travail.objects.filter(etat=Etat.EN_COURS, bail_jusqu_au__lt=timezone.now())
    perdus = list(echus.select_for_update())
    for travail in perdus:
        travail.etat, travail.bail_jusqu_au, travail.executant = Etat.EN_ATTENTE, None, ""
        travail.save(update_fields=["etat", "bail_jusqu_au", "executant"])
        executer.enqueue(str(travail.identifiant))
    return len(perdus)


@transaction.atomic
def relancer(*, travail: Travail) -> None:
    """Remet en file un travail échoué, depuis le début ; sans effet dans tout autre état."""
    a_jour = Travail.objects.select_for_update().get(pk=travail.pk)
    if a_jour.etat != Etat.ECHOUE:
        return
    a_jour.etat, a_jour.termine_le = Etat.EN_ATTENTE, None
    a_jour.fait, a_jour.erreur, a_jour.executant = 0, "", ""
    a_jour.annulation_demandee = False
    a_jour.save(
        update_fields=["etat", "termine_le", "fait", "erreur", "executant", "annulation_demandee"]
    )
    executer.enqueue(str(a_jour.identifiant))


@transaction.atomic
def avancer(*, travail: Travail, executant: str, fait: int, total: int | None = None) -> None:
    """Note la progression et prolonge le bail.

    Lève TravailPerdu si un autre exécutant l'a repris, TravailAnnule si l'annulation est demandée.
    """
    a_jour = _tenu_par(travail, executant)
    if a_jour.annulation_demandee:
        raise TravailAnnule(str(travail.identifiant))
    a_jour.fait = fait
    a_jour.total = a_jour.total if total is None else total
    a_jour.bail_jusqu_au = timezone.now() + rules.DUREE_DU_BAIL
    a_jour.save(update_fields=["fait", "total", "bail_jusqu_au"])


def terminer(*, travail: Travail, executant: str, resultat: Mapping[str, Any]) -> None:
    """Clôt un travail réussi et garde son résultat ; lève TravailPerdu s'il n'est plus tenu."""
    _clore(travail, executant, Etat.TERMINE, resultat=dict(resultat))


def echouer(*, travail: Travail, executant: str, erreur: str) -> None:
    """Clôt un travail raté avec la phrase qui dit pourquoi ; lève TravailPerdu s'il n'est plus tenu."""
    _clore(travail, executant, Etat.ECHOUE, erreur=erreur)


def renoncer(*, travail: Travail, executant: str) -> None:
    """Clôt un travail dont l'annulation était demandée ; lève TravailPerdu s'il n'est plus tenu."""
    _clore(travail, executant, Etat.ANNULE)


@transaction.atomic
def annuler(*, travail: Travail) -> None:
    """Annule un travail en attente, ou demande à son exécutant de s'arrêter ; sans effet s'il est clos."""
    a_jour = Travail.objects.select_for_update().get(pk=travail.pk)
    if a_jour.etat == Etat.EN_ATTENTE:
        a_jour.etat, a_jour.termine_le = Etat.ANNULE, timezone.now()
        a_jour.save(update_fields=["etat", "termine_le"])
    elif a_jour.etat == Etat.EN_COURS:
        a_jour.annulation_demandee = True
        a_jour.save(update_fields=["annulation_demandee"])


def prendre_le_bail(
    *, nom: str, tenu_par: str, duree: timedelta, maintenant: datetime | None = None
) -> bool:
    """Prend ou prolonge un bail ; rend faux quand un autre le tient encore."""
    maintenant = maintenant or timezone.now()
    Bail.objects.get_or_create(nom=nom, defaults={"jusqu_au": maintenant})
    a_prendre = Bail.objects.filter(Q(tenu_par__in=["", tenu_par]) | Q(jusqu_au__lt=maintenant))
    return bool(a_prendre.filter(nom=nom).update(tenu_par=tenu_par, jusqu_au=maintenant + duree))


def rendre_le_bail(*, nom: str, tenu_par: str) -> None:
    """Rend un bail avant son terme ; sans effet s'il est tenu par un autre."""
    Bail.objects.filter(nom=nom, tenu_par=tenu_par).update(tenu_par="")


@transaction.atomic
def _clore(travail: Travail, executant: str, etat: Etat, **valeurs: Any) -> None:
    a_jour = _tenu_par(travail, executant)
    a_jour.etat, a_jour.termine_le, a_jour.bail_jusqu_au = etat, timezone.now(), None
    for champ, valeur in valeurs.items():
        setattr(a_jour, champ, valeur)
    a_jour.save(update_fields=["etat", "termine_le", "bail_jusqu_au", *valeurs])


def _tenu_par(travail: Travail, executant: str) -> Travail:
    a_jour = Travail.objects.select_for_update().get(pk=travail.pk)
    if a_jour.etat != Etat.EN_COURS or a_jour.executant != executant:
        raise TravailPerdu(str(travail.identifiant))
    return a_jour
