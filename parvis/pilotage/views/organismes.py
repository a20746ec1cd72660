"""Les organismes de la plateforme, les doublons proposés, les doublons réunis."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, administrateurs
from parvis.organismes.actions import ecarter
from parvis.pilotage.actions.doublons import reunir, separer
from parvis.pilotage.forms import Fusion
from parvis.pilotage.queries import organismes as queries
from parvis.socle.listes import choix, contexte_de_liste, emporter
from parvis.socle.vues import tenter, trouver


@require_safe
@acces(administrateurs)
def liste(request: HttpRequest) -> HttpResponse:
    """Tous les organismes, cherchés et filtrés."""
    page, facettes = queries.page_des_organismes(
        acteur_de(request), choix(request), jour=timezone.localdate()
    )
    contexte = contexte_de_liste(request, page, facettes)
    return render(request, "pilotage/organismes.html", contexte)


@require_safe
@acces(administrateurs)
def tableau(request: HttpRequest, extension: str) -> HttpResponse:
    """Les mêmes organismes, en CSV ou en XLSX."""
    lignes = queries.tableau_des_organismes(
        acteur_de(request), choix(request), jour=timezone.localdate()
    )
    return emporter("organismes", extension, queries.COLONNES, lignes)


@require_safe
@acces(administrateurs)
def doublons(request: HttpRequest) -> HttpResponse:
    """Les paires d'organismes qui n'en font peut-être qu'un."""
    page = queries.page_des_doublons(acteur_de(request), choix(request))
    return render(request, "pilotage/doublons.html", contexte_de_liste(request, page))


@require_http_methods(["GET", "HEAD", "POST"])
@acces(administrateurs)
def comparer(request: HttpRequest, premier: int, second: int) -> HttpResponse:
    """Compare deux organismes côte à côte ; les réunit quand on le confirme."""
    acteur, jour = acteur_de(request), timezone.localdate()
    lue = trouver(queries.comparaison, acteur, premier, second, jour=jour)
    form = Fusion(
        request.POST or None,
        premier=lue.premier,
        second=lue.second,
        initial={"raison": " ".join(lue.raisons)[:300]},
    )
    if request.method == "POST" and form.is_valid():
        est_premier = form.cleaned_data["garde"] == str(lue.premier.pk)
        garde, doublon = (lue.premier, lue.second) if est_premier else (lue.second, lue.premier)
        if tenter(
            request,
            reunir,
            fait=f"{doublon} est réuni à {garde}. Les membres des deux le sauront par courriel.",
            par=acteur,
            doublon=doublon,
            garde=garde,
            raison=form.cleaned_data["raison"],
        ):
            return redirect("pilotage:doublons")
    cotes = [(organisme, lue.membres[organisme.pk]) for organisme in (lue.premier, lue.second)]
    contexte = {"comparaison": lue, "cotes": cotes, "form": form}
    statut = 422 if request.method == "POST" else 200
    return render(request, "pilotage/comparer.html", contexte, status=statut)


@require_POST
@acces(administrateurs)
def ecarter_la_paire(request: HttpRequest, premier: int, second: int) -> HttpResponse:
    """Retient que ces deux organismes ne sont pas des doublons."""
    acteur, jour = acteur_de(request), timezone.localdate()
    lue = trouver(queries.comparaison, acteur, premier, second, jour=jour)
    tenter(
        request,
        ecarter,
        fait=f"{lue.premier} et {lue.second} ne seront plus proposés.",
        par=acteur,
        un=lue.premier,
        autre=lue.second,
    )
    return redirect("pilotage:doublons")


@require_safe
@acces(administrateurs)
def reunis(request: HttpRequest) -> HttpResponse:
    """Les doublons réunis, que l'on peut séparer."""
    page = queries.page_des_reunis(acteur_de(request), choix(request))
    return render(request, "pilotage/reunis.html", contexte_de_liste(request, page))


@require_POST
@acces(administrateurs)
def defaire(request: HttpRequest, pk: int) -> HttpResponse:
    """Sépare un doublon de l'organisme gardé."""
    acteur = acteur_de(request)
    doublon = trouver(queries.doublon_reuni, acteur, pk)
    tenter(
        request,
        separer,
        fait=f"{doublon} a de nouveau sa page. Les membres des deux le sauront par courriel.",
        par=acteur,
        doublon=doublon,
    )
    return redirect("pilotage:reunis")
