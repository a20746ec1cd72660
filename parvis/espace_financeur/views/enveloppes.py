"""Les enveloppes d'un service : la liste d'un exercice, une enveloppe, en créer une."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from parvis.cadre.models import Contrat
from parvis.comptes.acces import acces, acteur_de, financeurs
from parvis.espace_financeur.forms.enveloppes import NouvelleEnveloppe
from parvis.espace_financeur.queries import enveloppes as exports
from parvis.espace_financeur.views.lus import contrat_lu
from parvis.programmation.actions.enveloppes import creer_une_enveloppe
from parvis.programmation.models import Enveloppe
from parvis.programmation.queries import enveloppes as queries
from parvis.socle.listes import choix, contexte_de_liste, emporter
from parvis.socle.pages import page
from parvis.socle.refus import Refus
from parvis.socle.vues import numero_demande, trouver


@require_safe
@acces(financeurs)
def liste(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les enveloppes d'un exercice : ce qui s'y met, ce qui s'y vote, ce qui reste."""
    acteur, lu = acteur_de(request), contrat_lu(request, contrat)
    annees = queries.exercices(acteur, lu)
    cette_annee = timezone.localdate().year
    par_defaut = cette_annee if cette_annee in annees or not annees else annees[0]
    exercice = numero_demande(request, "exercice") or par_defaut
    contexte = {
        "contrat": lu,
        "exercice": exercice,
        "exercices": annees,
        "tableau": queries.tableau(acteur, lu, exercice),
        "sans_enveloppe": queries.demandes_a_imputer(acteur, lu, exercice).count(),
    }
    return render(request, "espace_financeur/enveloppes.html", contexte)


@require_safe
@acces(financeurs)
def tableau(request: HttpRequest, contrat: str, exercice: int, extension: str) -> HttpResponse:
    """Les mêmes enveloppes, en CSV ou en XLSX."""
    lu = contrat_lu(request, contrat)
    lignes = exports.lignes_des_enveloppes(acteur_de(request), lu, exercice)
    return emporter(f"{lu.code}-enveloppes-{exercice}", extension, exports.COLONNES, lignes)


@require_safe
@acces(financeurs)
def enveloppe(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Une enveloppe : ses comptes, ses sous-enveloppes, ses demandes, son histoire."""
    acteur, lu = acteur_de(request), contrat_lu(request, contrat)
    ouverte = trouver(queries.enveloppe, acteur, lu, pk)
    lignes = queries.tableau(acteur, lu, ouverte.exercice).lignes
    choisis = choix(request)
    demandes = page(
        queries.demandes_imputees(acteur, ouverte),
        ("pk",),
        apres=choisis.get("apres", ""),
        avant=choisis.get("avant", ""),
    )
    contexte = {
        "contrat": lu,
        "enveloppe": ouverte,
        "ligne": next(ligne for ligne in lignes if ligne.enveloppe.pk == pk),
        "filles": [ligne for ligne in lignes if ligne.enveloppe.mere_id == pk],
        "histoire": [
            (ecriture, exports.dire_le_mouvement(ecriture))
            for ecriture in queries.histoire(acteur, ouverte)
        ],
        **contexte_de_liste(request, demandes),
    }
    return render(request, "espace_financeur/enveloppe.html", contexte)


@require_safe
@acces(financeurs)
def mouvements(request: HttpRequest, contrat: str, pk: int, extension: str) -> HttpResponse:
    """L'histoire d'une enveloppe, en CSV ou en XLSX."""
    acteur, lu = acteur_de(request), contrat_lu(request, contrat)
    lignes = exports.lignes_des_mouvements(acteur, trouver(queries.enveloppe, acteur, lu, pk))
    nom = f"{lu.code}-enveloppe-{pk}"
    return emporter(nom, extension, exports.COLONNES_DES_MOUVEMENTS, lignes)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(financeurs)
def creer(request: HttpRequest, contrat: str) -> HttpResponse:
    """Crée une enveloppe, ou la sous-enveloppe de celle que nomme l'adresse (`?mere=`)."""
    lu = contrat_lu(request, contrat)
    mere = _mere(request, lu)
    exercice = numero_demande(request, "exercice") or timezone.localdate().year
    form = NouvelleEnveloppe(
        request.POST or None,
        communes=queries.communes_du_contrat(lu),
        piliers=queries.piliers_du_contrat(lu),
        mere=mere,
        initial={"exercice": exercice, "decide_le": timezone.localdate()},
    )
    motifs: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            creee = _creer(request, lu, mere, form)
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, f"L’enveloppe « {creee} » est créée.")
            return redirect("espace_financeur:enveloppe", contrat, creee.pk)
    retour = reverse("espace_financeur:enveloppes", args=[contrat])
    if mere is not None:
        retour = reverse("espace_financeur:enveloppe", args=[contrat, mere.pk])
    contexte = {"contrat": lu, "mere": mere, "form": form, "motifs": motifs, "retour": retour}
    statut = 422 if request.method == "POST" else 200
    return render(request, "espace_financeur/enveloppe_nouvelle.html", contexte, status=statut)


def _mere(request: HttpRequest, contrat: Contrat) -> Enveloppe | None:
    """Rend l'enveloppe que nomme l'adresse, aucune si elle n'en nomme pas ; lève Http404."""
    demandee = choix(request).get("mere", "")
    if not demandee:
        return None
    pk = int(demandee) if demandee.isascii() and demandee.isdigit() and len(demandee) < 19 else 0
    return trouver(queries.enveloppe, acteur_de(request), contrat, pk)


def _creer(
    request: HttpRequest, contrat: Contrat, mere: Enveloppe | None, form: NouvelleEnveloppe
) -> Enveloppe:
    saisi: dict[str, Any] = form.cleaned_data
    return creer_une_enveloppe(
        par=acteur_de(request),
        contrat=contrat,
        exercice=mere.exercice if mere else saisi["exercice"],
        ligne=saisi["ligne"],
        mere=mere,
        montant=saisi["montant"],
        decide_le=saisi["decide_le"],
        motif=saisi["motif"],
        **form.lieu,
    )


@require_safe
@acces(financeurs)
def toutes(request: HttpRequest) -> HttpResponse:
    """Mène aux enveloppes du service : directement quand il ne finance qu'un contrat."""
    contrats = list(queries.contrats_du_financeur(acteur_de(request)))
    if len(contrats) == 1:
        return redirect("espace_financeur:enveloppes", contrats[0].code)
    return render(request, "espace_financeur/enveloppes_toutes.html", {"contrats": contrats})
