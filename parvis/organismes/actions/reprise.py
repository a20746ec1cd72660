"""Reprendre dans une fiche d'organisme ce qu'un registre public en dit."""

from typing import Any

from parvis.connecteurs.recherche_entreprises import EntrepriseTrouvee
from parvis.organismes.rules.natures import forme_vers_nature
from parvis.territoires.models import Commune


def valeurs_de(trouvee: EntrepriseTrouvee) -> dict[str, Any]:
    """Rend les valeurs que `creer` et `modifier` attendent ; ce que le registre tait n'y est pas.

    La commune du siège n'est reprise que si la plateforme la connaît.
    """
    nature = forme_vers_nature(trouvee.forme_juridique)
    valeurs = {
        "nom": trouvee.nom,
        "sigle": trouvee.sigle,
        "nature": nature or ("association" if trouvee.est_association else ""),
        "forme_juridique": trouvee.forme_juridique,
        "siren": trouvee.siren,
        "siret": trouvee.siret,
        "rna": trouvee.rna,
        "adresse": trouvee.adresse,
        "siege": Commune.objects.filter(code=trouvee.commune_code).first(),
    }
    return {champ: valeur for champ, valeur in valeurs.items() if valeur}
