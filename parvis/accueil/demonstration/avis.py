"""Ce qu'un récit raconte de l'étude des dossiers : consulter, se charger, noter, rendre un avis."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from parvis.accueil.demonstration import monde
from parvis.accueil.demonstration.suites import dossier_depose
from parvis.comptes.acteur import Acteur
from parvis.instruction.actions import avis, consultations, equipe, grille
from parvis.instruction.actions.lecture import marquer_lu
from parvis.instruction.queries.avis import avis_du_service
from parvis.instruction.queries.dossiers import demandes_a_juger
from parvis.instruction.queries.grille import grille_du_dossier
from parvis.instruction.rules.grille import Choix
from parvis.organismes.models import Organisme


def consulter(
    par: Acteur,
    contrat: str,
    *,
    dans: list[str],
    a: str,
    qualite: str,
    question: str = "",
    echeance: int = 0,
) -> None:
    """Demande un avis sur des dossiers ; à rendre tant de jours après l'installation."""
    consultations.consulter(
        par=par,
        dossiers=[dossier_depose(contrat, titre) for titre in dans],
        qualite=qualite,
        organisme=monde.organisme(a),
        question=question,
        echeance=timezone.localdate() + timedelta(days=echeance) if echeance else None,
    )


def inviter_un_expert(
    par: Acteur, contrat: str, *, dans: str, adresse: str, question: str, pour: Organisme
) -> None:
    """Invite un expert sur un dossier."""
    dossier = dossier_depose(contrat, dans)
    consultations.inviter_un_expert(par=par, dossier=dossier, courriel=adresse, question=question)


def se_charger(par: Acteur, contrat: str, *, dans: list[str], pour: Organisme) -> None:
    """Dit que quelqu'un étudie des dossiers pour son service, et les a lus."""
    for titre in dans:
        dossier = dossier_depose(contrat, titre)
        equipe.se_charger(par=par, dossier=dossier)
        derniere = dossier.versions_deposees.latest("numero")
        marquer_lu(par=par, dossier=dossier, numero=derniere.numero)


def rendre(
    par: Acteur,
    contrat: str,
    *,
    dans: str,
    sens: str,
    pour: Organisme | None = None,
    motif: str = "",
    note: str = "",
    montant: str = "",
    partage: bool = False,
) -> None:
    """Rend un avis ; le montant vaut pour la première demande du service."""
    dossier = dossier_depose(contrat, dans)
    dernier = avis_du_service(par, dossier)
    demandes = demandes_a_juger(par, dossier)
    avis.rendre_avis(
        par=par,
        dossier=dossier,
        version=dossier.versions_deposees.latest("numero").numero,
        rang=dernier.avis.rang if dernier else 0,
        sens=sens,
        motif=motif,
        note_interne=note,
        propositions={demandes[0].pk: Decimal(montant)} if montant else {},
        est_partage=partage,
    )


def noter(
    par: Acteur,
    contrat: str,
    *,
    dans: str,
    notes: Mapping[str, str],
    pourquoi: Mapping[str, str] | None = None,
    pour: Organisme | None = None,
) -> None:
    """Note un dossier, critère par critère, dans les mots de la grille.

    Une base installée avant que l'appel ait une grille n'en a pas : il n'y a rien à y noter.
    """
    dossier = dossier_depose(contrat, dans)
    lue = grille_du_dossier(par, dossier)
    if lue is None:
        return
    niveaux = {ligne.critere.cle: ligne.critere.niveaux for ligne in lue.lignes}
    choix = {
        cle: Choix(niveaux[cle].index(mot), (pourquoi or {}).get(cle, ""))
        for cle, mot in notes.items()
    }
    grille.noter_un_dossier(par=par, dossier=dossier, choix=choix, depart={})


def declarer_un_lien(
    par: Acteur, contrat: str, *, avec: str, lien: str, pour: Organisme | None = None
) -> None:
    """Déclare un lien avec un organisme."""
    equipe.declarer_un_lien(par=par, organisme=monde.organisme(avec), lien=lien)


def se_deporter(
    par: Acteur, contrat: str, *, dans: str, motif: str, pour: Organisme | None = None
) -> None:
    """Se retire d'un dossier."""
    equipe.se_deporter(par=par, dossier=dossier_depose(contrat, dans), motif=motif)
