"""Ce qui entoure chaque requête : la durée d'une session, et les formulaires qu'elle a perdus."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from parvis.comptes import envois
from parvis.comptes.rules import sessions

OUVERTE, VUE = sessions.OUVERTE, "vue_le"
SANS_EFFET = ("GET", "HEAD", "OPTIONS", "TRACE")
Suite = Callable[[HttpRequest], HttpResponse]


def limiter_la_session(suivant: Suite) -> Suite:
    """Ferme une session trop longue ou trop inactive ; aucune page d'un connecté n'est gardée en cache."""

    def traiter(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            _prolonger_ou_fermer(request)
        est_connecte = request.user.is_authenticated
        reponse = suivant(request)
        if est_connecte or request.user.is_authenticated:
            reponse["Cache-Control"] = "private, no-store"
        return reponse

    return traiter


def _prolonger_ou_fermer(request: HttpRequest) -> None:
    maintenant = timezone.now()
    ouverte_le, vue_le = (
        datetime.fromisoformat(request.session.get(cle, maintenant.isoformat()))
        for cle in (OUVERTE, VUE)
    )
    if sessions.est_finie(
        ouverte_le=ouverte_le,
        vue_le=vue_le,
        maintenant=maintenant,
        inactivite=settings.INACTIVITE_PERMISE,
        duree=settings.DUREE_DE_SESSION,
    ):
        logout(request)
    elif OUVERTE not in request.session:
        request.session[OUVERTE] = request.session[VUE] = maintenant.isoformat()
    elif maintenant - vue_le > sessions.PAS_D_ACTIVITE:
        request.session[VUE] = maintenant.isoformat()


def garder_les_formulaires(suivant: Suite) -> Suite:
    """Refuse un formulaire affiché à un autre acteur, et n'en perd pas le texte."""

    def traiter(request: HttpRequest) -> HttpResponse:
        reponse = suivant(request)
        envois.oublier_s_il_est_repris(request, reponse)
        return reponse

    def avant_la_vue(
        request: HttpRequest, vue: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if request.method in SANS_EFFET or getattr(vue, "est_sans_jeton", False):
            return None
        return envois.refuser_s_il_le_faut(request, vue)

    traiter.process_view = avant_la_vue  # type: ignore[attr-defined]
    return traiter
