"""Ce qu'une séance propose, à emporter en tableau : une ligne par demande, toujours les mêmes colonnes."""

from collections.abc import Iterator

from parvis.comptes.acteur import Acteur
from parvis.programmation.models import Seance
from parvis.programmation.queries.ordre_du_jour import DemandeEnSeance, PointLu, ordre_du_jour
from parvis.programmation.queries.seances import seances
from parvis.socle.tableaux import Cellule

COLONNES = (
    *("Rang", "Numéro", "Projet", "Porteur", "Siret", "Fiche principale", "Quartiers"),
    *("Financeur", "Ligne", "Nature", "Demandé (€)", "Résultat", "Proposé (€)"),
    *("Sous réserve de", "Motif", "Orientée vers", "Vote prévu le"),
)


def resultats(acteur: Acteur, seance: Seance) -> list[tuple[Cellule, ...]]:
    """Rend ce qu'une séance levée ou publiée propose, à qui la tient, en un nombre fixe de requêtes.

    Sans les dossiers dont l'acteur s'est déporté. Ce qui n'est pas arbitré a sa ligne, sans résultat. Lève
    Seance.DoesNotExist à tout autre, et tant qu'elle n'est pas levée.
    """
    tenues = seances(acteur, seance.reunion.instance.contrat).filter(levee_le__isnull=False)
    return list(_lignes(ordre_du_jour(acteur, tenues.get(pk=seance.pk)).points))


def _lignes(points: list[PointLu]) -> Iterator[tuple[Cellule, ...]]:
    for rang, point in enumerate(points, 1):
        for demande in point.demandes:
            yield (rang, *_du_dossier(point), *_de_la_demande(demande))


def _du_dossier(point: PointLu) -> tuple[Cellule, ...]:
    projet = point.dossier.projet
    porteur = projet.porteur.retenu
    return (
        point.dossier.reference,
        projet.titre,
        str(porteur),
        porteur.siret or "",
        point.fiche,
        ", ".join(point.quartiers),
    )


def _de_la_demande(lue: DemandeEnSeance) -> tuple[Cellule, ...]:
    demande, dit = lue.demande, lue.arbitrage
    return (
        lue.nom,
        demande.ligne,
        str(demande.get_nature_display()),
        lue.demande_montant,
        str(dit.get_resultat_display()) if dit else "",
        dit.montant if dit else None,
        dit.condition if dit else "",
        dit.motif if dit else "",
        dit.vers if dit else "",
        demande.vote_prevu_le if dit else None,
    )
