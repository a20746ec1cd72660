"""Le tableau de programmation à emporter : les mêmes colonnes, toujours dans le même ordre.

D'abord ce qui vaut pour tous ; puis, à qui finance, sa colonne ; puis les autres financeurs dans l'ordre
du dictionnaire, et ailleurs : un financeur de plus ne déplace rien de ce qui est avant lui. En dernier,
ce qu'une pièce plus haute ajoute.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from parvis.dossiers.enums import EtatDeDossier
from parvis.instruction.enums import SensDAvis
from parvis.programmation.queries.tableau import Colonne, Tableau
from parvis.programmation.rules.tableau import AILLEURS, Case, Ligne
from parvis.socle.tableaux import Cellule

COLONNES = (
    *("Numéro", "État", "Projet", "Porteur", "Siret", "Appel", "Fiche principale", "Autres fiches"),
    *("Pilier", "Enjeu", "Quartiers", "Demandé en tout (€)", "Voté en tout (€)"),
    *("Voté l’exercice d’avant (€)", "Taux (%)", "Certitude", "Manque au budget (€)"),
    "Convention obligatoire avec",
)
RANG, PROPOSE = "Avis n°", "Proposé par mon service (€)"
COLONNES_DU_SERVICE = (
    *(RANG, "Mon avis", "Demandé à mon service (€)", PROPOSE),
    "Arbitré pour mon service (€)",
    "Voté par mon service (€)",
)


@dataclass(frozen=True)
class Suites:
    """Des colonnes qu'une pièce plus haute ajoute après les autres : leurs titres, et par dossier."""

    titres: tuple[str, ...] = ()
    par_dossier: Mapping[int, tuple[Cellule, ...]] = field(default_factory=dict)

    def de(self, dossier: int) -> tuple[Cellule, ...]:
        """Rend ce qu'elles disent d'un dossier ; des cases vides si elles n'en disent rien."""
        return self.par_dossier.get(dossier, (None,) * len(self.titres))


def colonnes(tableau: Tableau, suites: Suites) -> list[str]:
    """Rend les titres des colonnes, dans leur ordre."""
    du_service = COLONNES_DU_SERVICE if tableau.finance else ()
    autres = [
        f"{colonne.nom} : {mot} (€)" for colonne in _autres(tableau) for mot in _mots(colonne)
    ]
    return [*COLONNES, *du_service, *autres, *suites.titres]


def lignes(tableau: Tableau, suites: Suites) -> Iterator[tuple[Cellule, ...]]:
    """Rend une ligne par dossier choisi, dans l'ordre des colonnes."""
    autres = _autres(tableau)
    for ligne in tableau.lignes:
        yield (
            *_de_tous(ligne, tableau),
            *(_du_service(ligne) if tableau.finance else ()),
            *(cellule for colonne in autres for cellule in _d_un_autre(ligne, colonne)),
            *suites.de(ligne.pk),
        )


def _autres(tableau: Tableau) -> Sequence[Colonne]:
    return [colonne for colonne in tableau.colonnes if not colonne.est_a_nous]


def _mots(colonne: Colonne) -> tuple[str, ...]:
    """Rend ce qui se dit d'un financeur ; ailleurs, rien ne se propose ici."""
    propose = () if colonne.pk == AILLEURS else ("proposé et montré",)
    return ("demandé", *propose, "arbitré", "voté")


def _de_tous(ligne: Ligne, tableau: Tableau) -> tuple[Cellule, ...]:
    porteur, place = tableau.lus.organismes[ligne.porteur], tableau.cadre.fiches.get(ligne.fiche)
    return (
        ligne.reference,
        EtatDeDossier(ligne.etat).label,
        ligne.titre,
        porteur.nom,
        porteur.siret,
        tableau.appels.get(ligne.appel, ""),
        ligne.fiche,
        ", ".join(numero for numero in ligne.fiches if numero != ligne.fiche),
        tableau.cadre.piliers[place.pilier] if place else "",
        place.enjeu if place else "",
        ", ".join(tableau.lus.quartiers[pk] for pk in ligne.quartiers),
        ligne.tout.demande,
        ligne.tout.vote,
        ligne.vote_avant,
        ligne.tout.taux,
        str(ligne.certitude),
        ligne.trou or None,
        ", ".join(tableau.lus.organismes[pk].nom for pk in ligne.seuils),
    )


def _du_service(ligne: Ligne) -> tuple[Cellule, ...]:
    sens = SensDAvis(ligne.sens).label if ligne.sens else ""
    sien = ligne.service
    return ligne.rang, sens, sien.demande, sien.propose, sien.arbitre, sien.vote


def _d_un_autre(ligne: Ligne, colonne: Colonne) -> tuple[Cellule, ...]:
    case = ligne.cases.get(colonne.pk) or Case()
    demande = case.demande if case.parts else None
    propose = () if colonne.pk == AILLEURS else (case.propose,)
    return demande, *propose, case.arbitre, case.vote
