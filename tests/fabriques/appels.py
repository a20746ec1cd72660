"""Un appel à projets du petit contrat d'essai, prêt à publier ou déjà publié."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from parvis.cadre.models import Contrat, Edition
from parvis.comptes.acteur import Acteur
from parvis.dossiers.actions import appels
from parvis.dossiers.actions import sections_d_appel as sections
from parvis.dossiers.actions.appels_ailleurs import ajouter_un_appel_d_ailleurs
from parvis.dossiers.models import AppelAilleurs, FinanceurDAppel, VersionDAppel
from parvis.dossiers.queries.contenu_d_appel import (
    CHAMPS_DE_PRESENTATION,
    CHAMPS_DU_SERVICE,
    etat,
    etat_du_financeur,
)
from parvis.organismes.models import Organisme
from tests.fabriques import comptes, projets
from tests.fabriques.cadre import MACHINE, contrat_publie_avec_tout

SERVICE = {
    "service": "Service politique de la ville",
    "adresse_du_service": "1 place du Marché, 94000 Val-des-Tilleuls",
    "telephone": "01 99 00 00 01",
    "courriel": "politique-de-la-ville@tilleuls.example",
    "horaires": "du lundi au vendredi, de 9 h à 12 h",
}


def dans(jours: int, heure: int = 18) -> datetime:
    """Rend cette heure ronde, à tant de jours d'ici."""
    vise = timezone.localtime() + timedelta(days=jours)
    return vise.replace(hour=heure, minute=0, second=0, microsecond=0)


# Ce que devient « Appel d’essai », ouvert depuis cinq jours.
ADRESSE_D_ESSAI = f"appel-d-essai-{dans(30).year}"
# Le porteur que finance ce même contrat ; sa clé est dans une adresse.
PORTEUR_D_ESSAI = 94001


def presenter(par: Acteur, version: VersionDAppel, **valeurs: Any) -> VersionDAppel:
    """Écrit la présentation d'un brouillon."""
    depart = etat(version, CHAMPS_DE_PRESENTATION)
    return sections.modifier_la_presentation(
        par=par, version=version, depart=depart, valeurs=valeurs
    )


def dire_qui_appeler(par: Acteur, version: VersionDAppel, **valeurs: Any) -> VersionDAppel:
    """Écrit qui appeler."""
    depart = etat(version, CHAMPS_DU_SERVICE)
    return sections.modifier_le_contact(
        par=par, version=version, depart=depart, valeurs=SERVICE | valeurs
    )


def financer(
    par: Acteur, version: VersionDAppel, organisme: Organisme, **valeurs: Any
) -> FinanceurDAppel:
    """Ajoute un financeur, son service et une ligne de crédit."""
    financeur = sections.ajouter_un_financeur(par=par, version=version, organisme=organisme)
    return sections.modifier_un_financeur(
        par=par,
        financeur=financeur,
        depart=etat_du_financeur(financeur),
        valeurs=SERVICE | valeurs,
        credits=["Crédits de la politique de la ville"],
    )


def brouillon(
    par: Acteur, contrat: Contrat, titre: str = "Appel à projets des quartiers", **valeurs: Any
) -> VersionDAppel:
    """Rend un brouillon d'appel complet : il ne reste qu'à le publier."""
    dates = {"ouvre_le": dans(-5), "ferme_le": dans(30)} | valeurs
    exercice = dates.pop("exercice", dates["ferme_le"].year)
    version = appels.creer_un_appel(
        par=par, contrat=contrat, titre=titre, exercice=exercice, **dates
    )
    presenter(par, version, presentation="Des projets utiles aux habitants des quartiers.")
    version.refresh_from_db()
    dire_qui_appeler(par, version)
    caisse = Organisme.objects.filter(nom="Caisse des Tilleuls").first() or comptes.organisme(
        "Caisse des Tilleuls", "protection_sociale"
    )
    financer(par, version, caisse)
    version.refresh_from_db()
    return version


def publie(par: Acteur, contrat: Contrat, **valeurs: Any) -> VersionDAppel:
    """Rend un appel publié, ouvert depuis cinq jours si l'on ne dit rien."""
    maintenant = valeurs.pop("maintenant", None)
    version = brouillon(par, contrat, **valeurs)
    return appels.publier_l_appel(par=par, version=version, maintenant=maintenant)


def contrat_publie_avec_appel(code: str = "tilleuls") -> Edition:
    """Rend une édition publiée où rien ne manque, un appel à l'adresse d'essai, et un porteur financé."""
    edition = contrat_publie_avec_tout(code)
    version = publie(MACHINE, edition.contrat, titre="Appel d’essai")
    porteur = Organisme.objects.create(pk=PORTEUR_D_ESSAI, nom="Le Porteur", nature="association")
    finance = Organisme.objects.create(nom="La Ville", nature="commune")
    dossier = projets.projet(version, porteur, "Un projet d’essai", etat="recevable")
    projets.voter(dossier, finance)
    return edition


def ailleurs(par: Acteur, contrat: Contrat, **valeurs: Any) -> AppelAilleurs:
    """Rend l'appel d'un autre organisme, sur la première fiche du contrat."""
    fiches = valeurs.pop("fiches", list(contrat.fiches.all()[:1]))
    return ajouter_un_appel_d_ailleurs(
        par=par,
        contrat=contrat,
        fiches=fiches,
        valeurs={
            "titre": "Vacances pour tous",
            "organisme": "Fondation du Grand Air",
            "ferme_le": dans(12).date(),
            "lien": "https://grand-air.example/appel",
            "explication": "Des séjours pour des familles qui ne partent pas.",
        }
        | valeurs,
    )
