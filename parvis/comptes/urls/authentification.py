"""Les pages de django-allauth que le site ouvre, à nos adresses, chacune avec sa règle.

Leurs noms sont ceux d'allauth, qui les cherche ainsi. Ce qui n'est pas nommé ici n'existe pas.
"""

from allauth.account import views as compte
from allauth.mfa.base import views as facteur
from allauth.mfa.recovery_codes import views as secours
from allauth.mfa.totp import views as totp
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache

from parvis.comptes.acces import Regle, acces, connectes, tous
from parvis.comptes.views.authentification import (
    Vue,
    activer_le_facteur,
    en_clair,
    fichier_de_secours,
)


def _page(adresse: str, vue: Vue, nom: str, regle: Regle) -> URLPattern:
    """Déclare une page d'allauth ; ce qu'on y tape n'est jamais gardé : codes et mots de passe."""
    gardee = never_cache(acces(regle)(en_clair(vue)))
    gardee.est_sans_garde = True  # type: ignore[attr-defined]
    return path(adresse, gardee, name=nom)


urlpatterns = [
    _page("connexion/", compte.login, "account_login", tous),
    _page("connexion/code/", compte.request_login_code, "account_request_login_code", tous),
    _page("connexion/code/saisir/", compte.confirm_login_code, "account_confirm_login_code", tous),
    _page("connexion/facteur/", facteur.authenticate, "mfa_authenticate", tous),
    _page("deconnexion/", compte.logout, "account_logout", tous),
    _page("ferme/", compte.account_inactive, "account_inactive", tous),
    _page("inscription/", compte.signup, "account_signup", tous),
    _page(
        "inscription/code/",
        compte.email_verification_sent,
        "account_email_verification_sent",
        tous,
    ),
    _page("oubli/", compte.password_reset, "account_reset_password", tous),
    _page(
        "oubli/code/",
        compte.confirm_password_reset_code,
        "account_confirm_password_reset_code",
        tous,
    ),
    _page(
        "oubli/nouveau/", compte.complete_password_reset, "account_complete_password_reset", tous
    ),
    _page(
        "oubli/fait/",
        compte.password_reset_from_key_done,
        "account_password_reset_completed",
        tous,
    ),
    _page("adresse/", compte.email, "account_email", connectes),
    _page("mot-de-passe/", compte.password_change, "account_change_password", connectes),
    _page("mot-de-passe/choisir/", compte.password_set, "account_set_password", connectes),
    _page("verifier/", compte.reauthenticate, "account_reauthenticate", connectes),
    _page("facteur/verifier/", facteur.reauthenticate, "mfa_reauthenticate", connectes),
    _page("facteur/", facteur.index, "mfa_index", connectes),
    _page("facteur/activer/", activer_le_facteur, "mfa_activate_totp", connectes),
    _page("facteur/retirer/", totp.deactivate_totp, "mfa_deactivate_totp", connectes),
    _page("facteur/secours/", secours.view_recovery_codes, "mfa_view_recovery_codes", connectes),
    _page(
        "facteur/secours/refaire/",
        secours.generate_recovery_codes,
        "mfa_generate_recovery_codes",
        connectes,
    ),
    _page(
        "facteur/secours/fichier/",
        fichier_de_secours,
        "mfa_download_recovery_codes",
        connectes,
    ),
]
