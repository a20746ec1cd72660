"""Les mots de chaque question de lecture : ce que l'on demande, et ce que disent oui et non."""

from dataclasses import dataclass

from parvis.cadre.importation.questions import Question


@dataclass(frozen=True)
class Mots:
    """La question en clair, le libellé de ses deux réponses, et ce que dit une proposition vide."""

    demande: str
    oui: str
    non: str
    rien: str = "rien"


MOTS = {
    "role": Mots(
        "Le document ne dit pas si ceux-ci portent les projets ou s’ils les financent. Les portent-ils ?",
        "Oui, ils les portent",
        "Non, ils les financent",
    ),
    "graphie": Mots("Est-ce bien ce partenaire ?", "Oui, c’est lui", "Non, un autre"),
    "partenaire": Mots(
        "Ce nom, inconnu de Parvis, est-il celui d’un partenaire ?", "Oui", "Non, le retirer"
    ),
    "decoupage": Mots(
        "Ces noms se suivent sans rien qui les sépare. Sont-ils bien coupés ?",
        "Oui, ce sont plusieurs noms",
        "Non, un seul nom",
    ),
    "puces": Mots("Deux dispositifs sont-ils écrits à la suite ?", "Oui, deux", "Non, un seul"),
    "responsable": Mots(
        "Qui apporte ce dispositif ?", "C’est cela", "Personne n’est nommé", rien="personne"
    ),
    "renvoi": Mots("Le document renvoie-t-il bien là ?", "Oui", "Non, retirer ce renvoi"),
    "public": Mots(
        "Quels publics de la liste sont visés ?", "C’est cela", "Aucun de la liste", rien="aucun"
    ),
    "faute": Mots("Est-ce une faute d’impression ?", "Oui, la corriger", "Non, laisser ainsi"),
    "type": Mots("Cette phrase nomme-t-elle un projet attendu ?", "Oui", "Non, la retirer"),
}


@dataclass(frozen=True)
class APoser:
    """Une question et ses mots, pour l'écran."""

    question: Question
    mots: Mots


def a_poser(questions: list[Question]) -> list[APoser]:
    """Rend des questions avec leurs mots."""
    return [APoser(question, MOTS[question.nature]) for question in questions]
