"""Ce que toutes les vues partagent : l'objet ou l'absence, l'action ou ses motifs."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest

from parvis.socle.refus import Refus

T = TypeVar("T")


def trouver(lecture: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Rend ce que la lecture trouve ; ce qui ne se voit pas répond comme ce qui n'existe pas (404)."""
    try:
        return lecture(*args, **kwargs)
    except ObjectDoesNotExist:
        raise Http404 from None


def tenter(request: HttpRequest, action: Callable[..., Any], *, fait: str, **kwargs: Any) -> bool:
    """Mène une action, et dit à l'écran qu'elle est faite ou tous les motifs de son refus."""
    try:
        action(**kwargs)
    except Refus as refus:
        for motif in refus.motifs:
            messages.error(request, motif)
        return False
    messages.success(request, fait)
    return True
