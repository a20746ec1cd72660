"""L'écran de séance : une personne au clavier, vingt dans la salle. Un dossier à la fois."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.pilotage.forms.seances import FormulaireDArbitrage, depart_de
from parvis.pilotage.views.seances import contrat_de, seance_lue
from parvis.programmation.actions import arbitrages as actions
from parvis.programmation.enums import Resultat
from parvis.programmation.models import Arbitrage, Seance
from parvis.programmation.queries.ecran import Ecran, ecran
from parvis.programmation.queries.ordre_du_jour import dire
from parvis.programmation.queries.quorum import quorum_perdu
from parvis.programmation.rules.seances import MOTIFS, motifs_si_la_seance_n_arbitre_pas
from parvis.socle.listes import entier
from parvis.socle.refus import Refus
from parvis.socle.vues import tenter, trouver

# La lettre qui choisit, ce qu'elle écrit, et son mot.
_CHOIX = [
    ("A", Resultat.ACCORDE.value, "Accorder"),
    ("R", Resultat.REFUSE.value, "Refuser"),
    ("J", Resultat.AJOURNE.value, "Ajourner"),
    ("O", Resultat.ORIENTE.value, "Orienter"),
]


@require_safe
@acces(pilotes)
def voir(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Un dossier de la séance, celui que l'adresse choisit, à défaut le premier à arbitrer."""
    lue = seance_lue(request, contrat, pk)
    lu = ecran(
        acteur_de(request),
        lue,
        point=_nombre(request, "point"),
        demande=_nombre(request, "demande"),
    )
    return _montrer(request, lue, lu)


@require_POST
@acces(pilotes)
def arbitrer(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Écrit ce que la séance propose, et passe à la demande suivante."""
    lue, acteur = seance_lue(request, contrat, pk), acteur_de(request)
    form = FormulaireDArbitrage(request.POST)
    lu = ecran(acteur, lue, demande=entier(request, "demande"))
    if lu.demande is None or lu.demande.demande.pk != entier(request, "demande"):
        raise Http404
    if not form.is_valid():
        return _montrer(request, lue, lu, form=form)
    try:
        fait = trouver(
            actions.arbitrer,
            par=acteur,
            seance=lue,
            demande=lu.demande.demande,
            propose=form.propose,
            depart=form.cleaned_data["depart"],
        )
    except Refus as refus:
        return _refuser(request, lue, form, refus.motifs)
    messages.success(request, f"{_nommer(fait)} : {dire(fait, fait.demande)}.")
    return _aller(contrat, pk, lu.suivante)


@require_POST
@acces(pilotes)
def annuler(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Annule le dernier arbitrage, et revient à sa demande."""
    lue = seance_lue(request, contrat, pk)
    vu = entier(request, "vu") or None
    try:
        annule = trouver(actions.annuler_le_dernier, par=acteur_de(request), seance=lue, vu=vu)
    except Refus as refus:
        messages.error(request, str(refus))
        return _aller(contrat, pk, None)
    messages.info(request, f"Annulé, {_nommer(annule)} : {dire(annule, annule.demande)}.")
    return _aller(contrat, pk, annule.demande_id)


@require_POST
@acces(pilotes)
def ajourner(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Ajourne tout ce qui n'est pas arbitré."""
    lue = seance_lue(request, contrat, pk)
    fait = "Ce qui restait est ajourné : la prochaine séance le reprendra."
    acteur = acteur_de(request)
    trouver(tenter, request, actions.ajourner_le_reste, fait=fait, par=acteur, seance=lue)
    return redirect("pilotage:seance", contrat, pk)


def _refuser(
    request: HttpRequest, lue: Seance, form: FormulaireDArbitrage, motifs: list[str]
) -> HttpResponse:
    """Revient à la demande telle qu'elle est maintenant, avec ce qui était écrit : relu, il s'enregistre."""
    if motifs_si_la_seance_n_arbitre_pas(lue.etat):
        for motif in motifs:
            messages.error(request, motif)
        return redirect("pilotage:seance", contrat_de(lue).code, lue.pk)
    lu = ecran(acteur_de(request), lue, demande=entier(request, "demande"))
    form.data = request.POST.copy()
    form.data["depart"] = str(lu.demande.rang if lu.demande else 0)
    return _montrer(request, lue, lu, form=form, motifs=motifs)


def _nommer(arbitrage: Arbitrage) -> str:
    projet = arbitrage.demande.dossier.projet.titre
    return f"« {projet} », {arbitrage.demande.nom_du_financeur}"


def _montrer(
    request: HttpRequest,
    lue: Seance,
    lu: Ecran,
    *,
    form: FormulaireDArbitrage | None = None,
    motifs: list[str] | None = None,
) -> HttpResponse:
    depart = depart_de(lu.demande, lu.reste) if lu.demande else {}
    contexte: dict[str, Any] = {
        "contrat": contrat_de(lue),
        "seance": lue,
        "ecran": lu,
        "quorum_perdu": quorum_perdu(lue),
        "form": form or FormulaireDArbitrage(initial=depart),
        "choix": _CHOIX,
        "motifs_usuels": MOTIFS,
        "motifs": motifs or [],
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "pilotage/ecran_de_seance.html", contexte, status=statut)


def _aller(contrat: str, pk: int, demande: int | None) -> HttpResponse:
    vers = reverse("pilotage:ecran_de_seance", args=[contrat, pk])
    return redirect(f"{vers}?demande={demande}" if demande else vers)


def _nombre(request: HttpRequest, nom: str) -> int | None:
    texte = request.GET.get(nom, "")
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 19 else None
