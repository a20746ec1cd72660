"""Le cadre d'un contrat : ses éditions, les documents déposés, le brouillon à publier."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from parvis.cadre.actions import publier_edition
from parvis.cadre.actions.lectures import abandonner, deposer_document, ecrire_le_brouillon
from parvis.cadre.importation.formats.modele import modele_csv, modele_xlsx
from parvis.cadre.queries.documents_ecrits import fichier_entier
from parvis.cadre.queries.lectures import lecture as une_lecture
from parvis.cadre.queries.lectures import lectures, relecture
from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.pilotage.forms import Depot
from parvis.pilotage.queries.contrats import contrat_pilote
from parvis.pilotage.queries.editions import ecarts, edition, editions, en_vigueur
from parvis.socle.listes import XLSX
from parvis.socle.refus import Refus
from parvis.socle.vues import a_emporter, tenter, trouver


@require_safe
@acces(pilotes)
def accueil(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les éditions du cadre, les documents déposés, et de quoi en déposer un."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    return _accueil(request, conduit, Depot())


def _accueil(request: HttpRequest, conduit, form: Depot, statut: int = 200) -> HttpResponse:
    acteur = acteur_de(request)
    contexte = {
        "contrat": conduit,
        "form": form,
        "editions": editions(acteur, conduit),
        "lectures": lectures(acteur, conduit)[:20],
    }
    return render(request, "pilotage/cadre.html", contexte, status=statut)


@require_safe
@acces(pilotes)
def modele(request: HttpRequest, contrat: str, extension: str) -> HttpResponse:
    """Le tableau à remplir, pour qui n'a pas de document : une fiche par ligne."""
    trouver(contrat_pilote, acteur_de(request), contrat)
    modeles = {"xlsx": (modele_xlsx, XLSX), "csv": (modele_csv, "text/csv; charset=utf-8")}
    if extension not in modeles:
        raise Http404
    ecrire_le_modele, sorte = modeles[extension]
    reponse = HttpResponse(ecrire_le_modele(), content_type=sorte)
    reponse.headers["Content-Disposition"] = f'attachment; filename="modele-de-contrat.{extension}"'
    return reponse


@require_POST
@acces(pilotes)
def deposer(request: HttpRequest, contrat: str) -> HttpResponse:
    """Dépose un document : sa lecture commence, on peut quitter la page."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    form = Depot(request.POST, request.FILES)
    if not form.is_valid():
        return _accueil(request, conduit, form, statut=422)
    document = form.cleaned_data["document"]
    try:
        lue = deposer_document(
            par=acteur, contrat=conduit, nom=document.name, octets=document.read()
        )
    except Refus as refus:
        for motif in refus.motifs:
            form.add_error("document", motif)
        return _accueil(request, conduit, form, statut=422)
    return redirect("pilotage:lecture", contrat, lue.pk)


@require_safe
@acces(pilotes)
def lecture(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Une lecture : où elle en est, ce qu'elle a compris, ce qu'il reste à répondre."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    lue = trouver(une_lecture, acteur, conduit, pk)
    contexte = {"contrat": conduit, "lecture": lue}
    if lue.est_a_relire or lue.edition_id:
        contexte["relecture"] = trouver(relecture, acteur, conduit, pk)
    gabarit = "pilotage/lecture.html"
    if request.headers.get("HX-Request") and lue.est_en_attente:
        gabarit += "#progression"
    reponse = render(request, gabarit, contexte)
    if request.headers.get("HX-Request") and not lue.est_en_attente:
        reponse.headers["HX-Refresh"] = "true"
    return reponse


@require_POST
@acces(pilotes)
def renoncer(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Renonce à une lecture, commencée ou finie ; rien n'est écrit."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    lue = trouver(une_lecture, acteur, conduit, pk)
    fait = f"La lecture de « {lue.fichier} » est abandonnée : rien n’a été écrit."
    tenter(request, abandonner, fait=fait, par=acteur, lecture=lue)
    return redirect("pilotage:cadre", contrat)


@require_POST
@acces(pilotes)
def ecrire(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Écrit le brouillon d'une lecture, avec les réponses données."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    lue = trouver(une_lecture, acteur, conduit, pk)
    try:
        importation = ecrire_le_brouillon(par=acteur, lecture=lue)
    except Refus as refus:
        for motif in refus.motifs:
            messages.error(request, motif)
        return redirect("pilotage:lecture", contrat, pk)
    if not importation.est_ecrite:
        messages.success(request, "Ce document n’apporte rien de neuf : le cadre est déjà ainsi.")
        return redirect("pilotage:cadre", contrat)
    messages.success(request, "Le brouillon est écrit. Relisez-le, puis publiez-le.")
    return redirect("pilotage:edition", contrat, importation.edition.code)


@require_safe
@acces(pilotes)
def une_edition(request: HttpRequest, contrat: str, code: str) -> HttpResponse:
    """Une édition, brouillon compris : ce qui la distingue de celle en vigueur, ou d'une autre."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    trouvee = trouver(edition, acteur, conduit, code)
    trouves = trouver(ecarts, acteur, trouvee, request.GET.get("avec", ""))
    ou = request.GET.get("ou", "")
    contexte = {"contrat": conduit, "edition": trouvee, "ou": ou, **trouves}
    return render(request, "pilotage/edition.html", contexte)


@require_safe
@acces(pilotes)
def document(request: HttpRequest, contrat: str, code: str, extension: str) -> HttpResponse:
    """Le document d'une édition, brouillon compris, en Word ou en PDF."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    trouvee = trouver(edition, acteur, conduit, code)
    return a_emporter(fichier_entier(acteur, trouvee, extension))


@require_POST
@acces(pilotes)
def publier(request: HttpRequest, contrat: str, code: str) -> HttpResponse:
    """Publie un brouillon : il devient le cadre en vigueur, et ne change plus."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    trouvee = trouver(edition, acteur, conduit, code)
    courante, relue = en_vigueur(acteur, conduit), request.POST.get("en_vigueur")
    if relue is not None and relue != (courante.code if courante else ""):
        messages.error(request, "Une autre édition vient d’être publiée : relisez ce qui change.")
        return redirect("pilotage:edition", contrat, code)
    fait = f"Publiée : {trouvee.libelle}. Elle est en ligne, et ne change plus."
    tenter(request, publier_edition, fait=fait, par=acteur, edition=trouvee)
    return redirect("pilotage:edition", contrat, code)
