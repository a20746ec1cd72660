"""Emporter le document : une édition publiée entière, ou une de ses fiches, en Word ou en PDF."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from parvis.cadre.queries import lecture
from parvis.cadre.queries.documents_ecrits import fichier_d_une_fiche, fichier_entier
from parvis.comptes.acces import acces, acteur_de, tous
from parvis.socle.vues import a_emporter, trouver


@require_safe
@acces(tous)
def document(request: HttpRequest, contrat: str, edition: str, extension: str) -> HttpResponse:
    """Le document d'une édition publiée."""
    acteur = acteur_de(request)
    trouvee = trouver(lecture.edition_publiee, acteur, contrat, edition)
    return a_emporter(fichier_entier(acteur, trouvee, extension))


@require_safe
@acces(tous)
def document_de_fiche(
    request: HttpRequest, contrat: str, edition: str, numero: str, extension: str
) -> HttpResponse:
    """Le document d'une fiche d'une édition publiée."""
    acteur = acteur_de(request)
    trouvee = trouver(lecture.edition_publiee, acteur, contrat, edition)
    return a_emporter(trouver(fichier_d_une_fiche, acteur, trouvee, numero, extension))
