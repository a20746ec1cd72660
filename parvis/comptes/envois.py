"""Ce qu'il advient d'un formulaire envoyé trop tard, ou au titre d'un autre organisme."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from parvis.comptes import jetons
from parvis.comptes.acces import acteur_de, inviter_a_se_connecter
from parvis.comptes.actions.envois import garder_l_envoi, oublier_l_envoi
from parvis.comptes.models import EnvoiGarde

# Ce qui ne se rejoue pas : les jetons d'avant, refaits à la reprise.
CACHES = ("csrfmiddlewaretoken", jetons.CHAMP, jetons.REPRISE)


def refuser_s_il_le_faut(request: HttpRequest, vue: Callable[..., Any]) -> HttpResponse | None:
    """Rend la page d'un formulaire refusé, son texte gardé, ou rien s'il est valable.

    Un visiteur sans jeton passe : sa vue décide. Un connecté prouve que le formulaire lui a été
    affiché, au titre de l'organisme pour lequel il agit encore.
    """
    acteur = acteur_de(request)
    jeton = jetons.lire(request.POST.get(jetons.CHAMP, ""))
    if acteur.utilisateur is None:
        if jeton is None:
            return None
        return inviter_a_se_connecter(
            request, vers=_adresse_de_reprise(_garder(request, vue, jeton))
        )
    if jeton is not None and jetons.vaut_pour(jeton, acteur):
        return None
    return page_de_refus(request, vue, jeton)


def page_de_refus(
    request: HttpRequest, vue: Callable[..., Any] | None, jeton: jetons.Jeton | None
) -> HttpResponse:
    """Dit à un connecté pourquoi son formulaire est refusé, et où retrouver ce qu'il a écrit."""
    acteur = acteur_de(request)
    assert acteur.utilisateur is not None
    present = jetons.Jeton(
        acteur.utilisateur.pk, acteur.rattachement.pk if acteur.rattachement else None
    )
    envoi = _garder(request, vue, jeton or present)
    est_a_soi = envoi is not None and envoi.utilisateur_id == acteur.utilisateur.pk
    contexte = {
        "est_d_un_autre": jeton is not None and jeton.utilisateur != acteur.utilisateur.pk,
        "est_d_un_autre_role": jeton is not None and jeton.rattachement != present.rattachement,
        "envoi": envoi if est_a_soi else None,
    }
    return render(request, "comptes/formulaire_refuse.html", contexte, status=409)


def refus_csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """La protection contre les envois forgés a parlé : on ne fait rien, mais on garde le texte."""
    jeton = jetons.lire(request.POST.get(jetons.CHAMP, ""))
    if jeton is None:
        return render(request, "403.html", status=403)
    vue = request.resolver_match.func if request.resolver_match else None
    if acteur_de(request).utilisateur is not None:
        return page_de_refus(request, vue, jeton)
    return inviter_a_se_connecter(request, vers=_adresse_de_reprise(_garder(request, vue, jeton)))


def oublier_s_il_est_repris(request: HttpRequest, reponse: HttpResponse) -> None:
    """Efface le texte gardé dès que son formulaire a été reçu, accepté ou rendu à corriger."""
    if request.method != "POST" or reponse.status_code not in (200, 201, 204, 302, 303, 422):
        return
    acteur = acteur_de(request)
    repris = request.POST.get(jetons.REPRISE, "")
    if acteur.utilisateur is None or not repris:
        return
    try:
        identifiant = uuid.UUID(repris)
    except ValueError:
        return
    oublier_l_envoi(utilisateur=acteur.utilisateur, identifiant=identifiant)


def _garder(
    request: HttpRequest, vue: Callable[..., Any] | None, jeton: jetons.Jeton
) -> EnvoiGarde | None:
    """Garde le texte pour la personne à qui le formulaire a été affiché ; jamais un mot de passe."""
    if getattr(vue, "est_sans_garde", False):
        return None
    champs = {nom: valeurs for nom, valeurs in request.POST.lists() if nom not in CACHES}
    return garder_l_envoi(
        utilisateur=jeton.utilisateur,
        rattachement=jeton.rattachement,
        adresse=request.get_full_path(),
        champs=champs,
        fichiers=[fichier.name or "" for fichier in request.FILES.values()],
    )


def _adresse_de_reprise(envoi: EnvoiGarde | None) -> str:
    return reverse("comptes:reprise", args=(envoi.identifiant,)) if envoi else ""
