"""Dire pourquoi une fiche répond : un mot de la question, les mots du contrat, là où il les dit."""

from dataclasses import dataclass

from parvis.orientation.moteur.classement import Moteur
from parvis.orientation.moteur.lecture import Question
from parvis.socle.texte import sans_accents

RAISONS_PAR_FICHE = 4
# Ce qui apporte moins que cette part de la plus forte raison n'explique rien.
PART_UTILE = 0.12
PROJETS_PAR_FICHE = 3
PART_D_UN_PROJET = 0.5


@dataclass(frozen=True)
class Raison:
    """Ce que la question écrit, ce que le contrat dit, et dans quelle phrase de quelle rubrique."""

    ecrit: str
    dit: str
    rubrique: str
    phrase: str
    # La place de ce que dit le contrat, dans la phrase.
    debut: int
    fin: int
    # Ce qui a pris fin ou changé, si le contrat cite ici un dispositif ou un partenaire qui n'est plus.
    fini: str = ""

    @property
    def est_le_meme_mot(self) -> bool:
        """Dit si la question et le contrat emploient le même mot."""
        return sans_accents(self.ecrit) == sans_accents(self.dit)

    @property
    def avant(self) -> str:
        """Rend ce qui précède, dans la phrase, ce que dit le contrat."""
        return self.phrase[: self.debut]

    @property
    def apres(self) -> str:
        """Rend ce qui suit."""
        return self.phrase[self.fin :]

    def __str__(self) -> str:
        suite = f" ({self.fini})" if self.fini else ""
        return f"vous écrivez « {self.ecrit} », le contrat dit « {self.dit} »{suite}"


def raisons(moteur: Moteur, question: Question, fiche: int) -> list[Raison]:
    """Rend les raisons d'une fiche, la plus forte d'abord ; chacune cite les deux textes à la lettre."""
    retenues: list[Raison] = []
    endroits = moteur.endroits(fiche)
    dites = [
        (apport, unite) for apport, unite in moteur.apports(question, fiche) if unite in endroits
    ]
    # Un mot à double sens n'explique rien, sauf s'il n'y a que lui.
    pleines = [(a, unite) for a, unite in dites if not endroits[unite].est_un_indice] or dites
    for apport, unite in pleines:
        if len(retenues) == RAISONS_PAR_FICHE or apport < PART_UTILE * pleines[0][0]:
            break
        endroit = endroits[unite]
        debut, fin = question.places[unite]
        passage = moteur.fiches[fiche].passages[endroit.passage]
        de, a = _phrase(passage.texte, endroit.debut, endroit.fin)
        raison = Raison(
            ecrit=question.texte[debut:fin],
            dit=passage.texte[endroit.debut : endroit.fin],
            rubrique=passage.rubrique,
            phrase=passage.texte[de:a],
            debut=endroit.debut - de,
            fin=endroit.fin - de,
            fini=moteur.finis.get(passage.sujet, ""),
        )
        if not any(_se_redisent(raison, autre) for autre in retenues):
            retenues.append(raison)
    return retenues


def projets_qui_repondent(moteur: Moteur, question: Question, fiche: int) -> list[str]:
    """Rend les projets attendus d'une fiche que dit la question, le plus proche d'abord."""
    notes = []
    for rang, passage in enumerate(moteur.fiches[fiche].passages):
        if passage.rubrique != "Projets attendus":
            continue
        note = sum(
            question.poids[unite] * moteur.valeur(unite, fiche)
            for unite in moteur.unites_du_passage(fiche, rang) & question.poids.keys()
        )
        if note:
            notes.append((-note, rang, passage.texte))
    seuil = PART_D_UN_PROJET * min(notes)[0] if notes else 0.0
    return [texte for note, _, texte in sorted(notes) if note <= seuil][:PROJETS_PAR_FICHE]


def _se_redisent(une: Raison, autre: Raison) -> bool:
    """Dit si deux raisons montrent le même mot de la question, ou le même mot du contrat."""
    if (
        une.ecrit.casefold() in autre.ecrit.casefold()
        or autre.ecrit.casefold() in une.ecrit.casefold()
    ):
        return True
    return une.dit.casefold() == autre.dit.casefold()


def _phrase(texte: str, debut: int, fin: int) -> tuple[int, int]:
    """Rend les bornes de la phrase qui contient une place."""
    avant = max(texte.rfind(fin_de_phrase, 0, debut) for fin_de_phrase in (". ", "! ", "? ", "\n"))
    de = avant + 2 if avant >= 0 and texte[avant] != "\n" else avant + 1
    fins = [p for signe in (". ", "! ", "? ", "\n") if (p := texte.find(signe, fin)) >= 0]
    return de, min(fins) + 1 if fins else len(texte)
