"""Ce que les écrans d'un service ont en commun pour lire les bilans : la liste, un bilan, ses fichiers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from parvis.cadre.models import Contrat
from parvis.comptes.acces import acteur_de
from parvis.comptes.acteur import Acteur
from parvis.documents.vues import servir
from parvis.dossiers.models import BilanAttendu, Dossier
from parvis.dossiers.queries.bilans import avertissements_au_service
from parvis.evaluation.actions.pieces import retirer_un_fichier_rendu
from parvis.evaluation.forms import MotifDuRetrait
from parvis.evaluation.models import Bilan
from parvis.evaluation.permissions import peut_recevoir_les_bilans
from parvis.evaluation.queries import listes
from parvis.evaluation.queries.bilans import non_depense_du_bilan
from parvis.evaluation.queries.decharges import fichier_de_la_decharge
from parvis.evaluation.queries.lecture import (
    complements_du_bilan,
    fichier_rendu,
    pdf_du_bilan,
    temps_demande,
    version_lue,
)
from parvis.evaluation.rules.dire import dire_l_etat_au_service
from parvis.programmation.queries.tableau_exports import Suites
from parvis.socle.listes import choix, contexte_de_liste, emporter
from parvis.socle.refus import Refus
from parvis.socle.vues import a_emporter, numero_demande, trouver

Lecture = Callable[[Acteur, Contrat], Any]


@dataclass(frozen=True)
class Ecran:
    """D'où l'on lit les bilans : la pièce d'écran, ce qu'elle liste, ce qu'elle ouvre, ce qu'elle somme."""

    espace: str
    liste: Lecture
    bilans: Lecture
    argent: Callable[[Acteur], Any] | None = None

    def trouver_l_attendu(self, request: HttpRequest, contrat: Contrat, pk: int) -> BilanAttendu:
        """Rend un bilan attendu que l'acteur lit, rendu ou non ; lève Http404 pour tout autre."""
        lus = self.liste(acteur_de(request), contrat).select_related(
            "dossier__appel__contrat", "dossier__projet__porteur__fusionne_dans"
        )
        return trouver(lus.get, pk=pk)

    def trouver_le_bilan(self, request: HttpRequest, contrat: Contrat, pk: int) -> Bilan:
        """Rend un bilan rendu que l'acteur lit ; lève Http404 pour tout autre."""
        return trouver(self.bilans(acteur_de(request), contrat).get, pk=pk)


def contexte_de_la_liste(request: HttpRequest, contrat: Contrat, ecran: Ecran) -> dict[str, Any]:
    """Rend ce que le gabarit d'une liste de bilans attend."""
    acteur, jour = acteur_de(request), timezone.localdate()
    lue = listes.liste_des_bilans(
        ecran.liste(acteur, contrat), choix(request), jour=jour, argent=_argent(ecran, acteur)
    )
    return {
        "contrat": contrat,
        "bilans": lue,
        "est_d_un_service": ecran.argent is not None,
        "lignes": [(attendu, listes.attente_de(attendu, jour)) for attendu in lue.page.lignes],
        "vue_du_bilan": f"{ecran.espace}:bilan",
        "vue_du_dossier": f"{ecran.espace}:dossier",
        "vue_du_tableau": f"{ecran.espace}:bilans_tableau",
        "vue_du_recu": f"{ecran.espace}:fichier_recu_autrement",
        "tris": [(code, nom) for code, (nom, _) in listes.TRIS.items()],
        "tri": choix(request).get("tri", ""),
        **contexte_de_liste(request, lue.page, lue.facettes),
    }


def emporter_la_liste(
    request: HttpRequest, contrat: Contrat, extension: str, ecran: Ecran
) -> HttpResponse:
    """Rend les mêmes bilans, en CSV ou en XLSX."""
    acteur = acteur_de(request)
    lignes = listes.tableau_des_bilans(
        ecran.liste(acteur, contrat),
        choix(request),
        jour=timezone.localdate(),
        argent=_argent(ecran, acteur),
    )
    return emporter(
        f"{contrat.code}-bilans",
        extension,
        listes.colonnes(est_d_un_service=ecran.argent is not None),
        lignes,
    )


def _argent(ecran: Ecran, acteur: Acteur) -> Any:
    return ecran.argent(acteur) if ecran.argent else None


def contexte_du_bilan(request: HttpRequest, bilan: Bilan, ecran: Ecran) -> dict[str, Any]:
    """Rend ce que le gabarit d'un bilan rendu attend."""
    dossier = bilan.dossier
    contrat = dossier.appel.contrat
    argent = _argent(ecran, acteur_de(request))
    lue = trouver(version_lue, bilan, numero_demande(request, "version"))
    return {
        "contrat": contrat,
        "bilan": bilan,
        "dossier": dossier,
        "projet": dossier.projet,
        "lue": lue,
        "non_depense": non_depense_du_bilan(bilan) if argent is not None else None,
        "part": non_depense_du_bilan(bilan, argent) if argent is not None else None,
        "temps_demande": temps_demande(bilan, lue),
        "complements": complements_du_bilan(bilan, timezone.localdate()),
        "phrase": dire_l_etat_au_service(
            etat=bilan.etat, issue=bilan.issue, porteur=str(dossier.projet.porteur.retenu)
        ),
        "adresse_pdf": reverse(f"{ecran.espace}:bilan_imprime", args=(contrat.code, bilan.pk)),
        "adresse_des_fichiers": _adresse_des_fichiers(ecran, contrat, bilan),
        "peut_retirer": peut_recevoir_les_bilans(acteur_de(request), contrat.code),
        "vue_du_dossier": f"{ecran.espace}:dossier",
        "attendu": BilanAttendu.objects.filter(
            dossier=dossier, exercice=bilan.exercice, sorte=bilan.sorte
        ).first(),
    }


def _adresse_des_fichiers(ecran: Ecran, contrat: Contrat, bilan: Bilan) -> str:
    """Rend l'adresse sous laquelle chaque fichier rendu se lit, et se retire."""
    return reverse(f"{ecran.espace}:bilan", args=(contrat.code, bilan.pk)) + "fichiers/"


def bilans_du_tableau(
    request: HttpRequest, contrat: Contrat, ecran: Ecran
) -> Callable[[int], Suites]:
    """Rend de quoi ajouter les bilans que l'acteur lit au tableau de programmation d'un exercice."""
    lus = ecran.liste(acteur_de(request), contrat)
    return lambda exercice: listes.bilans_au_tableau(lus, exercice, timezone.localdate())


def contexte_du_projet(request: HttpRequest, dossier: Dossier, ecran: Ecran) -> dict[str, Any]:
    """Rend les bilans du projet d'un dossier, et ce qui manque à son porteur."""
    acteur, jour = acteur_de(request), timezone.localdate()
    lus = ecran.liste(acteur, dossier.appel.contrat)
    return {
        "siens": listes.bilans_du_projet(lus, dossier, jour),
        "manquants": avertissements_au_service(dossier, jour),
        "vue_du_bilan": f"{ecran.espace}:bilan",
    }


def montrer_un_bilan(
    request: HttpRequest, contrat: Contrat, pk: int, ecran: Ecran, gabarit: str
) -> HttpResponse:
    """Rend la page d'un bilan rendu, à qui le lit."""
    bilan = ecran.trouver_le_bilan(request, contrat, pk)
    return render(request, gabarit, contexte_du_bilan(request, bilan, ecran))


def imprimer_un_bilan(
    request: HttpRequest, contrat: Contrat, pk: int, ecran: Ecran
) -> HttpResponse:
    """Rend le PDF d'un bilan rendu ; `?version=` en choisit une autre que la dernière."""
    bilan = ecran.trouver_le_bilan(request, contrat, pk)
    return a_emporter(trouver(pdf_du_bilan, bilan, numero_demande(request, "version")))


def servir_un_fichier(
    request: HttpRequest, contrat: Contrat, pk: int, identifiant: str, ecran: Ecran
) -> HttpResponse:
    """Rend une photo ou un document d'un bilan rendu."""
    bilan = ecran.trouver_le_bilan(request, contrat, pk)
    return servir(trouver(fichier_rendu, acteur_de(request), bilan, identifiant))


def servir_le_recu(request: HttpRequest, contrat: Contrat, pk: int, ecran: Ecran) -> HttpResponse:
    """Rend le fichier joint à un bilan reçu autrement, ou dispensé."""
    return servir(trouver(fichier_de_la_decharge, ecran.trouver_l_attendu(request, contrat, pk)))


def retirer_un_fichier(
    request: HttpRequest, bilan: Bilan, identifiant: str, retour: str
) -> HttpResponse:
    """Dit ce que fait le retrait d'un fichier rendu, puis le retire ; un refus garde ce qui est tapé."""
    acteur = acteur_de(request)
    fichier = trouver(fichier_rendu, acteur, bilan, identifiant)
    if fichier.est_efface:
        raise Http404
    form, motifs = MotifDuRetrait(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        try:
            trouver(
                retirer_un_fichier_rendu,
                par=acteur,
                bilan=bilan,
                identifiant=identifiant,
                motif=form.cleaned_data["motif"],
            )
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, "Ce fichier est effacé. Le bilan dit qu’il a été retiré.")
            return redirect(retour)
    contexte = {
        "contrat": bilan.dossier.appel.contrat,
        "bilan": bilan,
        "fichier": fichier,
        "retour": retour,
        "form": form,
        "motifs": motifs,
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "evaluation/retirer_un_fichier.html", contexte, status=statut)
