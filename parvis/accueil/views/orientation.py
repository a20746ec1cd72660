"""« Que voulez-vous faire ? » : des mots ordinaires aux fiches, avec les raisons."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.cadre.models import Edition
from parvis.cadre.vues import edition_courante, est_un_fragment, page
from parvis.comptes.acces import acces, acteur_de, tous
from parvis.dossiers.queries.ici import appels_des_fiches, projets_des_fiches
from parvis.orientation.moteur.decision import PHRASES
from parvis.orientation.moteur.questions import PRECISABLES, Departage, Precision
from parvis.orientation.queries import pistes
from parvis.orientation.queries.orientation import orienter_dans
from parvis.orientation.rules import LONGUEUR_D_UNE_QUESTION
from parvis.socle.texte import lisible

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
    # Sur l'accueil, les pistes viennent sous la case : la page reste l'accueil, son titre aussi.
    ici = "/orientation/" in request.headers.get("HX-Current-URL", "")
    contexte["change_le_titre"] = est_un_fragment(request) and ici
    return page(request, gabarit, edition, **contexte)


def saisie(request: HttpRequest, edition: Edition) -> dict[str, Any]:
    """Rend ce que l'adresse demande, et de quoi le demander autrement."""
    options = pistes.choix_possibles(acteur_de(request), edition)
    choisis = {nom: request.GET.get(nom, "").strip()[:200] for nom in CHOIX}
    # Une valeur que le contrat ne connaît pas n'est pas un choix.
    connues = {nom: {option.valeur for option in options[nom]} for nom in CHOIX}
    return {
        "question": lisible(request.GET.get("q", ""))[:LONGUEUR_D_UNE_QUESTION].strip(),
        "longueur": LONGUEUR_D_UNE_QUESTION,
        "options": options,
        "choisis": {n: v if v in connues[n] else "" for n, v in choisis.items()},
        "reponses": [r[:200] for r in request.GET.getlist("precise")[:REPONSES_MAXIMALES]],
    }


def _repondre(request: HttpRequest, edition: Edition, demande: dict[str, Any]) -> dict[str, Any]:
    acteur, choisis, options = acteur_de(request), demande["choisis"], demande["options"]
    precisions = [Precision(nom, valeur) for nom, valeur in choisis.items() if valeur]
    repondues: dict[str, dict[str, str]] = {}
    for reponse in demande["reponses"]:
        sorte, _, valeur = reponse.partition(":")
        precision = Precision(sorte, valeur, est_une_reponse=True)
        # Une seule réponse par sorte de question.
        if sorte not in PRECISABLES or sorte in repondues:
            continue
        if dite := pistes.libelle(acteur, edition, precision, options):
            precisions.append(precision)
            sans = _adresse(demande, sans=reponse)
            repondues[sorte] = {"libelle": dite, "valeur": reponse, "sans": sans}
    trouve = orienter_dans(acteur, edition, demande["question"], precisions)
    fiches = pistes.fiches_trouvees(acteur, edition, trouve, choisis["structure"])
    jour = timezone.localdate()
    cles = [fiche.version.fiche_id for fiche in fiches]
    appels = appels_des_fiches(acteur, edition.contrat, cles)
    projets = projets_des_fiches(acteur, edition.contrat, cles)
    return {
        "trouve": trouve,
        "fiches": fiches,
        "suites": [
            (fiche, appels.get(cle, []), projets.get(cle, []))
            for fiche, cle in zip(fiches, cles, strict=True)
        ],
        "ensemble": pistes.reunir(acteur, edition, fiches, jour) if fiches else None,
        "equipes": pistes.equipes_du_contrat(acteur, edition, jour),
        "phrase": PHRASES[trouve.non.motif] if trouve.non else "",
        "choix_dits": _dire_les_choix(choisis, options),
        "repondues": list(repondues.values()),
        "demande": trouve.departage and _demander(acteur, edition, trouve.departage, demande),
        "partage": request.build_absolute_uri(f"?{_adresse(demande)}"),
    }


def _dire_les_choix(choisis: dict[str, str], options: dict[str, list[Any]]) -> str:
    """Rend les choix faits, en clair : sur papier, les listes ne se lisent pas."""
    noms = {"lieu": "Où", "public": "Pour qui", "structure": "Vous êtes"}
    return " · ".join(
        f"{noms[nom]} : {option.libelle}"
        for nom in CHOIX
        for option in options[nom]
        if option.valeur == choisis[nom]
    )


def _demander(
    acteur: Any, edition: Edition, departage: Departage, demande: dict[str, Any]
) -> dict[str, Any]:
    """Rend la question qui départage, et l'adresse de chaque réponse."""
    options = demande["options"]
    reponses = [
        {
            "libelle": pistes.libelle(acteur, edition, precision, options),
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
