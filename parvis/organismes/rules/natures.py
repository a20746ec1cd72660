"""Ce que dit la forme juridique d'un organisme, et quelles natures ont une autorité publique."""

from parvis.organismes.enums import Nature

# Agir pour un organisme de ces natures se confirme toujours par le pilote : il engage de l'argent
# ou une autorité publics.
NATURES_PUBLIQUES = frozenset(
    {
        Nature.COMMUNE,
        Nature.EPCI,
        Nature.DEPARTEMENT,
        Nature.REGION,
        Nature.ETAT,
        Nature.PROTECTION_SOCIALE,
        Nature.ETABLISSEMENT_PUBLIC,
        Nature.ETABLISSEMENT_SCOLAIRE,
        Nature.GIP,
        Nature.BAILLEUR,
        # Reconnu par un arrêté du préfet (loi n° 2014-173, article 7).
        Nature.CONSEIL_CITOYEN,
    }
)

# Catégories juridiques de l'Insee : le code entier d'abord, puis son début.
NATURE_DES_FORMES = {
    "5546": Nature.BAILLEUR,
    "5547": Nature.BAILLEUR,
    "5646": Nature.BAILLEUR,
    "5647": Nature.BAILLEUR,
    "7210": Nature.COMMUNE,
    "7220": Nature.DEPARTEMENT,
    "7230": Nature.REGION,
    "7331": Nature.ETABLISSEMENT_SCOLAIRE,
    "7343": Nature.EPCI,
    "7344": Nature.EPCI,
    "7346": Nature.EPCI,
    "7348": Nature.EPCI,
    "7371": Nature.BAILLEUR,
    "7410": Nature.GIP,
}
NATURE_DES_DEBUTS = {
    "1": Nature.ENTREPRISE,
    "41": Nature.ETABLISSEMENT_PUBLIC,
    "5": Nature.ENTREPRISE,
    "6": Nature.ENTREPRISE,
    "71": Nature.ETAT,
    "73": Nature.ETABLISSEMENT_PUBLIC,
    "81": Nature.PROTECTION_SOCIALE,
    "92": Nature.ASSOCIATION,
    "93": Nature.FONDATION,
}


def forme_vers_nature(forme: str) -> str:
    """Rend la nature que dit une forme juridique, ou une chaîne vide si elle ne suffit pas.

    Un établissement public territorial et un office public de l'habitat y paraissent comme de
    simples établissements publics : la nature se corrige alors à la main.
    """
    if len(forme) != 4:
        return ""
    par_debut = (NATURE_DES_DEBUTS[d] for d in (forme[:2], forme[:1]) if d in NATURE_DES_DEBUTS)
    return NATURE_DES_FORMES.get(forme) or next(par_debut, "")
