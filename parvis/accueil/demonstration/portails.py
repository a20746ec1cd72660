"""Ce qu'un récit raconte des portails des financeurs : y recopier un dossier, en reprendre l'export."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from parvis.accueil.demonstration.suites import demande_au_financeur
from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.dossiers.actions.exports import reprendre_un_export
from parvis.dossiers.actions.portails import marquer_un_champ, noter_le_numero
from parvis.dossiers.importation import ExportLu
from parvis.dossiers.queries.portails import a_recopier, portail_de_la_demande
from parvis.dossiers.rules.exports import LigneBrute
from parvis.organismes.models import Organisme


def recopier(
    par: Acteur,
    contrat: str,
    *,
    dans: str,
    financeur: str,
    champs: Sequence[str],
    numero: str = "",
    pour: Organisme | None = None,
) -> None:
    """Coche des champs déjà recopiés sur le portail d'un financeur, et note le numéro qu'il a donné."""
    demande = demande_au_financeur(contrat, dans, financeur)
    dossier, portail = demande.dossier, portail_de_la_demande(demande).code
    connus = a_recopier(par, dossier, portail).champs
    for champ in champs:
        marquer_un_champ(
            par=par,
            dossier=dossier,
            portail=portail,
            champ=champ,
            est_recopie=True,
            lue=connus[champ].empreinte,
        )
    if numero:
        noter_le_numero(par=par, dossier=dossier, demande=demande, numero=numero)


def reprendre(
    par: Acteur,
    contrat: str,
    *,
    lignes: Sequence[Mapping[str, Any]],
    pour: Organisme | None = None,
) -> None:
    """Reprend un export du portail de l'État : ce qu'il dit voté `jours` avant l'installation."""
    lues = [
        LigneBrute(
            rang,
            {fait: ligne[fait] for fait in ("numero", "statut", "vote")}
            | {"vote_le": _jour(ligne["jours"])},
        )
        for rang, ligne in enumerate(lignes, 1)
    ]
    vise = Contrat.objects.get(code=contrat)
    reprendre_un_export(par=par, contrat=vise, lu=ExportLu({}, lues))


def _jour(jours: int) -> str:
    return f"{timezone.localdate() + timedelta(days=jours):%d/%m/%Y}"
