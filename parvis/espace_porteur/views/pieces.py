"""Les pièces d'un dossier : joindre, reprendre d'une autre année, dater, retirer, ouvrir."""

from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, membres
from parvis.comptes.acteur import Acteur
from parvis.documents.actions import controler
from parvis.documents.enums import Sorte
from parvis.documents.queries import antivirus_regle
from parvis.documents.rules.depot import TAILLE_MAX, motifs_de_taille, poids
from parvis.documents.rules.formats import attribut_accept, mots_des_sortes
from parvis.documents.vues import servir
from parvis.dossiers.actions import pieces as actions
from parvis.dossiers.enums import EtatDeSection
from parvis.dossiers.models import Dossier, PieceDAppel
from parvis.dossiers.queries import pieces as queries
from parvis.dossiers.queries.comptes_bancaires import compte_lu
from parvis.dossiers.queries.controle import qui_recoit_l_argent
from parvis.dossiers.rules.depot import FICHIERS_PAR_PIECE
from parvis.espace_porteur.forms.depot import Validite
from parvis.espace_porteur.views.a_part import autour_d_une_section_a_part
from parvis.espace_porteur.views.lus import dossier_lu, section_lue
from parvis.socle.refus import Refus
from parvis.socle.vues import est_pour_le_script, tenter, trouver


@dataclass
class Envoi:
    """Ce qu'il est advenu des fichiers d'un envoi : un refus n'empêche pas les autres d'être joints."""

    cle: str = ""
    joints: list[str] = field(default_factory=list)
    refuses: list[tuple[str, list[str]]] = field(default_factory=list)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(membres)
def pieces(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Chaque pièce que l'appel demande, ce qui est joint, et de quoi en joindre."""
    lu = dossier_lu(request, contrat, pk)
    acteur = acteur_de(request)
    envoi = Envoi()
    if request.method == "POST":
        envoi = _joindre(request, acteur, lu)
        if est_pour_le_script(request):
            refuses = [{"nom": nom, "motifs": motifs} for nom, motifs in envoi.refuses]
            statut = 422 if refuses else 200
            return JsonResponse({"joints": envoi.joints, "refuses": refuses}, status=statut)
        if not envoi.refuses:
            return redirect(f"{request.path}#piece-{envoi.cle}")
    contexte = {**_contexte(acteur, lu), "envoi": envoi}
    statut = 422 if envoi.refuses else 200
    return render(request, "espace_porteur/pieces.html", contexte, status=statut)


def _contexte(acteur: Acteur, lu: Dossier) -> dict[str, Any]:
    siennes = queries.pieces(acteur, lu)
    obligatoires = [p for p in siennes if p.piece.est_obligatoire]
    return {
        **autour_d_une_section_a_part(acteur, lu, section_lue(lu, "pieces")),
        "pieces": siennes,
        "obligatoires": obligatoires,
        "manquantes": [p for p in obligatoires if p.etat != EtatDeSection.COMPLETE],
        "facultatives": [p for p in siennes if not p.piece.est_obligatoire],
        "peut_ecrire": any(piece.est_ouverte for piece in siennes),
        "compte": compte_lu(acteur, qui_recoit_l_argent(lu)),
        "accepte": attribut_accept(Sorte),
        "formats": mots_des_sortes(Sorte),
        "taille_max": poids(TAILLE_MAX),
        "antivirus": antivirus_regle(),
    }


def _joindre(request: HttpRequest, acteur: Acteur, lu: Dossier) -> Envoi:
    """Contrôle puis joint chaque fichier, l'un après l'autre, le contrôle hors de toute transaction."""
    cle = request.POST.get("cle", "")[:60]
    piece, est_ouverte = trouver(queries.piece_a_joindre, acteur, lu, cle)
    envoi, fichiers = Envoi(cle), request.FILES.getlist("fichiers")
    if not est_ouverte:
        envoi.refuses.append((piece.libelle, [_ferme(lu)]))
    elif not fichiers:
        envoi.refuses.append((piece.libelle, ["Choisissez un fichier, puis joignez-le."]))
    else:
        for fichier in fichiers[:FICHIERS_PAR_PIECE]:
            _joindre_un_fichier(acteur, lu, piece, fichier, envoi)
        for fichier in fichiers[FICHIERS_PAR_PIECE:]:
            motif = (
                f"{FICHIERS_PAR_PIECE} fichiers au plus pour une pièce : réunissez-en plusieurs."
            )
            envoi.refuses.append((fichier.name or "Fichier", [motif]))
    return envoi


def _joindre_un_fichier(
    acteur: Acteur, lu: Dossier, piece: PieceDAppel, fichier: UploadedFile, envoi: Envoi
) -> None:
    nom = fichier.name or "Fichier"
    # Trop gros, il ne se lit même pas : il remplirait la mémoire.
    if motifs := motifs_de_taille(fichier.size or 0):
        envoi.refuses.append((nom, motifs))
        return
    try:
        controle = controler(nom=nom, octets=fichier.read())
        jointe = trouver(
            actions.joindre_une_piece,
            par=acteur,
            dossier=lu,
            cle=piece.cle,
            controle=controle,
        )
        envoi.joints.append(jointe.fichier.nom)
    except Refus as refus:
        envoi.refuses.append((nom, refus.motifs))


def _ferme(lu: Dossier) -> str:
    if lu.est_un_brouillon:
        return "Votre rôle lit ce dossier : un contributeur ou un gestionnaire y joint les pièces."
    return "Ce dossier est déposé : il ne change plus."


@require_safe
@acces(membres)
def piece(request: HttpRequest, contrat: str, pk: int, piece: int) -> HttpResponse:
    """Un fichier joint, à enregistrer."""
    lu = dossier_lu(request, contrat, pk)
    return servir(trouver(queries.piece, acteur_de(request), lu, piece).fichier)


@require_POST
@acces(membres)
def reprendre(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Joint un fichier qu'un autre dossier du porteur a déjà."""
    lu = dossier_lu(request, contrat, pk)
    cle, choisi = request.POST.get("cle", "")[:60], request.POST.get("fichier", "")
    if not (choisi.isascii() and choisi.isdigit() and len(choisi) < 19):
        raise Http404
    trouver(
        tenter,
        request,
        actions.reprendre_une_piece,
        fait="Le fichier est repris : il n’y a rien à renvoyer.",
        par=acteur_de(request),
        dossier=lu,
        cle=cle,
        fichier=int(choisi),
    )
    return _vers_la_piece(contrat, pk, cle)


@require_POST
@acces(membres)
def dater(request: HttpRequest, contrat: str, pk: int, piece: int) -> HttpResponse:
    """Corrige jusqu'à quand vaut un fichier joint."""
    lu = dossier_lu(request, contrat, pk)
    jointe = trouver(lu.pieces.get, pk=piece)
    form = Validite(request.POST, prefix=f"p{piece}")
    fin = form.cleaned_data["fin"] if form.is_valid() else jointe.valable_jusqu_au
    fait = "La date est enregistrée." if form.is_valid() else "Cette date ne se lit pas."
    trouver(
        tenter,
        request,
        actions.dater_une_piece,
        fait=fait,
        par=acteur_de(request),
        dossier=lu,
        pk=piece,
        valable_jusqu_au=fin,
    )
    return _vers_la_piece(contrat, pk, jointe.cle)


@require_POST
@acces(membres)
def retirer(request: HttpRequest, contrat: str, pk: int, piece: int) -> HttpResponse:
    """Retire un fichier joint."""
    lu = dossier_lu(request, contrat, pk)
    jointe = trouver(lu.pieces.get, pk=piece)
    trouver(
        tenter,
        request,
        actions.retirer_une_piece,
        fait="Le fichier est retiré.",
        par=acteur_de(request),
        dossier=lu,
        pk=piece,
    )
    return _vers_la_piece(contrat, pk, jointe.cle)


def _vers_la_piece(contrat: str, pk: int, cle: str) -> HttpResponse:
    reponse = redirect("espace_porteur:pieces", contrat, pk)
    reponse["Location"] += f"#piece-{cle}"
    return reponse
