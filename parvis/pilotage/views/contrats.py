"""Les contrats de la plateforme : en créer un, voir qui les conduit."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from parvis.cadre.actions.contrats import creer_contrat
from parvis.comptes.acces import acces, acteur_de, administrateurs
from parvis.pilotage.forms import NouveauContrat
from parvis.pilotage.queries.contrats import contrats, contrats_sans_pilote
from parvis.socle.vues import tenter


@require_http_methods(["GET", "HEAD", "POST"])
@acces(administrateurs)
def liste(request: HttpRequest) -> HttpResponse:
    """Les contrats, et de quoi en créer un."""
    acteur = acteur_de(request)
    form = NouveauContrat(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fait = f"Le contrat « {form.cleaned_data['titre']} » existe. Invitez son pilote."
        if tenter(request, creer_contrat, fait=fait, par=acteur, **form.cleaned_data):
            return redirect("pilotage:contrats")
    sans = set(contrats_sans_pilote(acteur, jour=timezone.localdate()).values_list("pk", flat=True))
    contexte = {
        "form": form,
        "lignes": [(contrat, contrat.pk in sans) for contrat in contrats(acteur)],
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "pilotage/contrats.html", contexte, status=statut)
