"""Les pages d'allauth dans nos mots : ses champs, ses réponses, ses codes de secours."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.recovery_codes.views import download_recovery_codes
from allauth.mfa.totp.views import activate_totp
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

Vue = Callable[..., HttpResponse]

COURRIEL = "Adresse de courriel"
ETIQUETTES = {
    "login": COURRIEL,
    "email": COURRIEL,
    "password": "Mot de passe",
    "oldpassword": "Mot de passe actuel",
    "password2": "Le même mot de passe, une seconde fois",
    "code": "Code",
}
AIDES = {
    "password1": "Au moins 12 signes. Quatre mots sans rapport entre eux font un bon mot de passe.",
}
CODE = {"inputmode": "numeric", "spellcheck": "false", "autocapitalize": "none"}


def en_clair(vue: Vue) -> Vue:
    """Rend une page d'allauth à nos gabarits : un formulaire refusé répond 422, comme partout."""

    @wraps(vue)
    def rendre(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reponse = vue(request, *args, **kwargs)
        if isinstance(reponse, TemplateResponse):
            contexte = reponse.context_data or {}
            # allauth nomme « site » le nom d'hôte : il cacherait le nôtre à tous les gabarits.
            contexte.pop("site", None)
            if "form" in contexte:
                _habiller(contexte["form"])
            if request.method == "POST":
                reponse.status_code = 422
        return reponse

    return rendre


def _habiller(form: BaseForm) -> None:
    """Donne à chaque champ notre étiquette et notre aide ; l'exemple dans la case ne se lit pas."""
    for champ in form:
        champ.label = ETIQUETTES.get(champ.name, champ.label)
        champ.help_text = AIDES.get(champ.name, "")
        champ.field.widget.attrs.pop("placeholder", None)
        if champ.name == "code":
            champ.field.widget.attrs.update(CODE)


def activer_le_facteur(request: HttpRequest) -> HttpResponse:
    """Active le second facteur, puis montre les codes de secours."""
    reponse = activate_totp(request)
    if reponse.get("Location") == reverse("mfa_view_recovery_codes"):
        # Le code qu'on vient de taper ne vaut qu'une fois : pas question de le redemander aussitôt.
        record_authentication(request, request.user, method="mfa", reauthenticated=True)
    return reponse


def fichier_de_secours(request: HttpRequest) -> HttpResponse:
    """Les codes de secours, dans un fichier de texte."""
    reponse = download_recovery_codes(request)
    reponse["Content-Disposition"] = 'attachment; filename="codes-de-secours.txt"'
    return reponse
