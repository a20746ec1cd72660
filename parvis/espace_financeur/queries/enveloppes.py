"""Les enveloppes d'un service, telles que ses écrans et ses exports les montrent."""

from collections.abc import Iterator

from parvis.cadre.models import Contrat
from parvis.comptes.acteur import Acteur
from parvis.programmation.models import Enveloppe
from parvis.programmation.queries.enveloppes import Ecriture, histoire, piliers_du_contrat, tableau
from parvis.socle.tableaux import Cellule

COLONNES = (
    "Exercice",
    "Ligne",
    "Sous-enveloppe de",
    "Commune",
    "Pilier",
    "Initial",
    "Reçu par délégation",
    "Délégué",
    "Report reçu",
    "Report cédé",
    "Disponible",
    "Proposé",
    "Arbitré",
    "Voté",
    "Engagé",
    "Versé",
    "Reste",
)
COLONNES_DES_MOUVEMENTS = (
    "Décidé le",
    "Mouvement",
    "Montant",
    "Autre enveloppe",
    "Exercice de l’autre",
    "Motif",
    "Noté le",
    "Noté par",
)


def lignes_des_enveloppes(
    acteur: Acteur, contrat: Contrat, exercice: int
) -> Iterator[list[Cellule]]:
    """Rend les enveloppes d'un exercice, une par ligne, dans l'ordre de COLONNES."""
    piliers = piliers_du_contrat(contrat)
    for ligne in tableau(acteur, contrat, exercice).lignes:
        une, comptes = ligne.enveloppe, ligne.comptes
        yield [
            une.exercice,
            une.ligne,
            une.mere.ligne if une.mere else "",
            str(une.commune or ""),
            piliers.get(une.pilier, une.pilier),
            comptes.initial,
            comptes.recu,
            comptes.delegue,
            comptes.report_recu,
            comptes.report_cede,
            comptes.disponible,
            comptes.propose,
            comptes.arbitre,
            comptes.vote,
            comptes.engage,
            comptes.verse,
            comptes.reste,
        ]


def lignes_des_mouvements(acteur: Acteur, enveloppe: Enveloppe) -> Iterator[list[Cellule]]:
    """Rend les mouvements d'une enveloppe, dans l'ordre de COLONNES_DES_MOUVEMENTS."""
    for ecriture in histoire(acteur, enveloppe):
        mouvement, autre = ecriture.mouvement, ecriture.autre
        yield [
            mouvement.decide_le,
            dire_le_mouvement(ecriture),
            ecriture.montant,
            autre.ligne if autre else "",
            autre.exercice if autre else None,
            mouvement.motif,
            mouvement.note_le.date(),
            mouvement.note_par,
        ]


_MOTS = {
    # Sorte, puis : l'enveloppe y gagne, l'enveloppe reçoit de l'autre (et non l'inverse).
    ("dotation", True, True): "Dotation",
    ("dotation", False, True): "Baisse de dotation",
    ("delegation", True, True): "Délégation reçue",
    ("delegation", False, True): "Délégation rendue",
    ("delegation", False, False): "Délégation",
    ("delegation", True, False): "Retour de délégation",
    ("report", True, True): "Report reçu",
    ("report", False, True): "Report reçu annulé",
    ("report", False, False): "Report",
    ("report", True, False): "Report annulé",
}


def dire_le_mouvement(ecriture: Ecriture) -> str:
    """Rend ce qu'est un mouvement, vu de l'enveloppe dont on lit l'histoire."""
    mouvement = ecriture.mouvement
    recoit = ecriture.autre is None or mouvement.depuis_id == ecriture.autre.pk
    return _MOTS[mouvement.sorte, ecriture.montant > 0, recoit]
