"""Ce qu'un récit raconte des dossiers déposés : les faire compléter, les trancher, en suivre l'argent.

Chaque jour se compte depuis l'installation.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.dossiers.actions import complements, recevabilite
from parvis.dossiers.actions.liens import creer_un_lien
from parvis.dossiers.actions.messages import ecrire_un_message
from parvis.dossiers.actions.sections import ecrire_la_section
from parvis.dossiers.actions.suivi import noter_la_suite
from parvis.dossiers.models import Appel, Demande, Dossier
from parvis.dossiers.queries.dossiers import ecritures, sections
from parvis.dossiers.rules.suivi import Suite
from parvis.dossiers.sections import empreinte, garder, vide
from parvis.organismes.models import Organisme


def demander_un_complement(
    par: Acteur,
    contrat: str,
    *,
    dans: str,
    section: str,
    texte: str,
    jours: int,
    echeance: int,
    piece: str = "",
    pour: Organisme | None = None,
) -> None:
    """Demande un complément, `jours` avant l'installation ; à rendre tant de jours après elle."""
    complements.demander_un_complement(
        par=par,
        dossier=dossier_depose(contrat, dans),
        section=section,
        piece=piece,
        texte=texte,
        echeance=_jour(echeance),
        maintenant=_instant(jours),
    )


def rendre_les_complements(
    par: Acteur,
    contrat: str,
    *,
    dans: str,
    reponse: str,
    jours: int,
    pour: Organisme | None = None,
    **dites: dict[str, str],
) -> None:
    """Écrit dans les sections rouvertes, puis rend le dossier complété."""
    dossier = dossier_depose(contrat, dans)
    connues = sections(dossier)
    for code, dite in dites.items():
        ecriture = ecritures(dossier).get(code)
        avant = ecriture.valeur if ecriture else vide(connues[code])
        valeur = garder(connues[code], avant | dite, avant)
        ecrire_la_section(
            par=par, dossier=dossier, section=connues[code], valeur=valeur, lue=empreinte(avant)
        )
    attendus = dossier.complements.filter(repondu_le__isnull=True)
    complements.repondre_aux_complements(
        par=par,
        dossier=dossier,
        reponses=dict.fromkeys(attendus.values_list("pk", flat=True), reponse),
        maintenant=_instant(jours),
    )


def verifier_un_point(
    par: Acteur,
    contrat: str,
    *,
    dans: str,
    points: dict[str, str],
    pour: Organisme | None = None,
) -> None:
    """Juge des points de la liste de contrôle ; une note dit ce qui ne va pas, sinon c'est en règle."""
    dossier = dossier_depose(contrat, dans)
    for code, note in points.items():
        recevabilite.verifier_un_point(
            par=par, dossier=dossier, code=code, est_bon=not note, note=note or ""
        )


def trancher(
    par: Acteur,
    contrat: str,
    *,
    dans: str,
    vers: str,
    jours: int,
    motif: str = "",
    pour: Organisme | None = None,
) -> None:
    """Dit un dossier recevable, ou irrecevable avec son motif."""
    recevabilite.trancher(
        par=par,
        dossier=dossier_depose(contrat, dans),
        vers=vers,
        motif=motif,
        maintenant=_instant(jours),
    )


def envoyer(
    par: Acteur,
    contrat: str,
    *,
    dans: str,
    annee: int,
    motif: str,
    jours: int,
    pour: Organisme | None = None,
) -> None:
    """Envoie un dossier vers l'appel d'une autre année, comptée depuis celle du dossier."""
    dossier = dossier_depose(contrat, dans)
    vise = Appel.objects.get(contrat__code=contrat, exercice=dossier.exercice + annee)
    recevabilite.envoyer_vers_un_autre_appel(
        par=par, dossier=dossier, appel=vise, motif=motif, maintenant=_instant(jours)
    )


def noter(
    par: Acteur,
    contrat: str,
    *,
    dans: str,
    financeur: str,
    etat: str,
    numero: str = "",
    pour: Organisme | None = None,
    **montants: list[Any],
) -> None:
    """Note ce qu'a répondu un financeur d'ailleurs : `vote`, `engage`, `verse`, un montant et un jour."""
    vise = demande_au_financeur(contrat, dans, financeur)
    valeurs: dict[str, Any] = {}
    for mot, (montant, jours) in montants.items():
        valeurs |= {mot: Decimal(montant), f"{mot}_le": _jour(jours)}
    noter_la_suite(par=par, demande=vise, suite=Suite(etat, numero, **valeurs))


def demande_au_financeur(contrat: str, dans: str, financeur: str) -> Demande:
    """Rend la première demande d'un dossier déposé à un financeur ; lève Demande.DoesNotExist."""
    dossier = dossier_depose(contrat, dans)
    for demande in dossier.demandes.select_related("financeur"):
        if demande.nom_du_financeur == financeur:
            demande.dossier = dossier
            return demande
    raise Demande.DoesNotExist(f"{dans} ne demande rien à {financeur}.")


def ecrire_au_sujet(
    par: Acteur, contrat: str, *, dans: str, texte: str, pour: Organisme | None = None
) -> None:
    """Écrit un message sur un dossier déposé, d'un côté ou de l'autre."""
    ecrire_un_message(par=par, dossier=dossier_depose(contrat, dans), texte=texte)


def donner_un_lien(
    par: Acteur, contrat: str, *, dans: str, a: str, pour: Organisme | None = None
) -> None:
    """Donne un lien de lecture du suivi d'un projet."""
    creer_un_lien(par=par, projet=dossier_depose(contrat, dans).projet, pour=a)


def dossier_depose(contrat: str, projet: str) -> Dossier:
    """Rend le dernier dossier déposé d'un projet ; lève Dossier.DoesNotExist."""
    deposes = Dossier.objects.deposes().filter(appel__contrat__code=contrat, projet__titre=projet)
    return deposes.select_related(
        "projet__porteur", "projet__contrat", "version_d_appel", "appel__contrat"
    ).latest("depose_le")


def _jour(jours: int) -> date:
    return timezone.localdate() + timedelta(days=jours)


def _instant(jours: int) -> datetime:
    vise = timezone.localtime() + timedelta(days=jours)
    return vise.replace(minute=12, second=0, microsecond=0)
