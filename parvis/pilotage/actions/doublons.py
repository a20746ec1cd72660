"""Réunir deux organismes, ou les séparer, et le dire à ceux des deux."""

from django.db import transaction

from parvis.comptes.acteur import Acteur
from parvis.comptes.actions.annonces import annoncer
from parvis.journal.actions import noter
from parvis.organismes import actions as organismes
from parvis.organismes.models import Organisme


@transaction.atomic
def reunir(*, par: Acteur, doublon: Organisme, garde: Organisme, raison: str) -> None:
    """Réunit un doublon à l'organisme gardé et l'annonce aux membres des deux ; lève Refus."""
    organismes.fusionner(par=par, doublon=doublon, garde=garde, raisons=[raison])
    _noter(par, "pilotage.reunir", doublon, garde)
    # La fusion est faite : les membres du gardé sont ceux des deux.
    annoncer(
        garde,
        objet=f"{doublon.nom} et {garde.nom} sont maintenant une seule page",
        texte=f"{par.utilisateur_nom} a réuni {doublon.nom} à {garde.nom} : c’était le même "
        f"organisme. Raison : {raison.strip()}\n\nCeux qui agissaient pour l’un ou pour l’autre "
        f"agissent maintenant pour {garde.nom}. Rien n’est perdu, et cela peut se défaire. "
        "Si ce n’est pas normal, répondez à l’administrateur de la plateforme.",
    )


@transaction.atomic
def separer(*, par: Acteur, doublon: Organisme) -> None:
    """Défait une fusion et l'annonce aux membres des deux ; lève Refus."""
    garde = doublon.retenu
    doublon = organismes.separer(par=par, doublon=doublon)
    _noter(par, "pilotage.separer", doublon, garde)
    for organisme in (doublon, garde):
        annoncer(
            organisme,
            objet=f"{doublon.nom} et {garde.nom} sont de nouveau deux pages",
            texte=f"{par.utilisateur_nom} a séparé {doublon.nom} de {garde.nom}. Chacun agit de "
            f"nouveau pour le sien : vous agissez pour {organisme.nom}.",
        )


def _noter(par: Acteur, action: str, doublon: Organisme, garde: Organisme) -> None:
    """Note l'acte dans l'histoire de la page gardée : celle du doublon ne se lit plus."""
    noter(
        par=par,
        contrat="instance",
        action=action,
        objet=f"organisme:{garde.pk}",
        objet_nom=garde.nom,
        details={"doublon": doublon.nom},
    )
