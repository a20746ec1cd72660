"""Ce qu'un récit raconte des postes que l'État aide dans un contrat."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from parvis.cadre.actions.contrats import noter_le_code_national
from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.dossiers.rules.exports import LigneBrute
from parvis.organismes.models import Organisme
from parvis.programmation.actions.postes import importer_les_postes
from parvis.programmation.enums import DispositifDePoste
from parvis.programmation.rules.postes import lire_les_postes
from parvis.socle.refus import exiger


def noter_le_code(par: Acteur, contrat: str, *, code: str, pour: Organisme | None = None) -> None:
    """Note le code que l'État donne au contrat."""
    noter_le_code_national(par=par, contrat=Contrat.objects.get(code=contrat), code=code)


def importer(
    par: Acteur,
    contrat: str,
    *,
    dispositif: str,
    fichier: str,
    lignes: Sequence[Mapping[str, Any]],
    pour: Organisme | None = None,
) -> None:
    """Importe des postes ; chaque ligne en dit un, pour l'année de l'installation plus `ans`."""
    vise, annee = Contrat.objects.get(code=contrat), timezone.localdate().year
    brutes = [
        LigneBrute(rang, {**ligne, "exercice": str(annee + ans)})
        for rang, (ans, ligne) in enumerate(_par_an(lignes), 2)
    ]
    lus = lire_les_postes(brutes, vise.code_national)
    exiger([motif for refus in lus.refusees for motif in refus.motifs])
    importer_les_postes(
        par=par,
        contrat=vise,
        dispositif=DispositifDePoste(dispositif),
        lus=lus,
        source=fichier,
    )


def _par_an(lignes: Sequence[Mapping[str, Any]]) -> list[tuple[int, dict[str, str]]]:
    return [
        (ans, {fait: texte for fait, texte in ligne.items() if fait != "ans"})
        for ligne in lignes
        for ans in ligne["ans"]
    ]
