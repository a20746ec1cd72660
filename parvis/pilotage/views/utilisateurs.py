"""Les personnes : leurs rôles, leur compte, les inviter à un rôle de contrat ou à l'administration."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, administrateurs
from parvis.comptes.actions.rattachements import terminer
from parvis.organismes.queries import chercher
from parvis.pilotage.actions.utilisateurs import fermer_le_compte, rouvrir_le_compte
from parvis.pilotage.queries import utilisateurs as queries
from parvis.pilotage.queries.retenus import organisme_retenu
from parvis.pilotage.views.invitation import inviter_dans
from parvis.socle.listes import choix, contexte_de_liste, saisi
from parvis.socle.vues import tenter, trouver


@require_safe
@acces(administrateurs)
def liste(request: HttpRequest) -> HttpResponse:
    """Tous ceux qui ont un compte, cherchés et filtrés."""
    page, facettes = queries.page_des_utilisateurs(
        acteur_de(request), choix(request), jour=timezone.localdate()
    )
    contexte = contexte_de_liste(request, page, facettes)
    return render(request, "pilotage/utilisateurs.html", contexte)


@require_safe
@acces(administrateurs)
def personne(request: HttpRequest, pk: int) -> HttpResponse:
    """Une personne, ses rôles d'aujourd'hui et d'hier, l'état de son compte."""
    acteur = acteur_de(request)
    lue = trouver(queries.utilisateur, acteur, pk)
    contexte = {"personne": lue, "est_soi_meme": lue == acteur.utilisateur}
    return render(request, "pilotage/personne.html", contexte)


@require_POST
@acces(administrateurs)
def fermer(request: HttpRequest, pk: int) -> HttpResponse:
    """Ferme un compte : ses sessions finissent aussitôt."""
    return _changer_l_etat(request, pk, fermer_le_compte, "fermé")


@require_POST
@acces(administrateurs)
def rouvrir(request: HttpRequest, pk: int) -> HttpResponse:
    """Rouvre un compte fermé."""
    return _changer_l_etat(request, pk, rouvrir_le_compte, "rouvert")


def _changer_l_etat(request: HttpRequest, pk: int, action, etat: str) -> HttpResponse:
    acteur = acteur_de(request)
    lue = trouver(queries.utilisateur, acteur, pk)
    tenter(
        request,
        action,
        fait=f"Le compte de {lue} est {etat}.",
        par=acteur,
        utilisateur=lue,
        motif=saisi(request, "motif"),
    )
    return redirect("pilotage:personne", pk)


@require_POST
@acces(administrateurs)
def finir_un_role(request: HttpRequest, utilisateur: int, pk: int) -> HttpResponse:
    """Met fin au rôle d'une personne."""
    acteur = acteur_de(request)
    role = trouver(queries.rattachement_a_finir, acteur, utilisateur, pk)
    tenter(
        request,
        terminer,
        fait=f"{role.utilisateur} n’agit plus pour {role.organisme} avec ce rôle.",
        par=acteur,
        rattachement=role,
        motif=saisi(request, "motif"),
    )
    return redirect("pilotage:personne", utilisateur)


@require_safe
@acces(administrateurs)
def ou_inviter(request: HttpRequest) -> HttpResponse:
    """Cherche l'organisme où inviter."""
    question = choix(request).get("q", "")
    trouves = chercher(acteur_de(request), question) if question else []
    return render(request, "pilotage/ou_inviter.html", {"q": question, "trouves": trouves})


@require_http_methods(["GET", "HEAD", "POST"])
@acces(administrateurs)
def inviter(request: HttpRequest, organisme: int) -> HttpResponse:
    """Invite une adresse à un rôle de contrat, à l'administration, ou à tenir un organisme."""
    choisi = trouver(organisme_retenu, acteur_de(request), organisme)
    return inviter_dans(request, choisi, suite=("pilotage:utilisateurs",))
