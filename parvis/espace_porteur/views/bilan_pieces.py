"""Les photos et les documents d'un bilan : joindre, ouvrir, retirer."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, membres
from parvis.documents.actions import controler
from parvis.documents.enums import Sorte
from parvis.documents.queries import antivirus_regle
from parvis.documents.rules.depot import TAILLE_MAX, motifs_de_taille, poids
from parvis.documents.rules.formats import attribut_accept, mots_des_sortes
from parvis.documents.vues import servir
from parvis.espace_porteur.forms.bilans import FichierDuBilan
from parvis.espace_porteur.views.bilans_lus import (
    adresse_du_bilan,
    autour_du_bilan,
    bilan_lu,
    voisines,
)
from parvis.evaluation.actions.pieces import joindre_au_bilan, retirer_du_bilan
from parvis.evaluation.enums import SorteDePiece
from parvis.evaluation.permissions import peut_ecrire_le_bilan
from parvis.evaluation.queries.bilans import BilanLu, est_a_ecrire
from parvis.evaluation.queries.contenu import piece_du_bilan, pieces_du_bilan
from parvis.evaluation.queries.lecture import fichier_rendu
from parvis.evaluation.rules.pieces import ACCORDS, AU_PLUS, PHOTOS
from parvis.evaluation.sections import PIECES
from parvis.evaluation.vues import retirer_un_fichier
from parvis.socle.refus import Refus
from parvis.socle.vues import tenter, trouver


@require_http_methods(["GET", "HEAD", "POST"])
@acces(membres)
def pieces(request: HttpRequest, contrat: str, pk: int, exercice: int, sorte: str) -> HttpResponse:
    """Ce qui est joint au bilan, et de quoi joindre une photo ou un document."""
    lu = bilan_lu(request, contrat, pk, exercice, sorte)
    motifs: list[str] = []
    form = FichierDuBilan()
    if request.method == "POST":
        form = FichierDuBilan(request.POST)
        try:
            _joindre(request, lu, form)
            messages.success(request, "C’est joint.")
            return redirect("espace_porteur:pieces_du_bilan", *adresse_du_bilan(lu))
        except Refus as refus:
            motifs = refus.motifs
    contexte = {**_contexte(request, lu), "form": form, "motifs": motifs}
    statut = 422 if motifs else 200
    return render(request, "espace_porteur/bilan_pieces.html", contexte, status=statut)


def _joindre(request: HttpRequest, lu: BilanLu, form: FichierDuBilan) -> None:
    """Contrôle le fichier, hors de toute transaction, puis le joint ; lève Refus."""
    acteur, recu = acteur_de(request), request.FILES.get("fichier")
    if not est_a_ecrire(acteur, lu, PIECES.code):
        raise Refus(["Rien ne se joint : votre rôle lit ce bilan, ou il est rendu."])
    if recu is None:
        raise Refus(["Choisissez un fichier, puis joignez-le."])
    if trop := motifs_de_taille(recu.size or 0):
        raise Refus(trop)
    if not form.is_valid():
        raise Refus(["La légende tient en deux cents signes : raccourcissez-la."])
    controle = controler(nom=recu.name or "", octets=recu.read())
    trouver(
        joindre_au_bilan,
        par=acteur,
        bilan=lu.bilan,
        sorte=request.POST.get("sorte", ""),
        controle=controle,
        legende=form.cleaned_data.get("legende", ""),
        a_les_accords=request.POST.get("accords", "") == "oui",
    )


def _contexte(request: HttpRequest, lu: BilanLu) -> dict[str, Any]:
    jointes = pieces_du_bilan(lu.bilan)
    return {
        **autour_du_bilan(request, lu),
        "section": PIECES,
        **voisines(lu, PIECES.code),
        "est_a_ecrire": est_a_ecrire(acteur_de(request), lu, PIECES.code),
        "photos": [piece for piece in jointes if piece.sorte == SorteDePiece.PHOTO],
        "documents": [piece for piece in jointes if piece.sorte == SorteDePiece.DOCUMENT],
        "photos_au_plus": AU_PLUS[SorteDePiece.PHOTO],
        "documents_au_plus": AU_PLUS[SorteDePiece.DOCUMENT],
        "accords": ACCORDS,
        "accepte_photos": attribut_accept(PHOTOS),
        "accepte": attribut_accept(Sorte),
        "formats": mots_des_sortes(Sorte),
        "taille_max": poids(TAILLE_MAX),
        "antivirus": antivirus_regle(),
    }


@require_safe
@acces(membres)
def piece(
    request: HttpRequest, contrat: str, pk: int, exercice: int, sorte: str, piece: int
) -> HttpResponse:
    """Un fichier joint au bilan, à enregistrer."""
    lu = bilan_lu(request, contrat, pk, exercice, sorte)
    return servir(trouver(piece_du_bilan, lu.bilan, piece).fichier)


@require_POST
@acces(membres)
def retirer(
    request: HttpRequest, contrat: str, pk: int, exercice: int, sorte: str, piece: int
) -> HttpResponse:
    """Retire un fichier du bilan."""
    lu = bilan_lu(request, contrat, pk, exercice, sorte)
    jointe = trouver(piece_du_bilan, lu.bilan, piece)
    trouver(
        tenter,
        request,
        retirer_du_bilan,
        fait=f"Retiré : {jointe}.",
        par=acteur_de(request),
        bilan=lu.bilan,
        pk=jointe.pk,
    )
    return redirect("espace_porteur:pieces_du_bilan", *adresse_du_bilan(lu))


@require_safe
@acces(membres)
def rendu(
    request: HttpRequest, contrat: str, pk: int, exercice: int, sorte: str, identifiant: str
) -> HttpResponse:
    """Un fichier d'un bilan rendu, à enregistrer."""
    lu = bilan_lu(request, contrat, pk, exercice, sorte)
    return servir(trouver(fichier_rendu, acteur_de(request), lu.bilan, identifiant))


@require_http_methods(["GET", "HEAD", "POST"])
@acces(membres)
def retirer_un_rendu(
    request: HttpRequest, contrat: str, pk: int, exercice: int, sorte: str, identifiant: str
) -> HttpResponse:
    """Retire une photo ou un document d'un bilan rendu, à la demande d'une personne."""
    lu = bilan_lu(request, contrat, pk, exercice, sorte)
    if not peut_ecrire_le_bilan(acteur_de(request), lu.bilan):
        raise Http404
    retour = reverse("espace_porteur:bilan", args=adresse_du_bilan(lu))
    return retirer_un_fichier(request, lu.bilan, identifiant, retour)
