"""Les membres d'un organisme : les inviter, trancher leurs demandes, finir leur rôle, passer la main."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, gestionnaires
from parvis.comptes.actions import invitations, rattachements
from parvis.comptes.enums import Preuve, Role
from parvis.comptes.forms.comptes import Invitation, Motif, Passation, Piece
from parvis.comptes.permissions import peut_gerer
from parvis.comptes.queries import membres as queries
from parvis.comptes.queries.espace import organisme_ouvert
from parvis.organismes.models import Organisme
from parvis.socle.refus import Refus
from parvis.socle.vues import tenter, trouver


@require_safe
@acces(gestionnaires)
def liste(request: HttpRequest, organisme: int) -> HttpResponse:
    """Les membres, les demandes et les invitations d'un organisme."""
    return _page(request, _a_gerer(request, organisme))


def _page(
    request: HttpRequest,
    tenu: Organisme,
    invitation: Invitation | None = None,
    passation: Passation | None = None,
    motifs: list[str] | None = None,
) -> HttpResponse:
    acteur, jour = acteur_de(request), timezone.localdate()
    contexte = {
        "organisme": tenu,
        "membres": queries.membres(acteur, tenu, jour=jour),
        "demandes": queries.demandes(acteur, tenu),
        "invitations": queries.invitations(acteur, tenu, maintenant=timezone.now()),
        "form": invitation or Invitation(acteur=acteur, organisme=tenu),
        "passation": passation or Passation(acteur=acteur, initial={"fin_le": jour}),
        "est_gestionnaire": acteur.role == Role.GESTIONNAIRE,
        "demande_une_piece": acteur.role != Role.GESTIONNAIRE,
        "motifs": motifs,
    }
    est_refuse = motifs or contexte["form"].errors or contexte["passation"].errors
    return render(request, "comptes/membres.html", contexte, status=422 if est_refuse else 200)


@require_POST
@acces(gestionnaires)
def inviter(request: HttpRequest, organisme: int) -> HttpResponse:
    """Invite une adresse à un rôle."""
    acteur, tenu = acteur_de(request), _a_gerer(request, organisme)
    form = Invitation(request.POST, acteur=acteur, organisme=tenu)
    if not form.is_valid():
        return _page(request, tenu, invitation=form)
    try:
        invitations.inviter(par=acteur, organisme=tenu, **form.cleaned_data)
    except Refus as refus:
        return _page(request, tenu, invitation=form, motifs=refus.motifs)
    messages.success(request, f"L’invitation est partie à {form.cleaned_data['courriel']}.")
    return redirect("comptes:membres", tenu.pk)


@require_POST
@acces(gestionnaires)
def annuler(request: HttpRequest, organisme: int, pk: int) -> HttpResponse:
    """Annule une invitation."""
    acteur, tenu = acteur_de(request), _a_gerer(request, organisme)
    envoyee = trouver(queries.invitation_a_gerer, acteur, tenu, pk)
    tenter(
        request,
        invitations.annuler_l_invitation,
        fait="L’invitation est annulée.",
        par=acteur,
        invitation=envoyee,
    )
    return redirect("comptes:membres", tenu.pk)


@require_POST
@acces(gestionnaires)
def confirmer(request: HttpRequest, organisme: int, pk: int) -> HttpResponse:
    """Confirme une demande ; l'administrateur dit quelle pièce il a vue."""
    acteur, tenu = acteur_de(request), _a_gerer(request, organisme)
    demande = trouver(queries.demande_a_trancher, acteur, tenu, pk)
    piece = Piece(request.POST)
    precision = piece.cleaned_data["precision"] if piece.is_valid() else ""
    tenter(
        request,
        rattachements.confirmer,
        fait=f"{demande.utilisateur} agit maintenant pour {tenu.nom}.",
        par=acteur,
        rattachement=demande,
        preuve=Preuve.GESTIONNAIRE if acteur.role == Role.GESTIONNAIRE else Preuve.PIECE,
        precision=precision,
    )
    return redirect("comptes:membres", tenu.pk)


@require_POST
@acces(gestionnaires)
def refuser(request: HttpRequest, organisme: int, pk: int) -> HttpResponse:
    """Refuse une demande, avec un motif que la personne lira."""
    acteur, tenu = acteur_de(request), _a_gerer(request, organisme)
    demande = trouver(queries.demande_a_trancher, acteur, tenu, pk)
    tenter(
        request,
        rattachements.refuser,
        fait="La demande est refusée.",
        par=acteur,
        rattachement=demande,
        motif=_motif(request),
    )
    return redirect("comptes:membres", tenu.pk)


@require_POST
@acces(gestionnaires)
def terminer(request: HttpRequest, organisme: int, pk: int) -> HttpResponse:
    """Met fin au rôle d'un membre."""
    acteur, tenu = acteur_de(request), _a_gerer(request, organisme)
    membre = trouver(queries.membre_a_gerer, acteur, tenu, pk)
    tenter(
        request,
        rattachements.terminer,
        fait=f"{membre.utilisateur} n’agit plus pour {tenu.nom} avec ce rôle.",
        par=acteur,
        rattachement=membre,
        motif=_motif(request),
    )
    return redirect("comptes:membres", tenu.pk)


@require_POST
@acces(gestionnaires)
def passer_la_main(request: HttpRequest, organisme: int) -> HttpResponse:
    """Fait d'un membre un gestionnaire, et fixe son propre départ."""
    acteur, tenu = acteur_de(request), _a_gerer(request, organisme)
    form = Passation(request.POST, acteur=acteur)
    if not form.is_valid():
        return _page(request, tenu, passation=form)
    try:
        rattachements.passer_la_main(par=acteur, **form.cleaned_data)
    except Refus as refus:
        return _page(request, tenu, passation=form, motifs=refus.motifs)
    messages.success(request, f"{form.cleaned_data['successeur'].utilisateur} prend la suite.")
    return redirect("comptes:membres", tenu.pk)


def _a_gerer(request: HttpRequest, pk: int) -> Organisme:
    """Rend l'organisme que l'acteur tient ; lève Http404 pour tout autre."""
    acteur = acteur_de(request)
    tenu = trouver(organisme_ouvert, acteur, pk)
    if not peut_gerer(acteur, tenu):
        raise Http404
    return tenu


def _motif(request: HttpRequest) -> str:
    form = Motif(request.POST)
    return form.cleaned_data["motif"] if form.is_valid() else ""
