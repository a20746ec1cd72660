"""Entrer dans un organisme : le demander, le prouver par un code, répondre à une invitation."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from parvis.comptes.acces import CHOIX, acces, acteur_de, connectes
from parvis.comptes.actions import invitations, rattachements
from parvis.comptes.forms.comptes import Code, Revendication
from parvis.comptes.queries import espace
from parvis.comptes.queries.membres import a_un_gestionnaire
from parvis.comptes.queries.organismes import organisme_a_rejoindre
from parvis.comptes.rules.roles import ROLES
from parvis.comptes.views.organismes import suite_demandee
from parvis.courriels.rules import masquer
from parvis.socle.refus import Refus
from parvis.socle.templatetags.socle import de
from parvis.socle.vues import tenter, trouver


@require_http_methods(["GET", "HEAD", "POST"])
@acces(connectes)
def revendiquer(request: HttpRequest, organisme: int) -> HttpResponse:
    """Demander à agir pour un organisme qui existe déjà."""
    acteur = acteur_de(request)
    vise = trouver(organisme_a_rejoindre, acteur, organisme)
    form, motifs = Revendication(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        try:
            demande = rattachements.revendiquer(par=acteur, organisme=vise, **form.cleaned_data)
        except Refus as refus:
            motifs = refus.motifs
        else:
            request.session[CHOIX] = demande.pk
            return _vers_la_demande(request, demande.pk)
    contexte = {"organisme": vise, "form": form, "motifs": motifs}
    statut = 422 if form.errors or motifs else 200
    return render(request, "comptes/revendiquer.html", contexte, status=statut)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(connectes)
def demande(request: HttpRequest, pk: int) -> HttpResponse:
    """Une demande en attente : qui la confirmera, et le code à saisir."""
    acteur = acteur_de(request)
    attente = trouver(espace.demande_de, acteur, pk)
    form, motifs = Code(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        try:
            invitations.confirmer_par_code(par=acteur, rattachement=attente, **form.cleaned_data)
        except Refus as refus:
            motifs = refus.motifs
        else:
            suite = suite_demandee(request)
            return redirect(suite) if suite else redirect("comptes:organisme", attente.organisme_id)
    contexte = {
        "suite": suite_demandee(request),
        "demande": attente,
        "form": form,
        "motifs": motifs,
        "adresse_masquee": masquer(attente.organisme.courriel)
        if attente.organisme.courriel
        else "",
        "a_un_gestionnaire": a_un_gestionnaire(attente.organisme, jour=timezone.localdate()),
        "code_envoye": attente.codes_envoyes.exists(),
    }
    statut = 422 if form.errors or motifs else 200
    return render(request, "comptes/demande.html", contexte, status=statut)


# Ce qu'on y tape est un code.
demande.est_sans_garde = True  # type: ignore[attr-defined]


@require_POST
@acces(connectes)
def envoyer_un_code(request: HttpRequest, pk: int) -> HttpResponse:
    """Envoie un code à l'adresse connue de l'organisme."""
    acteur = acteur_de(request)
    attente = trouver(espace.demande_de, acteur, pk)
    tenter(
        request,
        invitations.envoyer_un_code,
        fait="Le code est parti à l’adresse de l’organisme.",
        par=acteur,
        rattachement=attente,
    )
    return _vers_la_demande(request, pk)


def _vers_la_demande(request: HttpRequest, pk: int) -> HttpResponse:
    """Mène à une demande en attente, sans oublier d'où la personne venait."""
    suite = suite_demandee(request)
    adresse = reverse("comptes:demande", args=(pk,))
    return redirect(f"{adresse}?{urlencode({'suite': suite})}" if suite else adresse)


@require_POST
@acces(connectes)
def quitter(request: HttpRequest, pk: int) -> HttpResponse:
    """Retire sa demande, ou met fin à son propre rattachement."""
    acteur = acteur_de(request)
    sien = trouver(espace.rattachement_de, acteur, pk, jour=timezone.localdate())
    tenter(
        request,
        rattachements.terminer,
        fait=f"Vous n’agissez plus pour {sien.organisme.nom}.",
        par=acteur,
        rattachement=sien,
    )
    return redirect("comptes:accueil")


# L'adresse porte un secret : ni cache, ni renvoi vers un autre site.
@require_http_methods(["GET", "HEAD", "POST"])
@acces(connectes)
@never_cache
def invitation(request: HttpRequest, jeton: str) -> HttpResponse:
    """Une invitation : ce qu'elle propose, l'accepter ou la décliner."""
    acteur = acteur_de(request)
    empreinte = invitations.empreinte_du_jeton(jeton)
    if espace.a_deja_repondu(acteur, empreinte):
        messages.info(request, "Vous avez déjà répondu à cette invitation.")
        return redirect("comptes:accueil")
    recue = trouver(espace.invitation_recue, acteur, empreinte, maintenant=timezone.now())
    motifs: list[str] = []
    if request.method == "POST":
        try:
            return _repondre(request, recue)
        except Refus as refus:
            motifs = refus.motifs
    contexte = {"invitation": recue, "phrase": ROLES[recue.role].phrase, "motifs": motifs}
    return render(request, "comptes/invitation.html", contexte, status=422 if motifs else 200)


# Le jeton est un secret : l'adresse d'un envoi refusé ne se garde pas.
invitation.est_sans_garde = True  # type: ignore[attr-defined]


def _repondre(request: HttpRequest, recue) -> HttpResponse:
    acteur = acteur_de(request)
    if request.POST.get("reponse") == "decliner":
        invitations.decliner_l_invitation(par=acteur, invitation=recue)
        messages.success(request, f"Vous avez décliné l’invitation {de(recue.organisme.nom)}.")
        return redirect("comptes:accueil")
    rattachement = invitations.accepter_l_invitation(par=acteur, invitation=recue)
    request.session[CHOIX] = rattachement.pk
    return redirect("comptes:organisme", rattachement.organisme_id)
