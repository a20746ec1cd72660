"""Ce qu'un récit raconte des instances : leurs membres, une réunion tenue, une autre convoquée."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from parvis.accueil.demonstration import monde
from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.instances import actions
from parvis.instances.enums import Voix
from parvis.instances.models import Instance, Reunion
from parvis.instances.rules import Venue


def creer_une_instance(
    par: Acteur,
    contrat: str,
    *,
    nom: str,
    sorte: str,
    quorum: int,
    membres: Sequence[Mapping[str, str]],
) -> None:
    """Crée une instance et y fait siéger des personnes, avec un compte ou un nom."""
    instance = actions.creer_une_instance(
        par=par, contrat=Contrat.objects.get(code=contrat), nom=nom, sorte=sorte, quorum=quorum
    )
    for membre in membres:
        a_un_compte = "qui" in membre
        actions.donner_un_mandat(
            par=par,
            instance=instance,
            debut_le=timezone.localdate() - timedelta(days=500),
            utilisateur=monde.personne(membre["qui"]) if a_un_compte else None,
            nom=membre.get("nom", ""),
            fonction=membre.get("fonction", ""),
            voix=membre.get("voix", Voix.DELIBERATIVE),
        )


def reunir(
    par: Acteur,
    contrat: str,
    *,
    instance: str,
    objet: str,
    jours: int,
    lieu: str,
    ordre_du_jour: str = "",
    presences: Mapping[str, str] | None = None,
) -> None:
    """Prévoit une réunion ; à venir, la convoque ; passée, note qui y était, et la dit tenue.

    `presences` donne, pour un nom, son état, ou le nom de qui le représente.
    """
    lue = Instance.objects.get(contrat__code=contrat, nom=instance)
    reunion = actions.prevoir_une_reunion(
        par=par,
        instance=lue,
        objet=objet,
        commence_le=_a_quatorze_heures(jours),
        lieu=lieu,
        ordre_du_jour=ordre_du_jour,
    )
    if presences is None:
        actions.convoquer(par=par, reunion=reunion)
        return
    _emarger(par, reunion, presences)
    actions.tenir_une_reunion(par=par, reunion=reunion)


def _emarger(par: Acteur, reunion: Reunion, presences: Mapping[str, str]) -> None:
    par_nom = {mandat.nom: mandat.pk for mandat in reunion.instance.mandats.all()}
    venues = {
        par_nom[nom]: Venue("represente", par_nom[dit]) if dit in par_nom else Venue(dit)
        for nom, dit in presences.items()
    }
    actions.noter_les_presences(par=par, reunion=reunion, venues=venues)


def _a_quatorze_heures(jours: int) -> datetime:
    vise = timezone.localtime() + timedelta(days=jours)
    return vise.replace(hour=14, minute=0, second=0, microsecond=0)
