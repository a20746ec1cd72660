"""L'espace d'une personne : pour qui elle agit, ce qui l'attend, son nom."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.comptes.acces import (
    CHOIX,
    acces,
    acteur_de,
    adresse_d_ici,
    connectes,
    rattachements_de_la_requete,
)
from parvis.comptes.actions.profil import changer_de_nom, choisir_les_frequences
from parvis.comptes.enums import Role
from parvis.comptes.forms.comptes import Frequences, Profil
from parvis.comptes.queries import espace
from parvis.comptes.rules.roles import ROLES
from parvis.socle.vues import trouver


@require_safe
@acces(connectes)
def accueil(request: HttpRequest) -> HttpResponse:
    """Mon espace : mes organismes, mes invitations, mes textes gardés."""
    acteur, maintenant = acteur_de(request), timezone.now()
    contexte = {
        "roles": [(r, ROLES[Role(r.role)].phrase) for r in rattachements_de_la_requete(request)],
        "invitations": espace.invitations_recues(acteur, maintenant=maintenant),
        "derniers": espace.seul_gestionnaire_de(acteur, jour=timezone.localdate()),
        "envois": espace.envois_gardes(acteur, maintenant=maintenant),
        "refusees": espace.demandes_refusees(acteur, maintenant=maintenant),
    }
    return render(request, "comptes/accueil.html", contexte)


@require_POST
@acces(connectes)
def agir_pour(request: HttpRequest) -> HttpResponse:
    """Choisit au titre de quel rattachement on agit, puis revient où l'on était."""
    acteur = acteur_de(request)
    choisi = request.POST.get("rattachement", "")
    pk = int(choisi) if choisi.isascii() and choisi.isdigit() and len(choisi) < 19 else 0
    rattachement = trouver(espace.rattachement_de, acteur, pk, jour=timezone.localdate())
    request.session[CHOIX] = rattachement.pk
    return HttpResponseRedirect(adresse_d_ici(request, request.POST.get("suite", "")))


@require_http_methods(["GET", "HEAD", "POST"])
@acces(connectes)
def profil(request: HttpRequest) -> HttpResponse:
    """Le nom sous lequel les autres voient la personne."""
    acteur = acteur_de(request)
    assert acteur.utilisateur is not None
    porte = {"prenom": acteur.utilisateur.prenom, "nom": acteur.utilisateur.nom}
    form = Profil(request.POST or None, initial=porte)
    if request.method == "POST" and form.is_valid():
        changer_de_nom(par=acteur, **form.cleaned_data)
        messages.success(request, "Votre nom est enregistré.")
        return redirect("comptes:accueil")
    statut = 422 if form.errors else 200
    return render(request, "comptes/profil.html", {"form": form}, status=statut)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(connectes)
def courriels(request: HttpRequest) -> HttpResponse:
    """Ce que l'on veut recevoir, et quand."""
    acteur = acteur_de(request)
    form = Frequences(request.POST or None, acteur=acteur)
    if request.method == "POST" and form.is_valid():
        choisir_les_frequences(par=acteur, frequences=form.cleaned_data)
        messages.success(request, "Vos choix sont enregistrés.")
        return redirect("comptes:courriels")
    statut = 422 if form.errors else 200
    return render(request, "comptes/courriels.html", {"form": form}, status=statut)
