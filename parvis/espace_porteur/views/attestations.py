"""Les attestations d'un dossier : les lire, les signer une par une ou toutes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from parvis.comptes.acces import acces, acteur_de, membres
from parvis.comptes.acteur import Acteur
from parvis.dossiers.actions.depot import signer_les_attestations
from parvis.dossiers.models import Dossier
from parvis.dossiers.permissions import peut_deposer_le_dossier, peut_ecrire_le_projet
from parvis.dossiers.queries import attestations as queries
from parvis.dossiers.queries.attestations import AttestationLue
from parvis.dossiers.queries.dossiers import ecritures
from parvis.espace_porteur.forms.depot import Signature, nom_de_la_precision
from parvis.espace_porteur.views.a_part import autour_d_une_section_a_part
from parvis.espace_porteur.views.lus import dossier_lu, section_lue
from parvis.socle.refus import Refus


@require_http_methods(["GET", "HEAD", "POST"])
@acces(membres)
def attestations(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Ce que certifie qui représente l'organisme : les textes, les signatures, et de quoi signer."""
    acteur, lu = acteur_de(request), dossier_lu(request, contrat, pk)
    ecrites = ecritures(lu)
    lues = queries.attestations(acteur, lu, ecrites)
    initial = {"fonction": queries.derniere_fonction(acteur, lu)} | {
        nom_de_la_precision(une): une.signee.precision for une in lues if une.signee
    }
    envoye = request.POST if request.method == "POST" else None
    form = Signature(lues, envoye, initial=initial)
    motifs: list[str] = []
    if envoye is not None:
        motifs = _signer(request, acteur, lu, lues, form)
        if not motifs:
            return redirect("espace_porteur:attestations", contrat, pk)
    entourage = autour_d_une_section_a_part(acteur, lu, section_lue(lu, "attestations"), ecrites)
    a_signer = [une for une in lues if not une.vaut]
    peut_signer = lu.est_un_brouillon and peut_deposer_le_dossier(acteur, lu.projet)
    va_signer = peut_signer and bool(a_signer)
    contexte = {
        **entourage,
        "attestations": [(une, _precision(form, une)) for une in lues],
        "a_signer": a_signer,
        "cochees": envoye.getlist("code") if envoye is not None else [],
        "form": form,
        "motifs": motifs,
        "peut_ecrire": lu.est_un_brouillon and peut_ecrire_le_projet(acteur, lu.projet),
        "peut_signer": peut_signer,
        "pouvoir": queries.pouvoir_a_joindre(acteur, lu, va_signer=va_signer, ecrites=ecrites),
        "qui_signe": queries.qui_signe(acteur, lu),
        "reste": [
            tache
            for tache in entourage["taches"]
            if tache.section.code != "attestations" and tache.lue.motifs
        ],
    }
    statut = 422 if motifs else 200
    return render(request, "espace_porteur/attestations.html", contexte, status=statut)


def _precision(form: Signature, lue: AttestationLue) -> object:
    nom = nom_de_la_precision(lue)
    return form[nom] if nom in form.fields else None


def _signer(
    request: HttpRequest, acteur: Acteur, lu: Dossier, lues: list[AttestationLue], form: Signature
) -> list[str]:
    """Signe ce qui est coché, ou tout ce qui reste ; rend pourquoi cela ne se fait pas."""
    if not peut_deposer_le_dossier(acteur, lu.projet):
        return ["Un gestionnaire ou un signataire de l’organisme signe : prévenez-le."]
    cochees = set(request.POST.getlist("code"))
    tout = "tout" in request.POST
    choisies = [une.texte for une in lues if (tout and not une.vaut) or une.texte.code in cochees]
    if not choisies:
        return ["Cochez au moins une attestation, après l’avoir lue."]
    try:
        signees = signer_les_attestations(
            par=acteur,
            dossier=lu,
            textes=choisies,
            fonction=request.POST.get("fonction", ""),
            precisions=form.precisions,
        )
    except Refus as refus:
        return refus.motifs
    s = "s" if len(signees) > 1 else ""
    messages.success(request, f"{len(signees)} attestation{s} signée{s}.")
    return []
