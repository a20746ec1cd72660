"""Une commune du contrat : ses quartiers, ce qui s'y finance, ce qui s'y fait."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from parvis.cadre.vues import edition_courante, page
from parvis.carte.dessin import dessiner
from parvis.carte.queries.communes import commune as lire_la_commune
from parvis.comptes.acces import acces, acteur_de, tous
from parvis.dossiers.queries.ici import appels_ici, projets_ici
from parvis.socle.vues import trouver


@require_safe
@acces(tous)
def commune(request: HttpRequest, contrat: str, code: str) -> HttpResponse:
    """La page d'une commune."""
    edition, acteur = edition_courante(request, contrat), acteur_de(request)
    trouvee = trouver(lire_la_commune, acteur, edition, code)
    formes = trouvee.formes(contrat)
    return page(
        request,
        "carte/commune.html",
        edition,
        page=trouvee,
        commune=trouvee.commune,
        dessin=dessiner(formes) if formes else None,
        appels_ici=appels_ici(acteur, edition, trouvee.lieu),
        projets_ici=projets_ici(acteur, edition.contrat, trouvee.lieu),
    )
