"""Dans quel ordre une séance examine ses dossiers."""

from collections.abc import Callable
from typing import Any

from parvis.programmation.enums import Rangement
from parvis.programmation.models import PointDeSeance, Seance
from parvis.programmation.queries.tableau_faits import cadre_du_tableau


def cle_de_rangement(seance: Seance, ordre: str) -> Callable[[PointDeSeance], tuple[Any, ...]]:
    """Rend de quoi ranger l'ordre du jour, chaque dossier à défaut par son numéro."""
    if ordre == Rangement.PORTEUR:
        return lambda point: (point.dossier.projet.porteur.cle_de_tri, point.dossier.numero)
    if ordre == Rangement.NUMERO:
        return lambda point: (point.dossier.numero,)
    fiches = list(cadre_du_tableau(seance.reunion.instance.contrat).fiches)
    rangs = {numero: rang for rang, numero in enumerate(fiches)}

    def par_fiche(point: PointDeSeance) -> tuple[Any, ...]:
        siennes = point.dossier.fiches.all()
        principale = next((f.fiche.numero for f in siennes if f.est_principale), "")
        return rangs.get(principale, len(rangs)), point.dossier.numero

    return par_fiche
