"""Relire une lecture : répondre à ses questions, voir chaque fiche en regard du document."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from parvis.cadre.actions.lectures import repondre as garder_la_reponse
from parvis.cadre.actions.lectures import rouvrir as rouvrir_une_reponse
from parvis.cadre.importation.questions import Question
from parvis.cadre.queries.lectures import autres_faits, lignes_de_la_fiche, relecture
from parvis.cadre.queries.lectures import lecture as lecture_du_contrat
from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.pilotage.queries.contrats import contrat_pilote
from parvis.pilotage.questions import a_poser
from parvis.socle.listes import saisi
from parvis.socle.vues import tenter, trouver
from parvis.territoires.enums import Echelle

REPONSE_MAX = 1000


@require_safe
@acces(pilotes)
def questions(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Les questions qui restent, l'une après l'autre, au clavier si l'on veut."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    relue = trouver(relecture, acteur, conduit, pk)
    contexte = {
        "contrat": conduit,
        "lecture": relue.lecture,
        "relecture": relue,
        "posees": a_poser(relue.restantes),
    }
    return render(request, "pilotage/questions.html", contexte)


@require_POST
@acces(pilotes)
def repondre(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Garde une réponse : la proposition, une autre, ou non."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    relue = trouver(relecture, acteur, conduit, pk)
    question = relue.question(request.POST.get("question", ""))
    if question is not None and relue.lecture.est_a_relire:
        garder_la_reponse(
            par=acteur,
            lecture=relue.lecture,
            question=question,
            valeurs=_valeurs(request, question),
        )
    retour = saisi(request, "fiche")
    if retour in relue.fiches:
        adresse = reverse("pilotage:en_regard", args=(contrat, pk, retour))
    else:
        adresse = reverse("pilotage:questions", args=(contrat, pk))
    rang = saisi(request, "rang")
    ancre = f"question-{rang}" if rang.isascii() and rang.isdigit() else "questions"
    return redirect(f"{adresse}#{ancre}")


@require_POST
@acces(pilotes)
def rouvrir(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Oublie une réponse, dont la question se repose."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    lecture = trouver(lecture_du_contrat, acteur, conduit, pk)
    reponse = saisi(request, "reponse")
    if not (reponse.isascii() and reponse.isdigit() and len(reponse) < 19):
        raise Http404
    tenter(
        request,
        rouvrir_une_reponse,
        fait="La question est de nouveau posée.",
        par=acteur,
        lecture=lecture,
        reponse=int(reponse),
    )
    return redirect("pilotage:questions", contrat, pk)


def _valeurs(request: HttpRequest, question: Question) -> dict[str, str]:
    """Rend la réponse à chaque élément : la proposition, rien, ou ce qui est saisi."""
    choix = request.POST.get("choix")
    if choix == "accepter":
        return {e.cle: e.proposition for e in question.elements}
    if choix == "refuser":
        return {}
    return {
        e.cle: " ".join(request.POST.get(f"valeur-{rang}", "").split())[:REPONSE_MAX]
        for rang, e in enumerate(question.elements)
    }


@require_safe
@acces(pilotes)
def en_regard(request: HttpRequest, contrat: str, pk: int, numero: str) -> HttpResponse:
    """Une fiche lue, et les lignes du document d'où elle vient."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    relue = trouver(relecture, acteur, conduit, pk)
    fiche = relue.fiches.get(numero)
    if fiche is None:
        raise Http404
    avant, apres = _voisines(list(relue.fiches), numero)
    contexte = {
        "contrat": conduit,
        "lecture": relue.lecture,
        "relecture": relue,
        "fiche": fiche,
        "cle_de_fiche": numero,
        "echelle": dict(Echelle.choices).get(fiche.echelle or "", ""),
        "autres_faits": autres_faits(fiche),
        "lignes": lignes_de_la_fiche(relue, fiche),
        "posees": a_poser(relue.questions_de(fiche.numero)),
        "avant": avant,
        "apres": apres,
    }
    return render(request, "pilotage/en_regard.html", contexte)


def _voisines(cles: list[str], cle: str) -> tuple[str, str]:
    rang = cles.index(cle)
    avant = cles[rang - 1] if rang else ""
    return avant, cles[rang + 1] if rang + 1 < len(cles) else ""
