"""Ce qu'un récit raconte des instances : leurs membres, une réunion tenue, une autre convoquée."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from parvis.accueil.demonstration import monde
from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.instances import actions
from parvis.instances.enums import Voix
from parvis.instances.models import Instance, Reunion
from parvis.instances.rules import Venue

SAMEDI = 5


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
            organisme=monde.organisme(membre["organisme"]) if "organisme" in membre else None,
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
    reunion = prevoir(
        par,
        contrat,
        instance=instance,
        objet=objet,
        jours=jours,
        lieu=lieu,
        ordre_du_jour=ordre_du_jour,
    )
    if presences is None:
        actions.convoquer(par=par, reunion=reunion)
        return
    emarger(par, reunion, presences)
    actions.tenir_une_reunion(par=par, reunion=reunion)


def prevoir(
    par: Acteur,
    contrat: str,
    *,
    instance: str,
    objet: str,
    jours: int,
    lieu: str,
    ordre_du_jour: str,
) -> Reunion:
    """Prévoit une réunion à quatorze heures, `jours` avant ou après l'installation."""
    return actions.prevoir_une_reunion(
        par=par,
        instance=Instance.objects.get(contrat__code=contrat, nom=instance),
        objet=objet,
        commence_le=a_l_heure(jour_ouvre(jours), 14),
        lieu=lieu,
        ordre_du_jour=ordre_du_jour,
    )


def emarger(par: Acteur, reunion: Reunion, presences: Mapping[str, str]) -> None:
    """Note comment chacun est présent : pour un nom, son état, ou le nom de qui le représente."""
    par_nom = {mandat.nom: mandat.pk for mandat in reunion.instance.mandats.all()}
    venues = {
        par_nom[nom]: Venue("represente", par_nom[dit]) if dit in par_nom else Venue(dit)
        for nom, dit in presences.items()
    }
    actions.noter_les_presences(par=par, reunion=reunion, venues=venues)


def jour_ouvre(jours: int) -> date:
    """Rend le jour tant de jours après l'installation, ou le lundi suivant : on ne siège pas le dimanche."""
    vise = timezone.localdate() + timedelta(days=jours)
    return vise + timedelta(days=7 - vise.weekday() if vise.weekday() >= SAMEDI else 0)


def a_l_heure(jour: date, heure: int) -> datetime:
    """Rend l'instant de cette heure pleine, ce jour-là."""
    return timezone.make_aware(datetime.combine(jour, time(heure)))
