"""Les pages du site lui-même : choix du contrat, santé, pages légales, erreurs."""

import re
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from parvis.cadre.queries import lecture
from parvis.comptes.acces import acces, acteur_de, tous
from parvis.comptes.registre import registre
from parvis.socle import sigles
from parvis.socle.vues import textes_envoyes

COULEUR = re.compile(r"#[0-9a-fA-F]{6}")


@require_safe
@acces(tous)
def instance(request: HttpRequest) -> HttpResponse:
    """L'entrée du site : le contrat s'il est seul, sinon le choix, ou la marche à suivre."""
    contrats = list(lecture.contrats_publies(acteur_de(request)))
    if len(contrats) == 1:
        return redirect("accueil:contrat", contrats[0].code)
    return render(request, "accueil/instance.html", {"contrats": contrats})


@require_safe
@acces(tous)
def sante(request: HttpRequest) -> HttpResponse:
    """Dit si l'application et sa base répondent ; 503 sinon."""
    try:
        with connection.cursor() as curseur:
            curseur.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"etat": "en panne", "base": False}, status=503)
    return JsonResponse({"etat": "en marche", "base": True})


@require_safe
@acces(tous)
@cache_control(max_age=3600, public=True)
def theme(request: HttpRequest) -> HttpResponse:
    """La couleur du déploiement, si elle est réglée et bien écrite."""
    couleur = settings.THEME["couleur"]
    regle = f":root {{ --accent: {couleur}; }}\n" if COULEUR.fullmatch(couleur) else ""
    return HttpResponse(regle, content_type="text/css; charset=utf-8")


@require_safe
@acces(tous)
def robots(request: HttpRequest) -> HttpResponse:
    """Ce que les robots peuvent lire : tout, sauf les combinaisons de filtres."""
    lignes = ["User-agent: *", "Disallow: /*?"]
    if settings.DEMONSTRATION:
        lignes = ["User-agent: *", "Disallow: /"]
    return HttpResponse("\n".join(lignes) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@acces(tous)
def security_txt(request: HttpRequest) -> HttpResponse:
    """Où signaler une faille (RFC 9116) ; absent tant que le contact n'est pas réglé."""
    contact = settings.CONTACT["courriel"]
    if not contact:
        return introuvable(request)
    expire = (timezone.now() + timedelta(days=180)).replace(microsecond=0)
    texte = (
        f"Contact: mailto:{contact}\nExpires: {expire.isoformat()}\nPreferred-Languages: fr, en\n"
    )
    return HttpResponse(texte, content_type="text/plain; charset=utf-8")


@require_safe
@acces(tous)
def lexique(request: HttpRequest) -> HttpResponse:
    """Les sigles expliqués."""
    return render(request, "accueil/lexique.html", {"sigles": list(sigles.lexique().values())})


@require_safe
@acces(tous)
def mentions(request: HttpRequest) -> HttpResponse:
    """Les mentions légales."""
    return render(request, "accueil/mentions.html")


@require_safe
@acces(tous)
def accessibilite(request: HttpRequest) -> HttpResponse:
    """La déclaration d'accessibilité."""
    return render(request, "accueil/accessibilite.html")


@require_safe
@acces(tous)
def donnees(request: HttpRequest) -> HttpResponse:
    """Ce que le site sait des personnes."""
    return render(request, "accueil/donnees.html", {"personnels": registre()[0]})


@require_safe
@acces(tous)
def composants(request: HttpRequest) -> HttpResponse:
    """La galerie des composants."""
    return render(request, "accueil/composants.html")


def requete_invalide(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """La requête ne se comprend pas."""
    return render(request, "400.html", status=400)


def refus(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """L'accès est refusé."""
    return render(request, "403.html", status=403)


def introuvable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Rien à cette adresse, ou rien que le visiteur ait le droit de voir : la même réponse.

    Ce qu'on y envoyait revient à l'écran : une page retirée n'emporte pas ce qui s'y écrivait.
    """
    return render(request, "404.html", {"ecrits": textes_envoyes(request)}, status=404)


def panne(request: HttpRequest) -> HttpResponse:
    """Une panne : page sans base ni contexte."""
    return render(request, "500.html", status=500)
