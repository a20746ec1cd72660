"""Qui voit quoi d'un dossier : une table, lue par toutes les pièces qui montrent de l'argent."""

from parvis.comptes.enums import Information, Moment, Regard

_T, _J = Moment.TOUJOURS, Moment.JAMAIS
_P, _A, _S = Moment.A_LA_PUBLICATION, Moment.AU_PARTAGE, Moment.EN_SEANCE
_COLONNES = (
    Regard.SERVICE,
    Regard.COFINANCEUR,
    Regard.CO_INSTRUCTEUR,
    Regard.PORTEUR,
    Regard.PUBLIC,
)
# Un refus n'est jamais public ; le porteur l'apprend à la publication.
_TABLE: dict[Information, tuple[Moment, ...]] = {
    Information.NOTE_INTERNE: (_T, _J, _J, _J, _J),
    Information.MONTANT_PROPOSE: (_T, _A, _J, _J, _J),
    Information.AVIS: (_T, _T, _J, _P, _J),
    Information.MONTANT_ARBITRE: (_S, _S, _S, _P, _J),
    Information.MONTANT_DEMANDE: (_T, _T, _T, _T, _J),
    Information.MONTANT_VOTE: (_T, _T, _T, _T, _T),
    Information.REFUS: (_T, _T, _J, _P, _J),
    Information.DOSSIER_FIGE: (_T, _T, _T, _T, _J),
    Information.PARTIE_PROTEGEE: (_T, _J, _J, _T, _J),
}
VISIBILITE: dict[tuple[Information, Regard], Moment] = {
    (information, regard): moment
    for information, moments in _TABLE.items()
    for regard, moment in zip(_COLONNES, moments, strict=True)
}


def voit(
    information: Information,
    regard: Regard,
    *,
    est_partagee: bool = False,
    est_publiee: bool = False,
    est_en_seance: bool = False,
) -> bool:
    """Dit si ce regard voit cette information, dans l'état où elle est."""
    return {
        Moment.TOUJOURS: True,
        Moment.AU_PARTAGE: est_partagee,
        Moment.A_LA_PUBLICATION: est_publiee,
        Moment.EN_SEANCE: est_en_seance,
        Moment.JAMAIS: False,
    }[VISIBILITE[information, regard]]
