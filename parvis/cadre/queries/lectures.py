"""Les lectures d'un contrat, leurs questions, et chaque fiche en regard du document."""

from dataclasses import dataclass

from django.db.models import QuerySet

from parvis.cadre.importation.fragments import blocs_de
from parvis.cadre.importation.questions import Question, questions
from parvis.cadre.importation.reponses import appliquer
from parvis.cadre.importation.structure import ContratLu, Fiche, depuis_dict
from parvis.cadre.models import Contrat, Lecture, Reponse
from parvis.comptes.acteur import Acteur

LIGNES_MAX = 400


@dataclass(frozen=True)
class Ligne:
    """Une ligne du document, telle qu'on la montre : ses cellules, faites de blocs."""

    numero: int
    repere: str
    cellules: list[list[tuple[str, str]]]


@dataclass(frozen=True)
class Relecture:
    """Ce qu'une lecture a compris, réponses appliquées, et ce qu'elle demande encore."""

    lecture: Lecture
    lu: ContratLu
    restantes: list[Question]
    repondues: int

    def question(self, cle: str) -> Question | None:
        """Rend la question de cette clé, parmi celles qui restent."""
        return next((q for q in self.restantes if q.cle == cle), None)

    def fiche(self, numero: str) -> Fiche | None:
        """Rend la fiche lue de ce numéro."""
        return next((f for f in self.lu.fiches if f.numero == numero), None)

    def questions_de(self, numero: str) -> list[Question]:
        """Rend les questions qui touchent une fiche."""
        return [q for q in self.restantes if numero in q.fiches]


def lectures(acteur: Acteur, contrat: Contrat) -> QuerySet[Lecture]:
    """Rend les lectures d'un contrat que l'acteur conduit, la plus récente d'abord."""
    return Lecture.objects.filter(contrat=contrat).legeres().select_related("edition", "travail")


def lecture(acteur: Acteur, contrat: Contrat, pk: int) -> Lecture:
    """Rend une lecture de ce contrat, sans son contenu ; lève Lecture.DoesNotExist."""
    return lectures(acteur, contrat).select_related("contrat").get(pk=pk)


def relecture(acteur: Acteur, contrat: Contrat, pk: int) -> Relecture:
    """Rend ce qu'une lecture a compris et demande ; lève Lecture.DoesNotExist si elle n'est pas lue."""
    lue = (
        Lecture.objects.filter(contrat=contrat, lu__isnull=False)
        .defer("octets")
        .select_related("contrat", "edition")
        .get(pk=pk)
    )
    reponses = reponses_du_contrat(contrat)
    brut = depuis_dict(lue.lu or {})
    restantes = questions(brut, reponses)
    toutes = sum(len(q.elements) for q in questions(brut))
    return Relecture(
        lue,
        appliquer(brut, reponses),
        restantes,
        toutes - sum(len(q.elements) for q in restantes),
    )


def reponses_du_contrat(contrat: Contrat) -> dict[str, str]:
    """Rend les réponses gardées d'un contrat, par clé d'élément."""
    return dict(Reponse.objects.filter(contrat=contrat).values_list("cle", "valeur"))


def lignes_de_la_fiche(relue: Relecture, fiche: Fiche) -> list[Ligne]:
    """Rend les lignes du document qui portent une fiche, jusqu'au titre suivant."""
    debut = fiche.ligne or 1
    titres = [f.ligne for f in relue.lu.fiches] + [e.ligne for e in relue.lu.enjeux]
    suivants = [ligne for ligne in titres if ligne and ligne > debut]
    fin = min(suivants, default=len(relue.lecture.lignes) + 1)
    return _lignes(relue.lecture, debut, min(fin, debut + LIGNES_MAX))


def _lignes(lecture: Lecture, debut: int, fin: int) -> list[Ligne]:
    """Rend les lignes non vides de `debut` à `fin` exclu, sans aucune balise."""
    resultat = []
    for numero in range(debut, min(fin, len(lecture.lignes) + 1)):
        brute = lecture.lignes[numero - 1]
        repere = lecture.reperes[numero - 1] if numero <= len(lecture.reperes) else ""
        cellules = [
            [(bloc.genre, bloc.texte) for bloc in blocs_de(cellule.lstrip("# "), numero)]
            for cellule in brute.split("\t")
        ]
        if any(cellules):
            resultat.append(Ligne(numero, repere, cellules))
    return resultat
