"""L'argent qui revient d'un acte : un reversement, un retrait après avoir entendu l'organisme."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, financeurs
from parvis.conventions.actions import retraits as actions
from parvis.conventions.actions import reversements
from parvis.conventions.actions.clotures import ne_pas_verser_le_reste
from parvis.conventions.queries import versements as queries
from parvis.documents.vues import servir
from parvis.espace_financeur.forms.versements import (
    FormulaireDeCloture,
    FormulaireDeReception,
    FormulaireDeRetrait,
    FormulaireDeReversement,
    FormulaireDObservations,
)
from parvis.espace_financeur.views.versements import acte_lu, ecrire, fichier_joint
from parvis.socle.listes import saisi
from parvis.socle.refus import Refus
from parvis.socle.vues import tenter, trouver


@require_http_methods(["GET", "HEAD", "POST"])
@acces(financeurs)
def demander(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Demande à l'organisme de rendre une part de ce qui lui est versé."""
    lu, acteur = acte_lu(request, contrat, pk), acteur_de(request)
    paiements = queries.versements_de(acteur, lu).paiements
    return ecrire(
        request,
        lu,
        FormulaireDeReversement(request.POST or None, paiements=paiements),
        lambda dit: reversements.demander_un_reversement(
            par=acteur, acte=lu, **dit | {"demande": int(dit["demande"])}
        ),
        fait="Le reversement est demandé : l’organisme l’apprend.",
        contexte={
            "titre": "Demander un reversement",
            "dit": "Par exemple la part que le bilan montre non dépensée. L’organisme l’apprend aussitôt.",
            "bouton": "Demander ce reversement",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@acces(financeurs)
def recevoir(request: HttpRequest, contrat: str, pk: int, reversement: int) -> HttpResponse:
    """Note qu'un reversement est reçu."""
    lu, acteur = acte_lu(request, contrat, pk), acteur_de(request)
    attendu = trouver(queries.reversement_de, acteur, lu, reversement)
    return ecrire(
        request,
        lu,
        FormulaireDeReception(request.POST or None, initial={"titre": attendu.titre}),
        lambda dit: reversements.recevoir_un_reversement(par=acteur, reversement=attendu, **dit),
        fait="L’argent rendu est noté : il n’est plus ni versé ni engagé, et l’organisme l’apprend.",
        contexte={
            "titre": "Noter l’argent rendu",
            "dit": attendu.motif,
            "montant": attendu.montant,
            "bouton": "Noter cet argent reçu",
        },
    )


@require_POST
@acces(financeurs)
def annuler_la_reception(
    request: HttpRequest, contrat: str, pk: int, reversement: int
) -> HttpResponse:
    """Annule une réception notée à tort."""
    lu, acteur = acte_lu(request, contrat, pk), acteur_de(request)
    trouver(
        tenter,
        request,
        reversements.annuler_la_reception,
        fait="La réception est annulée : cet argent est de nouveau attendu, et l’organisme l’apprend.",
        par=acteur,
        reversement=trouver(queries.reversement_de, acteur, lu, reversement),
        motif=saisi(request, "motif"),
    )
    return redirect("espace_financeur:versements_de_l_acte", contrat, pk)


@require_POST
@acces(financeurs)
def renoncer(request: HttpRequest, contrat: str, pk: int, reversement: int) -> HttpResponse:
    """Renonce à un reversement demandé."""
    lu, acteur = acte_lu(request, contrat, pk), acteur_de(request)
    trouver(
        tenter,
        request,
        reversements.abandonner_un_reversement,
        fait="Vous renoncez à ce reversement : l’organisme l’apprend.",
        par=acteur,
        reversement=trouver(queries.reversement_de, acteur, lu, reversement),
        motif=saisi(request, "motif"),
    )
    return redirect("espace_financeur:versements_de_l_acte", contrat, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(financeurs)
def clore(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Décide que le reste d'un acte ne se verse pas."""
    lu, acteur = acte_lu(request, contrat, pk), acteur_de(request)
    return ecrire(
        request,
        lu,
        FormulaireDeCloture(request.POST or None),
        lambda dit: ne_pas_verser_le_reste(par=acteur, acte=lu, **dit),
        fait="Le reste ne se verse pas et n’est plus engagé : l’organisme l’apprend.",
        contexte={
            "titre": "Ne pas verser le reste",
            "montant": queries.versements_de(acteur, lu).paiements.reste,
            "dit": "Cette somme ne sera pas versée, et ne sera plus engagée. L’organisme l’apprend "
            "aussitôt. Cela ne s’annule pas, et la subvention ne se retire plus : ce qui est versé se "
            "redemande encore.",
            "bouton": "Ne pas verser le reste",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@acces(financeurs)
def retrait(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Le retrait d'un acte : l'ouvrir en demandant les observations, puis où il en est."""
    lu, acteur = acte_lu(request, contrat, pk), acteur_de(request)
    prevu = trouver(queries.retrait_prevu, acteur, lu)
    if prevu is not None and request.method != "POST":
        return _montrer(request, contrat, pk)
    return ecrire(
        request,
        lu,
        FormulaireDeRetrait(request.POST or None),
        lambda dit: actions.demander_les_observations(par=acteur, acte=lu, **dit),
        fait="Les observations sont demandées : l’organisme l’apprend.",
        vers="retrait",
        contexte={
            "titre": "Retirer une subvention",
            "dit": "On entend d’abord l’organisme. Il reçoit ce que vous écrivez, et a quinze jours pour "
            "répondre. Rien n’est retiré avant.",
            "bouton": "Demander ses observations",
        },
    )


def _montrer(
    request: HttpRequest,
    contrat: str,
    pk: int,
    form: FormulaireDObservations | None = None,
    motifs: list[str] | None = None,
) -> HttpResponse:
    lu, acteur = acte_lu(request, contrat, pk), acteur_de(request)
    contexte = {
        "contrat": lu.contrat,
        "acte": lu,
        "prevu": trouver(queries.retrait_prevu, acteur, lu),
        "form": form or FormulaireDObservations(),
        "motifs": motifs or [],
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "espace_financeur/retrait.html", contexte, status=statut)


@require_POST
@acces(financeurs)
def observer(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Note ce que l'organisme a répondu."""
    lu, acteur = acte_lu(request, contrat, pk), acteur_de(request)
    ouvert = trouver(queries.retrait_ouvert, acteur, lu)
    form = FormulaireDObservations(request.POST)
    if not form.is_valid():
        return _montrer(request, contrat, pk, form)
    try:
        trouver(actions.noter_les_observations, par=acteur, retrait=ouvert, **form.cleaned_data)
    except Refus as refus:
        return _montrer(request, contrat, pk, form, refus.motifs)
    return redirect("espace_financeur:retrait", contrat, pk)


@require_safe
@acces(financeurs)
def reponse(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Le document que l'organisme a joint à sa réponse, à enregistrer."""
    lu, acteur = acte_lu(request, contrat, pk), acteur_de(request)
    joint = trouver(queries.retrait_ouvert, acteur, lu).reponse_jointe
    if joint is None:
        raise Http404
    return servir(joint)


@require_POST
@acces(financeurs)
def decider(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Décide le retrait."""
    lu, acteur = acte_lu(request, contrat, pk), acteur_de(request)
    ouvert = trouver(queries.retrait_ouvert, acteur, lu)
    try:
        trouver(
            actions.retirer,
            par=acteur,
            retrait=ouvert,
            fichier=fichier_joint(request),
            sans_verser=bool(request.POST.get("sans_verser")),
        )
    except Refus as refus:
        return _montrer(request, contrat, pk, motifs=refus.motifs)
    return redirect("espace_financeur:retrait", contrat, pk)


@require_POST
@acces(financeurs)
def abandonner(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Renonce à un retrait qui n'est pas décidé."""
    lu, acteur = acte_lu(request, contrat, pk), acteur_de(request)
    trouver(
        tenter,
        request,
        actions.abandonner_le_retrait,
        fait="Vous renoncez au retrait : l’organisme l’apprend.",
        par=acteur,
        retrait=trouver(queries.retrait_ouvert, acteur, lu),
        motif=saisi(request, "motif"),
    )
    return redirect("espace_financeur:versements_de_l_acte", contrat, pk)
