"""Le plan d'un brouillon : ce que l'on y ajoute, en retire, y déplace, et chaque objet."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.cadre.actions import plan as gestes
from parvis.cadre.actions.declinaisons import decliner as decliner_une_fiche
from parvis.cadre.actions.declinaisons import retirer_une_declinaison
from parvis.cadre.models import Edition
from parvis.cadre.queries import sections as lectures
from parvis.cadre.queries.declinaisons import lieux_connus
from parvis.cadre.queries.sections import Objet
from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.pilotage.forms.brouillons import (
    Deplacement,
    NouveauPilier,
    NouvelEnjeu,
    NouvelleDeclinaison,
    NouvelleFiche,
    Renumerotation,
)
from parvis.pilotage.queries import retouches
from parvis.pilotage.views.retouches import edition_pilotee
from parvis.socle.listes import saisi
from parvis.socle.refus import Refus
from parvis.socle.vues import tenter, trouver

Ajout = NouvelleFiche | NouvelEnjeu | NouveauPilier
_AJOUTS: tuple[type[Ajout], ...] = (NouvelleFiche, NouvelEnjeu, NouveauPilier)
_AJOUTER = {
    "fiche": gestes.ajouter_une_fiche,
    "enjeu": gestes.ajouter_un_enjeu,
    "pilier": gestes.ajouter_un_pilier,
}
_RETIRER = {
    "fiche": gestes.retirer_une_fiche,
    "enjeu": gestes.retirer_un_enjeu,
    "pilier": gestes.retirer_un_pilier,
    "declinaison": retirer_une_declinaison,
}


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def plan(request: HttpRequest, contrat: str, code: str) -> HttpResponse:
    """Le plan d'un brouillon : tout ce que l'on peut retoucher, ajouter ou retirer."""
    conduit, edition = edition_pilotee(request, contrat, code)
    ajouts = {classe.sorte: classe(edition=edition) for classe in _AJOUTS}
    statut = 200
    if request.method == "POST":
        sorte = saisi(request, "ajout")
        if sorte not in ajouts:
            raise Http404
        ajouts[sorte] = type(ajouts[sorte])(request.POST, edition=edition)
        if cle := _ajouter(request, ajouts[sorte], edition):
            return redirect("pilotage:objet", contrat, code, cle)
        statut = 422
    contexte = {
        "contrat": conduit,
        "edition": edition,
        "piliers": retouches.plan(acteur_de(request), edition),
        "ajouts": [(form, getattr(edition, f"mot_{sorte}")) for sorte, form in ajouts.items()],
    }
    return render(request, "pilotage/plan.html", contexte, status=statut)


def _ajouter(request: HttpRequest, forme: Ajout, edition: Edition) -> str:
    """Ajoute ce que dit un formulaire ; rend la clé de l'objet, ou rien s'il y a des fautes."""
    if not forme.is_valid():
        return ""
    try:
        fait = _AJOUTER[forme.sorte](par=acteur_de(request), edition=edition, **forme.cleaned_data)
    except ObjectDoesNotExist:
        forme.add_error(None, "Choisissez dans la liste : elle vient de changer.")
    except Refus as refus:
        for motif in refus.motifs:
            forme.add_error(None, motif)
    else:
        return f"{forme.sorte}-{fait.rang if forme.sorte == 'pilier' else fait.numero}"
    return ""


@require_safe
@acces(pilotes)
def objet(request: HttpRequest, contrat: str, code: str, cle: str) -> HttpResponse:
    """Ce que dit un objet d'un brouillon, section par section, et où chacune en est."""
    conduit, edition = edition_pilotee(request, contrat, code)
    trouve = trouver(lectures.objet, acteur_de(request), edition, cle)
    return _montrer_l_objet(request, conduit, trouve, NouvelleDeclinaison())


def _montrer_l_objet(
    request: HttpRequest, conduit: Any, objet: Objet, form: NouvelleDeclinaison, statut: int = 200
) -> HttpResponse:
    contexte = {
        "contrat": conduit,
        "edition": objet.edition,
        "objet": objet,
        "etats": retouches.etats(acteur_de(request), objet),
    }
    if places := retouches.places(acteur_de(request), objet):
        contexte["deplacement"] = Deplacement(places=places)
        if objet.sorte != "pilier":
            contexte["renumerotation"] = Renumerotation(initial={"numero": objet.ligne.numero})
    if objet.sorte == "fiche":
        contexte |= {
            "declinaisons": objet.ligne.declinaisons.all(),
            "form": form,
            "lieux": lieux_connus(objet.edition),
        }
    return render(request, "pilotage/objet.html", contexte, status=statut)


@require_POST
@acces(pilotes)
def decliner(request: HttpRequest, contrat: str, code: str, cle: str) -> HttpResponse:
    """Décline une fiche d'un brouillon en un lieu."""
    conduit, edition = edition_pilotee(request, contrat, code)
    trouve = trouver(lectures.objet, acteur_de(request), edition, cle)
    if trouve.sorte != "fiche":
        raise Http404
    form = NouvelleDeclinaison(request.POST)
    if form.is_valid():
        try:
            faite = trouver(
                decliner_une_fiche,
                par=acteur_de(request),
                edition=edition,
                numero=trouve.ligne.numero,
                **form.cleaned_data,
            )
        except Refus as refus:
            for motif in refus.motifs:
                form.add_error("lieu", motif)
                messages.error(request, motif)
        else:
            return redirect("pilotage:objet", contrat, code, f"declinaison-{faite.pk}")
    return _montrer_l_objet(request, conduit, trouve, form, statut=422)


@require_POST
@acces(pilotes)
def retirer(request: HttpRequest, contrat: str, code: str, cle: str) -> HttpResponse:
    """Retire une fiche, une déclinaison, ou un enjeu ou un pilier vide, d'un brouillon."""
    _, edition = edition_pilotee(request, contrat, code)
    trouve = trouver(lectures.objet, acteur_de(request), edition, cle)
    if trouve.sorte not in _RETIRER:
        raise Http404
    numero = cle.partition("-")[2]
    fait = f"Retiré de ce brouillon : {trouve.titre}."
    geste = _RETIRER[trouve.sorte]
    acteur = acteur_de(request)
    if trouver(tenter, request, geste, fait=fait, par=acteur, edition=edition, numero=numero):
        return redirect("pilotage:plan", contrat, code)
    return redirect("pilotage:objet", contrat, code, cle)


@require_POST
@acces(pilotes)
def renumeroter(request: HttpRequest, contrat: str, code: str, cle: str) -> HttpResponse:
    """Donne un autre numéro à un enjeu ou une fiche du brouillon."""
    _, edition = edition_pilotee(request, contrat, code)
    trouve = trouver(lectures.objet, acteur_de(request), edition, cle)
    try:
        numero = saisi(request, "numero")
        cle = trouver(
            gestes.renumeroter,
            par=acteur_de(request),
            edition=edition,
            cle=trouve.cle,
            numero=numero,
        )
    except Refus as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, f"Nouveau numéro : {numero}.")
    return redirect("pilotage:objet", contrat, code, cle)


@require_POST
@acces(pilotes)
def deplacer(request: HttpRequest, contrat: str, code: str, cle: str) -> HttpResponse:
    """Met un pilier, un enjeu ou une fiche à une autre place du brouillon."""
    _, edition = edition_pilotee(request, contrat, code)
    trouve = trouver(lectures.objet, acteur_de(request), edition, cle)
    try:
        apres = saisi(request, "apres")
        cle = gestes.deplacer(par=acteur_de(request), edition=edition, cle=trouve.cle, apres=apres)
    except ObjectDoesNotExist:
        messages.error(request, "Choisissez une place dans la liste : elle vient de changer.")
    except Refus as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, f"À sa nouvelle place : {trouve.titre}.")
    return redirect("pilotage:objet", contrat, code, cle)
