"""Les sections d'un brouillon d'appel, une page chacune, et une page par ligne."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from parvis.cadre.models import Contrat
from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.dossiers.actions import sections_d_appel as actions
from parvis.dossiers.models import VersionDAppel
from parvis.dossiers.queries import appels_pilotes as queries
from parvis.dossiers.queries import contenu_d_appel as etats
from parvis.dossiers.rules.appels import SECTIONS
from parvis.dossiers.rules.grille import CRITERES_PROPOSES
from parvis.organismes.queries import chercher
from parvis.pilotage.forms import appels_sections as formes
from parvis.pilotage.queries.contrats import contrat_pilote
from parvis.pilotage.queries.retenus import organisme_retenu
from parvis.pilotage.views.appels import edition_lue
from parvis.pilotage.views.savoirs import repondre_au_script, statut
from parvis.socle.listes import choix, entier
from parvis.socle.refus import ConflitDeVersion, Refus
from parvis.socle.vues import est_pour_le_script, tenter, trouver

Etat = Callable[[Any], Mapping[str, Any]]
ETATS: dict[str, Etat] = {
    "presentation": partial(etats.etat, champs=etats.CHAMPS_DE_PRESENTATION),
    "fiches": etats.etat_des_fiches,
    "appeler": partial(etats.etat, champs=etats.CHAMPS_DU_SERVICE),
    "bilans": partial(etats.etat, champs=etats.CHAMPS_DES_BILANS),
    "financeurs": etats.etat_du_financeur,
    "pieces": partial(etats.etat, champs=etats.CHAMPS_DE_LA_PIECE),
    "questions": partial(etats.etat, champs=etats.CHAMPS_DE_LA_QUESTION),
    "grille": partial(etats.etat, champs=etats.CHAMPS_DU_CRITERE),
}
FORMES: dict[str, type[formes.SectionDAppel]] = {
    "presentation": formes.Presentation,
    "appeler": formes.QuiAppeler,
    "bilans": formes.BilansEnRetard,
}
NEUVES: dict[str, tuple[type[formes.SectionDAppel], Mapping[str, Any], Callable[..., Any]]] = {
    "pieces": (formes.Piece, formes.PIECE_NEUVE, actions.ajouter_une_piece),
    "questions": (formes.Question, formes.QUESTION_NEUVE, actions.ajouter_une_question),
    "grille": (formes.Critere, formes.CRITERE_NEUF, actions.ajouter_un_critere),
}


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def section(request: HttpRequest, contrat: str, adresse: str, section: str) -> HttpResponse:
    """Une section du brouillon : présentation et dates, fiches, qui appeler, ou une liste de lignes."""
    conduit, brouillon = _trouver(request, contrat, adresse)
    if section not in SECTIONS:
        raise Http404
    if section == "financeurs":
        return _financeurs(request, conduit, brouillon)
    if section in NEUVES:
        return _lignes(request, conduit, brouillon, section)
    return _texte(request, conduit, brouillon, section)


def _texte(
    request: HttpRequest, conduit: Contrat, brouillon: VersionDAppel, section: str
) -> HttpResponse:
    acteur, etat = acteur_de(request), ETATS[section](brouillon)
    form: formes.SectionDAppel
    if section == "fiches":
        edition = edition_lue(acteur, conduit)
        form = formes.FichesDeLAppel(
            request.POST or None, etat=etat, acteur=acteur, edition=edition
        )
    else:
        form = FORMES[section](request.POST or None, etat=etat)

    def mener() -> Any:
        commun = {"par": acteur, "version": brouillon, "depart": form.depart_lu}
        if section == "fiches":
            return actions.choisir_les_fiches(**commun, fiches=form.cleaned_data["fiches"])
        ecrire = {
            "presentation": actions.modifier_la_presentation,
            "appeler": actions.modifier_le_contact,
            "bilans": actions.regler_les_bilans,
        }[section]
        return ecrire(**commun, valeurs=form.valeurs())

    return _ecrire(request, conduit, brouillon, section, form, mener)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def ligne(request: HttpRequest, contrat: str, adresse: str, section: str, pk: int) -> HttpResponse:
    """Une ligne d'une liste : un financeur et son service, une pièce, une question, un critère."""
    conduit, brouillon = _trouver(request, contrat, adresse)
    objet = _ligne(brouillon, section, pk)
    acteur, etat = acteur_de(request), ETATS[section](objet)
    forme = formes.Financeur if section == "financeurs" else NEUVES[section][0]
    form = forme(request.POST or None, etat=etat)

    def mener() -> Any:
        valeurs = form.valeurs()
        commun = {"par": acteur, "depart": form.depart_lu, "valeurs": valeurs}
        if section == "financeurs":
            lignes = {nom: valeurs.pop(nom) for nom in ("credits", "en_nature")}
            return actions.modifier_un_financeur(financeur=objet, **commun, **lignes)
        if section == "pieces":
            return actions.modifier_une_piece(piece=objet, **commun)
        if section == "grille":
            return actions.modifier_un_critere(critere=objet, **commun)
        return actions.modifier_une_question(question=objet, **commun)

    return _ecrire(request, conduit, brouillon, section, form, mener, ligne=objet)


@require_POST
@acces(pilotes)
def retirer(
    request: HttpRequest, contrat: str, adresse: str, section: str, pk: int
) -> HttpResponse:
    """Retire une ligne d'une liste."""
    _, brouillon = _trouver(request, contrat, adresse)
    objet = _ligne(brouillon, section, pk)
    fait = f"« {objet} » est retiré."
    tenter(request, actions.retirer_une_ligne, fait=fait, par=acteur_de(request), ligne=objet)
    return redirect("pilotage:section_d_appel", contrat, adresse, section)


@require_POST
@acces(pilotes)
def monter(request: HttpRequest, contrat: str, adresse: str, section: str, pk: int) -> HttpResponse:
    """Place une ligne avant celle qui la précède."""
    _, brouillon = _trouver(request, contrat, adresse)
    objet = _ligne(brouillon, section, pk)
    fait = f"« {objet} » est monté d’un rang."
    tenter(request, actions.monter_une_ligne, fait=fait, par=acteur_de(request), ligne=objet)
    return redirect("pilotage:section_d_appel", contrat, adresse, section)


@require_POST
@acces(pilotes)
def proposer(request: HttpRequest, contrat: str, adresse: str) -> HttpResponse:
    """Ajoute à la grille les critères que l'on propose."""
    _, brouillon = _trouver(request, contrat, adresse)
    fait = "Les critères proposés sont ajoutés : récrivez-les, retirez-en."
    tenter(
        request,
        actions.proposer_la_grille,
        fait=fait,
        par=acteur_de(request),
        version=brouillon,
    )
    return redirect("pilotage:section_d_appel", contrat, adresse, "grille")


def _financeurs(request: HttpRequest, conduit: Contrat, brouillon: VersionDAppel) -> HttpResponse:
    """Les financeurs de l'appel, ceux que l'on propose, et de quoi en chercher un autre."""
    acteur = acteur_de(request)
    adresse = brouillon.appel.adresse
    if request.method == "POST":
        organisme = trouver(organisme_retenu, acteur, entier(request, "organisme"))
        fait = f"« {organisme} » est ajouté. Vérifiez le service qui répond."
        tenter(
            request,
            actions.ajouter_un_financeur,
            fait=fait,
            par=acteur,
            version=brouillon,
            organisme=organisme,
        )
        return redirect("pilotage:section_d_appel", conduit.code, adresse, "financeurs")
    question = choix(request).get("q", "")
    contexte = {
        "lignes": brouillon.financeurs.all(),
        "proposes": queries.financeurs_proposes(acteur, brouillon),
        "q": question,
        "trouves": chercher(acteur, question) if question else [],
    }
    return _page(request, conduit, brouillon, "financeurs", "pilotage/appel_lignes.html", contexte)


def _lignes(
    request: HttpRequest, conduit: Contrat, brouillon: VersionDAppel, section: str
) -> HttpResponse:
    """Les pièces, les questions ou la grille de l'appel, et de quoi y ajouter une ligne."""
    forme, neuve, ajouter = NEUVES[section]
    form = forme(request.POST or None, etat=neuve)
    refuse: dict[str, Any] = {}
    if request.method == "POST":
        if form.is_valid():
            try:
                ajouter(par=acteur_de(request), version=brouillon, valeurs=form.valeurs())
            except Refus as refus:
                refuse = {"motifs": refus.motifs}
            else:
                messages.success(request, "C’est ajouté, à la fin de la liste.")
                adresse = brouillon.appel.adresse
                return redirect("pilotage:section_d_appel", conduit.code, adresse, section)
        else:
            refuse = {"est_a_revoir": True}
    lignes = list(getattr(brouillon, section).all())
    contexte = {"lignes": lignes, "form": form, **refuse}
    if section == "grille":
        deja = {critere.cle for critere in lignes}
        contexte["criteres_proposes"] = [c for c in CRITERES_PROPOSES if c.cle not in deja]
    gabarit = "pilotage/appel_lignes.html"
    return _page(request, conduit, brouillon, section, gabarit, contexte, statut(refuse))


def _trouver(request: HttpRequest, contrat: str, adresse: str) -> tuple[Contrat, VersionDAppel]:
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    return conduit, trouver(queries.brouillon_d_appel, acteur, conduit, adresse)


def _ligne(brouillon: VersionDAppel, section: str, pk: int) -> Any:
    if section != "financeurs" and section not in NEUVES:
        raise Http404
    return trouver(getattr(brouillon, section).get, pk=pk)


def _ecrire(
    request: HttpRequest,
    conduit: Contrat,
    brouillon: VersionDAppel,
    section: str,
    form: formes.SectionDAppel,
    mener: Callable[[], Any],
    ligne: Any = None,
) -> HttpResponse:
    """Enregistre un formulaire envoyé, pour une page ou pour le script, ou le montre."""
    adresse = brouillon.appel.adresse
    refuse: dict[str, Any] = {}
    if request.method == "POST":
        refuse = _enregistrer(form, mener, ETATS[section])
        if est_pour_le_script(request):
            return repondre_au_script(form, refuse)
        if not refuse and ligne is not None:
            messages.success(request, f"« {ligne} » est enregistré.")
            return redirect("pilotage:section_d_appel", conduit.code, adresse, section)
        if not refuse:
            messages.success(request, f"« {SECTIONS[section]} » : c’est enregistré.")
            return redirect("pilotage:appel", conduit.code, adresse)
    contexte = {"form": form, "ligne": ligne, **refuse}
    gabarit = "pilotage/appel_ligne.html" if ligne is not None else "pilotage/appel_section.html"
    return _page(request, conduit, brouillon, section, gabarit, contexte, statut(refuse))


def _enregistrer(
    form: formes.SectionDAppel, mener: Callable[[], Any], etat_de: Etat
) -> dict[str, Any]:
    """Mène l'action d'un formulaire envoyé ; rend ce que la page montre d'un refus, rien sinon."""
    if not form.is_valid():
        return {"form": form}
    try:
        ecrite = mener()
    except ConflitDeVersion as conflit:
        courant = etat_de(conflit.courant)
        if form.saisie() == courant:
            # Le bouton, pressé pendant que le champ quitté s'enregistre, envoie la même chose.
            form.etat = dict(courant)
            return {}
        neuf, ecarts = form.croiser(courant)
        return {"form": neuf, "motifs": conflit.motifs, "ecarts": ecarts}
    except Refus as refus:
        return {"form": form, "motifs": refus.motifs}
    form.etat = dict(etat_de(ecrite))
    return {}


def _page(
    request: HttpRequest,
    conduit: Contrat,
    brouillon: VersionDAppel,
    section: str,
    gabarit: str,
    contexte: dict[str, Any],
    code: int = 200,
) -> HttpResponse:
    """Rend la page d'une section, avec ce qui lui manque et ses voisines."""
    codes = list(SECTIONS)
    place = codes.index(section)
    pret = queries.preparation(acteur_de(request), brouillon)
    commun = {
        "contrat": conduit,
        "brouillon": brouillon,
        "section": section,
        "titre": SECTIONS[section],
        "manques": [m.phrase for m in pret.manques if m.section == section],
        "preparation": pret,
        "avant": [(c, SECTIONS[c]) for c in codes[max(place - 1, 0) : place]],
        "apres": [(c, SECTIONS[c]) for c in codes[place + 1 : place + 2]],
    }
    return render(request, gabarit, commun | contexte, status=code)
