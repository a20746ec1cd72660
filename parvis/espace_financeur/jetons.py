"""Ce qu'un aperçu garde d'un tableau relu, signé, jusqu'à ce qu'on l'applique : rien n'est rangé ici."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.core import signing

from parvis.conventions.actions.versements import AVerser
from parvis.conventions.queries.fichiers import LigneDePaiement
from parvis.programmation.queries.tableau_reprise import Reprise

_SEL = "espace_financeur.reprise"
_SEL_DES_PAIEMENTS = "espace_financeur.paiements"


class ApercuIllisible(ValueError):
    """Un aperçu qui n'est pas de ce site, ou pas de ce contrat."""


def garder_les_reprises(contrat: str, reprises: Sequence[Reprise]) -> str:
    """Rend, signés, les montants à proposer dans ce contrat."""
    dites = [
        [une.demande, None if une.apres is None else str(une.apres), une.rang, une.ou]
        for une in reprises
    ]
    return signing.dumps([contrat, dites], salt=_SEL, compress=True)


def reprises_gardees(contrat: str, jeton: str) -> list[tuple[int, Decimal | None, int, str]]:
    """Rend la demande, le montant, l'avis connu et la ligne de chacun ; lève ApercuIllisible."""
    try:
        de, dites = signing.loads(jeton, salt=_SEL)
    except (signing.BadSignature, ValueError, TypeError):
        raise ApercuIllisible from None
    if de != contrat:
        raise ApercuIllisible
    return [
        (demande, None if montant is None else Decimal(montant), rang, ou)
        for demande, montant, rang, ou in dites
    ]


def garder_les_paiements(contrat: str, lignes: Sequence[LigneDePaiement]) -> str:
    """Rend, signés, les versements qu'un fichier de paiement noterait dans ce contrat."""
    dites = [
        [
            une.acte,
            une.verse_le.isoformat(),
            une.echeance,
            str(une.montant),
            une.numero_d_ordre,
            une.ou,
        ]
        for une in lignes
    ]
    return signing.dumps([contrat, dites], salt=_SEL_DES_PAIEMENTS, compress=True)


def paiements_gardes(contrat: str, jeton: str) -> list[AVerser]:
    """Rend les versements à noter ; lève ApercuIllisible."""
    try:
        de, dites = signing.loads(jeton, salt=_SEL_DES_PAIEMENTS)
    except (signing.BadSignature, ValueError, TypeError):
        raise ApercuIllisible from None
    if de != contrat:
        raise ApercuIllisible
    return [
        AVerser(acte, date.fromisoformat(jour), echeance, Decimal(montant), numero, ou=ou)
        for acte, jour, echeance, montant, numero, ou in dites
    ]
