"""Les appels à projets : leur calendrier, la page de chacun, en être prévenu."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from parvis.accueil.forms.appels import MesAlertes
from parvis.cadre.models import Edition
from parvis.cadre.vues import edition_courante, est_un_fragment, page
from parvis.comptes.acces import acces, acteur_de, connectes, tous
from parvis.dossiers.actions.alertes import choisir_ses_alertes
from parvis.dossiers.queries import appels as lectures
from parvis.dossiers.queries import calendrier as calendriers
from parvis.dossiers.queries.agenda import reperes
from parvis.dossiers.queries.alertes import mes_alertes
from parvis.organismes.enums import Nature
from parvis.socle.ics import calendrier as en_ics
from parvis.socle.tableaux import csv_francais, xlsx
from parvis.socle.vues import trouver

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGUEUR = 120


@require_safe
@acces(tous)
def calendrier(request: HttpRequest, contrat: str) -> HttpResponse:
    """Le calendrier des appels, de ce contrat et d'autres organismes, par mois de clôture."""
    edition = edition_courante(request, contrat)
    gabarit = "accueil/appels.html" + ("#resultats" if est_un_fragment(request) else "")
    choix = _choix(request)
    return page(
        request,
        gabarit,
        edition,
        calendrier=_calendrier(request, edition),
        est_filtre=any(choix.values()),
        filtres=request.GET.urlencode(),
    )


@require_safe
@acces(tous)
def emporter(request: HttpRequest, contrat: str, extension: str) -> HttpResponse:
    """Le même calendrier : un agenda (ICS), un tableau (CSV, XLSX)."""
    edition = edition_courante(request, contrat)
    trouve = _calendrier(request, edition)
    colonnes = calendriers.COLONNES
    if extension == "ics":
        dates = reperes(trouve.lignes, request.build_absolute_uri("/").rstrip("/"))
        contenu = en_ics(f"Appels à projets · {edition.contrat.titre}", dates)
        sorte = "text/calendar; charset=utf-8"
    elif extension == "csv":
        lignes = calendriers.tableau(trouve, lambda e: _adresse(request, e))
        contenu, sorte = csv_francais(colonnes, lignes), "text/csv; charset=utf-8"
    elif extension == "xlsx":
        lignes = calendriers.tableau(trouve, lambda e: _adresse(request, e))
        contenu, sorte = xlsx(colonnes, lignes, "Appels"), XLSX
    else:
        raise Http404
    reponse = HttpResponse(contenu, content_type=sorte)
    nom = f"{contrat}-appels.{extension}"
    reponse.headers["Content-Disposition"] = f'attachment; filename="{nom}"'
    return reponse


def _calendrier(request: HttpRequest, edition: Edition) -> calendriers.Calendrier:
    return calendriers.calendrier(
        acteur_de(request), edition.contrat, _choix(request), maintenant=timezone.now()
    )


def _choix(request: HttpRequest) -> dict[str, str]:
    return {nom: request.GET.get(nom, "").strip()[:LONGUEUR] for nom in calendriers.CRITERES}


def _adresse(request: HttpRequest, echeance: lectures.Echeance) -> str:
    if echeance.version is None:
        return echeance.ailleurs.lien if echeance.ailleurs else ""
    appel = echeance.version.appel
    chemin = reverse(
        "accueil:appel", args=[request.resolver_match.kwargs["contrat"], appel.adresse]
    )
    return request.build_absolute_uri(chemin)


@require_safe
@acces(tous)
def appel(request: HttpRequest, contrat: str, adresse: str) -> HttpResponse:
    """Un appel du contrat, tel qu'on le lit aujourd'hui."""
    edition = edition_courante(request, contrat)
    lu = trouver(lectures.appel_public, acteur_de(request), edition.contrat, adresse)
    return _appel(request, edition, lu)


@require_safe
@acces(tous)
def version(request: HttpRequest, contrat: str, adresse: str, rang: int) -> HttpResponse:
    """Une version publiée d'un appel : celle d'un dossier ouvert avant qu'il ne change."""
    edition = edition_courante(request, contrat)
    acteur = acteur_de(request)
    lu = trouver(lectures.version_publique, acteur, edition.contrat, adresse, rang)
    return _appel(request, edition, lu)


def _appel(request: HttpRequest, edition: Edition, lu: lectures.AppelLu) -> HttpResponse:
    nature = request.GET.get("nature", "")
    nature = nature if nature in Nature.values else ""
    contexte: dict[str, Any] = {
        "lu": lu,
        "version": lu.version,
        "nature": nature,
        "pieces": lectures.pieces_selon_la_nature(lu.version, nature),
        "versions": lectures.versions_publiees(acteur_de(request), lu.version),
    }
    return page(request, "accueil/appel.html", edition, **contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(connectes)
def alertes(request: HttpRequest, contrat: str) -> HttpResponse:
    """Choisir les fiches dont on veut connaître les appels, ou tout le contrat."""
    edition = edition_courante(request, contrat)
    acteur = acteur_de(request)
    toutes, suivies = mes_alertes(acteur, edition.contrat)
    proposee = request.GET.get("fiche", "")
    form = MesAlertes(
        request.POST or None,
        acteur=acteur,
        edition=edition,
        initial={"toutes": toutes, "fiches": suivies},
        proposee=proposee,
    )
    if request.method == "POST" and form.is_valid():
        nombre = choisir_ses_alertes(par=acteur, contrat=edition.contrat, **form.cleaned_data)
        dit = (
            "C’est noté : un courriel vous préviendra de chaque nouvel appel."
            if nombre
            else "C’est noté : aucun courriel ne partira."
        )
        messages.success(request, dit)
        return redirect("accueil:alertes", contrat)
    contexte = {"form": form, "est_abonne": toutes or bool(suivies)}
    reponse = page(request, "accueil/alertes.html", edition, **contexte)
    reponse.status_code = 422 if form.errors else 200
    return reponse
