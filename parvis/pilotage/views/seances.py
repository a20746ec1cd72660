"""Une séance : son ordre du jour, ce que chacun y apporte, qui s'en retire ; la lever, la publier."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.instances.queries import feuille, mandats_en_cours
from parvis.pilotage.forms.seances import FormulaireDeSeance
from parvis.pilotage.queries.contrats import contrat_pilote
from parvis.pilotage.views.reunions import reunion_lue
from parvis.programmation.actions import arbitrages
from parvis.programmation.actions import seances as actions
from parvis.programmation.actions.deports_de_seance import (
    deporter as deporter_un_membre_de_la_seance,
)
from parvis.programmation.enums import Rangement
from parvis.programmation.forms import FormulaireDApport, FormulaireDeDeport
from parvis.programmation.models import PointDeSeance, Seance
from parvis.programmation.queries import seances as queries
from parvis.programmation.queries.ordre_du_jour import (
    OrdreDuJour,
    ordre_du_jour,
    restes_d_avant,
)
from parvis.programmation.queries.releves import releve
from parvis.programmation.queries.resultats import COLONNES, resultats
from parvis.programmation.vues import lire_le_tableau
from parvis.socle.listes import emporter, entier, saisi
from parvis.socle.refus import Refus
from parvis.socle.texte import avec_de
from parvis.socle.vues import a_emporter, tenter, trouver


@require_POST
@acces(pilotes)
def preparer(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Prépare la séance d'une réunion."""
    lue, form = reunion_lue(request, contrat, pk), FormulaireDeSeance(request.POST)
    motifs = [str(erreur) for erreurs in form.errors.values() for erreur in erreurs]
    if not motifs:
        try:
            preparee = trouver(
                actions.preparer_une_seance,
                par=acteur_de(request),
                reunion=lue,
                **form.cleaned_data,
            )
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, "La séance se prépare : composez son ordre du jour.")
            return redirect("pilotage:seance", contrat, preparee.pk)
    for motif in motifs:
        messages.error(request, motif)
    return redirect("pilotage:reunion", contrat, pk)


@require_safe
@acces(pilotes)
def seance(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Une séance : où elle en est, ce qui reste à faire, ce qu'elle propose."""
    return montrer(request, seance_lue(request, contrat, pk))


@require_POST
@acces(pilotes)
def inscrire(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Met à l'ordre du jour les dossiers du tableau de programmation que l'adresse choisit."""
    lue, acteur = seance_lue(request, contrat, pk), acteur_de(request)
    choisis = None
    if request.GET:
        choisis = [ligne.pk for ligne in lire_le_tableau(request, contrat_de(lue)).lignes]
    dossiers = queries.dossiers_inscriptibles(acteur, lue, choisis)
    fait = f"À l’ordre du jour : {len(dossiers)} dossier{'s' if len(dossiers) > 1 else ''} de plus."
    if dossiers:
        trouver(
            tenter, request, actions.inscrire, fait=fait, par=acteur, seance=lue, dossiers=dossiers
        )
    else:
        messages.info(request, "Rien à ajouter : ces dossiers y sont déjà, ou n’attendent rien.")
    return _retour(contrat, pk, "ordre")


@require_POST
@acces(pilotes)
def retirer(request: HttpRequest, contrat: str, pk: int, point: int) -> HttpResponse:
    """Retire un dossier de l'ordre du jour."""
    lue = seance_lue(request, contrat, pk)
    vise = _point(request, lue, point)
    fait = "Le dossier n’est plus à l’ordre du jour."
    acteur = acteur_de(request)
    trouver(tenter, request, actions.retirer, fait=fait, par=acteur, seance=lue, point=vise)
    return _retour(contrat, pk, "ordre")


@require_POST
@acces(pilotes)
def deplacer(request: HttpRequest, contrat: str, pk: int, point: int) -> HttpResponse:
    """Fait passer un dossier avant ou après son voisin."""
    lue = seance_lue(request, contrat, pk)
    vise = _point(request, lue, point)
    try:
        trouver(
            actions.deplacer,
            par=acteur_de(request),
            seance=lue,
            point=vise,
            vers=saisi(request, "vers"),
        )
    except Refus as refus:
        messages.error(request, str(refus))
    return _retour(contrat, pk, f"point-{point}")


@require_POST
@acces(pilotes)
def ranger(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Range tout l'ordre du jour."""
    lue, ordre = seance_lue(request, contrat, pk), saisi(request, "ordre")
    fait = "L’ordre du jour est rangé."
    acteur = acteur_de(request)
    trouver(tenter, request, actions.ranger, fait=fait, par=acteur, seance=lue, ordre=ordre)
    return _retour(contrat, pk, "ordre")


@require_POST
@acces(pilotes)
def apporter(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Note ce qu'un financeur dit apporter à la séance."""
    lue, form = seance_lue(request, contrat, pk), FormulaireDApport(request.POST)
    acteur, vise = acteur_de(request), entier(request, "financeur")
    tables = ordre_du_jour(acteur, lue).tables
    financeur = next((t.organisme for t in tables if t.financeur == vise), None)
    if financeur is None:
        raise Http404
    if not form.is_valid():
        return montrer(request, lue, apport=form, financeur=financeur.pk)
    try:
        trouver(
            actions.apporter,
            par=acteur,
            seance=lue,
            financeur=financeur,
            **form.cleaned_data,
        )
    except Refus as refus:
        return montrer(request, lue, apport=form, financeur=financeur.pk, motifs=refus.motifs)
    messages.success(request, f"L’apport {avec_de(str(financeur))} est noté.")
    return redirect("pilotage:seance", contrat, pk)


@require_POST
@acces(pilotes)
def deporter(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Note qu'un membre se retire d'un dossier."""
    lue = seance_lue(request, contrat, pk)
    lu = ordre_du_jour(acteur_de(request), lue)
    form = FormulaireDeDeport(request.POST, points=lu.points, mandats=_membres(lue))
    if not form.is_valid():
        return montrer(request, lue, deport=form)
    try:
        trouver(deporter_un_membre_de_la_seance, par=acteur_de(request), seance=lue, **form.deport)
    except Refus as refus:
        return montrer(request, lue, deport=form, motifs=refus.motifs)
    messages.success(request, f"{form.deport['mandat'].nom} se retire de ce dossier.")
    return redirect("pilotage:seance", contrat, pk)


@require_POST
@acces(pilotes)
def ouvrir(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Ouvre la séance, et passe à son écran."""
    lue = seance_lue(request, contrat, pk)
    fait = "La séance est ouverte."
    acteur = acteur_de(request)
    if trouver(tenter, request, actions.ouvrir_la_seance, fait=fait, par=acteur, seance=lue):
        return redirect("pilotage:ecran_de_seance", contrat, pk)
    return redirect("pilotage:seance", contrat, pk)


@require_POST
@acces(pilotes)
def lever(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Lève la séance ; ses arbitrages se corrigent encore jusqu'à la publication."""
    lue = seance_lue(request, contrat, pk)
    fait = "La séance est levée. Relisez, puis publiez."
    acteur = acteur_de(request)
    trouver(tenter, request, actions.lever_la_seance, fait=fait, par=acteur, seance=lue)
    return redirect("pilotage:seance", contrat, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def publier(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Publie ce que la séance propose, après l'avoir relu."""
    lue, acteur = seance_lue(request, contrat, pk), acteur_de(request)
    motifs: list[str] = []
    if request.method == "POST":
        try:
            trouver(arbitrages.publier_la_seance, par=acteur, seance=lue)
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, "La séance est publiée : les porteurs l’apprennent.")
            return redirect("pilotage:seance", contrat, pk)
    contexte = {
        "contrat": contrat_de(lue),
        "seance": lue,
        "lu": ordre_du_jour(acteur, lue),
        # Ce qui est caché à qui publie compte aussi : sans cela, rien ne se publierait.
        "restent": queries.restantes(lue.points.all(), lue).count(),
        "motifs": motifs,
    }
    statut = 422 if motifs else 200
    return render(request, "pilotage/seance_publier.html", contexte, status=statut)


@require_safe
@acces(pilotes)
def emporter_le_releve(request: HttpRequest, contrat: str, pk: int, extension: str) -> HttpResponse:
    """Le relevé de la séance, en PDF ou en Word."""
    lue = seance_lue(request, contrat, pk)
    return a_emporter(trouver(releve, acteur_de(request), lue, extension))


@require_safe
@acces(pilotes)
def emporter_les_resultats(
    request: HttpRequest, contrat: str, pk: int, extension: str
) -> HttpResponse:
    """Ce que propose une séance levée ou publiée, en CSV ou en XLSX."""
    lue = seance_lue(request, contrat, pk)
    lignes = trouver(resultats, acteur_de(request), lue)
    jour = timezone.localdate(lue.reunion.commence_le).isoformat()
    suite = "" if lue.publiee_le else "-provisoire"
    return emporter(f"{contrat}-seance-{jour}{suite}", extension, COLONNES, lignes)


@require_POST
@acces(pilotes)
def jeter(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Jette une séance qui ne s'est pas ouverte."""
    lue = seance_lue(request, contrat, pk)
    fait = "La séance est jetée ; la réunion reste prévue."
    acteur = acteur_de(request)
    if trouver(tenter, request, actions.jeter_la_seance, fait=fait, par=acteur, seance=lue):
        return redirect("pilotage:reunion", contrat, lue.reunion_id)
    return redirect("pilotage:seance", contrat, pk)


def montrer(
    request: HttpRequest,
    lue: Seance,
    *,
    motifs: list[str] | None = None,
    deport: FormulaireDeDeport | None = None,
    apport: FormulaireDApport | None = None,
    financeur: int = 0,
) -> HttpResponse:
    """Rend la page d'une séance ; refusé, un envoi y revient avec ce qui était écrit."""
    acteur = acteur_de(request)
    lu = ordre_du_jour(acteur, lue)
    membres = _membres(lue)
    contexte: dict[str, Any] = {
        "contrat": contrat_de(lue),
        "seance": lue,
        "reunion": lue.reunion,
        "instance": lue.reunion.instance,
        "lu": lu,
        "feuille": feuille(lue.reunion, jour=timezone.localdate(lue.reunion.commence_le)),
        "a_inscrire": queries.dossiers_jamais_arbitres(acteur, lue).count(),
        "a_deporter": queries.deports_a_proposer(acteur, lue),
        "rangements": Rangement.choices,
        "deport": deport or FormulaireDeDeport(points=lu.points, mandats=membres),
        "apports": _apports(lu, apport, financeur, restes_d_avant(acteur, lue)),
        "apport_refuse": apport,
        "motifs": motifs or [],
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "pilotage/seance.html", contexte, status=statut)


def _apports(
    lu: OrdreDuJour,
    refuse: FormulaireDApport | None,
    financeur: int,
    restes: Mapping[int, Decimal],
) -> list[dict[str, Any]]:
    """Rend le formulaire de l'apport de chaque financeur : ce qui vient d'être écrit, ou ce qui est dit."""
    lignes = []
    for table in lu.tables:
        depart = {}
        if table.apport:
            depart = {"montant": table.montant, "vote_prevu_le": table.apport.vote_prevu_le}
        neuf = FormulaireDApport(initial=depart, auto_id=f"apport-{table.financeur}-%s")
        form = refuse if refuse and table.financeur == financeur else neuf
        reste = None if table.apport else restes.get(table.financeur)
        lignes.append({"table": table, "form": form, "reste": reste})
    return lignes


def _membres(lue: Seance) -> list[Any]:
    return mandats_en_cours(lue.reunion.instance, timezone.localdate(lue.reunion.commence_le))


def _point(request: HttpRequest, lue: Seance, pk: int) -> PointDeSeance:
    return trouver(queries.points_lisibles(acteur_de(request), lue).get, pk=pk)


def _retour(contrat: str, pk: int, ou: str) -> HttpResponse:
    reponse = redirect("pilotage:seance", contrat, pk)
    reponse["Location"] += f"#{ou}"
    return reponse


def contrat_de(lue: Seance) -> Any:
    """Rend le contrat d'une séance lue."""
    return lue.reunion.instance.contrat


def seance_lue(request: HttpRequest, contrat: str, pk: int) -> Seance:
    """Rend une séance du contrat que l'acteur conduit ; lève Http404 pour toute autre."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    lue = trouver(queries.seances(acteur, conduit).get, pk=pk)
    lue.reunion.instance.contrat = conduit
    return lue
