"""Ce que partagent les actes sur un dossier déposé : le tenir, et prévenir l'autre côté."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.comptes.models import Rattachement
from parvis.courriels.actions import deposer
from parvis.courriels.enums import Sujet
from parvis.dossiers.actions.depot import adresses_de_qui_porte
from parvis.dossiers.models import Dossier
from parvis.dossiers.permissions import peut_recevoir_les_dossiers


def tenir_le_dossier_recu(par: Acteur, dossier: Dossier) -> Dossier:
    """Rend le dossier déposé, verrouillé ; lève Dossier.DoesNotExist à qui ne le reçoit pas."""
    tenu = (
        Dossier.objects.select_for_update(of=("self",))
        .deposes()
        .select_related(
            "projet__porteur__fusionne_dans",
            "projet__structure_porteuse__fusionne_dans",
            "appel__contrat",
            "version_d_appel",
        )
        .get(pk=dossier.pk)
    )
    if not peut_recevoir_les_dossiers(par, tenu.appel.contrat.code):
        raise Dossier.DoesNotExist
    return tenu


def prevenir_le_porteur(
    dossier: Dossier,
    *,
    objet: str,
    texte: str,
    page: str = "suites",
    sujet: str = Sujet.DEPOT,
    sauf: str = "",
) -> None:
    """Écrit à qui écrit les dossiers du porteur, avec la page où agir."""
    chemin = reverse(f"espace_porteur:{page}", args=[dossier.appel.contrat.code, dossier.pk])
    adresses = set(adresses_de_qui_porte(dossier)) - {sauf}
    _ecrire(adresses, dossier, sujet=sujet, objet=objet, texte=texte, chemin=chemin)


def prevenir_le_service(
    dossier: Dossier, *, objet: str, texte: str, sujet: str = Sujet.PLATEFORME, sauf: str = ""
) -> None:
    """Écrit aux pilotes du contrat, avec la page du dossier."""
    contrat = dossier.appel.contrat.code
    chemin = reverse("pilotage:dossier", args=[contrat, dossier.pk])
    pilotes = Rattachement.objects.confirmes(timezone.localdate()).filter(
        role=Role.PILOTE, contrat=contrat
    )
    adresses = {p.utilisateur.courriel for p in pilotes.select_related("utilisateur")}
    _ecrire(adresses - {sauf}, dossier, sujet=sujet, objet=objet, texte=texte, chemin=chemin)


def _ecrire(
    adresses: Iterable[str], dossier: Dossier, *, sujet: str, objet: str, texte: str, chemin: str
) -> None:
    lien = f"« {dossier.projet.titre} » : {settings.ADRESSE}{chemin}"
    for adresse in sorted(adresses):
        deposer(destinataire=adresse, sujet=sujet, objet=objet, texte=f"{texte}\n\n{lien}")
