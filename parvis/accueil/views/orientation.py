"""« Que voulez-vous faire ? » : des mots ordinaires aux fiches, avec les raisons."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.accueil.views.communs import edition_courante, est_un_fragment, page
from parvis.cadre.models import Edition
from parvis.comptes.acces import acces, acteur_de, tous
from parvis.orientation.moteur.decision import PHRASES
from parvis.orientation.moteur.questions import PRECISABLES, Departage, Precision
from parvis.orientation.queries import pistes
from parvis.orientation.queries.orientation import orienter_dans
from parvis.orientation.rules import LONGUEUR_D_UNE_QUESTION

# Ce qui se choisit avant de chercher ; le reste répond à une question.
CHOIX = ("lieu", "public", "structure")
REPONSES_MAXIMALES = 5


@require_safe
@acces(tous)
def orientation(request: HttpRequest, contrat: str) -> HttpResponse:
    """Les fiches qui répondent à ce que la personne veut faire, ou un non et sa sortie."""
    edition = edition_courante(request, contrat)
    contexte = saisie(request, edition)
    if contexte["question"]:
        contexte |= _repondre(request, edition, contexte)
    gabarit = "accueil/orientation.html" + ("#resultats" if est_un_fragment(request) else "")
    return page(request, gabarit, edition, **contexte)


def saisie(request: HttpRequest, edition: Edition) -> dict[str, Any]:
    """Rend ce que l'adresse demande, et de quoi le demander autrement."""
    options = pistes.choix_possibles(acteur_de(request), edition)
    choisis = {nom: request.GET.get(nom, "").strip()[:200] for nom in CHOIX}
    # Une valeur que le contrat ne connaît pas n'est pas un choix.
    connues = {nom: {option.valeur for option in options[nom]} for nom in CHOIX}
    return {
        "question": request.GET.get("q", "").strip()[:LONGUEUR_D_UNE_QUESTION],
        "longueur": LONGUEUR_D_UNE_QUESTION,
        "options": options,
        "choisis": {n: v if v in connues[n] else "" for n, v in choisis.items()},
        "reponses": [r[:200] for r in request.GET.getlist("precise")[:REPONSES_MAXIMALES]],
    }


def _repondre(request: HttpRequest, edition: Edition, demande: dict[str, Any]) -> dict[str, Any]:
    acteur, choisis, publics = acteur_de(request), demande["choisis"], demande["options"]["public"]
    precisions = [Precision(nom, valeur) for nom, valeur in choisis.items() if valeur]
    repondues = []
    for reponse in demande["reponses"]:
        sorte, _, valeur = reponse.partition(":")
        precision = Precision(sorte, valeur)
        if sorte in PRECISABLES and (dite := pistes.libelle(acteur, edition, precision, publics)):
            precisions.append(precision)
            repondues.append({"libelle": dite, "sans": _adresse(demande, sans=reponse)})
    trouve = orienter_dans(acteur, edition, demande["question"], precisions)
    fiches = pistes.fiches_trouvees(acteur, edition, trouve, choisis["structure"])
    jour = timezone.localdate()
    return {
        "trouve": trouve,
        "fiches": fiches,
        "ensemble": pistes.reunir(acteur, edition, fiches, jour) if fiches else None,
        "equipes": pistes.equipes_du_contrat(acteur, edition, jour),
        "phrase": PHRASES[trouve.non.motif] if trouve.non else "",
        "repondues": repondues,
        "demande": trouve.departage and _demander(acteur, edition, trouve.departage, demande),
        "partage": request.build_absolute_uri(f"?{_adresse(demande)}"),
    }


def _demander(
    acteur: Any, edition: Edition, departage: Departage, demande: dict[str, Any]
) -> dict[str, Any]:
    """Rend la question qui départage, et l'adresse de chaque réponse."""
    publics = demande["options"]["public"]
    reponses = [
        {
            "libelle": pistes.libelle(acteur, edition, precision, publics),
            "adresse": _adresse(demande, avec=f"{precision.sorte}:{precision.valeur}"),
            "numero": numero,
        }
        for precision, numero in departage.reponses
    ]
    return {"texte": departage.demande, "reponses": reponses}


def _adresse(demande: dict[str, Any], *, avec: str = "", sans: str = "") -> str:
    """Rend les paramètres qui redonnent cette page, une réponse en plus ou en moins."""
    reponses = [r for r in demande["reponses"] if r != sans] + ([avec] if avec else [])
    choisis = {nom: valeur for nom, valeur in demande["choisis"].items() if valeur}
    return urlencode({"q": demande["question"], **choisis, "precise": reponses}, doseq=True)
