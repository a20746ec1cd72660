"""De quel droit relève un organisme : privé, public, ou on ne sait pas.

Le premier chiffre de la catégorie juridique de l'Insee le dit : 4 et 7, les personnes morales de droit
public ; 5, 6, 8 et 9, celles de droit privé ; 1, les personnes physiques. Sans elle, la sorte
d'organisme le dit, sauf pour un bailleur, qui est public ou privé selon les cas.
"""

from parvis.organismes.enums import Nature

_PUBLIC, _PRIVE = frozenset("47"), frozenset("15689")
_NATURES_PRIVEES = frozenset({Nature.ASSOCIATION, Nature.FONDATION, Nature.ENTREPRISE})
_NATURES_PUBLIQUES = frozenset(
    {
        Nature.COMMUNE,
        Nature.EPCI,
        Nature.DEPARTEMENT,
        Nature.REGION,
        Nature.ETAT,
        Nature.ETABLISSEMENT_PUBLIC,
        Nature.ETABLISSEMENT_SCOLAIRE,
        Nature.GIP,
    }
)


def est_de_droit_prive(nature: str, forme_juridique: str = "") -> bool | None:
    """Dit si un organisme est de droit privé ; rien quand ni sa forme ni sa sorte ne le disent."""
    # La sorte tranche d'abord : une association l'est, quelle que soit la catégorie que l'on a lue.
    if nature in _NATURES_PRIVEES:
        return True
    # Un établissement scolaire privé est tenu par une association : sa forme le dit.
    if nature == Nature.ETABLISSEMENT_SCOLAIRE and forme_juridique[:1] in _PRIVE:
        return True
    if nature in _NATURES_PUBLIQUES:
        return False
    if forme_juridique[:1] in _PUBLIC:
        return False
    if forme_juridique[:1] in _PRIVE:
        return True
    return None
