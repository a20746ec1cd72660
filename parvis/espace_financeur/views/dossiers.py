"""Les dossiers que l'on étudie : la file, ses tableaux, les vues que l'on garde."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, instructeurs
from parvis.espace_financeur.actions import enregistrer_une_vue, oublier_une_vue
from parvis.espace_financeur.queries import file as queries
from parvis.espace_financeur.queries.vues import vue_a_oublier, vues_de
from parvis.espace_financeur.views.lus import contrat_lu
from parvis.instruction.permissions import peut_financer
from parvis.instruction.queries.dossiers import contrats_a_etudier
from parvis.socle.listes import choix, contexte_de_liste, emporter, saisi
from parvis.socle.vues import tenter, trouver


@require_safe
@acces(instructeurs)
def liste(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les dossiers que l'acteur étudie, le plus ancien d'abord."""
    acteur, lu, jour = acteur_de(request), contrat_lu(request, contrat), timezone.localdate()
    file = queries.file_a_etudier(acteur, lu, choix(request), jour=jour)
    contexte = {
        "contrat": lu,
        "file": file,
        "finance": peut_financer(acteur),
        "avec_note": peut_financer(acteur) and any(d.criteres for d in file.page.lignes),
        "attend": queries.comptes(acteur, lu, jour=jour),
        "vues": vues_de(acteur, contrat),
        "tris": queries.tris_de(acteur),
        "tri": choix(request).get("tri", ""),
        **contexte_de_liste(request, file.page, file.facettes),
    }
    return render(request, "espace_financeur/dossiers.html", contexte)


@require_safe
@acces(instructeurs)
def tableau(request: HttpRequest, contrat: str, extension: str) -> HttpResponse:
    """Les mêmes dossiers, en CSV ou en XLSX."""
    acteur, lu = acteur_de(request), contrat_lu(request, contrat)
    lignes = queries.tableau_a_etudier(acteur, lu, choix(request), jour=timezone.localdate())
    return emporter(f"{lu.code}-instruction", extension, queries.COLONNES, lignes)


@require_POST
@acces(instructeurs)
def enregistrer_la_vue(request: HttpRequest, contrat: str) -> HttpResponse:
    """Garde les choix de la liste sous un nom."""
    lu, nom = contrat_lu(request, contrat), saisi(request, "nom")
    choisis = request.POST.get("choix", "")[:1000]
    tenter(
        request,
        enregistrer_une_vue,
        fait=f"La vue « {nom} » est gardée.",
        par=acteur_de(request),
        contrat=lu.code,
        nom=nom,
        choix=choisis,
    )
    adresse = reverse("espace_financeur:dossiers", args=[contrat])
    # Une vue refusée ramène aux mêmes choix : ils ne sont pas perdus.
    if choisis:
        adresse += f"?{QueryDict(choisis).urlencode()}"
    return redirect(adresse)


@require_POST
@acces(instructeurs)
def oublier_la_vue(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Oublie une vue gardée."""
    vue = trouver(vue_a_oublier, acteur_de(request), contrat_lu(request, contrat).code, pk)
    oublier_une_vue(par=acteur_de(request), vue=vue)
    messages.success(request, f"La vue « {vue.nom} » est oubliée.")
    return redirect("espace_financeur:dossiers", contrat)


@require_safe
@acces(instructeurs)
def tous(request: HttpRequest) -> HttpResponse:
    """Mène aux dossiers à étudier : directement quand un seul contrat en a."""
    contrats = list(contrats_a_etudier(acteur_de(request)))
    if len(contrats) == 1:
        return redirect("espace_financeur:dossiers", contrats[0].code)
    return render(request, "espace_financeur/tous.html", {"contrats": contrats})
