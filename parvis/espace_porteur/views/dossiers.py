"""Un dossier : sa liste de tâches, son appel quand il change, le jeter, l'emporter ailleurs."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, membres
from parvis.comptes.queries.membres import membres_confirmes
from parvis.dossiers.actions import dossiers as actions
from parvis.dossiers.actions.departs import transferer
from parvis.dossiers.actions.pieces import reprendre_les_pieces
from parvis.dossiers.enums import EtatDAppel
from parvis.dossiers.models import Dossier
from parvis.dossiers.permissions import peut_ecrire_le_projet
from parvis.dossiers.queries.appels import appels_ouverts, versions_publiees
from parvis.dossiers.queries.dossiers import version_courante
from parvis.dossiers.queries.lieux import Ailleurs, ailleurs
from parvis.dossiers.queries.portails import portails_du_dossier
from parvis.dossiers.queries.taches import avancement, taches
from parvis.dossiers.rules.appels import delai, etat_de_l_appel
from parvis.espace_porteur.views.lus import contrat_lu, dossier_lu
from parvis.journal.enums import Regard
from parvis.journal.queries.frise import frise
from parvis.socle.refus import Refus
from parvis.socle.vues import tenter, trouver


@require_safe
@acces(membres)
def dossier(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """La page d'un dossier : ce qui est écrit, ce qui reste à écrire, et le temps qu'il reste."""
    acteur = acteur_de(request)
    lu = dossier_lu(request, contrat, pk)
    siennes = taches(acteur, lu)
    contexte = {
        "contrat": lu.projet.contrat,
        "dossier": lu,
        "projet": lu.projet,
        "taches": siennes,
        "avancement": avancement(tache.lue for tache in siennes),
        "peut_ecrire": peut_ecrire_le_projet(acteur, lu.projet),
        "portails": portails_du_dossier(acteur, lu),
        "membres": membres_confirmes(lu.projet.porteur, jour=timezone.localdate()),
        "frise": frise(
            f"dossier:{lu.pk}",
            regard=Regard.MEMBRES,
            avant=request.GET.get("avant", ""),
            par_page=10,
        ),
        **_de_l_appel(request, lu),
    }
    return render(request, "espace_porteur/dossier.html", contexte)


def _de_l_appel(request: HttpRequest, lu: Dossier) -> dict[str, Any]:
    """Rend l'état de l'appel, le temps qui reste, et ce que disent les versions parues depuis."""
    acteur, maintenant = acteur_de(request), timezone.now()
    courante = version_courante(acteur, lu.appel)
    etat = etat_de_l_appel(courante.ouvre_le, courante.ferme_le, maintenant)
    jours = (timezone.localdate(courante.ferme_le) - timezone.localdate(maintenant)).days
    suivie = lu.version_d_appel
    nouvelles = (
        [v for v in versions_publiees(acteur, courante) if v.version.numero > suivie.numero]
        if courante.numero > suivie.numero
        else []
    )
    return {
        "courante": courante,
        "est_ouvert": etat == EtatDAppel.OUVERT,
        "etat_de_l_appel": etat,
        "dans": delai(jours),
        "nouvelles": nouvelles,
        "exercices_possibles": range(1, suivie.exercices_max + 1),
    }


@require_POST
@acces(membres)
def suivre(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Passe le brouillon à la dernière version de son appel."""
    lu = dossier_lu(request, contrat, pk)
    fait = "Votre dossier suit la nouvelle version de l’appel. Rien de ce que vous avez écrit n’a changé."
    action = actions.suivre_l_appel
    trouver(tenter, request, action, fait=fait, par=acteur_de(request), dossier=lu)
    return redirect("espace_porteur:dossier", contrat, pk)


@require_POST
@acces(membres)
def exercices(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Change le nombre d'années que couvre le brouillon."""
    lu = dossier_lu(request, contrat, pk)
    demande = request.POST.get("exercices", "")
    nombre = int(demande) if demande.isascii() and demande.isdigit() and len(demande) < 3 else 0
    trouver(
        tenter,
        request,
        actions.changer_d_exercices,
        fait="Le nombre d’années est changé.",
        par=acteur_de(request),
        dossier=lu,
        exercices=nombre,
    )
    return redirect("espace_porteur:dossier", contrat, pk)


@require_POST
@acces(membres)
def jeter(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Jette un brouillon et tout ce qu'il contient."""
    lu = dossier_lu(request, contrat, pk)
    fait = f"Jeté : « {lu.projet.titre} »."
    action = actions.jeter_un_brouillon
    if trouver(tenter, request, action, fait=fait, par=acteur_de(request), dossier=lu):
        return redirect("espace_porteur:projets", contrat)
    return redirect("espace_porteur:dossier", contrat, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(membres)
def emporter(request: HttpRequest, contrat: str, pk: int, vers: str) -> HttpResponse:
    """Emporte les textes d'un brouillon dans un appel ouvert d'un autre contrat."""
    acteur = acteur_de(request)
    lu = dossier_lu(request, contrat, pk)
    if not peut_ecrire_le_projet(acteur, lu.projet):
        raise Http404
    autre = contrat_lu(request, vers)
    ouverts = [e.version for e in appels_ouverts(acteur, autre) if e.version]
    lieux = lu.ecritures.filter(section="lieux", est_courante=True).first()
    nom = lieux.valeur.get("ailleurs", "") if lieux else ""
    ou = ailleurs(acteur, autre, nom)
    motifs: list[str] = []
    if request.method == "POST":
        choisi = next(
            (v.appel for v in ouverts if str(v.appel_id) == request.POST.get("appel")), None
        )
        motifs = [] if choisi else ["Choisissez un appel ouvert."]
        if choisi is not None:
            try:
                emporte = trouver(
                    transferer,
                    par=acteur,
                    dossier=lu,
                    appel=choisi,
                    commune=None if isinstance(ou, Ailleurs) else ou,
                )
                reprendre_les_pieces(par=acteur, dossier=emporte, de=lu)
                messages.success(request, "Vos textes sont ici. Le premier brouillon est resté.")
                return redirect("espace_porteur:dossier", vers, emporte.pk)
            except Refus as refus:
                motifs = refus.motifs
    contexte = {
        "contrat": lu.projet.contrat,
        "dossier": lu,
        "autre": autre,
        "ouverts": ouverts,
        "motifs": motifs,
    }
    return render(request, "espace_porteur/emporter.html", contexte, status=422 if motifs else 200)
