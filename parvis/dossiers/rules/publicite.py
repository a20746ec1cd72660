"""Ce qu'un projet montre, et à qui : public une fois une subvention votée, à ses gens avant.

Voir docs/adr/0030. Un vote que le porteur note de mémoire n'engage que lui : il ne rend rien public.
"""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal

from parvis.dossiers.enums import (
    EchelleDeProjet,
    EtatDeDemande,
    EtatDeDossier,
    Guichet,
    PorteeDeProjet,
    SourceDuSuivi,
)

# Ce qui est déposé, et vit encore : le pilote le lit sur les pages de tous.
RECUS = (EtatDeDossier.DEPOSE, EtatDeDossier.A_COMPLETER, EtatDeDossier.RECEVABLE)


def est_votee(
    *, guichet: str, source: str, etat: str, vote: Decimal | None, vote_le: date | None, jour: date
) -> bool:
    """Dit si le financeur lui-même a voté quelque chose à cette demande, ce jour-là au plus tard.

    Il le dit ici, ou dans l'export de son portail (`source`).
    """
    return (
        (guichet == Guichet.PLATEFORME or source == SourceDuSuivi.EXPORT)
        and etat == EtatDeDemande.ACCORDEE
        and vote is not None
        and vote > 0
        and vote_le is not None
        and vote_le <= jour
    )


def est_public(*, etat: str, votees: Iterable[bool]) -> bool:
    """Dit si tout le monde lit qu'un dossier est soutenu : il vit, et une demande au moins est votée."""
    return etat in RECUS and any(votees)


def portee(
    *,
    echelle: str,
    quartiers: Collection[int],
    communes: Collection[int],
    communes_des_quartiers: Collection[int],
    quartiers_d_ici: Collection[int],
    communes_d_ici: Collection[int],
) -> PorteeDeProjet | None:
    """Rend comment un projet touche un lieu, ou None s'il se passe ailleurs.

    Sans quartier, le lieu est la commune entière : un projet d'un de ses quartiers s'y passe.
    """
    if echelle == EchelleDeProjet.AGGLOMERATION:
        return PorteeDeProjet.PARTOUT
    if quartiers_d_ici:
        if set(quartiers) & set(quartiers_d_ici):
            return PorteeDeProjet.ICI
        return PorteeDeProjet.COMMUNE if set(communes) & set(communes_d_ici) else None
    toutes = {*communes, *communes_des_quartiers}
    return PorteeDeProjet.ICI if toutes & set(communes_d_ici) else None


def fiche_vaut_ici(
    *,
    est_nommee_ici: bool,
    est_large: bool,
    communes_nommees: Collection[int],
    a_un_lieu_inconnu: bool,
    communes_d_ici: Collection[int],
) -> bool:
    """Dit si un projet d'ici peut répondre à une fiche : elle nomme ce lieu, ou ne s'arrête pas à d'autres.

    `est_large` : elle nomme aussi tout le territoire, ou plus grand. Un lieu que l'on n'a pas su
    situer n'écarte personne.
    """
    if est_nommee_ici or est_large or a_un_lieu_inconnu or not communes_nommees:
        return True
    return bool(set(communes_nommees) & set(communes_d_ici))
