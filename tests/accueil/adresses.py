"""Une vraie adresse pour chaque page du petit contrat d'essai, tirée du résolveur d'adresses."""

from django.urls import reverse

from parvis.accueil.management.commands.mesurer_pages import noms_des_adresses as motifs
from parvis.courriels.enums import Sujet
from parvis.courriels.jetons import jeton
from tests.fabriques import appels

__all__ = ["ABSENTS", "CONTRAT", "EDITION", "adresse", "motifs"]

CONTRAT, EDITION = "tilleuls", "2015-06"
# Ce que vaut un morceau d'adresse, quand il ne vaut pas pareil dans toutes.
MORCEAUX = {
    "contrat": CONTRAT,
    "edition": EDITION,
    "fiche/numero": "1-1",
    "permanente/numero": "1-1",
    "enjeu/numero": "1",
    "declinaison/numero": "1-1",
    "declinaison_permanente/numero": "1-1",
    "lieu": "le-pre-joli",
    "pilier/slug": "vivre-ensemble",
    "financeur/slug": "communes",
    "operateur/slug": "associations",
    "dispositif/slug": "aide-au-demarrage",
    "export/nom": "fiches",
    "export/extension": "csv",
    "document/extension": "docx",
    "document_de_fiche/extension": "pdf",
    "document_de_fiche/numero": "1-1",
    "adresse": appels.ADRESSE_D_ESSAI,
    "rang": "1",
    "porteur": str(appels.PORTEUR_D_ESSAI),
    "vue": "quartiers",
    "financements_tableau/extension": "csv",
    "appels_a_emporter/extension": "csv",
    "couche/code": "communes",
    "quartier/code": "QN94001M",
    "commune/code": "94081",
    "affiche/code": "QN94001M",
    "tableau/extension": "csv",
    "tableau_des_chiffres/extension": "csv",
    "desabonnement/jeton": jeton("amina@tilleuls.example", [Sujet.ORGANISME]),
    "identifiant": "00000000-0000-4000-8000-000000000000",
}
ABSENTS = {
    "code": "nulle-part",
    "edition": "1999-01",
    "numero": "99-99",
    "slug": "nulle-part",
    "lieu": "nulle-part",
    "adresse": "nulle-part",
    "rang": "99",
    "porteur": "9999999",
}


def adresse(nom: str, **remplaces: str) -> str:
    """Rend l'adresse d'une page ; lève KeyError si un morceau n'a pas d'exemple ici."""
    court = nom.partition(":")[2] or nom
    valeurs = {
        morceau: remplaces.get(morceau) or MORCEAUX.get(f"{court}/{morceau}") or MORCEAUX[morceau]
        for morceau in motifs()[nom]
    }
    return reverse(nom, kwargs=valeurs)
