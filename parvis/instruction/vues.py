"""Ce que les écrans d'un dossier ont en commun pour s'y parler : poser une question, répondre, clore."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from parvis.comptes.acces import acteur_de
from parvis.comptes.acteur import Acteur
from parvis.dossiers.models import Dossier
from parvis.instruction.actions.echanges import (
    clore_une_question,
    poser_une_question,
    repondre,
)
from parvis.instruction.enums import SorteDEchange
from parvis.instruction.forms import FormulaireDeQuestion
from parvis.instruction.queries.echanges import (
    Place,
    QuestionLue,
    echanges_lus,
    parties_visees,
    question_lue,
)
from parvis.instruction.rules.echanges import motifs_empechant_l_echange
from parvis.socle.refus import Refus
from parvis.socle.vues import tenter, trouver

FAIT = {
    SorteDEchange.AVEC_LE_PORTEUR: "Votre question est posée : le porteur vient d’être prévenu.",
    SorteDEchange.ENTRE_SERVICES: "Votre question est posée aux autres services : le porteur n’en lit rien.",
}


@dataclass(frozen=True)
class Ecran:
    """D'où l'on se parle : la pièce d'écran, ses pages, et la place qu'y a l'acteur."""

    espace: str
    # Où sont les questions, et où se lit ce qui est déposé.
    page: str
    lecture: str
    place: Callable[[Acteur, Dossier], Place]

    def adresse(self, page: str, dossier: Dossier) -> str:
        """Rend l'adresse d'une page de ce dossier, dans cet écran."""
        return reverse(f"{self.espace}:{page}", args=(dossier.appel.contrat.code, dossier.pk))

    def retour(self, dossier: Dossier) -> str:
        """Rend l'endroit où sont les questions de ce dossier."""
        return f"{self.adresse(self.page, dossier)}#titre-echanges"


def contexte_des_echanges(request: HttpRequest, dossier: Dossier, ecran: Ecran) -> dict[str, Any]:
    """Rend ce que les gabarits des échanges attendent."""
    acteur = acteur_de(request)
    place = ecran.place(acteur, dossier)
    return {
        "echanges": echanges_lus(acteur, dossier, place, jour=timezone.localdate()),
        **_adresses(dossier, ecran),
    }


def _adresses(dossier: Dossier, ecran: Ecran) -> dict[str, Any]:
    return {
        "contrat": dossier.appel.contrat,
        "dossier": dossier,
        "adresse_des_echanges": ecran.retour(dossier),
        "adresse_de_lecture": ecran.adresse(ecran.lecture, dossier),
        "vue_de_question": f"{ecran.espace}:poser_une_question",
        "vue_de_reponse": f"{ecran.espace}:repondre_a_une_question",
        "vue_de_cloture": f"{ecran.espace}:clore_une_question",
    }


def poser(request: HttpRequest, dossier: Dossier, ecran: Ecran) -> HttpResponse:
    """Pose une question ; refusée, elle revient avec tous ses motifs et son texte."""
    acteur = acteur_de(request)
    place = ecran.place(acteur, dossier)
    if not place.ecrit or place.est_du_porteur:
        raise Http404
    form = FormulaireDeQuestion(
        request.POST or None, sortes=place.sortes, parties=parties_visees(dossier)
    )
    motifs = motifs_empechant_l_echange(dossier.etat) if request.method != "POST" else []
    if request.method == "POST" and form.is_valid():
        try:
            posee = trouver(poser_une_question, par=acteur, dossier=dossier, **form.cleaned_data)
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, FAIT[posee.sorte])
            return redirect(ecran.retour(dossier))
    contexte = {"form": form, "motifs": motifs, **_adresses(dossier, ecran)}
    statut = 422 if request.method == "POST" else 200
    return render(request, "instruction/question.html", contexte, status=statut)


def repondre_a(request: HttpRequest, dossier: Dossier, pk: int, ecran: Ecran) -> HttpResponse:
    """Répond à une question ; refusée, la réponse revient avec son motif et son texte."""
    acteur = acteur_de(request)
    lue = _lue(request, dossier, pk, ecran)
    texte, motifs = request.POST.get("texte", ""), list[str]()
    if request.method == "POST":
        try:
            trouver(repondre, par=acteur, question=lue.question, texte=texte)
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, "Votre réponse est dans le dossier.")
            return redirect(ecran.retour(dossier))
    contexte = {"lue": lue, "texte": texte, "motifs": motifs, **_adresses(dossier, ecran)}
    statut = 422 if request.method == "POST" else 200
    return render(request, "instruction/repondre.html", contexte, status=statut)


def clore(request: HttpRequest, dossier: Dossier, pk: int, ecran: Ecran) -> HttpResponse:
    """N'attend plus rien d'une question."""
    question = _lue(request, dossier, pk, ecran).question
    fait = "Cette question est close : elle se lit toujours."
    acteur = acteur_de(request)
    trouver(tenter, request, clore_une_question, fait=fait, par=acteur, question=question)
    return redirect(ecran.retour(dossier))


def _lue(request: HttpRequest, dossier: Dossier, pk: int, ecran: Ecran) -> QuestionLue:
    """Rend une question où l'acteur écrit ; lève Http404 pour toute autre."""
    acteur = acteur_de(request)
    place = ecran.place(acteur, dossier)
    return trouver(question_lue, acteur, dossier, place, pk, jour=timezone.localdate())
