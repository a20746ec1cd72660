"""Retoucher un brouillon, section par section ; préparer un avenant, jeter un brouillon."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from parvis.cadre.actions import brouillons
from parvis.cadre.actions.sections import (
    ConflitDeSection,
    Enregistrement,
    SaisieRefusee,
    modifier_section,
    reprendre_une_version,
)
from parvis.cadre.models import Edition
from parvis.cadre.queries import sections as lectures
from parvis.cadre.queries.sections import Objet
from parvis.cadre.sections import Section, empreinte, en_texte
from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.pilotage.forms.sections import FormulaireDeSection
from parvis.pilotage.queries import retouches
from parvis.pilotage.queries.contrats import contrat_pilote
from parvis.pilotage.queries.editions import edition as une_edition
from parvis.socle.comparaison import comparer_les_mots
from parvis.socle.listes import saisi
from parvis.socle.refus import Refus
from parvis.socle.vues import enregistre_a_l_instant, est_pour_le_script, tenter, trouver

_DISPARUE = "Ce que vous retouchiez n’est plus là. Votre texte est toujours ici : copiez-le."


def edition_pilotee(request: HttpRequest, contrat: str, code: str) -> tuple[Any, Edition]:
    """Rend le contrat que l'on pilote et l'une de ses éditions ; lève Http404."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    return conduit, trouver(une_edition, acteur, conduit, code)


@require_POST
@acces(pilotes)
def avenant(request: HttpRequest, contrat: str, code: str) -> HttpResponse:
    """Prépare un avenant sur la copie de cette édition."""
    _, edition = edition_pilotee(request, contrat, code)
    copie = brouillons.preparer_un_avenant(par=acteur_de(request), edition=edition)
    messages.success(request, "L’avenant est prêt : une copie que vous pouvez retoucher.")
    return redirect("pilotage:plan", contrat, copie.code)


@require_POST
@acces(pilotes)
def jeter(request: HttpRequest, contrat: str, code: str) -> HttpResponse:
    """Jette un brouillon et ses retouches."""
    _, edition = edition_pilotee(request, contrat, code)
    fait = f"Jeté : {edition.libelle}."
    action = brouillons.jeter_le_brouillon
    if trouver(tenter, request, action, fait=fait, par=acteur_de(request), edition=edition):
        return redirect("pilotage:cadre", contrat)
    return redirect("pilotage:edition", contrat, code)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def section(request: HttpRequest, contrat: str, code: str, cle: str, nom: str) -> HttpResponse:
    """Une section à écrire : ses champs, ses versions, et les deux textes si l'on s'est croisé."""
    try:
        conduit = contrat_pilote(acteur_de(request), contrat)
        edition = une_edition(acteur_de(request), conduit, code)
        trouve = lectures.objet(acteur_de(request), edition, cle)
        sa_section = lectures.section(trouve, nom)
        if request.method == "POST":
            return _enregistrer(request, conduit, trouve, sa_section)
    except ObjectDoesNotExist:
        if est_pour_le_script(request):
            return JsonResponse({"dit": _DISPARUE}, status=404)
        raise Http404 from None  # la page montre ce qui s'écrivait
    return _montrer(request, conduit, trouve, sa_section)


def _enregistrer(
    request: HttpRequest, conduit: Any, trouve: Objet, sa_section: Section
) -> HttpResponse:
    valeur = lectures.valeur(trouve, sa_section)
    form = FormulaireDeSection(sa_section, valeur, request.POST)
    try:
        if form.manques:
            raise SaisieRefusee(form.manques)
        fait = modifier_section(
            par=acteur_de(request),
            objet=trouve,
            section=sa_section,
            saisie=form.saisie,
            lue=saisi(request, "lue"),
        )
    except ConflitDeSection as conflit:
        return _montrer(request, conduit, trouve, sa_section, form=form, conflit=conflit)
    except SaisieRefusee as refus:
        fautes = form.montrer(refus.fautes)
        return _montrer(request, conduit, trouve, sa_section, form=form, fautes=fautes)
    except Refus as refus:
        fautes = [("", motif) for motif in refus.motifs]
        return _montrer(request, conduit, trouve, sa_section, form=form, fautes=fautes)
    if est_pour_le_script(request):
        return JsonResponse({"dit": _dire(fait), "champs": {"lue": fait.empreinte}})
    messages.success(request, f"{_dire(fait)}.")
    return redirect(
        "pilotage:section", conduit.code, trouve.edition.code, trouve.cle, sa_section.code
    )


def _dire(fait: Enregistrement) -> str:
    return enregistre_a_l_instant() if fait.version else "Rien n’a changé"


def _montrer(
    request: HttpRequest,
    conduit: Any,
    objet: Objet,
    section: Section,
    *,
    form: FormulaireDeSection | None = None,
    conflit: ConflitDeSection | None = None,
    fautes: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    statut = 409 if conflit else 422 if fautes else 200
    if est_pour_le_script(request) and statut != 200:
        phrases = conflit.motifs if conflit else [phrase for _, phrase in fautes or ()]
        return JsonResponse({"dit": " ".join(phrases)}, status=statut)
    valeur = conflit.actuelle if conflit else lectures.valeur(objet, section)
    avant, apres = retouches.voisines(objet, section)
    contexte = {
        "contrat": conduit,
        "edition": objet.edition,
        "objet": objet,
        "section": section,
        "texte": en_texte(section, valeur),
        "form": form or FormulaireDeSection(section, valeur),
        # Une saisie fautive reste comparée à ce que la personne avait lu.
        "lue": saisi(request, "lue") if fautes else empreinte(valeur),
        "fautes": fautes,
        "conflit": conflit,
        "noms": lectures.noms_connus(objet.edition),
        "versions": retouches.versions(objet, section),
        "avant": avant,
        "apres": apres,
    }
    if conflit:
        contexte["morceaux"] = comparer_les_mots(
            en_texte(section, conflit.actuelle), en_texte(section, conflit.voulue)
        )
    return render(request, "pilotage/section.html", contexte, status=statut)


@require_POST
@acces(pilotes)
def reprendre(
    request: HttpRequest, contrat: str, code: str, cle: str, nom: str, numero: int
) -> HttpResponse:
    """Remet une section dans l'état d'une version passée."""
    _, edition = edition_pilotee(request, contrat, code)
    trouve = trouver(lectures.objet, acteur_de(request), edition, cle)
    sa_section = trouver(lectures.section, trouve, nom)
    trouver(lectures.versions(trouve, sa_section).get, numero=numero)
    trouver(
        tenter,
        request,
        reprendre_une_version,
        fait=f"La version {numero} est de nouveau celle du brouillon.",
        par=acteur_de(request),
        objet=trouve,
        section=sa_section,
        numero=numero,
        lue=saisi(request, "lue"),
    )
    return redirect("pilotage:section", contrat, code, cle, nom)
