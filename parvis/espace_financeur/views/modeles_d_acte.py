"""Les textes des actes d'un service, et les mentions que tous portent."""

from dataclasses import fields

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.cadre.models import Contrat
from parvis.comptes.acces import acces, acteur_de, financeurs
from parvis.comptes.acteur import Acteur
from parvis.conventions.actions.modeles import (
    Mentions,
    ecrire_les_mentions,
    ecrire_un_modele,
    jeter_la_version,
)
from parvis.conventions.enums import SorteDActe
from parvis.conventions.models import VersionDeModele
from parvis.conventions.queries.impression import apercu
from parvis.conventions.queries.modeles import (
    ModeleLu,
    Texte,
    mentions_de,
    modele_lu,
    modeles_lus,
    texte_fourni,
    version_publiee,
)
from parvis.conventions.queries.preparation import ActePropose, actes_d_essai
from parvis.conventions.rules.champs import CHAMPS, EXIGES, motifs_empechant_le_texte
from parvis.espace_financeur.forms.actes import FormulaireDeMentions, FormulaireDeTexte
from parvis.espace_financeur.views.acte import relire_apres_un_collegue
from parvis.espace_financeur.views.lus import contrat_lu
from parvis.programmation.rules.decisions import empreinte
from parvis.socle.refus import Refus
from parvis.socle.vues import a_emporter, tenter, trouver


@require_safe
@acces(financeurs)
def liste(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les six sortes d'acte, le texte qui sert à chacune, et les mentions du service."""
    acteur, lu = acteur_de(request), contrat_lu(request, contrat)
    assert acteur.organisme is not None
    contexte = {
        "contrat": lu,
        "modeles": modeles_lus(acteur, lu),
        "mentions": mentions_de(lu, acteur.organisme.retenu),
    }
    return render(request, "espace_financeur/modeles_d_acte.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(financeurs)
def mentions(request: HttpRequest, contrat: str) -> HttpResponse:
    """Ce que tous les actes du service portent ; les actes déjà préparés gardent les leurs."""
    acteur, lu = acteur_de(request), contrat_lu(request, contrat)
    assert acteur.organisme is not None
    ecrites = mentions_de(lu, acteur.organisme.retenu)
    depart = {champ.name: getattr(ecrites, champ.name) for champ in fields(Mentions)}
    form = FormulaireDeMentions(request.POST or None, initial=depart)
    motifs: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            dites = Mentions(**form.cleaned_data)
            trouver(ecrire_les_mentions, par=acteur, contrat=lu, mentions=dites)
        except Refus as refus:
            motifs = refus.motifs
        else:
            messages.success(request, "Vos prochains actes porteront ces mentions.")
            return redirect("espace_financeur:modeles_d_acte", contrat)
    contexte = {"contrat": lu, "form": form, "motifs": motifs}
    statut = 422 if request.method == "POST" else 200
    return render(request, "espace_financeur/mentions.html", contexte, status=statut)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(financeurs)
def modele(request: HttpRequest, contrat: str, sorte: str) -> HttpResponse:
    """Le texte d'une sorte d'acte : l'écrire, en voir l'effet sur une vraie demande, le publier."""
    acteur, lu = acteur_de(request), contrat_lu(request, contrat)
    ici = trouver(modele_lu, acteur, lu, sorte)
    form = _formulaire(request, ici)
    motifs: list[str] = []
    if request.method == "POST" and form.is_valid():
        publier = "publier" in request.POST
        objet, corps = form.cleaned_data["objet"], form.cleaned_data["texte"]
        try:
            trouver(
                ecrire_un_modele,
                par=acteur,
                contrat=lu,
                sorte=sorte,
                objet=objet,
                corps=corps,
                publier=publier,
                depart=request.POST.get("depart"),
            )
        except Refus as refus:
            motifs = refus.motifs
        else:
            fait = "Ce texte est publié : vos prochains actes le prendront."
            messages.success(
                request, fait if publier else "Le texte est gardé, sans servir encore."
            )
            return redirect("espace_financeur:modele_d_acte", contrat, sorte)
    return _montrer(request, lu, ici, form, motifs)


def _formulaire(request: HttpRequest, ici: ModeleLu) -> FormulaireDeTexte:
    ecrit, brouillon = _depart(request, ici), ici.brouillon
    lu = empreinte(brouillon.objet, brouillon.corps) if brouillon else ""
    depart = {"objet": ecrit.objet, "texte": ecrit.corps, "depart": lu}
    return FormulaireDeTexte(request.POST or None, initial=depart)


def _depart(request: HttpRequest, ici: ModeleLu) -> Texte | VersionDeModele:
    """Rend d'où l'on écrit : le brouillon, sinon le texte qui sert, ou celui que l'adresse nomme."""
    depuis = request.GET.get("depuis", "")
    if depuis == "fourni":
        return texte_fourni(ici.sorte)
    anciennes = {str(version.numero): version for version in ici.publiees}
    return anciennes.get(depuis) or ici.brouillon or ici.texte


def _montrer(
    request: HttpRequest, lu: Contrat, ici: ModeleLu, form: FormulaireDeTexte, motifs: list[str]
) -> HttpResponse:
    ecrit = _depart(request, ici)
    brouillon = {name: str(valeur) for name, valeur in form.initial.items()}
    contexte = {
        "contrat": lu,
        "modele": ici,
        "form": form,
        "motifs": motifs,
        "actuel": relire_apres_un_collegue(request, form, brouillon),
        "champs": [(champ, champ.nom in EXIGES[ici.sorte]) for champ in CHAMPS.values()],
        "manques": motifs_empechant_le_texte(sorte=ici.sorte, objet=ecrit.objet, corps=ecrit.corps),
        "essais": _essais(acteur_de(request), lu, ici.sorte),
    }
    statut = 422 if request.method == "POST" else 200
    return render(request, "espace_financeur/modele_d_acte.html", contexte, status=statut)


def _essais(acteur: Acteur, lu: Contrat, sorte: str) -> list[tuple[str, ActePropose]]:
    """Rend sur quoi essayer un texte : un refus sur ce qui est refusé, le reste sur ce qui est accordé."""
    est_un_refus = sorte == SorteDActe.REFUS
    return [
        (cle, propose)
        for cle, propose in actes_d_essai(acteur, lu)
        if (propose.choix.sorte == SorteDActe.REFUS) == est_un_refus
    ]


@require_POST
@acces(financeurs)
def essayer(request: HttpRequest, contrat: str, sorte: str) -> HttpResponse:
    """L'aperçu du texte tel qu'il est écrit, sur une vraie décision ; rien n'est gardé."""
    acteur, lu = acteur_de(request), contrat_lu(request, contrat)
    ici = trouver(modele_lu, acteur, lu, sorte)
    form = _formulaire(request, ici)
    if not form.is_valid():
        return _montrer(request, lu, ici, form, [])
    objet, corps = form.cleaned_data["objet"], form.cleaned_data["texte"]
    inconnus = motifs_empechant_le_texte(sorte=sorte, objet=objet, corps=corps)
    essai = dict(_essais(acteur, lu, ici.sorte)).get(request.POST.get("essai", ""))
    if essai is None:
        return _montrer(request, lu, ici, form, ["Choisissez sur quelle demande l’essayer."])
    if any("inconnu" in motif or "accolade" in motif for motif in inconnus):
        return _montrer(request, lu, ici, form, inconnus)
    ses_mentions = mentions_de(lu, essai.decision.financeur.retenu)
    return a_emporter(apercu(essai, ses_mentions, sorte=sorte, objet=objet, corps=corps))


@require_safe
@acces(financeurs)
def version(request: HttpRequest, contrat: str, sorte: str, numero: int) -> HttpResponse:
    """Une version publiée, telle qu'elle a servi."""
    acteur, lu = acteur_de(request), contrat_lu(request, contrat)
    lue = trouver(version_publiee, acteur, lu, sorte, numero)
    contexte = {"contrat": lu, "version": lue, "sorte": SorteDActe(sorte)}
    return render(request, "espace_financeur/version_de_modele.html", contexte)


@require_POST
@acces(financeurs)
def jeter(request: HttpRequest, contrat: str, sorte: str) -> HttpResponse:
    """Jette la version en préparation : le texte qui servait sert toujours."""
    trouver(
        tenter,
        request,
        jeter_la_version,
        fait="La version en préparation est jetée.",
        par=acteur_de(request),
        contrat=contrat_lu(request, contrat),
        sorte=sorte,
    )
    return redirect("espace_financeur:modele_d_acte", contrat, sorte)
