"""Ce que les comptes changent à django-allauth : nos noms, notre boîte d'envoi, nos secrets chiffrés."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from parvis.comptes.models import Utilisateur
from parvis.courriels.actions import deposer
from parvis.courriels.enums import Sujet
from parvis.courriels.rules import est_une_adresse
from parvis.socle.chiffre import chiffrer, dechiffrer
from parvis.socle.templatetags.socle import typo

_USAGE = "second-facteur"
# Le mot de passe choisi à l'inscription, haché, tant que l'adresse n'est pas prouvée.
_CHOISI = "mot-de-passe-choisi"

CODE_FAUX = "Ce code n’est pas le bon. Relisez-le, puis retapez-le."
ERREURS = {
    "duplicate_email": "C’est déjà l’adresse de votre compte.",
    "email_password_mismatch": (
        "L’adresse ou le mot de passe n’est pas le bon. Vous pouvez aussi recevoir un code par courriel."
    ),
    "email_taken": "Cette adresse sert déjà à un autre compte.",
    "enter_current_password": "Ce n’est pas votre mot de passe actuel.",
    "incorrect_code": CODE_FAUX,
    "incorrect_password": "Ce n’est pas votre mot de passe.",
    "rate_limited": "Attendez un instant avant de demander un autre code.",
    "same_as_current": "C’est déjà votre adresse.",
    "too_many_login_attempts": "Trop d’essais. Attendez un peu, puis demandez un nouveau code.",
}


_PARLE_D_UN_COMPTE = ("account/email/unknown_account", "account/email/account_already_exists")


def _est_ferme(courriel: str) -> bool:
    return Utilisateur.objects.filter(courriel=courriel.lower(), is_active=False).exists()


class Adaptateur(DefaultAccountAdapter):
    """allauth écrit nos champs, et dépose ses courriels dans notre boîte d'envoi."""

    error_messages = DefaultAccountAdapter.error_messages | ERREURS

    def is_ajax(self, request: HttpRequest) -> bool:
        """Une page est une page : pas de réponse en JSON."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Ne compte rien : axes compte par adresse et par compte, sans fermer le compte d'un autre."""

    def save_user(
        self, request: HttpRequest, user: Utilisateur, form: Any, commit: bool = True
    ) -> Utilisateur:
        """Crée le compte sans mot de passe.

        Qui s'inscrit avec l'adresse d'un autre ne doit pas y laisser son mot de passe : il ne vaut
        qu'une fois l'adresse prouvée, depuis la même session.
        """
        user.prenom = form.cleaned_data["prenom"]
        user.nom = form.cleaned_data["nom"]
        super().save_user(request, user, form, commit=False)
        request.session[_CHOISI] = [user.courriel, user.password]
        user.set_unusable_password()
        if commit:
            user.save()
        return user

    def login(self, request: HttpRequest, user: Utilisateur) -> None:  # type: ignore[override]
        """Ouvre la session, et donne au compte le mot de passe choisi à l'inscription."""
        courriel, mot_de_passe = request.session.pop(_CHOISI, ("", ""))
        if courriel == user.courriel:
            user.password = mot_de_passe
            user.save(update_fields=["password"])
        super().login(request, user)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("comptes:accueil")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return reverse("comptes:accueil")

    def clean_email(self, email: str) -> str:
        """Rend l'adresse ; lève ValidationError si notre boîte d'envoi ne peut pas y écrire."""
        if not est_une_adresse(email.strip()):
            raise ValidationError("Le site ne peut pas écrire à cette adresse : vérifiez-la.")
        return super().clean_email(email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        reperes = {
            "email": email,
            "site": settings.THEME["nom"],
            "adresse": settings.ADRESSE,
            "contact": settings.CONTACT["courriel"],
        }
        if not est_une_adresse(email):
            # Django accepte des adresses qu'aucun serveur ne joint : même réponse, sans courriel.
            return
        # Demandé pour toute adresse : une requête de plus ne dit pas laquelle est connue.
        est_ferme = _est_ferme(email)
        if est_ferme and template_prefix in _PARLE_D_UN_COMPTE:
            # Sans quoi l'un dirait d'en créer un, et l'autre qu'il existe déjà.
            template_prefix = "account/email/compte_ferme"
        message = self.render_mail(template_prefix, email, context | reperes)
        with transaction.atomic():
            deposer(
                destinataire=email,
                sujet=Sujet.SECURITE,
                objet=typo(message.subject),
                texte=typo(message.body),
            )


class SecondFacteur(DefaultMFAAdapter):
    """Les secrets du second facteur ne se lisent pas dans la base."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": CODE_FAUX,
        "unverified_email": (
            "Confirmez d’abord votre nouvelle adresse, ou gardez l’ancienne : "
            "le second facteur se règle ensuite."
        ),
    }

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
