"""Les bilans d'un dossier : ceux qu'il doit, en ouvrir un, le rendre, le relire."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, membres
from parvis.comptes.queries.membres import membres_confirmes
from parvis.comptes.rules.roles import DEPOSENT
from parvis.documents.vues import servir
from parvis.dossiers.permissions import peut_ecrire_le_projet
from parvis.espace_porteur.forms.bilans import SignatureDuBilan
from parvis.espace_porteur.views.bilans_lus import (
    adresse_du_bilan,
    autour_du_bilan,
    bilan_lu,
    echeance_lue,
    phrase_de_l_etat,
)
from parvis.espace_porteur.views.suites import depose_lu
from parvis.evaluation.actions.ecrire import ouvrir_un_bilan
from parvis.evaluation.actions.rendre import rendre_le_bilan
from parvis.evaluation.permissions import peut_rendre_le_bilan
from parvis.evaluation.queries.bilans import BilanLu, echeances, lire_le_bilan, reliquat
from parvis.evaluation.queries.lecture import complements_du_bilan, pdf_du_bilan, version_lue
from parvis.evaluation.rules.bilans import S_ECRIVENT
from parvis.evaluation.rules.dire import FORMULE, LA_CONVENTION_DECIDE
from parvis.socle.refus import Refus
from parvis.socle.vues import a_emporter, numero_demande, trouver

SANS_ROLE = "Votre rôle écrit le bilan : le rendent ceux qui signent pour l’organisme."
RENDU = "Votre bilan est rendu. Tous vos financeurs le lisent ; un seul service vous répondra."


@require_safe
@acces(membres)
def bilans(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Les bilans d'un dossier déposé : ce qui est à rendre, pour quand, et où en est chacun."""
    lu, jour = depose_lu(request, contrat, pk), timezone.localdate()
    dus = echeances(lu, jour)
    definitifs = {e.exercice for e in dus if e.sorte == "definitif" and e.rendu_le is None}
    ouverts = {e.exercice for e in dus if e.sorte == "intermediaire"}
    contexte = {
        "contrat": lu.projet.contrat,
        "dossier": lu,
        "projet": lu.projet,
        "dus": [(echeance, phrase_de_l_etat(lu, echeance)) for echeance in dus],
        "a_mi_chemin": sorted(definitifs - ouverts),
        "peut_ecrire": peut_ecrire_le_projet(acteur_de(request), lu.projet),
    }
    return render(request, "espace_porteur/bilans.html", contexte)


@require_safe
@acces(membres)
def bilan(request: HttpRequest, contrat: str, pk: int, exercice: int, sorte: str) -> HttpResponse:
    """Un bilan : ce qui reste à écrire, puis ce qui est rendu et ce qu'on en répond."""
    dossier = depose_lu(request, contrat, pk)
    echeance = echeance_lue(dossier, exercice, sorte)
    contexte: dict[str, Any] = {
        "contrat": dossier.projet.contrat,
        "dossier": dossier,
        "projet": dossier.projet,
        "echeance": echeance,
        "phrase": phrase_de_l_etat(dossier, echeance),
        "peut_ecrire": peut_ecrire_le_projet(acteur_de(request), dossier.projet),
    }
    if echeance.decharge:
        return render(request, "espace_porteur/bilan_decharge.html", contexte)
    if echeance.bilan is None:
        return render(request, "espace_porteur/bilan_a_ouvrir.html", contexte)
    echeance.bilan.dossier = dossier
    lu = lire_le_bilan(echeance.bilan, echeance.jour)
    contexte |= autour_du_bilan(request, lu)
    contexte["complements"] = complements_du_bilan(lu.bilan, echeance.jour)
    if lu.bilan.etat in S_ECRIVENT:
        return render(request, "espace_porteur/bilan.html", contexte)
    contexte["adresse_des_fichiers"] = (
        reverse("espace_porteur:bilan", args=adresse_du_bilan(lu)) + "rendu/fichiers/"
    )
    contexte["peut_retirer"] = contexte["peut_ecrire"]
    contexte["lue"] = trouver(version_lue, lu.bilan, numero_demande(request, "version"))
    return render(request, "espace_porteur/bilan_rendu.html", contexte)


@require_POST
@acces(membres)
def ouvrir(request: HttpRequest, contrat: str, pk: int, exercice: int, sorte: str) -> HttpResponse:
    """Ouvre un bilan, pré-rempli, et mène à sa liste de tâches."""
    dossier = depose_lu(request, contrat, pk)
    echeance_lue(dossier, exercice, sorte)
    try:
        trouver(
            ouvrir_un_bilan,
            par=acteur_de(request),
            dossier=dossier,
            exercice=exercice,
            sorte=sorte,
        )
    except Refus as refus:
        for motif in refus.motifs:
            messages.error(request, motif)
    return redirect("espace_porteur:bilan", contrat, pk, exercice, sorte)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(membres)
def rendre(request: HttpRequest, contrat: str, pk: int, exercice: int, sorte: str) -> HttpResponse:
    """Tout ce qui manque, ce qui n'est pas dépensé, puis la signature ; un refus garde la saisie."""
    lu = bilan_lu(request, contrat, pk, exercice, sorte)
    if lu.bilan.etat not in S_ECRIVENT:
        return redirect("espace_porteur:bilan", *adresse_du_bilan(lu))
    if request.method != "POST":
        return _montrer(request, lu, SignatureDuBilan())
    form = SignatureDuBilan(request.POST)
    form.is_valid()
    if not peut_rendre_le_bilan(acteur_de(request), lu.bilan):
        return _montrer(request, lu, form, [SANS_ROLE])
    saisie = form.cleaned_data
    try:
        trouver(
            rendre_le_bilan,
            par=acteur_de(request),
            bilan=lu.bilan,
            nom=saisie.get("nom", ""),
            qualite=saisie.get("qualite", ""),
            certifie=saisie.get("certifie", False),
        )
    except Refus as refus:
        return _montrer(request, lu, form, refus.motifs)
    messages.success(request, RENDU)
    return redirect("espace_porteur:bilan", *adresse_du_bilan(lu))


def _montrer(
    request: HttpRequest, lu: BilanLu, form: SignatureDuBilan, motifs: list[str] | None = None
) -> HttpResponse:
    projet = lu.bilan.dossier.projet
    contexte = {
        **autour_du_bilan(request, lu),
        "form": form,
        "motifs": motifs,
        # Sans tout le budget, le calcul ne voudrait rien dire.
        "laisse": None if "budget" in {x.section.code for x in lu.a_faire} else reliquat(lu),
        "formule": FORMULE,
        "reserve": LA_CONVENTION_DECIDE,
        "rendent": membres_confirmes(projet.porteur, jour=timezone.localdate()).filter(
            role__in=DEPOSENT
        ),
    }
    statut = 422 if motifs else 200
    return render(request, "espace_porteur/bilan_rendre.html", contexte, status=statut)


@require_safe
@acces(membres)
def imprime(request: HttpRequest, contrat: str, pk: int, exercice: int, sorte: str) -> HttpResponse:
    """Ce qui est rendu, en PDF ; `?version=` en choisit une autre que la dernière."""
    lu = bilan_lu(request, contrat, pk, exercice, sorte)
    return a_emporter(trouver(pdf_du_bilan, lu.bilan, numero_demande(request, "version")))


@require_safe
@acces(membres)
def recu_autrement(
    request: HttpRequest, contrat: str, pk: int, exercice: int, sorte: str
) -> HttpResponse:
    """Le fichier que le service a joint à un bilan reçu autrement, ou dispensé."""
    echeance = echeance_lue(depose_lu(request, contrat, pk), exercice, sorte)
    if echeance.decharge is None or echeance.decharge.fichier is None:
        raise Http404
    return servir(echeance.decharge.fichier)
