"""Ce qu'un aperçu garde du fichier relu, signé, jusqu'à ce qu'on l'applique : rien n'est rangé ici."""

from django.core import signing

from parvis.dossiers.importation import ExportLu
from parvis.dossiers.queries.exports import Difference
from parvis.dossiers.rules.exports import LigneBrute
from parvis.dossiers.rules.portails import racine_du_numero

_SEL = "pilotage.export"


class ApercuIllisible(ValueError):
    """Un aperçu qui n'est pas de ce site, ou pas de ce contrat."""


def garder_l_apercu(
    contrat: str, lu: ExportLu, difference: Difference, exercice: int | None
) -> str:
    """Rend, signées, les seules lignes qui changent une demande de ce contrat."""
    racines = {r.ligne.racine for r in [*difference.reprises, *difference.a_confirmer]}
    lignes = [
        [brute.ligne, dict(brute.faits)]
        for brute in lu.lignes
        if racine_du_numero(brute.faits.get("numero", "")) in racines
    ]
    return signing.dumps([contrat, exercice, lu.colonnes, lignes], salt=_SEL, compress=True)


def apercu_garde(contrat: str, jeton: str) -> tuple[ExportLu, int | None]:
    """Rend les lignes et l'exercice d'un aperçu ; lève ApercuIllisible."""
    try:
        de, exercice, colonnes, lignes = signing.loads(jeton, salt=_SEL)
    except (signing.BadSignature, ValueError, TypeError):
        raise ApercuIllisible from None
    if de != contrat:
        raise ApercuIllisible
    return ExportLu(colonnes, [LigneBrute(ligne, faits) for ligne, faits in lignes]), exercice
