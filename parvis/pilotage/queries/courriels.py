"""La boîte d'envoi, vue par qui tient la plateforme : jamais le texte d'un courriel."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from parvis.comptes.acteur import Acteur
from parvis.courriels.enums import Etat, Sujet
from parvis.courriels.models import Courriel
from parvis.courriels.queries import boite, lettres_mortes
from parvis.courriels.rules import SUJETS
from parvis.pilotage.permissions import peut_administrer
from parvis.socle.filtres import Critere, Facette, filtrer
from parvis.socle.pages import Page, page

SECRETS = [sujet for sujet, regle in SUJETS.items() if regle.est_secret]
_CRITERES = [
    Critere(
        "etat",
        "État",
        {
            **{e.value: (e.label, Q(etat=e)) for e in Etat},
            "rate": (
                "À réessayer : le dernier envoi a échoué",
                Q(etat=Etat.A_ENVOYER) & ~Q(erreur=""),
            ),
        },
    ),
    Critere("sujet", "Sujet", {s.value: (s.label, Q(sujet=s)) for s in Sujet}),
]


def page_des_courriels(
    acteur: Acteur, demandes: Mapping[str, str]
) -> tuple[Page[Courriel], list[Facette]]:
    """Rend une page des courriels choisis, le plus récent d'abord, sans leur texte."""
    choisis, facettes = filtrer(_adresses(acteur, boite(), demandes), _CRITERES, demandes)
    return (
        page(
            choisis,
            ("-depose_le", "-pk"),
            apres=demandes.get("apres", ""),
            avant=demandes.get("avant", ""),
        ),
        facettes,
    )


def abandonnes(acteur: Acteur, demandes: Mapping[str, str]) -> list[Courriel]:
    """Rend tous les courriels abandonnés qui répondent aux mêmes choix."""
    choisis, _ = filtrer(_adresses(acteur, lettres_mortes(), demandes), _CRITERES, demandes)
    return list(choisis)


def abandonnes_choisis(acteur: Acteur, identifiants: Sequence[str]) -> list[Courriel]:
    """Rend ces courriels abandonnés ; lève Courriel.DoesNotExist s'il en manque un, ou tous."""
    try:
        choisis = {UUID(identifiant) for identifiant in identifiants}
    except ValueError:
        raise Courriel.DoesNotExist from None
    trouves = list(_adresses(acteur, lettres_mortes(), {}).filter(identifiant__in=choisis))
    if not choisis or len(trouves) != len(choisis):
        raise Courriel.DoesNotExist
    return trouves


def _adresses(
    acteur: Acteur, lignes: QuerySet[Courriel], demandes: Mapping[str, str]
) -> QuerySet[Courriel]:
    if not peut_administrer(acteur):
        return Courriel.objects.none()
    return lignes.defer("texte").filter(
        destinataire__contains=demandes.get("q", "").strip().lower()
    )
