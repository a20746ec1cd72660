"""Un dossier que l'on étudie : ce qu'il dit, ce qui change, les avis, ce qu'on en emporte."""

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, instructeurs
from parvis.conventions.queries.actes import actes_du_dossier
from parvis.documents.queries import antivirus_regle
from parvis.documents.vues import servir, servir_une_archive
from parvis.dossiers.models import Dossier
from parvis.dossiers.queries import recevabilite
from parvis.espace_financeur.views.bilans import ECRAN as BILANS
from parvis.espace_financeur.views.echanges import ECRAN
from parvis.espace_financeur.views.lus import dossier_lu
from parvis.evaluation.vues import contexte_du_projet
from parvis.instruction.actions.lecture import marquer_lu
from parvis.instruction.enums import Qualite
from parvis.instruction.permissions import peut_financer
from parvis.instruction.queries import equipe, lire
from parvis.instruction.queries.avis import avis_du_dossier
from parvis.instruction.queries.dossiers import invitations_d_experts, titre_sur
from parvis.instruction.queries.grille import grille_du_dossier
from parvis.instruction.rules.avis import motifs_empechant_l_instruction
from parvis.instruction.vues import contexte_des_echanges
from parvis.socle.listes import entier
from parvis.socle.vues import a_emporter, numero_demande, tenter, trouver


@require_safe
@acces(instructeurs)
def dossier(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Un dossier à étudier : ce qu'il dit, ce qui a changé, ce que les autres en pensent."""
    acteur, lu = acteur_de(request), dossier_lu(request, contrat, pk)
    depuis = request.GET.get("depuis", "")
    version = trouver(lire.lire_le_dossier, acteur, lu, numero_demande(request, "version"), depuis)
    return render(
        request, "espace_financeur/dossier.html", contexte_du_dossier(request, lu, version)
    )


def contexte_du_dossier(
    request: HttpRequest, lu: Dossier, version: lire.DossierLu
) -> dict[str, Any]:
    """Rend tout ce que dit la page d'un dossier à étudier."""
    acteur, titre = acteur_de(request), titre_sur(acteur_de(request), lu)
    demandes = lire.demandes_lues(acteur, lu)
    avis = avis_du_dossier(acteur, lu)
    total, total_vote = lire.demande_et_vote_ici(demandes, lu)
    return {
        **(contexte_du_projet(request, lu, BILANS) if peut_financer(acteur) else {}),
        "contrat": lu.appel.contrat,
        "dossier": lu,
        "projet": lu.projet,
        "titre": titre,
        "finance": titre.qualite == Qualite.FINANCEUR and peut_financer(acteur),
        "version": version,
        "lue": version.lue,
        "numero_lu": str(version.lue.version.numero),
        "versions": version.versions,
        "est_la_derniere": version.est_la_derniere,
        "demandes": demandes,
        "total": total,
        "total_vote": total_vote,
        "actes": actes_du_dossier(acteur, lu),
        "avis": avis,
        "mon_avis": next(
            (a.rendu for a in avis.attendus if a.rendu and a.rendu.est_du_service), None
        ),
        "grille": grille_du_dossier(acteur, lu, titre),
        "a_clore": set(invitations_d_experts(acteur, lu).values_list("pk", flat=True)),
        "empeche": motifs_empechant_l_instruction(lu.etat),
        "prise": equipe.prise_du_service(acteur, lu),
        "acteur_pk": acteur.utilisateur.pk if acteur.utilisateur else None,
        "liens": equipe.liens_avec_le_porteur(acteur, lu),
        "autres": lire.autres_dossiers(acteur, lu, jour=timezone.localdate()),
        "complements": recevabilite.complements(acteur, lu, jour=timezone.localdate()),
        "plume": recevabilite.plume(lu),
        "antivirus": antivirus_regle(),
        **contexte_des_echanges(request, lu, ECRAN),
    }


@require_POST
@acces(instructeurs)
def lu(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Retient que l'acteur a lu cette version."""
    etudie = dossier_lu(request, contrat, pk)
    numero = entier(request, "version")
    fait = f"Version {numero} lue : nous vous dirons ce qui change ensuite."
    acteur = acteur_de(request)
    trouver(tenter, request, marquer_lu, fait=fait, par=acteur, dossier=etudie, numero=numero)
    return redirect(adresse_du_dossier(contrat, pk))


@require_safe
@acces(instructeurs)
def imprime(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Ce qui est déposé, en PDF ; `?version=` en choisit une autre que la dernière."""
    etudie, numero = dossier_lu(request, contrat, pk), numero_demande(request, "version")
    return a_emporter(trouver(lire.pdf_a_etudier, acteur_de(request), etudie, numero))


@require_safe
@acces(instructeurs)
def pieces(request: HttpRequest, contrat: str, pk: int) -> StreamingHttpResponse:
    """Les pièces déposées que l'acteur ouvre, et leur sommaire."""
    etudie, numero = dossier_lu(request, contrat, pk), numero_demande(request, "version")
    archive = trouver(lire.archive_a_etudier, acteur_de(request), etudie, numero)
    return servir_une_archive(archive.nom, archive.morceaux)


@require_safe
@acces(instructeurs)
def piece(request: HttpRequest, contrat: str, pk: int, identifiant: str) -> HttpResponse:
    """Une pièce déposée, à enregistrer, si l'acteur l'ouvre."""
    etudie = dossier_lu(request, contrat, pk)
    return servir(trouver(lire.piece_a_etudier, acteur_de(request), etudie, identifiant))


def adresse_du_dossier(contrat: str, pk: int) -> str:
    """Rend l'adresse d'un dossier à étudier."""
    return reverse("espace_financeur:dossier", args=(contrat, pk))
