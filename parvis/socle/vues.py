"""Ce que toutes les vues partagent : l'objet ou l'absence, l'action ou ses motifs."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from parvis.socle.refus import Refus

T = TypeVar("T")


def trouver(lecture: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Rend ce que la lecture trouve ; ce qui ne se voit pas répond comme ce qui n'existe pas (404)."""
    try:
        return lecture(*args, **kwargs)
    except ObjectDoesNotExist:
        raise Http404 from None


class Emportable(Protocol):
    """Un fichier produit : ses octets, sa sorte, et le nom sous lequel il s'enregistre."""

    @property
    def octets(self) -> bytes: ...
    @property
    def sorte(self) -> str: ...
    @property
    def nom(self) -> str: ...


def a_emporter(fichier: Emportable | None) -> HttpResponse:
    """Rend un fichier à enregistrer ; sans fichier, répond comme ce qui n'existe pas (404)."""
    if fichier is None:
        raise Http404
    reponse = HttpResponse(fichier.octets, content_type=fichier.sorte)
    reponse.headers["Content-Disposition"] = content_disposition_header(True, fichier.nom)
    return reponse


def textes_envoyes(request: HttpRequest) -> list[str]:
    """Rend les phrases qu'une personne envoyait ; un seul mot n'est pas du travail perdu."""
    champs = ((nom, texte) for nom, suite in request.POST.lists() for texte in suite)
    return [t for nom, t in champs if len(t.split()) > 1 and "password" not in nom]


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


def numero_demande(request: HttpRequest, nom: str) -> int | None:
    """Rend un petit nombre que porte l'adresse ; rien s'il n'en est pas un."""
    texte = request.GET.get(nom, "")
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 5 else None


def est_pour_le_script(request: HttpRequest) -> bool:
    """Dit si l'envoi vient de l'enregistrement à mesure, qui attend du JSON et non une page."""
    return request.headers.get("Accept", "") == "application/json"


def enregistre_a_l_instant() -> str:
    """Rend ce que dit un enregistrement à mesure qui vient d'aboutir."""
    return f"Enregistré à {timezone.localtime():%-H h %M}"
