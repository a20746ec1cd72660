"""Ce que tous les gabarits savent du site."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """Rend le thème du déploiement, le contact et le mode démonstration."""
    return {
        "site": {
            **settings.THEME,
            "contact": settings.CONTACT,
            "demonstration": settings.DEMONSTRATION,
        }
    }
