"""Écrire une section d'un dossier : elle s'enregistre à mesure, à plusieurs, sans rien perdre."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from parvis.comptes.acces import acces, acteur_de, membres
from parvis.comptes.acteur import Acteur
from parvis.dossiers import sections as s
from parvis.dossiers.actions.sections import (
    ConflitDeSection,
    ecrire_la_section,
    reprendre_une_ecriture,
)
from parvis.dossiers.models import Dossier, EcritureDeSection
from parvis.dossiers.permissions import peut_ecrire_le_projet
from parvis.dossiers.queries.dossiers import SectionLue, ecritures, lire
from parvis.dossiers.queries.taches import est_a_ecrire, reperes
from parvis.dossiers.sections import Reperes, Section
from parvis.espace_porteur.forms.sections import FormulaireDuDossier
from parvis.espace_porteur.views.autour import autour_de_la_section
from parvis.espace_porteur.views.lus import dossier_lu, section_lue
from parvis.espace_porteur.views.pages import Saisie, page_de
from parvis.socle.comparaison import comparer_les_mots
from parvis.socle.formulaire_de_section import INCOMPLET
from parvis.socle.refus import Refus
from parvis.socle.vues import (
    enregistre_a_l_instant,
    est_pour_le_script,
    tenter,
    textes_envoyes,
    trouver,
)

_DISPARU = "Ce dossier n’est plus là. Votre texte est toujours ici : copiez-le."


@dataclass(frozen=True)
class Ici:
    """La section que l'on regarde : par qui, dans quel dossier, et ce qui y est permis."""

    acteur: Acteur
    dossier: Dossier
    section: Section
    permis: Reperes
    lue: SectionLue
    ecrites: dict[str, EcritureDeSection]

    @property
    def adresse(self) -> tuple[str, str, int, str]:
        contrat = self.dossier.projet.contrat.code
        return "espace_porteur:section", contrat, self.dossier.pk, self.section.code


@require_http_methods(["GET", "HEAD", "POST"])
@acces(membres)
def section(request: HttpRequest, contrat: str, pk: int, code: str) -> HttpResponse:
    """Une section à écrire : ses champs, ce qui ne va pas, ce qu'elle a dit, ce qu'on s'en dit."""
    try:
        ici = _ici(request, contrat, pk, code)
        if request.method == "POST":
            return _enregistrer(request, ici)
    except (ObjectDoesNotExist, Http404):
        if est_pour_le_script(request):
            return JsonResponse({"dit": _DISPARU}, status=404)
        raise Http404 from None  # la page montre ce qui s'écrivait
    return _montrer(request, ici)


def _ici(request: HttpRequest, contrat: str, pk: int, code: str) -> Ici:
    dossier = dossier_lu(request, contrat, pk)
    lue = section_lue(dossier, code)
    ecrites = ecritures(dossier)
    permis = reperes(dossier, pour=code, ecrites=ecrites)
    ici = lire(lue, ecrites.get(code), permis)
    return Ici(acteur_de(request), dossier, lue, permis, ici, ecrites)


def _enregistrer(request: HttpRequest, ici: Ici) -> HttpResponse:
    lire_l_envoi = page_de(ici.section).lire
    saisie = lire_l_envoi(request.POST, ici.acteur, ici.dossier, ici.section, ici.lue.valeur)
    try:
        if not peut_ecrire_le_projet(ici.acteur, ici.dossier.projet):
            raise Refus(["Votre rôle lit ce dossier, il ne l’écrit pas."])
        if saisie.est_incomplete:
            raise Refus([INCOMPLET])
        fait = ecrire_la_section(
            par=ici.acteur,
            dossier=ici.dossier,
            section=ici.section,
            valeur=saisie.valeur,
            lue=request.POST.get("lue", ""),
        )
    except ConflitDeSection as conflit:
        return _montrer(request, ici, saisie=saisie, conflit=conflit)
    except Refus as refus:
        return _montrer(request, ici, saisie=saisie, motifs=refus.motifs)
    dit = enregistre_a_l_instant() if fait.a_change else "Rien n’a changé"
    fautes, _ = s.juger(ici.section, fait.valeur, ici.permis)
    if fautes:
        dit += f" · {len(fautes)} point{'s' if len(fautes) > 1 else ''} à corriger"
    if est_pour_le_script(request):
        montrees = _dire(saisie.form, fautes, est_saisi=True)
        return JsonResponse({"dit": dit, "champs": {"lue": fait.empreinte}, "fautes": montrees})
    messages.success(request, f"{dit}.")
    return redirect(*ici.adresse)


def _dire(
    form: FormulaireDuDossier | None, fautes: list[s.Faute], *, est_saisi: bool
) -> list[tuple[str, str]]:
    if form is None:
        return [(faute.champ, faute.phrase) for faute in fautes]
    return form.dire(fautes, est_saisi=est_saisi)


def _montrer(
    request: HttpRequest,
    ici: Ici,
    *,
    saisie: Saisie | None = None,
    conflit: ConflitDeSection | None = None,
    motifs: list[str] | None = None,
) -> HttpResponse:
    statut = 409 if conflit else 422 if motifs else 200
    if est_pour_le_script(request) and statut != 200:
        phrases = conflit.motifs if conflit else motifs or []
        return JsonResponse({"dit": " ".join(phrases)}, status=statut)
    page = page_de(ici.section)
    peut_ecrire = est_a_ecrire(ici.acteur, ici.dossier, ici.section)
    valeur = saisie.valeur if saisie else ici.lue.valeur
    enregistree = conflit.actuelle.valeur if conflit else ici.lue.valeur
    contexte: dict[str, Any] = {
        "contrat": ici.dossier.projet.contrat,
        "dossier": ici.dossier,
        "projet": ici.dossier.projet,
        "section": ici.section,
        "lue": ici.lue,
        "peut_ecrire": peut_ecrire,
        "valeur": valeur,
        "empreinte": request.POST.get("lue", "") if motifs else s.empreinte(enregistree),
        "conflit": conflit,
        "motifs": motifs,
        "fautes": [],
        "texte": s.en_texte(ici.section, enregistree, ici.permis),
        "envoyes": textes_envoyes(request) if motifs and not peut_ecrire else [],
        **_formulaire(ici, saisie, valeur),
        **page.montrer(ici.acteur, ici.dossier, valeur),
        **autour_de_la_section(
            ici.acteur, ici.dossier, ici.section, ici.lue.valeur, ici.permis, ici.ecrites
        ),
    }
    if conflit:
        contexte["morceaux"] = comparer_les_mots(
            contexte["texte"], s.en_texte(ici.section, valeur, ici.permis)
        )
    return render(request, "espace_porteur/section.html", contexte, status=statut)


def _formulaire(ici: Ici, saisie: Saisie | None, valeur: s.Valeur) -> dict[str, Any]:
    """Rend le formulaire d'une section faite de champs, et ses fautes, mises à leur champ."""
    fautes, manques = s.juger(ici.section, valeur, ici.permis)
    form = saisie.form if saisie else None
    if form is None and not ici.section.est_propre:
        form = FormulaireDuDossier(ici.section, valeur)
    montrees = _dire(form, fautes, est_saisi=saisie is not None)
    return {"form": form, "fautes": montrees, "manques": manques}


@require_POST
@acces(membres)
def reprendre(request: HttpRequest, contrat: str, pk: int, code: str, numero: int) -> HttpResponse:
    """Remet une section dans l'état d'une écriture passée."""
    dossier = dossier_lu(request, contrat, pk)
    trouver(
        tenter,
        request,
        reprendre_une_ecriture,
        fait=f"L’écriture {numero} est de nouveau celle du dossier.",
        par=acteur_de(request),
        dossier=dossier,
        section=section_lue(dossier, code),
        numero=numero,
        lue=request.POST.get("lue", ""),
    )
    return redirect("espace_porteur:section", contrat, pk, code)
