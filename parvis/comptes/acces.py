"""Qui entre où : chaque vue déclare sa règle, et la matrice d'accès la vérifie."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from parvis.comptes.acteur import Acteur
from parvis.comptes.enums import Role
from parvis.comptes.models import Rattachement
from parvis.comptes.queries.rattachements import rattachements_de

Regle = Callable[[Acteur], bool]
Vue = Callable[..., HttpResponseBase]
# Le rattachement choisi dans l'en-tête, gardé dans la session.
CHOIX = "rattachement"


def tous(acteur: Acteur) -> bool:
    """Ouvre la page à chacun, connecté ou non."""
    return True


def connectes(acteur: Acteur) -> bool:
    """Ouvre la page à qui est connecté, quel que soit son organisme."""
    return acteur.utilisateur is not None


def membres(acteur: Acteur) -> bool:
    """Ouvre la page à qui agit pour un organisme, confirmé ou en attente de l'être."""
    return acteur.rattachement is not None


def gestionnaires(acteur: Acteur) -> bool:
    """Ouvre la page à qui tient un organisme : son gestionnaire confirmé, ou l'administrateur."""
    return acteur.a_le_role(Role.GESTIONNAIRE, Role.ADMINISTRATEUR)


def pilotes(acteur: Acteur) -> bool:
    """Ouvre la page aux pilotes d'un contrat ; la lecture vérifie ensuite lequel."""
    return acteur.a_le_role(Role.PILOTE)


def instructeurs(acteur: Acteur) -> bool:
    """Ouvre la page à qui étudie des dossiers ; la lecture vérifie ensuite lesquels."""
    return acteur.etudie_des_dossiers


def financeurs(acteur: Acteur) -> bool:
    """Ouvre la page à qui tient l'argent d'un financeur ; la lecture ne rend que celui de son service."""
    return acteur.tient_des_enveloppes


def administrateurs(acteur: Acteur) -> bool:
    """Ouvre la page à qui tient la plateforme."""
    return acteur.a_le_role(Role.ADMINISTRATEUR)


def en_demonstration(acteur: Acteur) -> bool:
    """Ouvre la page en démonstration seulement."""
    return settings.DEMONSTRATION


# Hors du mode, la page n'existe pas : s'y connecter n'y changerait rien.
en_demonstration.est_sans_compte = True  # type: ignore[attr-defined]


def porteurs_d_un_lien(acteur: Acteur) -> bool:
    """Ouvre la page à qui tient un lien secret, connecté ou non ; la lecture vérifie le jeton."""
    return True


# Sans le bon jeton, la page n'existe pas : s'y connecter n'y changerait rien.
porteurs_d_un_lien.est_sans_compte = True  # type: ignore[attr-defined]


def acces(regle: Regle) -> Callable[[Vue], Vue]:
    """Déclare la règle d'une vue.

    Un visiteur est invité à se connecter, que l'objet existe ou non ; qui est connecté et n'entre
    pas reçoit la même réponse que si rien n'existait.
    """

    def garder(vue: Vue) -> Vue:
        @wraps(vue)
        def vue_gardee(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            acteur = acteur_de(request)
            if not regle(acteur):
                if acteur.est_anonyme and not getattr(regle, "est_sans_compte", False):
                    return inviter_a_se_connecter(request)
                raise Http404
            return vue(request, *args, **kwargs)

        vue_gardee.acces = regle  # type: ignore[attr-defined]
        return vue_gardee

    return garder


def inviter_a_se_connecter(request: HttpRequest, vers: str = "") -> HttpResponse:
    """Renvoie vers la page de connexion, qui mènera ensuite à `vers`.

    Sans précision, c'est la page demandée ; après un envoi, l'espace personnel. HTMX change alors
    de page entière.
    """
    if not vers:
        lit = request.method in ("GET", "HEAD")
        vers = request.get_full_path() if lit else reverse("comptes:accueil")
    reponse = redirect_to_login(vers, reverse("account_login"))
    if request.headers.get("HX-Request"):
        reponse = HttpResponse(status=204, headers={"HX-Redirect": reponse["Location"]})
    return reponse


def adresse_d_ici(request: HttpRequest, suite: str) -> str:
    """Rend l'adresse du site où aller ; toute autre mène à l'espace personnel."""
    est_ici = url_has_allowed_host_and_scheme(suite, {request.get_host()}, request.is_secure())
    return suite if est_ici else reverse("comptes:accueil")


def acteur_de(request: HttpRequest) -> Acteur:
    """Rend qui agit dans cette requête, relu en base une fois par requête.

    Un rattachement fini, retiré ou refusé ne vaut plus dès la requête suivante, session ouverte
    ou non.
    """
    if not hasattr(request, "_acteur"):
        request._acteur = _lire_l_acteur(request)  # type: ignore[attr-defined]
    return request._acteur  # type: ignore[attr-defined]


def _lire_l_acteur(request: HttpRequest) -> Acteur:
    utilisateur = getattr(request, "user", None)
    if utilisateur is None or not utilisateur.is_authenticated:
        return Acteur.anonyme()
    choix = request.session.get(CHOIX)
    en_cours = rattachements_de_la_requete(request)
    # Celui qui est choisi s'il vaut encore, sinon le premier, sinon aucun.
    choisi = next((r for r in en_cours if r.pk == choix), en_cours[0] if en_cours else None)
    return Acteur(utilisateur, choisi)


def rattachements_de_la_requete(request: HttpRequest) -> list[Rattachement]:
    """Rend ce entre quoi la personne peut choisir, lu une fois par requête."""
    if not hasattr(request, "_rattachements"):
        request._rattachements = (  # type: ignore[attr-defined]
            rattachements_de(request.user, jour=timezone.localdate())
            if request.user.is_authenticated
            else []
        )
    return request._rattachements  # type: ignore[attr-defined]
