"""Les remarques que se laissent ceux qui écrivent un dossier ensemble."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from parvis.comptes.acces import acces, acteur_de, membres
from parvis.dossiers.actions.commentaires import commenter, regler_un_commentaire
from parvis.espace_porteur.views.lus import dossier_lu, section_lue
from parvis.socle.refus import Refus
from parvis.socle.vues import tenter, trouver


@require_POST
@acces(membres)
def ecrire(request: HttpRequest, contrat: str, pk: int, code: str) -> HttpResponse:
    """Laisse une remarque sur une section."""
    dossier = dossier_lu(request, contrat, pk)
    section, texte = section_lue(dossier, code), request.POST.get("texte", "")
    try:
        trouver(commenter, par=acteur_de(request), dossier=dossier, section=section, texte=texte)
    except Refus as refus:
        # Une remarque refusée revient à l'écran : elle se corrige, elle ne se retape pas.
        contexte = {
            "contrat": dossier.projet.contrat,
            "dossier": dossier,
            "projet": dossier.projet,
            "section": section,
            "texte": texte,
            "motifs": refus.motifs,
        }
        return render(request, "espace_porteur/remarque.html", contexte, status=422)
    messages.success(request, "Votre remarque est là : ceux qui écrivent ce dossier la liront.")
    return _aux_remarques(contrat, pk, code)


@require_POST
@acces(membres)
def regler(
    request: HttpRequest, contrat: str, pk: int, code: str, commentaire: int
) -> HttpResponse:
    """Marque une remarque comme réglée."""
    dossier = dossier_lu(request, contrat, pk)
    trouvee = trouver(dossier.commentaires.get, pk=commentaire, section=code)
    trouver(
        tenter,
        request,
        regler_un_commentaire,
        fait="Remarque réglée.",
        par=acteur_de(request),
        commentaire=trouvee,
        section=section_lue(dossier, code),
    )
    return _aux_remarques(contrat, pk, code)


def _aux_remarques(contrat: str, pk: int, code: str) -> HttpResponse:
    adresse = reverse("espace_porteur:section", args=(contrat, pk, code))
    return redirect(f"{adresse}#remarques")
