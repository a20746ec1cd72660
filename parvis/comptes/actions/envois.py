"""Garder, chiffré et pour une heure, un texte que le site n'a pas pu recevoir."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from parvis.comptes.models import LONGUEUR_D_ADRESSE, EnvoiGarde, Utilisateur
from parvis.comptes.rules.sessions import DUREE_DE_GARDE, ENVOIS_GARDES
from parvis.socle.chiffre import chiffrer, dechiffrer

_USAGE = "envoi-garde"


@dataclass(frozen=True)
class Texte:
    """Ce qu'un formulaire portait : ses champs, et le nom des fichiers à joindre de nouveau."""

    champs: dict[str, list[str]]
    fichiers: list[str]


@transaction.atomic
def garder_l_envoi(
    *,
    utilisateur: int,
    rattachement: int | None,
    adresse: str,
    champs: Mapping[str, Sequence[str]],
    fichiers: Sequence[str] = (),
) -> EnvoiGarde | None:
    """Garde un formulaire pour une personne ; rend rien si elle n'existe plus.

    Au-delà de ENVOIS_GARDES, les plus anciens laissent la place.
    """
    personne = Utilisateur.objects.filter(pk=utilisateur, is_active=True).first()
    if personne is None or len(adresse) > LONGUEUR_D_ADRESSE:
        return None
    maintenant = timezone.now()
    envoi = EnvoiGarde.objects.create(
        utilisateur=personne,
        rattachement=personne.rattachements.filter(pk=rattachement or 0).first(),
        adresse=adresse,
        contenu=chiffrer(_USAGE, json.dumps([dict(champs), list(fichiers)])),
        garde_le=maintenant,
        expire_le=maintenant + DUREE_DE_GARDE,
    )
    de_trop = personne.envois_gardes.values_list("pk", flat=True)[ENVOIS_GARDES:]
    EnvoiGarde.objects.filter(pk__in=list(de_trop)).delete()
    return envoi


def ouvrir_l_envoi(envoi: EnvoiGarde) -> Texte:
    """Rend le texte d'un envoi gardé ; lève Illisible si la clé du site a changé."""
    champs, fichiers = json.loads(dechiffrer(_USAGE, envoi.contenu))
    return Texte(champs, fichiers)


@transaction.atomic
def oublier_l_envoi(*, utilisateur: Utilisateur, identifiant: uuid.UUID) -> None:
    """Efface un envoi gardé de cette personne ; sans effet s'il n'est pas à elle."""
    EnvoiGarde.objects.filter(utilisateur=utilisateur, identifiant=identifiant).delete()


@transaction.atomic
def oublier_les_envois_echus() -> int:
    """Efface les envois dont l'heure est passée ; rend leur nombre."""
    return EnvoiGarde.objects.filter(expire_le__lte=timezone.now()).delete()[0]
