"""Retoucher un brouillon : le plan, un objet, une section ; préparer un avenant, jeter un brouillon."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.cadre.actions import brouillons
from parvis.cadre.actions.declinaisons import decliner as decliner_une_fiche
from parvis.cadre.actions.declinaisons import retirer_une_declinaison
from parvis.cadre.actions.sections import (
    ConflitDeSection,
    Enregistrement,
    SaisieRefusee,
    modifier_section,
    reprendre_une_version,
)
from parvis.cadre.models import Edition
from parvis.cadre.queries import sections as lectures
from parvis.cadre.queries.declinaisons import lieux_connus
from parvis.cadre.queries.sections import Objet
from parvis.cadre.sections import Section, empreinte, en_texte
from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.pilotage.forms.brouillons import NouvelEnjeu, NouvelleDeclinaison, NouvelleFiche
from parvis.pilotage.forms.sections import FormulaireDeSection, textes_saisis
from parvis.pilotage.queries import retouches
from parvis.pilotage.queries.contrats import contrat_pilote
from parvis.pilotage.queries.editions import edition as une_edition
from parvis.pilotage.views.listes import saisi
from parvis.socle.comparaison import comparer_les_mots
from parvis.socle.refus import Refus
from parvis.socle.vues import tenter, trouver


def _edition(request: HttpRequest, contrat: str, code: str) -> tuple[Any, Edition]:
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    return conduit, trouver(une_edition, acteur, conduit, code)


@require_POST
@acces(pilotes)
def avenant(request: HttpRequest, contrat: str, code: str) -> HttpResponse:
    """Prépare un avenant sur la copie de cette édition."""
    _, edition = _edition(request, contrat, code)
    copie = brouillons.preparer_un_avenant(par=acteur_de(request), edition=edition)
    messages.success(request, "L’avenant est prêt : une copie que vous pouvez retoucher.")
    return redirect("pilotage:plan", contrat, copie.code)


@require_POST
@acces(pilotes)
def jeter(request: HttpRequest, contrat: str, code: str) -> HttpResponse:
    """Jette un brouillon et ses retouches."""
    _, edition = _edition(request, contrat, code)
    fait = f"Jeté : {edition.libelle}."
    action = brouillons.jeter_le_brouillon
    if trouver(tenter, request, action, fait=fait, par=acteur_de(request), edition=edition):
        return redirect("pilotage:cadre", contrat)
    return redirect("pilotage:edition", contrat, code)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def plan(request: HttpRequest, contrat: str, code: str) -> HttpResponse:
    """Le plan d'un brouillon : tout ce que l'on peut retoucher, ajouter ou retirer."""
    conduit, edition = _edition(request, contrat, code)
    formes = {"fiche": NouvelleFiche(edition=edition), "enjeu": NouvelEnjeu(edition=edition)}
    statut = 200
    if request.method == "POST":
        sorte = "enjeu" if saisi(request, "ajout") == "enjeu" else "fiche"
        formes[sorte] = type(formes[sorte])(request.POST, edition=edition)
        if cle := _ajouter(request, formes[sorte], edition):
            return redirect("pilotage:objet", contrat, code, cle)
        statut = 422
    contexte = {
        "contrat": conduit,
        "edition": edition,
        "piliers": retouches.plan(acteur_de(request), edition),
        "nouvelle_fiche": formes["fiche"],
        "nouvel_enjeu": formes["enjeu"],
    }
    return render(request, "pilotage/plan.html", contexte, status=statut)


def _ajouter(request: HttpRequest, forme: NouvelleFiche | NouvelEnjeu, edition: Edition) -> str:
    """Ajoute ce que dit un formulaire ; rend la clé de l'objet, ou rien s'il y a des fautes."""
    if not forme.is_valid():
        return ""
    gestes = {"fiche": brouillons.ajouter_une_fiche, "enjeu": brouillons.ajouter_un_enjeu}
    try:
        gestes[forme.sorte](par=acteur_de(request), edition=edition, **forme.cleaned_data)
    except ObjectDoesNotExist:
        forme.add_error(None, "Choisissez dans la liste : elle vient de changer.")
    except Refus as refus:
        for motif in refus.motifs:
            forme.add_error(None, motif)
    else:
        return f"{forme.sorte}-{forme.cleaned_data['numero']}"
    return ""


@require_safe
@acces(pilotes)
def objet(request: HttpRequest, contrat: str, code: str, cle: str) -> HttpResponse:
    """Ce que dit un objet d'un brouillon, section par section, et où chacune en est."""
    conduit, edition = _edition(request, contrat, code)
    trouve = trouver(lectures.objet, acteur_de(request), edition, cle)
    return _montrer_l_objet(request, conduit, trouve, NouvelleDeclinaison())


def _montrer_l_objet(
    request: HttpRequest, conduit: Any, objet: Objet, form: NouvelleDeclinaison, statut: int = 200
) -> HttpResponse:
    contexte = {
        "contrat": conduit,
        "edition": objet.edition,
        "objet": objet,
        "etats": retouches.etats(acteur_de(request), objet),
    }
    if objet.sorte == "fiche":
        contexte |= {
            "declinaisons": objet.ligne.declinaisons.all(),
            "form": form,
            "lieux": lieux_connus(objet.edition),
        }
    return render(request, "pilotage/objet.html", contexte, status=statut)


@require_POST
@acces(pilotes)
def decliner(request: HttpRequest, contrat: str, code: str, cle: str) -> HttpResponse:
    """Décline une fiche d'un brouillon en un lieu."""
    conduit, edition = _edition(request, contrat, code)
    trouve = trouver(lectures.objet, acteur_de(request), edition, cle)
    if trouve.sorte != "fiche":
        raise Http404
    form = NouvelleDeclinaison(request.POST)
    if form.is_valid():
        try:
            faite = trouver(
                decliner_une_fiche,
                par=acteur_de(request),
                edition=edition,
                numero=trouve.ligne.numero,
                **form.cleaned_data,
            )
        except Refus as refus:
            for motif in refus.motifs:
                form.add_error("lieu", motif)
                messages.error(request, motif)
        else:
            return redirect("pilotage:objet", contrat, code, f"declinaison-{faite.pk}")
    return _montrer_l_objet(request, conduit, trouve, form, statut=422)


@require_POST
@acces(pilotes)
def retirer(request: HttpRequest, contrat: str, code: str, cle: str) -> HttpResponse:
    """Retire une fiche, ou un enjeu sans fiche, d'un brouillon."""
    _, edition = _edition(request, contrat, code)
    trouve = trouver(lectures.objet, acteur_de(request), edition, cle)
    gestes = {
        "fiche": brouillons.retirer_une_fiche,
        "enjeu": brouillons.retirer_un_enjeu,
        "declinaison": retirer_une_declinaison,
    }
    if trouve.sorte not in gestes:
        raise Http404
    numero = cle.partition("-")[2]
    fait = f"Retiré de ce brouillon : {trouve.titre}."
    geste = gestes[trouve.sorte]
    if trouver(
        tenter,
        request,
        geste,
        fait=fait,
        par=acteur_de(request),
        edition=edition,
        numero=numero,
    ):
        return redirect("pilotage:plan", contrat, code)
    return redirect("pilotage:objet", contrat, code, cle)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def section(request: HttpRequest, contrat: str, code: str, cle: str, nom: str) -> HttpResponse:
    """Une section à écrire : ses champs, ses versions, et les deux textes si l'on s'est croisé."""
    conduit = trouver(contrat_pilote, acteur_de(request), contrat)
    try:
        edition = une_edition(acteur_de(request), conduit, code)
        trouve = lectures.objet(acteur_de(request), edition, cle)
        sa_section = lectures.section(trouve, nom)
        if request.method == "POST":
            return _enregistrer(request, conduit, trouve, sa_section)
    except ObjectDoesNotExist:
        if request.method == "POST":
            return _disparue(request, conduit)
        raise Http404 from None
    return _montrer(request, conduit, trouve, sa_section)


def _disparue(request: HttpRequest, conduit: Any) -> HttpResponse:
    """Rend ce qui s'écrivait dans une section que quelqu'un vient de retirer : rien ne se perd."""
    if _est_pour_le_script(request):
        dit = "Ce que vous retouchiez vient d’être retiré. Votre texte est toujours là : copiez-le."
        return JsonResponse({"dit": dit}, status=404)
    contexte = {"contrat": conduit, "ecrits": textes_saisis(request.POST)}
    return render(request, "pilotage/disparue.html", contexte, status=404)


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
    if _est_pour_le_script(request):
        return JsonResponse({"dit": _dire(fait), "lue": fait.empreinte})
    messages.success(request, f"{_dire(fait)}.")
    return redirect(
        "pilotage:section", conduit.code, trouve.edition.code, trouve.cle, sa_section.code
    )


def _est_pour_le_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def _dire(fait: Enregistrement) -> str:
    heure = f"{timezone.localtime():%-H h %M}"
    return f"Enregistré à {heure}" if fait.version else "Rien n’a changé"


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
    if _est_pour_le_script(request) and statut != 200:
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
    _, edition = _edition(request, contrat, code)
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
