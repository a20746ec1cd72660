"""Le budget d'un dossier : un exercice à la fois, ses totaux rendus par le serveur à mesure."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_POST

from parvis.comptes.acces import acces, membres
from parvis.dossiers import sections as s
from parvis.dossiers.actions.budget import ecrire_l_exercice, recopier_l_exercice
from parvis.dossiers.actions.sections import ConflitDeSection
from parvis.dossiers.permissions import peut_ecrire_le_projet
from parvis.dossiers.queries.budget import budget_de_l_an_dernier
from parvis.dossiers.queries.taches import est_a_ecrire, reperes
from parvis.dossiers.rules.budget import comparer
from parvis.dossiers.sections.budget import avec_l_exercice, en_texte, exercice_de
from parvis.espace_porteur.forms.budget import Envoi, EnvoiIncomplet, envoi_de, lire_l_envoi
from parvis.espace_porteur.forms.feuille import Feuille
from parvis.espace_porteur.views.autour import autour_de_la_section
from parvis.espace_porteur.views.budget_lu import Ici, budget_lu
from parvis.espace_porteur.views.collage import apercu
from parvis.socle.comparaison import comparer_les_mots
from parvis.socle.formulaire_de_section import INCOMPLET
from parvis.socle.montants import ecrire_montant
from parvis.socle.refus import Refus
from parvis.socle.vues import enregistre_a_l_instant, est_pour_le_script, tenter

_DISPARU = "Ce dossier n’est plus là. Votre texte est toujours ici : copiez-le."
SANS_ROLE = "Votre rôle lit ce dossier, il ne l’écrit pas."
COLLER, RECOPIER = "coller", "recopier"


@require_http_methods(["GET", "HEAD", "POST"])
@acces(membres)
def budget(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Le budget d'un exercice : ce que le projet coûte, qui le paie, ce qui manque."""
    try:
        ici = budget_lu(request, contrat, pk)
        if request.method == "POST":
            return _enregistrer(request, ici)
    except (ObjectDoesNotExist, Http404):
        if est_pour_le_script(request):
            return JsonResponse({"dit": _DISPARU}, status=404)
        raise Http404 from None  # la page montre ce qui s'écrivait
    return montrer(request, ici)


def _enregistrer(request: HttpRequest, ici: Ici) -> HttpResponse:
    try:
        envoi = lire_l_envoi(request.POST)
    except EnvoiIncomplet:
        return montrer(request, ici, motifs=[INCOMPLET])
    try:
        if not peut_ecrire_le_projet(ici.acteur, ici.dossier.projet):
            raise Refus([SANS_ROLE])
        if envoi.motifs:
            raise Refus(envoi.motifs)
        fait = ecrire_l_exercice(
            par=ici.acteur,
            dossier=ici.dossier,
            section=ici.section,
            annee=ici.annee,
            part=envoi.part(ici.financeurs),
            lue=request.POST.get("lue", ""),
        )
    except ConflitDeSection as conflit:
        return montrer(request, ici, envoi=envoi, conflit=conflit)
    except Refus as refus:
        return montrer(request, ici, envoi=envoi, motifs=refus.motifs)
    feuille = ici.feuille(envoi)
    if est_pour_le_script(request):
        lue = s.empreinte(exercice_de(fait.valeur, ici.annee))
        return JsonResponse(
            {"dit": _dire(True, feuille), "champs": {"lue": lue}, **_totaux(ici, feuille)}
        )
    return _suivre(request, ici, f"{_dire(fait.a_change, feuille)}.")


def _suivre(request: HttpRequest, ici: Ici, dit: str) -> HttpResponse:
    """Mène où le bouton pressé le demande : un autre exercice, le collage, ou ici."""
    vers = request.POST.get("vers", "")
    if vers == COLLER and request.POST.get("colle", "").strip():
        return apercu(request, ici, request.POST["colle"])
    messages.success(request, dit)
    if vers == RECOPIER:
        tenter(
            request,
            recopier_l_exercice,
            fait=f"L’exercice {ici.annee - 1} est recopié : changez ce qui change.",
            par=ici.acteur,
            dossier=ici.dossier,
            section=ici.section,
            annee=ici.annee,
        )
    autre = int(vers) if vers in {str(annee) for annee in ici.dossier.annees} else ici.annee
    return redirect(ici.adresse_de(autre))


def _dire(a_change: bool, feuille: Feuille) -> str:
    # À mesure, une case quittée après coup ne change rien : ce qui compte est que tout soit enregistré.
    dit = enregistre_a_l_instant() if a_change else "Rien n’a changé"
    nombre = sum(bool(faute) for _, faute in feuille.cases.values())
    return f"{dit} · {nombre} point{'s' if nombre > 1 else ''} à corriger" if nombre else dit


@require_POST
@acces(membres)
def totaux(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Rend les totaux de ce qui est tapé, en JSON ; n'enregistre rien."""
    ici = budget_lu(request, contrat, pk)
    try:
        envoi = lire_l_envoi(request.POST)
    except EnvoiIncomplet:
        return JsonResponse({"dit": INCOMPLET}, status=422)
    return JsonResponse(_totaux(ici, ici.feuille(envoi)))


def _totaux(ici: Ici, feuille: Feuille) -> dict[str, Any]:
    """Rend ce qui change à l'écran quand un montant change, tout calculé ici."""
    contexte = {"feuille": feuille, **_a_cote(ici, feuille)}
    ou = feuille.equilibre
    return {
        "phrase": f"{ou.phrase}. {ou.a_part}".strip(),
        "equilibre": render_to_string("espace_porteur/_budget_equilibre.html", contexte),
        "cote": render_to_string("espace_porteur/_budget_cote.html", contexte),
        "postes": {
            p.code: ecrire_montant(p.montant) if p.montant else "" for p in feuille.lu.bilan.postes
        },
        "cases": {
            cle: ["" if montant is None else ecrire_montant(montant), faute]
            for cle, (montant, faute) in feuille.cases.items()
        },
    }


def _a_cote(ici: Ici, feuille: Feuille) -> dict[str, Any]:
    """Rend ce qui se lit à côté des cases : l'an dernier, s'il y en a un."""
    avant = budget_de_l_an_dernier(ici.dossier) if ici.est_ferme else None
    if avant is None:
        return {}
    return {
        "bilan_d_avant": avant,
        "annee_d_avant": ici.dossier.copie_de.exercice if ici.dossier.copie_de else None,
        "evolutions": comparer(avant, feuille.lu.bilan),
    }


def montrer(
    request: HttpRequest,
    ici: Ici,
    *,
    envoi: Envoi | None = None,
    conflit: ConflitDeSection | None = None,
    motifs: list[str] | None = None,
) -> HttpResponse:
    """Rend la page du budget : ce qui est gardé, ou ce qui vient d'être tapé et ne l'est pas."""
    statut = 409 if conflit else 422 if motifs else 200
    if est_pour_le_script(request) and statut != 200:
        phrases = conflit.motifs if conflit else motifs or []
        return JsonResponse({"dit": " ".join(phrases)}, status=statut)
    gardee = exercice_de(conflit.actuelle.valeur if conflit else ici.valeur, ici.annee)
    feuille = ici.feuille(envoi or envoi_de(gardee))
    peut_ecrire = est_a_ecrire(ici.acteur, ici.dossier, ici.section)
    contexte: dict[str, Any] = {
        "ici": ici,
        "contrat": ici.dossier.projet.contrat,
        "dossier": ici.dossier,
        "projet": ici.dossier.projet,
        "section": ici.section,
        "peut_ecrire": peut_ecrire,
        "feuille": feuille,
        "empreinte": s.empreinte(ici.valeur),
        "lue": request.POST.get("lue", "") if motifs else s.empreinte(gardee),
        "conflit": conflit,
        "motifs": motifs,
        "postes": [(poste, feuille.plan.lignes(poste.code)) for poste in feuille.plan.postes()],
        "comptes_de_demande": [
            c for c in feuille.plan.comptes if c.est_demande and not c.est_poste
        ],
        "cotes": feuille.cotes,
        "exercices": [(annee, ici.adresse_de(annee)) for annee in ici.dossier.annees],
        "peut_recopier": feuille.est_vide
        and not ici.est_ferme
        and any(exercice_de(ici.valeur, ici.annee - 1).values()),
        "envoyes": _dit(ici, feuille.part) if motifs and envoi and not peut_ecrire else "",
        **_a_cote(ici, feuille),
        **autour_de_la_section(
            ici.acteur,
            ici.dossier,
            ici.section,
            ici.valeur,
            reperes(ici.dossier, ecrites=ici.ecrites),
            ici.ecrites,
        ),
    }
    if conflit:
        contexte["morceaux"] = comparer_les_mots(_dit(ici, gardee), _dit(ici, feuille.part))
    return render(request, "espace_porteur/budget.html", contexte, status=statut)


def _dit(ici: Ici, part: Any) -> str:
    noms = {financeur.identifiant: financeur.nom for financeur in ici.financeurs}
    return en_texte(avec_l_exercice({}, ici.annee, part), noms)
