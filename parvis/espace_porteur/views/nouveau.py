"""Commencer un dossier : d'une orientation, d'une fiche, d'un appel, ou de celui de l'an dernier."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from parvis.cadre.models import Contrat
from parvis.comptes.acces import acces, acteur_de, connectes
from parvis.comptes.rules.roles import ECRIVENT
from parvis.dossiers.actions.departs import commencer_un_projet
from parvis.dossiers.actions.dossiers import BrouillonExistant, Depart, ouvrir_un_dossier
from parvis.dossiers.actions.pieces import reprendre_les_pieces
from parvis.dossiers.enums import EchelleDeProjet
from parvis.dossiers.models import Dossier, VersionDAppel
from parvis.dossiers.queries.appels import appels_ouverts
from parvis.dossiers.queries.contenu_d_appel import fiches_nommees
from parvis.dossiers.queries.dossiers import dossier as un_dossier
from parvis.dossiers.queries.lieux import (
    Ailleurs,
    LieuxDuContrat,
    a_appeler,
    ailleurs,
    lieux_du_contrat,
)
from parvis.dossiers.queries.projets import brouillons_de_l_appel
from parvis.espace_porteur.forms.nouveau import MOTS_AU_PLUS, ChoixDAppel, NouveauProjet
from parvis.espace_porteur.views.lus import contrat_lu, sans_role
from parvis.espace_porteur.views.projets import vers_son_organisme
from parvis.organismes.enums import Nature
from parvis.organismes.models import Organisme
from parvis.organismes.queries import chercher
from parvis.socle.refus import Refus
from parvis.socle.vues import trouver

FICHES_AU_PLUS = 10


@require_http_methods(["GET", "HEAD", "POST"])
@acces(connectes)
def nouveau(request: HttpRequest, contrat: str) -> HttpResponse:
    """Un nouveau dossier : pour un nouveau projet, ou pour la suite d'un projet (`dossier`)."""
    lu = contrat_lu(request, contrat)
    acteur = acteur_de(request)
    if sans_role(request):
        return vers_son_organisme(request)
    versions = [e.version for e in appels_ouverts(acteur, lu) if e.version]
    if acteur.role not in ECRIVENT or not versions:
        contexte = {"contrat": lu, "ecrit": acteur.role in ECRIVENT}
        return render(request, "espace_porteur/nouveau_impossible.html", contexte)
    donnees = request.POST if request.method == "POST" else request.GET
    if pk := _entier(donnees.get("dossier", "")):
        return _reprendre(request, lu, versions, trouver(un_dossier, acteur, lu, pk))
    return _commencer(request, lu, versions)


def _reprendre(
    request: HttpRequest, contrat: Contrat, versions: list[VersionDAppel], copie: Dossier
) -> HttpResponse:
    """Reprend un dossier pour un autre appel : le même projet, une année de plus."""
    form = ChoixDAppel(
        request.POST if request.method == "POST" else None,
        ouverts=[v for v in versions if v.appel_id != copie.appel_id] or versions,
        initial={"appel": _appel_demande(request.GET, versions), "exercices": copie.exercices},
    )
    motifs: list[str] = []
    if request.method == "POST" and form.is_valid():
        depart = Depart(copie_de=copie, exercices=form.cleaned_data.get("exercices") or 1)
        try:
            ouvert = ouvrir_un_dossier(
                par=acteur_de(request),
                projet=copie.projet,
                appel=form.version.appel,
                depart=depart,
            )
            if ouvert.exercice == copie.exercice:
                reprendre_les_pieces(par=acteur_de(request), dossier=ouvert, de=copie)
            return redirect("espace_porteur:dossier", contrat.code, ouvert.pk)
        except BrouillonExistant as existe:
            return _question(request, contrat, [existe.dossier], est_une_suite=True)
        except Refus as refus:
            motifs = refus.motifs
    contexte = {"contrat": contrat, "form": form, "copie": copie, "motifs": motifs}
    statut = 422 if motifs or form.errors else 200
    return render(request, "espace_porteur/reprendre.html", contexte, status=statut)


def _commencer(
    request: HttpRequest, contrat: Contrat, versions: list[VersionDAppel]
) -> HttpResponse:
    acteur = acteur_de(request)
    lieux = lieux_du_contrat(contrat)
    assert acteur.organisme is not None
    form = NouveauProjet(
        request.POST if request.method == "POST" else None,
        ouverts=versions,
        lieux=lieux,
        est_un_collectif=acteur.organisme.nature in (Nature.COLLECTIF, Nature.CONSEIL_CITOYEN),
        initial=_depart_demande(request.GET, versions, lieux),
    )
    contexte: dict[str, Any] = {"contrat": contrat, "form": form}
    if request.method == "POST" and form.is_valid():
        reponse = _ouvrir(request, contrat, form, contexte)
        if reponse is not None:
            return reponse
    demandees = (request.POST if request.method == "POST" else request.GET).getlist("fiche")
    contexte["fiches"] = _fiches(contrat, demandees)
    statut = 422 if request.method == "POST" else 200
    return render(request, "espace_porteur/nouveau.html", contexte, status=statut)


def _ouvrir(
    request: HttpRequest, contrat: Contrat, form: NouveauProjet, contexte: dict[str, Any]
) -> HttpResponse | None:
    """Ouvre le dossier, ou rend la question à poser ; rien si la page doit se montrer de nouveau."""
    acteur, lu, appel = acteur_de(request), form.cleaned_data, form.version.appel
    ou = ailleurs(acteur, contrat, lu["ailleurs"])
    communes = list(lu.get("communes", ()))
    if isinstance(ou, Ailleurs):
        contexte |= {"ailleurs": ou, "a_appeler": a_appeler(ou), "suite": _emporter(form, ou)}
        return None
    if ou is not None:
        communes.append(ou.code)
    porteuse, candidates = _porteuse(request, lu.get("structure", ""))
    if candidates is not None:
        contexte["candidates"] = candidates
        return None
    existants = brouillons_de_l_appel(acteur, contrat, appel)
    if existants and "autre" not in request.POST:
        return _question(request, contrat, existants)
    echelle = lu["echelle"] or (EchelleDeProjet.COMMUNES if communes else "")
    depart = Depart(
        description=lu["description"],
        fiches=list(_fiches(contrat, request.POST.getlist("fiche"))),
        echelle=echelle,
        communes=communes,
        quartiers=lu.get("quartiers", ()),
        exercices=lu.get("exercices") or 1,
    )
    try:
        dossier = commencer_un_projet(
            par=acteur, appel=appel, titre=lu["titre"], depart=depart, porteuse=porteuse
        )
    except Refus as refus:
        contexte["motifs"] = refus.motifs
        return None
    return redirect("espace_porteur:dossier", contrat.code, dossier.pk)


def _question(
    request: HttpRequest, contrat: Contrat, existants: list[Dossier], *, est_une_suite: bool = False
) -> HttpResponse:
    """Demande s'il faut continuer un brouillon ou en ouvrir un autre ; garde ce qui est tapé."""
    envoyes = [
        (nom, valeur)
        for nom, valeurs in request.POST.lists()
        for valeur in valeurs
        if nom not in ("csrfmiddlewaretoken", "_acteur", "_reprise")
    ]
    contexte = {
        "contrat": contrat,
        "existants": existants,
        "envoyes": envoyes,
        "est_une_suite": est_une_suite,
    }
    return render(request, "espace_porteur/deja_un_brouillon.html", contexte, status=409)


def _depart_demande(
    demande: QueryDict, versions: list[VersionDAppel], lieux: LieuxDuContrat
) -> dict[str, Any]:
    """Rend ce que l'adresse propose : un appel, des mots, un lieu."""
    lieu = demande.get("lieu", "").strip()[:200]
    propose: dict[str, Any] = {
        "appel": _appel_demande(demande, versions),
        "titre": demande.get("titre", "").strip()[:200],
        "description": demande.get("q", "").strip()[:MOTS_AU_PLUS],
    }
    commune = next((c for c in lieux.communes if lieu in (c.nom, c.code)), None)
    quartier = next((q for q in lieux.quartiers if lieu in (q.nom, q.code)), None)
    if commune is not None:
        propose |= {"echelle": EchelleDeProjet.COMMUNES, "communes": [commune.code]}
    elif quartier is not None:
        propose |= {"echelle": EchelleDeProjet.QUARTIERS, "quartiers": [str(quartier.pk)]}
    elif lieu:
        propose["ailleurs"] = lieu
    return propose


def _appel_demande(demande: QueryDict, versions: list[VersionDAppel]) -> str:
    adresse = demande.get("appel", "")
    trouves = (str(v.appel_id) for v in versions if v.appel.adresse == adresse)
    return next(trouves, str(versions[0].appel_id) if len(versions) == 1 else "")


def _fiches(contrat: Contrat, demandees: list[str]) -> dict[str, str]:
    """Rend celles des fiches demandées que l'édition courante a, avec leur titre."""
    demandees = demandees[:FICHES_AU_PLUS]
    if not demandees:
        return {}
    titres = {f.numero: f.titre for f in fiches_nommees(contrat).values() if f.est_en_vigueur}
    return {numero: titres[numero] for numero in demandees if numero in titres}


def _porteuse(request: HttpRequest, nommee: str) -> tuple[Organisme | None, list[Organisme] | None]:
    """Rend l'organisme nommé, ou ceux entre lesquels choisir ; rien si l'on n'en nomme pas."""
    if not nommee:
        return None, None
    acteur = acteur_de(request)
    trouves = [o for o in chercher(acteur, nommee, limite=8) if o != acteur.organisme]
    choisie = _entier(request.POST.get("porteuse", ""))
    for organisme in trouves:
        if organisme.pk == choisie or len(trouves) == 1:
            return organisme, None
    return None, trouves


def _emporter(form: NouveauProjet, ou: Ailleurs) -> str:
    """Rend les paramètres qui redonnent, dans un autre contrat, ce qui est tapé ici."""
    suite = QueryDict(mutable=True)
    lu = form.cleaned_data
    suite.update({"titre": lu["titre"], "q": lu["description"]})
    suite["lieu"] = ou.commune.code if ou.commune else ou.nom
    return suite.urlencode()


def _entier(texte: str) -> int:
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 19 else 0
