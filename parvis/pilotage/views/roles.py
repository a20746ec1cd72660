"""Les rôles d'un contrat : qui les tient, qui y est invité, inviter, finir."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.comptes.actions.invitations import annuler_l_invitation
from parvis.comptes.actions.rattachements import terminer
from parvis.organismes.queries import chercher
from parvis.pilotage.queries import roles as queries
from parvis.pilotage.queries.contrats import contrat_pilote
from parvis.pilotage.views.invitation import inviter_dans
from parvis.socle.listes import choix, contexte_de_liste, saisi
from parvis.socle.vues import tenter, trouver


@require_safe
@acces(pilotes)
def liste(request: HttpRequest, contrat: str) -> HttpResponse:
    """Ceux qui tiennent un rôle du contrat, et les gestionnaires de ses partenaires."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    page, facettes = queries.page_des_roles(
        acteur, conduit, choix(request), jour=timezone.localdate()
    )
    contexte = {"contrat": conduit, **contexte_de_liste(request, page, facettes)}
    return render(request, "pilotage/roles.html", contexte)


@require_safe
@acces(pilotes)
def invitations(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les invitations sans réponse."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    page = queries.page_des_invitations(acteur, conduit, choix(request), maintenant=timezone.now())
    contexte = {"contrat": conduit, **contexte_de_liste(request, page)}
    return render(request, "pilotage/invitations.html", contexte)


@require_POST
@acces(pilotes)
def annuler(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Annule une invitation."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    envoyee = trouver(queries.invitation_a_annuler, acteur, conduit, pk, maintenant=timezone.now())
    tenter(
        request,
        annuler_l_invitation,
        fait=f"L’invitation de {envoyee.courriel} est annulée.",
        par=acteur,
        invitation=envoyee,
    )
    return redirect("pilotage:invitations", contrat)


@require_POST
@acces(pilotes)
def finir(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Met fin à un rôle du contrat."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    role = trouver(queries.role_a_finir, acteur, conduit, pk, jour=timezone.localdate())
    tenter(
        request,
        terminer,
        fait=f"{role.utilisateur} ne tient plus ce rôle.",
        par=acteur,
        rattachement=role,
        motif=saisi(request, "motif"),
    )
    return redirect("pilotage:roles", contrat)


@require_safe
@acces(pilotes)
def ou_inviter(request: HttpRequest, contrat: str) -> HttpResponse:
    """Cherche l'organisme où inviter."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    question = choix(request).get("q", "")
    contexte = {
        "contrat": conduit,
        "q": question,
        "trouves": chercher(acteur, question) if question else [],
    }
    return render(request, "pilotage/ou_inviter.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def inviter(request: HttpRequest, contrat: str, organisme: int) -> HttpResponse:
    """Invite une adresse à un rôle dans un organisme."""
    acteur, jour = acteur_de(request), timezone.localdate()
    conduit = trouver(contrat_pilote, acteur, contrat)
    choisi = trouver(queries.organisme_ou_inviter, acteur, conduit, organisme, jour=jour)
    return inviter_dans(request, choisi, suite=("pilotage:invitations", contrat), contrat=conduit)
