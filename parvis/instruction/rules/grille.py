"""La loi d'une note : ce qu'elle choisit, quand elle se donne, ce que valent les notes ensemble.

Tout se compte en entiers, et le score en fraction exacte : deux dossiers égaux le sont vraiment.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from parvis.dossiers.enums import EtatDeDossier

LONGUEUR_DU_COMMENTAIRE = 500
# Un multiple de tout nombre de pas entre le premier niveau et le dernier (de un à quatre) : ce que
# vaut un niveau, au douzième, est un entier.
UNITE = 12


@dataclass(frozen=True)
class Choix:
    """Le niveau choisi sur un critère (son rang, 0 pour le moins bon), ou rien ; et pourquoi."""

    niveau: int | None = None
    commentaire: str = ""


@dataclass(frozen=True)
class CritereANoter:
    """Ce que la loi lit d'un critère : son nom, son poids, combien il a de niveaux."""

    libelle: str
    poids: int
    niveaux: int


@dataclass(frozen=True)
class Pese:
    """Un niveau choisi et ce qu'il pèse ; `sur` est le rang du meilleur niveau."""

    poids: int
    niveau: int
    sur: int


@dataclass(frozen=True)
class Score:
    """Ce que valent ensemble les notes d'un service, sur 100 ; rien tant qu'il n'en a donné aucune."""

    exact: Fraction | None
    notes: int
    criteres: int

    @property
    def sur_cent(self) -> int | None:
        """Rend le score arrondi, la moitié vers le haut."""
        if self.exact is None:
            return None
        double = 2 * self.exact
        return int((double.numerator + double.denominator) // (2 * double.denominator))

    @property
    def est_partiel(self) -> bool:
        """Dit si un critère au moins n'est pas noté."""
        return self.notes < self.criteres

    @property
    def phrase(self) -> str:
        """Rend le score, et combien de critères sont notés tant qu'il en manque."""
        if self.exact is None:
            return "Pas encore noté"
        dit = f"{self.sur_cent} sur 100"
        return f"{dit}, {self.avancement}" if self.est_partiel else dit

    @property
    def avancement(self) -> str:
        """Rend combien de critères sont notés : « 5 critères sur 7 notés »."""
        s = "s" if self.notes > 1 else ""
        return f"{self.notes} critère{s} sur {self.criteres} noté{s}"


def score(notes: Iterable[Pese], criteres: int) -> Score:
    """Rend le score de ces notes : la moyenne des critères notés, selon leurs poids."""
    lues = list(notes)
    points = sum(n.poids * n.niveau * UNITE // n.sur for n in lues)
    return score_des_sommes(points, sum(n.poids for n in lues), len(lues), criteres)


def score_des_sommes(points: int, poids: int, notes: int, criteres: int) -> Score:
    """Rend le même score de sommes déjà faites, les points au douzième."""
    exact = Fraction(100 * points, UNITE * poids) if poids else None
    return Score(exact, notes, criteres)


def motifs_empechant_de_noter(etat: str) -> list[str]:
    """Rend pourquoi un dossier ne se note pas maintenant ; vide s'il se note."""
    if etat == EtatDeDossier.RECEVABLE:
        return []
    if etat in (EtatDeDossier.DEPOSE, EtatDeDossier.A_COMPLETER):
        return ["Ce dossier n’est pas encore dit recevable : il se note ensuite."]
    return [f"Ce dossier est « {EtatDeDossier(etat).label.lower()} » : ses notes ne changent plus."]


def motifs_sur_les_notes(
    choix: Mapping[str, Choix], criteres: Mapping[str, CritereANoter]
) -> list[str]:
    """Rend ce qui ne va pas dans ces notes, critère par critère : tous les motifs à la fois."""
    motifs = []
    for cle, dit in choix.items():
        critere = criteres.get(cle)
        if critere is None:
            motifs.append("Un critère n’est pas dans la grille de cet appel.")
            continue
        if dit.niveau is None and dit.commentaire:
            motifs.append(f"« {critere.libelle} » : choisissez un niveau, ou ôtez le commentaire.")
        if dit.niveau is not None and not 0 <= dit.niveau < critere.niveaux:
            motifs.append(f"« {critere.libelle} » : ce niveau n’existe pas.")
        if len(dit.commentaire) > LONGUEUR_DU_COMMENTAIRE:
            motifs.append(
                f"« {critere.libelle} » : {LONGUEUR_DU_COMMENTAIRE} signes de commentaire au plus."
            )
    return motifs
