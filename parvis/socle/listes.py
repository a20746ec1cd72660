"""Ce que les listes de travail ont en commun : les choix de l'adresse, les pages, les tableaux."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from parvis.socle.filtres import Facette
from parvis.socle.pages import Page
from parvis.socle.tableaux import Cellule, csv_francais, xlsx

LONGUEUR = 300
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def choix(request: HttpRequest) -> dict[str, str]:
    """Rend les choix que porte l'adresse, sans signe de commande et d'une longueur bornée."""
    return {nom: _propre(valeur) for nom, valeur in request.GET.items()}


def saisi(request: HttpRequest, champ: str) -> str:
    """Rend une ligne de texte qu'un formulaire porte, vide si elle manque."""
    return _propre(request.POST.get(champ, ""))


def _propre(texte: str) -> str:
    lisible = "".join(signe if signe.isprintable() else " " for signe in texte)
    return lisible.strip()[:LONGUEUR]


def entier(request: HttpRequest, champ: str) -> int:
    """Rend l'identifiant qu'un formulaire porte ; zéro, que personne n'a, s'il n'en est pas un."""
    texte = request.POST.get(champ, "")
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 19 else 0


def contexte_de_liste(
    request: HttpRequest, page: Page[Any], facettes: Sequence[Facette] = ()
) -> dict[str, Any]:
    """Rend ce qu'un gabarit de liste attend : la page, les filtres, les adresses voisines."""
    return {
        "liste": page,
        "facettes": facettes,
        "q": choix(request).get("q", ""),
        "est_filtree": any(choix(request).values()),
        "filtres": _filtres(request).urlencode(),
        "precedente": page.precedente and _adresse(request, "avant", page.precedente),
        "suivante": page.suivante and _adresse(request, "apres", page.suivante),
    }


def _filtres(request: HttpRequest) -> Any:
    gardes = request.GET.copy()
    for repere in ("apres", "avant"):
        gardes.pop(repere, None)
    return gardes


def _adresse(request: HttpRequest, sens: str, repere: str) -> str:
    gardes = _filtres(request)
    gardes[sens] = repere
    return f"?{gardes.urlencode()}"


def emporter(
    nom: str, extension: str, colonnes: Sequence[str], lignes: Iterable[Sequence[Cellule]]
) -> HttpResponse:
    """Rend un tableau en CSV ou en XLSX ; lève Http404 pour toute autre extension."""
    if extension == "csv":
        contenu, sorte = csv_francais(colonnes, lignes), "text/csv; charset=utf-8"
    elif extension == "xlsx":
        contenu, sorte = xlsx(colonnes, lignes, nom), XLSX
    else:
        raise Http404
    reponse = HttpResponse(contenu, content_type=sorte)
    reponse.headers["Content-Disposition"] = f'attachment; filename="{nom}.{extension}"'
    return reponse
