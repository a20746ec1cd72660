"""Les chiffres d'un contrat : ce qui est attendu, ce qui est reçu, un fichier à décrire et à importer."""

from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.cadre.models import Contrat
from parvis.comptes.acces import acces, acteur_de, pilotes
from parvis.observatoire import actions
from parvis.observatoire.models import Description, FichierDepose, Serie
from parvis.observatoire.queries import livraisons as queries
from parvis.observatoire.queries.chiffres import series as series_du_contrat
from parvis.observatoire.queries.fichiers import fichier as un_fichier
from parvis.observatoire.queries.fichiers import fichiers
from parvis.pilotage.forms.chiffres import (
    COLONNES_MAX,
    Attente,
    CorrectionDeSerie,
    DepotDeChiffres,
    DescriptionDeFichier,
    ImportDUnFichier,
)
from parvis.pilotage.forms.chiffres_colonnes import est_de_nombres
from parvis.pilotage.queries.contrats import contrat_pilote
from parvis.socle.listes import choix, contexte_de_liste
from parvis.socle.pages import page
from parvis.socle.refus import Refus
from parvis.socle.tableur import Tableau, lire_tableau
from parvis.socle.vues import tenter, trouver

EN_TETE = 5


@require_safe
@acces(pilotes)
def accueil(request: HttpRequest, contrat: str) -> HttpResponse:
    """Le calendrier des livraisons, les fichiers à importer, ce qui est reçu, les séries connues."""
    return _accueil(request, trouver(contrat_pilote, acteur_de(request), contrat))


def _accueil(request: HttpRequest, conduit: Contrat, statut: int = 200, **formes: Any) -> Any:
    attentes = queries.attentes(conduit.code, timezone.localdate())
    prefetch_related_objects(
        [a.ligne.description for a in attentes if a.ligne.description], "livraisons"
    )
    recues = queries.livraisons(conduit.code)
    series = series_du_contrat(conduit.code).select_related("source", "poids", "partie_de")
    contexte = {
        "contrat": conduit,
        "attentes": attentes,
        "fichiers": fichiers(conduit.code),
        "recues": recues[:EN_TETE],
        "nombre_de_recues": recues.count(),
        "series": series[:EN_TETE],
        "nombre_de_series": series.count(),
        "depot": formes.get("depot") or DepotDeChiffres(),
        "attente": formes.get("attente") or Attente(contrat=conduit.code),
    }
    return render(request, "pilotage/chiffres.html", contexte, status=statut)


@require_safe
@acces(pilotes)
def recues(request: HttpRequest, contrat: str) -> HttpResponse:
    """Toutes les livraisons reçues, la dernière d'abord."""
    conduit = trouver(contrat_pilote, acteur_de(request), contrat)
    reperes = choix(request)
    lignes = page(
        queries.livraisons(contrat),
        ["-recue_le", "-pk"],
        apres=reperes.get("apres", ""),
        avant=reperes.get("avant", ""),
    )
    contexte = {"contrat": conduit, **contexte_de_liste(request, lignes)}
    return render(request, "pilotage/chiffres_recues.html", contexte)


@require_safe
@acces(pilotes)
def series(request: HttpRequest, contrat: str) -> HttpResponse:
    """Toutes les séries que ce contrat connaît, rangées par source."""
    conduit = trouver(contrat_pilote, acteur_de(request), contrat)
    reperes = choix(request)
    lignes = page(
        series_du_contrat(contrat).select_related("source", "poids", "partie_de"),
        ["source__nom", "rang", "pk"],
        apres=reperes.get("apres", ""),
        avant=reperes.get("avant", ""),
    )
    contexte = {"contrat": conduit, **contexte_de_liste(request, lignes)}
    return render(request, "pilotage/chiffres_series.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def serie(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Une série de ce contrat : corriger ce qu'elle dit d'elle-même, et ce que le secret y protège."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    ligne = trouver(_serie_du_contrat, contrat, pk)
    form = CorrectionDeSerie(request.POST or None, initial=CorrectionDeSerie.depart(ligne))
    motifs: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            actions.corriger_une_serie(par=acteur, serie=ligne, **form.cleaned_data)
        except Refus as refus:
            motifs = refus.motifs
        else:
            dit = f"« {form.cleaned_data['libelle']} » est à jour."
            messages.success(request, dit)
            return redirect("pilotage:chiffres_series", contrat)
    contexte = {"contrat": conduit, "ligne": ligne, "form": form, "motifs": motifs}
    statut = 422 if request.method == "POST" else 200
    return render(request, "pilotage/chiffres_serie.html", contexte, status=statut)


def _serie_du_contrat(contrat: str, pk: int) -> Serie:
    """Rend une série de ce contrat ; celles de la plateforme se tiennent par commande."""
    return series_du_contrat(contrat).filter(source__contrat=contrat).get(pk=pk)


@require_POST
@acces(pilotes)
def deposer(request: HttpRequest, contrat: str) -> HttpResponse:
    """Garde un fichier de chiffres, le temps de le décrire."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    form = DepotDeChiffres(request.POST, request.FILES)
    if not form.is_valid():
        return _accueil(request, conduit, 422, depot=form)
    recu = form.cleaned_data["fichier"]
    try:
        depose = actions.deposer_un_fichier(
            par=acteur, contrat=contrat, nom=recu.name, octets=recu.read()
        )
    except Refus as refus:
        for motif in refus.motifs:
            form.add_error("fichier", motif)
        return _accueil(request, conduit, 422, depot=form)
    return redirect("pilotage:chiffres_fichier", contrat, depose.pk)


@require_safe
@acces(pilotes)
def fichier(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Un fichier déposé : le lire comme un fichier déjà décrit, ou le décrire."""
    return _fichier(request, *_trouver(request, contrat, pk))


def _trouver(request: HttpRequest, contrat: str, pk: int) -> tuple[Contrat, FichierDepose, Tableau]:
    """Rend un fichier déposé et son tableau, sans colonne s'il ne se lit plus."""
    conduit = trouver(contrat_pilote, acteur_de(request), contrat)
    depose = trouver(un_fichier, contrat, pk)
    try:
        return conduit, depose, lire_tableau(bytes(depose.octets), depose.nom)
    except Refus as refus:
        for motif in refus.motifs:
            messages.error(request, motif)
        return conduit, depose, Tableau([], [], "csv")


def _fichier(
    request: HttpRequest,
    conduit: Contrat,
    depose: FichierDepose,
    tableau: Tableau,
    statut: int = 200,
    **contexte: Any,
) -> HttpResponse:
    connues = _ressemblances(conduit.code, tableau)
    choisie = request.GET.get("description") or (str(connues[0].pk) if connues else "")
    if len(tableau.colonnes) <= COLONNES_MAX:
        contexte.setdefault("decrire", _decrire(conduit, depose, tableau))
    contexte = {
        "contrat": conduit,
        "fichier": depose,
        "tableau": tableau,
        "colonnes_max": COLONNES_MAX,
        "importer": ImportDUnFichier(connues=connues, initial={"description": choisie}),
    } | contexte
    return render(request, "pilotage/chiffres_fichier.html", contexte, status=statut)


def _ressemblances(contrat: str, tableau: Tableau) -> list[Description]:
    """Rend les descriptions dont ce fichier a toutes les colonnes, la plus riche d'abord."""
    titres = set(tableau.colonnes)
    connues = [
        d for d in queries.descriptions(contrat) if {d.colonne_du_territoire, *d.colonnes} <= titres
    ]
    return sorted(connues, key=lambda d: (-len(d.colonnes), -d.pk))


def _decrire(
    conduit: Contrat, depose: FichierDepose, tableau: Tableau, *args: Any, **kwargs: Any
) -> DescriptionDeFichier:
    return DescriptionDeFichier(
        *args, contrat=conduit.code, fichier=depose.nom, tableau=tableau, **kwargs
    )


@require_POST
@acces(pilotes)
def importer(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Importe un fichier selon une description, ou montre d'abord ce qui changerait."""
    conduit, depose, tableau = _trouver(request, contrat, pk)
    form = ImportDUnFichier(request.POST, connues=_ressemblances(contrat, tableau))
    if not form.is_valid():
        return _fichier(request, conduit, depose, tableau, 422, importer=form)
    ecrire = "essayer" not in request.POST
    try:
        bilan = actions.importer_chiffres(
            par=acteur_de(request),
            description=form.choisie,
            periode=form.cleaned_data["periode"],
            nom=depose.nom,
            octets=bytes(depose.octets),
            ecrire=ecrire,
        )
    except Refus as refus:
        motifs = refus.motifs
        return _fichier(request, conduit, depose, tableau, 422, importer=form, motifs=motifs)
    if not ecrire:
        return _fichier(request, conduit, depose, tableau, importer=form, bilan=bilan)
    actions.jeter_un_fichier(fichier=depose)
    dit = f"{form.choisie.nom}, {form.cleaned_data['periode']} : importé. {bilan.lignes()[0]}"
    messages.success(request, dit)
    return redirect("pilotage:chiffres", contrat)


@require_POST
@acces(pilotes)
def decrire(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Garde la description d'un fichier, ou coche d'abord toutes ses colonnes de nombres."""
    conduit, depose, tableau = _trouver(request, contrat, pk)
    if len(tableau.colonnes) > COLONNES_MAX:
        return _fichier(request, conduit, depose, tableau, 422)
    if "cocher" in request.POST:
        rangs = [i for i in range(len(tableau.colonnes)) if est_de_nombres(tableau, i)]
        depart = request.POST.dict() | {f"c{i}-lire": "on" for i in rangs}
        form = _decrire(conduit, depose, tableau, depart=depart)
        return _fichier(request, conduit, depose, tableau, decrire=form, est_a_decrire=True)
    form = _decrire(conduit, depose, tableau, request.POST)
    try:
        if form.is_valid():
            valeurs = form.valeurs()
            decrit = actions.decrire_un_fichier(par=acteur_de(request), contrat=contrat, **valeurs)
            messages.success(
                request, f"« {decrit.nom} » est décrit. Dites de quelle période il parle."
            )
            adresse = reverse("pilotage:chiffres_fichier", args=[contrat, pk])
            return redirect(f"{adresse}?description={decrit.pk}#titre-importer")
    except Refus as refus:
        form.porter(refus.motifs)
    return _fichier(request, conduit, depose, tableau, 422, decrire=form, est_a_decrire=True)


@require_POST
@acces(pilotes)
def jeter(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Jette un fichier déposé sans l'importer."""
    trouver(contrat_pilote, acteur_de(request), contrat)
    depose = trouver(un_fichier, contrat, pk)
    actions.jeter_un_fichier(fichier=depose)
    messages.success(request, f"« {depose.nom} » est jeté : rien n’en a été importé.")
    return redirect("pilotage:chiffres", contrat)


@require_POST
@acces(pilotes)
def attendre(request: HttpRequest, contrat: str) -> HttpResponse:
    """Inscrit une livraison au calendrier."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    form = Attente(request.POST, contrat=contrat)
    if not form.is_valid():
        return _accueil(request, conduit, 422, attente=form)
    attendue = actions.attendre_une_livraison(par=acteur, contrat=contrat, **form.valeurs())
    messages.success(request, f"« {attendue.jeu} » est au calendrier.")
    return redirect("pilotage:chiffres", contrat)


@require_http_methods(["GET", "HEAD", "POST"])
@acces(pilotes)
def attente(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """Une livraison attendue : ce qui en a déjà été reçu, et de quoi la corriger."""
    acteur = acteur_de(request)
    conduit = trouver(contrat_pilote, acteur, contrat)
    ligne = trouver(queries.attente, contrat, pk)
    form = Attente(request.POST or None, contrat=contrat, ligne=ligne)
    if request.method == "POST" and form.is_valid():
        valeurs = {"contrat": contrat, "attente": ligne, **form.valeurs()}
        fait = f"« {valeurs['jeu']} » est corrigé."
        tenter(request, actions.attendre_une_livraison, fait=fait, par=acteur, **valeurs)
        return redirect("pilotage:chiffres", contrat)
    recues = queries.livraisons(contrat).filter(description=ligne.description_id)
    contexte = {"contrat": conduit, "ligne": ligne, "form": form, "recues": recues}
    statut = 422 if form.errors else 200
    return render(request, "pilotage/chiffres_attente.html", contexte, status=statut)


@require_POST
@acces(pilotes)
def clore(request: HttpRequest, contrat: str, pk: int) -> HttpResponse:
    """N'attend plus une livraison ; ce qui a été reçu reste."""
    acteur = acteur_de(request)
    trouver(contrat_pilote, acteur, contrat)
    ligne = trouver(queries.attente, contrat, pk)
    fait = f"« {ligne.jeu} » n’est plus attendu. Ce qui a été reçu reste."
    tenter(request, actions.clore_l_attente, fait=fait, par=acteur, attente=ligne)
    return redirect("pilotage:chiffres", contrat)
