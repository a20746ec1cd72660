"""Rendre un avis, partager son montant, inviter un expert."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, instructeurs
from parvis.documents.actions import FichierControle, controler
from parvis.documents.vues import servir
from parvis.dossiers.models import Dossier
from parvis.espace_financeur.forms.avis import FormulaireDAvis, InvitationDExpert
from parvis.espace_financeur.views.dossier import adresse_du_dossier
from parvis.espace_financeur.views.lus import dossier_lu
from parvis.instruction.actions.avis import partager_le_montant, rendre_avis
from parvis.instruction.actions.consultations import clore_une_consultation, inviter_un_expert
from parvis.instruction.enums import Qualite
from parvis.instruction.models import Avis
from parvis.instruction.permissions import peut_financer
from parvis.instruction.queries import avis as lectures
from parvis.instruction.queries.dossiers import (
    demandes_a_juger,
    finance_lu,
    invitations_d_experts,
    titre_sur,
)
from parvis.instruction.rules.avis import FICHIERS_AU_PLUS, motifs_empechant_l_instruction
from parvis.socle.refus import Refus
from parvis.socle.vues import tenter, trouver


@require_http_methods(["GET", "HEAD", "POST"])
@acces(instructeurs)
def rendre(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """L'avis de l'acteur, ou de son service ; refusé, il revient avec tous ses motifs et son texte."""
    acteur, lu = acteur_de(request), dossier_lu(request, contrat, pk)
    dernier = lectures.avis_du_service(acteur, lu)
    demandes = trouver(demandes_a_juger, acteur, lu)
    version = lu.versions_deposees.latest("numero")
    form = FormulaireDAvis(
        request.POST or None,
        demandes=demandes,
        finance=titre_sur(acteur, lu).qualite == Qualite.FINANCEUR,
        version=version.numero,
        dernier=dernier,
    )
    motifs = motifs_empechant_l_instruction(lu.etat) if request.method != "POST" else []
    if request.method == "POST" and form.is_valid():
        try:
            rendu = _rendre(request, lu, form)
        except Refus as refus:
            motifs = refus.motifs
        else:
            dit = rendu.get_sens_display().lower()
            messages.success(request, f"Votre avis est rendu : {dit}.")
            return redirect(f"{adresse_du_dossier(contrat, pk)}#titre-avis")
    contexte = {
        "contrat": lu.appel.contrat,
        "dossier": lu,
        "projet": lu.projet,
        "form": form,
        "motifs": motifs,
        "dernier": dernier,
        "version": version,
        "fichiers_au_plus": FICHIERS_AU_PLUS,
        "est_a_renvoyer": bool(request.FILES),
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "espace_financeur/avis.html", contexte, status=statut)


def _rendre(request: HttpRequest, lu: Dossier, form: FormulaireDAvis) -> Avis:
    dits = form.cleaned_data
    return trouver(
        rendre_avis,
        par=acteur_de(request),
        dossier=lu,
        version=dits["version"],
        rang=dits["rang"],
        sens=dits["sens"],
        motif=dits["motif"],
        note_interne=dits.get("note_interne", ""),
        propositions=form.propositions,
        est_partage=dits.get("est_partage", False),
        fichiers=_fichiers(request),
    )


def _fichiers(request: HttpRequest) -> list[FichierControle]:
    """Contrôle les fichiers joints, hors de toute transaction ; lève Refus, en nommant chacun."""
    joints, motifs = [], []
    for fichier in request.FILES.getlist("fichiers")[: FICHIERS_AU_PLUS + 1]:
        try:
            joints.append(controler(nom=fichier.name or "", octets=fichier.read()))
        except Refus as refus:
            motifs += [f"{fichier.name} : {motif}" for motif in refus.motifs]
    if motifs:
        raise Refus(motifs)
    return joints


@require_POST
@acces(instructeurs)
def partager(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Montre aux autres financeurs ce que le service propose."""
    lu = dossier_lu(request, contrat, pk)
    fait = "Les autres financeurs de ce dossier lisent maintenant ce que vous proposez."
    trouver(tenter, request, partager_le_montant, fait=fait, par=acteur_de(request), dossier=lu)
    return redirect(f"{adresse_du_dossier(contrat, pk)}#titre-avis")


@require_safe
@acces(instructeurs)
def fichier(request: HttpRequest, contrat: str, pk: int, identifiant: str) -> HttpResponse:
    """Un fichier joint à un avis que l'acteur lit, à enregistrer."""
    lu = dossier_lu(request, contrat, pk)
    return servir(trouver(lectures.fichier_d_avis, acteur_de(request), lu, identifiant))


@require_http_methods(["GET", "HEAD", "POST"])
@acces(peut_financer)
def expert(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Invite un expert à lire ce dossier, et lui seul."""
    lu = trouver(finance_lu, acteur_de(request), dossier_lu(request, contrat, pk))
    form = InvitationDExpert(request.POST or None)
    motifs = motifs_empechant_l_instruction(lu.etat) if request.method != "POST" else []
    if request.method == "POST" and form.is_valid():
        try:
            trouver(inviter_un_expert, par=acteur_de(request), dossier=lu, **form.cleaned_data)
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, "L’invitation est partie.")
            return redirect(f"{adresse_du_dossier(contrat, pk)}#titre-avis")
    contexte = {
        "contrat": lu.appel.contrat,
        "dossier": lu,
        "projet": lu.projet,
        "form": form,
        "motifs": motifs,
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "espace_financeur/expert.html", contexte, status=statut)


@require_POST
@acces(peut_financer)
def clore(request: HttpRequest, contrat: str, pk: int, consultation: int) -> HttpResponse:
    """N'attend plus l'avis d'un expert."""
    lu, acteur = dossier_lu(request, contrat, pk), acteur_de(request)
    visee = trouver(invitations_d_experts(acteur, lu).get, pk=consultation)
    fait = "Cet avis n’est plus attendu."
    trouver(tenter, request, clore_une_consultation, fait=fait, par=acteur, consultation=visee)
    return redirect(f"{adresse_du_dossier(contrat, pk)}#titre-avis")
