"""Les projets d'un organisme au fil des ans, et les appels qui s'adressent à lui."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from parvis.cadre.vues import est_un_fragment
from parvis.comptes.acces import acces, acteur_de, membres
from parvis.comptes.permissions import agit_pour, peut_ecrire_un_brouillon
from parvis.dossiers.queries.organismes import (
    editions_pour,
    organisme_a_lire,
    projets_d_un_organisme,
)
from parvis.orientation.queries.appels import appels_pour
from parvis.socle.vues import trouver


@require_safe
@acces(membres)
def organisme(request: HttpRequest, organisme: int) -> HttpResponse:
    """Ce qu'un organisme porte, année par année, et où il peut répondre ; sa page en reprend le fragment."""
    acteur, maintenant = acteur_de(request), timezone.now()
    lu = trouver(organisme_a_lire, acteur, organisme)
    contexte = {
        "organisme": lu,
        "est_le_sien": agit_pour(acteur, lu),
        "peut_ecrire": peut_ecrire_un_brouillon(acteur, lu),
        "contrats": [
            (
                projets_d_un_organisme(acteur, edition.contrat, lu),
                appels_pour(acteur, edition, lu, maintenant=maintenant),
            )
            for edition in editions_pour(acteur, lu)
        ],
    }
    gabarit = "espace_porteur/organisme.html" + ("#projets" if est_un_fragment(request) else "")
    reponse = render(request, gabarit, contexte)
    reponse.headers["Vary"] = "HX-Request"
    return reponse
