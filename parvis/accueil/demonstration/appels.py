"""Ce qu'un récit raconte des appels à projets ; chaque date se compte depuis l'installation."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from parvis.accueil.demonstration import monde
from parvis.cadre.models import Contrat, Fiche
from parvis.comptes.acteur import Acteur
from parvis.dossiers.actions import alertes, appels, appels_ailleurs
from parvis.dossiers.actions import sections_d_appel as sections
from parvis.dossiers.models import VersionDAppel
from parvis.dossiers.queries.contenu_d_appel import (
    CHAMPS_DE_PRESENTATION,
    CHAMPS_DU_SERVICE,
    etat,
    etat_des_fiches,
    etat_du_financeur,
)


def ouvrir_un_appel(
    par: Acteur,
    contrat: str,
    *,
    titre: str,
    annee: int,
    ouvre: int,
    ferme: int,
    presentation: str,
    appeler: dict[str, str],
    financeurs: list[dict[str, Any]],
    questions: Sequence[dict[str, Any]] = (),
    sans_les_fiches: Sequence[str] = (),
    sans_les_pieces: Sequence[str] = (),
    exercices_max: int = 1,
    grille: bool = False,
) -> None:
    """Ouvre un brouillon et l'écrit en entier ; `annee` compte depuis la prochaine campagne."""
    exercice = _campagne() + annee
    version = appels.creer_un_appel(
        par=par,
        contrat=Contrat.objects.get(code=contrat),
        titre=titre.format(annee=exercice),
        exercice=exercice,
        ouvre_le=_dans(ouvre, 9),
        ferme_le=_dans(ferme, 18),
    )
    texte = presentation.format(annee=exercice)
    _presenter(par, version, presentation=texte, exercices_max=exercices_max)
    depart = etat(_relue(version), CHAMPS_DU_SERVICE)
    sections.modifier_le_contact(par=par, version=version, depart=depart, valeurs=appeler)
    if sans_les_fiches:
        gardees = Fiche.objects.filter(appels__version=version).exclude(numero__in=sans_les_fiches)
        depart = etat_des_fiches(version)
        sections.choisir_les_fiches(par=par, version=version, depart=depart, fiches=gardees)
    for financeur in financeurs:
        _financer(par, version, **financeur)
    for piece in version.pieces.filter(cle__in=sans_les_pieces):
        sections.retirer_une_ligne(par=par, ligne=piece)
    for question in questions:
        sections.ajouter_une_question(par=par, version=version, valeurs=question)
    if grille:
        sections.proposer_la_grille(par=par, version=version)


def publier_un_appel(par: Acteur, contrat: str, *, annee: int, jours: int, titre: str = "") -> None:
    """Publie le brouillon de l'appel de cette année-là, `jours` avant ou après l'installation."""
    brouillon = _brouillon(contrat, annee, titre)
    appels.publier_l_appel(par=par, version=brouillon, maintenant=_dans(jours, 10))


def changer_un_appel(
    par: Acteur, contrat: str, *, annee: int, ferme: int, ce_qui_change: str, jours: int
) -> None:
    """Publie une nouvelle version dont la clôture est repoussée."""
    appel = appel_de_l_annee(contrat, annee)
    version = appels.preparer_une_version(par=par, appel=appel)
    _presenter(par, version, ferme_le=_dans(ferme, 18))
    appels.publier_l_appel(
        par=par,
        version=_relue(version),
        ce_qui_change=ce_qui_change,
        maintenant=_dans(jours, 10),
    )


def reprendre_un_appel(par: Acteur, contrat: str, *, annee: int, vers: int) -> None:
    """Reprend un appel publié pour une autre année : un brouillon."""
    appels.dupliquer(par=par, appel=appel_de_l_annee(contrat, annee), exercice=_campagne() + vers)


def signaler_un_appel(
    par: Acteur,
    contrat: str,
    *,
    fiches: list[str],
    ouvre: int | None = None,
    ferme: int | None = None,
    **champs: str,
) -> None:
    """Met au calendrier l'appel d'un autre organisme ; sans `ferme`, il reçoit toute l'année."""
    vise = Contrat.objects.get(code=contrat)
    jours = {"ouvre_le": ouvre, "ferme_le": ferme}
    dates = {nom: _jour(dans) for nom, dans in jours.items() if dans is not None}
    appels_ailleurs.ajouter_un_appel_d_ailleurs(
        par=par,
        contrat=vise,
        valeurs={**champs, **dates},
        fiches=vise.fiches.filter(numero__in=fiches),
    )


def suivre_les_appels(par: Acteur, contrat: str, *, fiches: Sequence[str] = ()) -> None:
    """Demande à être prévenu : de ces fiches, ou de tout le contrat si l'on n'en nomme pas."""
    vise = Contrat.objects.get(code=contrat)
    alertes.choisir_ses_alertes(
        par=par,
        contrat=vise,
        toutes=not fiches,
        fiches=vise.fiches.filter(numero__in=fiches),
    )


def _financer(
    par: Acteur,
    version: VersionDAppel,
    *,
    organisme: str,
    credits: Sequence[str] = (),
    en_nature: Sequence[str] = (),
    **service: Any,
) -> None:
    ajoute = sections.ajouter_un_financeur(
        par=par, version=version, organisme=monde.organisme(organisme)
    )
    sections.modifier_un_financeur(
        par=par,
        financeur=ajoute,
        depart=etat_du_financeur(ajoute),
        valeurs=service,
        credits=credits,
        en_nature=en_nature,
    )


def _presenter(par: Acteur, version: VersionDAppel, **valeurs: Any) -> None:
    depart = etat(_relue(version), CHAMPS_DE_PRESENTATION)
    sections.modifier_la_presentation(par=par, version=version, depart=depart, valeurs=valeurs)


def _relue(version: VersionDAppel) -> VersionDAppel:
    return VersionDAppel.objects.select_related("appel__contrat").get(pk=version.pk)


def appel_de_l_annee(contrat: str, annee: int, titre: str = "") -> Any:
    """Rend l'appel du contrat, tant d'années après la campagne en cours ; de plusieurs, le premier créé.

    `titre` dit comment commence le sien.
    """
    siens = Contrat.objects.get(code=contrat).appels.filter(exercice=_campagne() + annee)
    vises = siens.filter(versions__titre__startswith=titre).distinct().order_by("pk")
    return vises.select_related("contrat")[:1].get()


def _brouillon(contrat: str, annee: int, titre: str = "") -> VersionDAppel:
    return (
        appel_de_l_annee(contrat, annee, titre)
        .versions.brouillons()
        .select_related("appel__contrat")
        .get()
    )


def _campagne() -> int:
    """Rend l'année que finance l'appel en cours : la suivante, dès l'été."""
    jour = timezone.localdate()
    return jour.year + (jour.month > 6)


def _jour(dans: int) -> date:
    return timezone.localdate() + timedelta(days=dans)


def _dans(jours: int, heure: int) -> datetime:
    vise = timezone.localtime() + timedelta(days=jours)
    return vise.replace(hour=heure, minute=0, second=0, microsecond=0)
