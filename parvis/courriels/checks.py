"""Ce que `parvis check --deploy` dit des courriels."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

AUCUN_SERVEUR = Warning(
    "Aucun courriel ne part : le réglage PARVIS_SMTP est vide.",
    hint="Donnez l’adresse du serveur d’envoi. Les courriels déposés l’attendent sans se perdre.",
    id="courriels.W001",
)


@register(Tags.security, deploy=True)
def un_serveur_d_envoi(**kwargs: Any) -> list[CheckMessage]:
    """Prévient quand les courriels n'ont pas de quoi partir."""
    return [] if settings.COURRIELS_PARTENT else [AUCUN_SERVEUR]
