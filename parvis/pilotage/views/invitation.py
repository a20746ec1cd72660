"""Inviter une adresse à un rôle : le même formulaire pour le pilote et pour l'administrateur."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from parvis.cadre.models import Contrat
from parvis.comptes.acces import acteur_de
from parvis.organismes.models import Organisme
from parvis.pilotage.actions.roles import inviter_a_un_role
from parvis.pilotage.forms import InvitationAUnRole
from parvis.socle.refus import Refus


def inviter_dans(
    request: HttpRequest,
    organisme: Organisme,
    *,
    suite: tuple[str, ...],
    contrat: Contrat | None = None,
) -> HttpResponse:
    """Montre le formulaire, ou invite et va à `suite` : le nom d'une adresse et ce qu'elle demande."""
    acteur = acteur_de(request)
    form = InvitationAUnRole(
        request.POST or None,
        acteur=acteur,
        organisme=organisme,
        contrat=contrat.code if contrat else "",
    )
    motifs: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            inviter_a_un_role(par=acteur, organisme=organisme, **form.cleaned_data)
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, f"L’invitation est partie à {form.cleaned_data['courriel']}.")
            return redirect(*suite)
    contexte = {"contrat": contrat, "organisme": organisme, "form": form, "motifs": motifs}
    statut = 422 if form.errors or motifs else 200
    return render(request, "pilotage/inviter.html", contexte, status=statut)
