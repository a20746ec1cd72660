"""Ce qu'un aperçu garde du fichier relu, signé, jusqu'à ce qu'on l'applique : rien n'est rangé ici."""

from typing import Any

from django.core import signing

from parvis.dossiers.importation import ExportLu
from parvis.dossiers.queries.exports import Difference
from parvis.dossiers.rules.exports import LigneBrute
from parvis.dossiers.rules.portails import racine_du_numero
from parvis.programmation.enums import DispositifDePoste
from parvis.programmation.rules.postes import PostesLus, lire_les_postes

_SEL = "pilotage.export"
_SEL_DES_POSTES = "pilotage.postes"


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
    exercice, colonnes, lignes = _ouvrir(contrat, jeton, _SEL)
    return ExportLu(colonnes, [LigneBrute(ligne, faits) for ligne, faits in lignes]), exercice


def garder_les_postes(contrat: str, dispositif: DispositifDePoste, nom: str, lus: PostesLus) -> str:
    """Rend, signées, les seules lignes de ce contrat, leur dispositif et le nom de leur fichier."""
    lignes = [[brute.ligne, dict(brute.faits)] for brute in lus.brutes]
    garde = [contrat, dispositif.value, nom, lignes]
    return signing.dumps(garde, salt=_SEL_DES_POSTES, compress=True)


def postes_gardes(contrat: str, code: str, jeton: str) -> tuple[DispositifDePoste, str, PostesLus]:
    """Rend le dispositif, le fichier et les postes d'un aperçu ; lève ApercuIllisible."""
    dispositif, nom, lignes = _ouvrir(contrat, jeton, _SEL_DES_POSTES)
    lus = lire_les_postes([LigneBrute(ligne, faits) for ligne, faits in lignes], code)
    return DispositifDePoste(dispositif), nom, lus


def _ouvrir(contrat: str, jeton: str, sel: str) -> list[Any]:
    """Rend ce qu'un aperçu de ce contrat gardait ; lève ApercuIllisible."""
    try:
        de, *garde = signing.loads(jeton, salt=sel)
    except (signing.BadSignature, ValueError, TypeError):
        raise ApercuIllisible from None
    if de != contrat:
        raise ApercuIllisible
    return garde
