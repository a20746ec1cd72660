"""La page d'un organisme : la trouver, la créer, la lire, la tenir à jour."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from parvis.comptes.acces import (
    CHOIX,
    acces,
    acteur_de,
    adresse_d_ici,
    connectes,
    gestionnaires,
    membres,
)
from parvis.comptes.actions.organismes import (
    EcrituresCroisees,
    creer_et_rejoindre,
    modifier_l_organisme,
)
from parvis.comptes.forms.organismes import NouvelOrganisme, PageDOrganisme, a_montrer
from parvis.comptes.permissions import peut_gerer, peut_lire_le_passe
from parvis.comptes.queries import espace
from parvis.comptes.queries import membres as queries
from parvis.comptes.queries.registre_public import au_registre, valeurs_du_registre
from parvis.journal.enums import Regard
from parvis.journal.queries.frise import frise
from parvis.organismes.models import Organisme
from parvis.organismes.queries.doublons import ressemblants
from parvis.organismes.queries.recherche import chercher
from parvis.socle.refus import Refus
from parvis.socle.vues import trouver

QUESTION_MAXIMALE = 200


def suite_demandee(request: HttpRequest) -> str:
    """Rend d'où la personne venait, pour l'y ramener ; vide si ce n'est pas une adresse du site."""
    suite = request.GET.get("suite", "")
    return suite if suite and adresse_d_ici(request, suite) == suite else ""


@require_safe
@acces(connectes)
def trouver_le_sien(request: HttpRequest) -> HttpResponse:
    """Cherche un organisme ici, puis, si on le demande, dans le registre public."""
    question = request.GET.get("q", "").strip()[:QUESTION_MAXIMALE]
    contexte: dict[str, Any] = {"question": question, "au_registre": "registre" in request.GET}
    contexte["suite"] = suite_demandee(request)
    if question:
        contexte["organismes"] = chercher(acteur_de(request), question)
    if question and contexte["au_registre"]:
        contexte["registre"] = au_registre(question)
    return render(request, "comptes/trouver.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(connectes)
def nouveau(request: HttpRequest) -> HttpResponse:
    """Crée la page d'un organisme ; un numéro donné la remplit d'après le registre public."""
    acteur = acteur_de(request)
    if request.method != "POST":
        valeurs, absence = valeurs_du_registre(request.GET.get("numero", ""))
        form = NouvelOrganisme(
            acteur=acteur, initial=valeurs or {"nom": request.GET.get("nom", "")[:300]}
        )
        return _page_du_nouveau(request, form, absence=absence)
    form = NouvelOrganisme(request.POST, acteur=acteur)
    if not form.is_valid():
        return _page_du_nouveau(request, form)
    proches = ressemblants(acteur, Organisme(**form.identite()))
    if proches and not form.cleaned_data["est_different"]:
        return _page_du_nouveau(request, form, proches=proches)
    try:
        rattachement = creer_et_rejoindre(par=acteur, valeurs=form.valeurs())
    except Refus as refus:
        return _page_du_nouveau(request, form, motifs=refus.motifs)
    request.session[CHOIX] = rattachement.pk
    if suite := suite_demandee(request):
        return redirect(suite)
    return redirect("comptes:organisme", rattachement.organisme_id)


def _page_du_nouveau(request: HttpRequest, form: NouvelOrganisme, **contexte: Any) -> HttpResponse:
    est_refuse = form.errors or contexte.get("motifs") or contexte.get("proches")
    statut = 422 if est_refuse else 200
    contexte |= {"form": form, "suite": suite_demandee(request)}
    return render(request, "comptes/nouveau.html", contexte, status=statut)


@require_safe
@acces(membres)
def organisme(request: HttpRequest, organisme: int) -> HttpResponse:
    """La page d'un organisme, pour ceux qui agissent pour lui."""
    acteur, jour = acteur_de(request), timezone.localdate()
    try:
        ouvert = espace.organisme_ouvert(acteur, organisme)
    except Organisme.DoesNotExist:
        autre = espace.autre_role_pour(acteur, organisme, jour=jour)
        if autre is None:
            raise Http404 from None
        return render(request, "comptes/autre_role.html", {"autre": autre})
    lit_le_passe = peut_lire_le_passe(acteur, ouvert)
    contexte = {
        "organisme": ouvert,
        "membres": queries.membres(acteur, ouvert, jour=jour),
        "demandes": queries.demandes(acteur, ouvert),
        "peut_gerer": peut_gerer(acteur, ouvert),
        "lit_le_passe": lit_le_passe,
    }
    if lit_le_passe:
        contexte["frise"] = frise(
            f"organisme:{ouvert.pk}", regard=Regard.MEMBRES, avant=request.GET.get("avant", "")
        )
    return render(request, "comptes/organisme.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(gestionnaires)
def modifier(request: HttpRequest, organisme: int) -> HttpResponse:
    """Tient la page à jour ; deux écritures croisées se voient, aucune ne se perd."""
    acteur = acteur_de(request)
    tenu = trouver(espace.organisme_ouvert, acteur, organisme)
    if not peut_gerer(acteur, tenu):
        raise Http404
    form = PageDOrganisme(request.POST or None, acteur=acteur, organisme=tenu)
    if request.method != "POST" or not form.is_valid():
        return _page_a_modifier(request, tenu, form)
    try:
        modifier_l_organisme(
            par=acteur,
            organisme=tenu,
            depart=form.cleaned_data["depart"],
            saisie=form.saisie(),
        )
    except EcrituresCroisees as croisees:
        return _page_croisee(request, tenu, form, croisees)
    except Refus as refus:
        return _page_a_modifier(request, tenu, form, motifs=refus.motifs)
    messages.success(request, "La page est enregistrée.")
    return redirect("comptes:organisme", tenu.pk)


def _page_croisee(
    request: HttpRequest, tenu: Organisme, form: PageDOrganisme, croisees: EcrituresCroisees
) -> HttpResponse:
    """Montre les deux écritures ; le formulaire garde la mienne, et part de la sienne."""
    valeurs = a_montrer(croisees.reunion.valeurs, depart=croisees.courant)
    neuf = PageDOrganisme(valeurs, acteur=acteur_de(request), organisme=tenu)
    ecarts = [
        (form.fields[champ].label, croisees.reunion.valeurs[champ], croisees.courant[champ])
        for champ in croisees.reunion.conflits
    ]
    return _page_a_modifier(request, tenu, neuf, motifs=croisees.motifs, ecarts=ecarts)


def _page_a_modifier(
    request: HttpRequest, tenu: Organisme, form: PageDOrganisme, **contexte: Any
) -> HttpResponse:
    statut = 409 if "ecarts" in contexte else 422 if form.errors or contexte else 200
    contexte |= {"organisme": tenu, "form": form}
    return render(request, "comptes/modifier.html", contexte, status=statut)
