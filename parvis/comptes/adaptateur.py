"""Ce que les comptes changent à django-allauth : nos noms, notre boîte d'envoi, nos secrets chiffrés."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from parvis.comptes.models import Utilisateur
from parvis.courriels.actions import deposer
from parvis.courriels.enums import Sujet
from parvis.socle.chiffre import chiffrer, dechiffrer

_USAGE = "second-facteur"


class Adaptateur(DefaultAccountAdapter):
    """allauth écrit nos champs, et dépose ses courriels dans notre boîte d'envoi."""

    def save_user(
        self, request: HttpRequest, user: Utilisateur, form: Any, commit: bool = True
    ) -> Utilisateur:
        user.prenom = form.cleaned_data["prenom"]
        user.nom = form.cleaned_data["nom"]
        return super().save_user(request, user, form, commit)  # type: ignore[return-value]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        message = self.render_mail(template_prefix, email, {"email": email, **context})
        with transaction.atomic():
            deposer(
                destinataire=email,
                sujet=Sujet.SECURITE,
                objet=message.subject,
                texte=str(message.body),
            )

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Les pages disent elles-mêmes ce qui s'est passé : pas de second message."""


class SecondFacteur(DefaultMFAAdapter):
    """Les secrets du second facteur ne se lisent pas dans la base."""

    def encrypt(self, text: str) -> str:
        return chiffrer(_USAGE, text)

    def decrypt(self, encrypted_text: str) -> str:
        return dechiffrer(_USAGE, encrypted_text)


def adresse_du_client(request: HttpRequest) -> str:
    """Rend l'adresse d'où vient la requête ; un en-tête n'est cru que derrière notre mandataire."""
    return get_client_ip(request) or ""


def trop_d_essais(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Dit qu'il faut attendre ; la même page, que le compte existe ou non."""
    return render(request, "429.html", status=429)
