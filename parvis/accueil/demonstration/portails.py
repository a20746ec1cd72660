"""Ce qu'un récit raconte des portails des financeurs : y recopier un dossier, en garder le numéro."""

from collections.abc import Sequence

from parvis.accueil.demonstration.suites import demande_au_financeur
from parvis.comptes.acteur import Acteur
from parvis.dossiers.actions.portails import marquer_un_champ, noter_le_numero
from parvis.dossiers.queries.portails import a_recopier, portail_de_la_demande
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
