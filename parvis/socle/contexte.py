"""Ce que tous les gabarits savent du site."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from parvis.socle.contrats import titres_des_contrats


def site(request: HttpRequest) -> dict[str, Any]:
    """Rend le thème du déploiement, le contact, le mode démonstration, les titres des contrats."""
    return {
        "titres_des_contrats": SimpleLazyObject(titres_des_contrats),
        "site": {
            **settings.THEME,
            "contact": settings.CONTACT,
            "demonstration": settings.DEMONSTRATION,
        },
    }
