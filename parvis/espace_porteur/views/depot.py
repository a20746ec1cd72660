"""Vérifier, déposer, garder le récépissé, relire ce qui est parti, retirer."""

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from parvis.comptes.acces import acces, acteur_de, membres
from parvis.documents.vues import servir
from parvis.dossiers.actions.depot import DepotRefuse, deposer_le_dossier, retirer_le_dossier
from parvis.dossiers.enums import EtatDAppel, EtatDeDossier, Guichet
from parvis.dossiers.models import Dossier
from parvis.dossiers.permissions import peut_deposer_le_dossier
from parvis.dossiers.queries import depot as queries
from parvis.dossiers.queries.attestations import qui_signe
from parvis.dossiers.queries.controle import controler
from parvis.dossiers.queries.dossiers import version_courante
from parvis.dossiers.queries.versions_deposees import lire_la_version
from parvis.dossiers.rules.appels import delai, etat_de_l_appel
from parvis.dossiers.rules.depot import Motif, temps_restant
from parvis.dossiers.rules.dossiers import motifs_empechant_le_passage
from parvis.espace_porteur.forms.depot import Retrait
from parvis.espace_porteur.views.lus import dossier_lu
from parvis.socle.refus import Refus
from parvis.socle.vues import a_emporter, trouver


@require_safe
@acces(membres)
def verifier(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Tout ce qui empêche encore de déposer, et où y répondre ; ce qui avertit, à part."""
    lu = dossier_lu(request, contrat, pk)
    if not lu.est_un_brouillon:
        return redirect("espace_porteur:recepisses", contrat, pk)
    return _montrer_le_controle(request, lu)


def _montrer_le_controle(
    request: HttpRequest, lu: Dossier, refus: list[Motif] | None = None
) -> HttpResponse:
    """Rend la page du contrôle ; `refus` est ce qui vient d'empêcher le dépôt."""
    acteur, maintenant = acteur_de(request), _recue_le(request)
    controle = controler(acteur, lu, maintenant=maintenant)
    contexte = {
        **_du_dossier(request, lu),
        **_de_l_heure(request, lu, maintenant),
        "controle": controle,
        "peut_deposer": peut_deposer_le_dossier(acteur, lu.projet),
        "qui_signe": qui_signe(acteur, lu),
        # Ce qui manque se relit plus bas : on ne dit ici que l'heure, ou ce que rien d'autre ne dit.
        "refus": [motif for motif in refus or [] if motif not in controle.motifs],
    }
    statut = 200 if refus is None else 422
    return render(request, "espace_porteur/verifier.html", contexte, status=statut)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(membres)
def deposer(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Ce qui va partir, à qui, combien ; puis le dépôt, à l'heure où l'envoi est arrivé."""
    acteur, lu = acteur_de(request), dossier_lu(request, contrat, pk)
    if request.method == "POST":
        if not peut_deposer_le_dossier(acteur, lu.projet):
            # Le contrôle dit à qui le demander.
            return _montrer_le_controle(request, lu, [])
        try:
            trouver(deposer_le_dossier, par=acteur, dossier=lu, recu_le=_recue_le(request))
        except DepotRefuse as refus:
            return _montrer_le_controle(request, lu, refus.empechements)
        return redirect("espace_porteur:recepisses", contrat, pk)
    if not lu.est_un_brouillon:
        return redirect("espace_porteur:recepisses", contrat, pk)
    maintenant = _recue_le(request)
    heure = _de_l_heure(request, lu, maintenant)
    if not heure["est_ouvert"] or not controler(acteur, lu, maintenant=maintenant).est_pret:
        return redirect("espace_porteur:verifier", contrat, pk)
    contexte = {
        **_du_dossier(request, lu),
        **heure,
        "demandes": lu.demandes.filter(guichet=Guichet.PLATEFORME).select_related("financeur"),
        "ailleurs": queries.demandes_ailleurs(lu),
        "fichiers": queries.fichiers_lus_de_tous(lu),
    }
    return render(request, "espace_porteur/deposer.html", contexte)


def _recue_le(request: HttpRequest) -> datetime:
    return request.recue_le  # type: ignore[attr-defined,no-any-return]


def _du_dossier(request: HttpRequest, lu: Dossier) -> dict[str, Any]:
    return {"contrat": lu.projet.contrat, "dossier": lu, "projet": lu.projet}


def _de_l_heure(request: HttpRequest, lu: Dossier, maintenant: datetime) -> dict[str, Any]:
    """Rend la clôture et le temps qui reste : c'est la dernière version de l'appel qui les dit."""
    courante = version_courante(acteur_de(request), lu.appel)
    etat = etat_de_l_appel(courante.ouvre_le, courante.ferme_le, maintenant)
    jours = (timezone.localdate(courante.ferme_le) - timezone.localdate(maintenant)).days
    return {
        "courante": courante,
        "etat_de_l_appel": etat,
        "est_ouvert": etat == EtatDAppel.OUVERT,
        "dans": delai(jours),
        "reste": temps_restant(courante.ferme_le, maintenant),
    }


@require_safe
@acces(membres)
def recepisses(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Le dossier déposé : sa date à la seconde, son numéro, un récépissé par financeur."""
    acteur, lu = acteur_de(request), dossier_lu(request, contrat, pk)
    if lu.est_un_brouillon:
        return redirect("espace_porteur:verifier", contrat, pk)
    retirable = not motifs_empechant_le_passage(lu.etat, EtatDeDossier.RETIRE)
    contexte = {
        **_du_dossier(request, lu),
        "recepisses": queries.recepisses(lu),
        "ailleurs": queries.demandes_ailleurs(lu),
        "versions": lu.versions_deposees.defer("contenu"),
        "est_retire": lu.etat == EtatDeDossier.RETIRE,
        "peut_retirer": retirable and peut_deposer_le_dossier(acteur, lu.projet),
    }
    return render(request, "espace_porteur/recepisses.html", contexte)


@require_safe
@acces(membres)
def recepisse(
    request: HttpRequest, contrat: str, pk: int, numero: int, financeur: int
) -> HttpResponse:
    """Le récépissé d'un financeur, en PDF : toujours le même."""
    lu = dossier_lu(request, contrat, pk)
    recu = trouver(queries.recepisse_du_financeur, acteur_de(request), lu, numero, financeur)
    return a_emporter(queries.recepisse_a_emporter(recu))


@require_safe
@acces(membres)
def depose(request: HttpRequest, contrat: str, pk: int, numero: int | None = None) -> HttpResponse:
    """Le dossier tel qu'il a été déposé : il se lit, s'imprime, et ne change plus."""
    lu = dossier_lu(request, contrat, pk)
    versions = list(lu.versions_deposees.order_by("-numero"))
    contexte = {
        **_du_dossier(request, lu),
        "lue": trouver(lire_la_version, versions, numero),
        "versions": versions,
        "peut_lire_le_rib": peut_deposer_le_dossier(acteur_de(request), lu.projet),
    }
    return render(request, "espace_porteur/depose.html", contexte)


@require_safe
@acces(membres)
def fichier(request: HttpRequest, contrat: str, pk: int, fichier: uuid.UUID) -> HttpResponse:
    """Un fichier déposé avec le dossier, même remplacé depuis."""
    lu = dossier_lu(request, contrat, pk)
    return servir(trouver(queries.fichier_depose, acteur_de(request), lu, fichier))


@require_http_methods(["GET", "HEAD", "POST"])
@acces(membres)
def retirer(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Retirer un dossier déposé : pourquoi, et ce que cela fait."""
    acteur, lu = acteur_de(request), dossier_lu(request, contrat, pk)
    trouver(_exiger_de_deposer, acteur, lu)
    form, motifs = Retrait(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        try:
            trouver(retirer_le_dossier, par=acteur, dossier=lu, **form.cleaned_data)
            return redirect("espace_porteur:recepisses", contrat, pk)
        except Refus as refus:
            motifs = refus.motifs
    elif motifs_empechant_le_passage(lu.etat, EtatDeDossier.RETIRE):
        return redirect("espace_porteur:recepisses", contrat, pk)
    contexte = {**_du_dossier(request, lu), "form": form, "motifs": motifs}
    statut = 422 if form.errors or motifs else 200
    return render(request, "espace_porteur/retirer.html", contexte, status=statut)


def _exiger_de_deposer(acteur: Any, lu: Dossier) -> None:
    if not peut_deposer_le_dossier(acteur, lu.projet):
        raise Dossier.DoesNotExist
