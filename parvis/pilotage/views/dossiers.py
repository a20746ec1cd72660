"""Les dossiers déposés d'un contrat : la file, un dossier à lire et à vérifier, ses pièces."""

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.documents.queries import antivirus_regle
from parvis.documents.vues import servir, servir_une_archive
from parvis.dossiers.actions.messages import ecrire_un_message, marquer_lus
from parvis.dossiers.actions.recevabilite import verifier_un_point
from parvis.dossiers.models import Dossier
from parvis.dossiers.queries import recevabilite as lectures
from parvis.dossiers.queries.dossiers_imprimes import pdf_du_pilote
from parvis.dossiers.queries.pieces_a_emporter import archive_du_pilote
from parvis.dossiers.queries.portails import portails_du_dossier
from parvis.dossiers.queries.versions_deposees import lire_la_version
from parvis.evaluation.queries.bilans import bilans_recus
from parvis.evaluation.queries.listes import bilans_du_pilote
from parvis.evaluation.vues import Ecran as EcranDesBilans
from parvis.evaluation.vues import contexte_du_projet
from parvis.instruction.queries.avis import avis_du_dossier
from parvis.instruction.queries.consultations import consultations_a_clore
from parvis.instruction.queries.echanges import place_du_service
from parvis.instruction.queries.equipe import deports
from parvis.instruction.vues import Ecran, contexte_des_echanges
from parvis.journal.enums import Regard
from parvis.journal.queries.frise import frise
from parvis.pilotage.queries import dossiers as queries
from parvis.pilotage.queries.contrats import contrat_pilote
from parvis.socle.listes import choix, contexte_de_liste, emporter, saisi
from parvis.socle.vues import a_emporter, numero_demande, tenter, trouver

ECRAN = Ecran("pilotage", "dossier", "dossier", place_du_service)
BILANS = EcranDesBilans("pilotage", bilans_du_pilote, bilans_recus)


@require_safe
@acces(pilotes)
def liste(request: HttpRequest, contrat: str) -> HttpResponse:
    """La file des dossiers déposés, le plus ancien d'abord."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    jour = timezone.localdate()
    file = queries.file_des_dossiers(acteur, conduit, choix(request), jour=jour)
    contexte = {
        "contrat": conduit,
        "file": file,
        "tris": [(code, nom) for code, (nom, _) in queries.TRIS.items()],
        "tri": choix(request).get("tri", ""),
        "aujourd_hui": jour,
        **contexte_de_liste(request, file.page, file.facettes),
    }
    return render(request, "pilotage/dossiers.html", contexte)


@require_safe
@acces(pilotes)
def tableau(request: HttpRequest, contrat: str, extension: str) -> HttpResponse:
    """Les mêmes dossiers, en CSV ou en XLSX."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    lignes = queries.tableau_des_dossiers(
        acteur, conduit, choix(request), jour=timezone.localdate()
    )
    return emporter(f"{conduit.code}-dossiers", extension, queries.COLONNES, lignes)


@require_safe
@acces(pilotes)
def dossier(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Un dossier déposé : ce qu'il dit, ce qui a changé, ce qu'il reste à vérifier."""
    acteur, jour = acteur_de(request), timezone.localdate()
    recu = dossier_recu(request, contrat, pk)
    versions = lectures.versions_deposees(acteur, recu)
    lue = trouver(lire_la_version, versions, numero_demande(request, "version"))
    points = lectures.points(acteur, recu, versions[0], jour=jour)
    echanges = lectures.messages(acteur, recu)
    total, total_vote = lectures.demande_et_vote_ici(recu)
    contexte: dict[str, Any] = {
        "contrat": recu.appel.contrat,
        "dossier": recu,
        "projet": recu.projet,
        "versions": versions,
        "lue": lue,
        "numero_lu": str(lue.version.numero),
        "est_la_derniere": lue.version == versions[0],
        "points": points,
        "comptes": lectures.compter_les_points(points),
        "complements": lectures.complements(acteur, recu, jour=jour),
        "demandes": recu.demandes.select_related("financeur"),
        "total": total,
        "total_vote": total_vote,
        "portails": portails_du_dossier(acteur, recu),
        "messages_du_dossier": echanges,
        "a_lire": any(not m.est_du_service and m.lu_le is None for m in echanges),
        "conseille": lectures.appel_conseille(acteur, recu),
        "plume": lectures.plume(recu),
        "avis": avis_du_dossier(acteur, recu),
        "a_clore": set(consultations_a_clore(acteur, recu).values_list("pk", flat=True)),
        "deports": deports(acteur, recu),
        "antivirus": antivirus_regle(),
        **contexte_des_echanges(request, recu, ECRAN),
        **contexte_du_projet(request, recu, BILANS),
        "frise": frise(
            f"dossier:{pk}",
            regard=Regard.PILOTAGE,
            contrat=contrat,
            avant=request.GET.get("avant", ""),
        ),
    }
    return render(request, "pilotage/dossier.html", contexte)


@require_safe
@acces(pilotes)
def piece(request: HttpRequest, contrat: str, pk: int, identifiant: str) -> HttpResponse:
    """Une pièce déposée, à enregistrer ; un relevé d'identité bancaire ne s'ouvre pas ici."""
    recu = dossier_recu(request, contrat, pk)
    return servir(trouver(lectures.fichier_recu, acteur_de(request), recu, identifiant))


@require_safe
@acces(pilotes)
def imprime(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Ce qui est déposé, en PDF ; `?version=` en choisit une autre que la dernière."""
    recu = dossier_recu(request, contrat, pk)
    return a_emporter(
        trouver(pdf_du_pilote, acteur_de(request), recu, numero_demande(request, "version"))
    )


@require_safe
@acces(pilotes)
def pieces(request: HttpRequest, contrat: str, pk: int) -> StreamingHttpResponse:
    """Les pièces déposées et leur sommaire, sans le relevé d'identité bancaire."""
    recu = dossier_recu(request, contrat, pk)
    archive = trouver(
        archive_du_pilote, acteur_de(request), recu, numero_demande(request, "version")
    )
    return servir_une_archive(archive.nom, archive.morceaux)


@require_POST
@acces(pilotes)
def verifier(request: HttpRequest, contrat: str, pk: int, code: str) -> HttpResponse:
    """Juge un point de la liste de contrôle, et y revient."""
    recu = dossier_recu(request, contrat, pk)
    trouver(
        tenter,
        request,
        verifier_un_point,
        fait="C’est noté.",
        par=acteur_de(request),
        dossier=recu,
        code=code,
        est_bon=saisi(request, "est_bon") == "oui",
        note=request.POST.get("note", ""),
    )
    return redirect(f"{_adresse(contrat, pk)}#point-{code}")


@require_POST
@acces(pilotes)
def ecrire(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Écrit un message au porteur ; répondre, c'est avoir lu."""
    recu = dossier_recu(request, contrat, pk)
    acteur = acteur_de(request)
    if trouver(
        tenter,
        request,
        ecrire_un_message,
        fait="Votre message est dans le dossier. Le porteur l’apprend au résumé du jour.",
        par=acteur,
        dossier=recu,
        texte=request.POST.get("texte", ""),
    ):
        marquer_lus(par=acteur, dossier=recu)
    return redirect(f"{_adresse(contrat, pk)}#titre-messages")


@require_POST
@acces(pilotes)
def lire(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Dit que les messages du porteur sont lus."""
    recu = dossier_recu(request, contrat, pk)
    fait = "Ces messages sont lus."
    trouver(tenter, request, marquer_lus, fait=fait, par=acteur_de(request), dossier=recu)
    return redirect(f"{_adresse(contrat, pk)}#titre-messages")


def dossier_recu(request: HttpRequest, contrat: str, pk: int) -> Dossier:
    """Rend un dossier déposé dans le contrat que l'acteur conduit ; lève Http404 pour tout autre."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    recu = trouver(queries.dossier_du_pilote, acteur, conduit, pk)
    recu.appel.contrat = conduit
    return recu


def _adresse(contrat: str, pk: int) -> str:
    return reverse("pilotage:dossier", args=(contrat, pk))
