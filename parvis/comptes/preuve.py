"""Prouver que c'est bien soi avant un acte grave : une session ouverte ne suffit pas."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import (
    did_recently_reauthenticate,
    get_reauthentication_flows,
)
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from parvis.comptes.rules.sessions import OUVERTE, PREUVE_RECENTE

# Le nom qu'allauth donne à un moyen, et celui de sa page.
_PAGES = {"reauthenticate": "account_reauthenticate", "mfa_reauthenticate": "mfa_reauthenticate"}


@dataclass(frozen=True)
class PreuveADonner:
    """Où prouver que c'est bien soi, puis revenir ; sans mot de passe, en se reconnectant."""

    adresse: str
    est_une_connexion: bool = False


def preuve_a_donner(request: HttpRequest, suite: str) -> PreuveADonner | None:
    """Rend comment cette personne doit prouver que c'est elle ; rien si elle vient de le faire.

    Par son mot de passe ou son second facteur ; sans eux, par un nouveau code reçu par courriel.
    """
    vers = urlencode({"next": suite})
    if moyens := get_reauthentication_flows(request.user):
        if did_recently_reauthenticate(request):
            return None
        page = _PAGES[moyens[0]["id"]]
        return PreuveADonner(f"{reverse(page)}?{vers}")
    ouverte = request.session.get(OUVERTE, "")
    if ouverte and timezone.now() - datetime.fromisoformat(ouverte) < PREUVE_RECENTE:
        return None
    return PreuveADonner(f"{reverse('account_login')}?{vers}", est_une_connexion=True)
