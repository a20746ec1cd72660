"""Ce que l'on est : quelques sortes de structures, reconnues dans les opérateurs que cite une fiche."""

from collections.abc import Iterable

from parvis.socle.texte import sans_accents

# Le code, ce que la personne choisit, et les débuts de mots qui la disent parmi les opérateurs.
STRUCTURES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("association", "Une association", ("associat",)),
    (
        "centre-social",
        "Un centre social, un espace de vie sociale",
        ("centres socia", "espaces de vie"),
    ),
    (
        "insertion",
        "Une structure d’insertion ou d’accompagnement vers l’emploi",
        ("insertion", "missions loc", "plie", "cap emploi", "pole emploi", "regie"),
    ),
    (
        "formation",
        "Une école, un collège, un lycée, un organisme de formation",
        ("ecole", "college", "lycee", "universit", "formation", "etudiant"),
    ),
    (
        "entreprise",
        "Une entreprise, un réseau d’entreprises",
        ("entreprise", "chambre", "entrepren", "createurs"),
    ),
    ("bailleur", "Un bailleur social", ("logement social", "bailleur", "habitat")),
    (
        "commune",
        "Une commune, une intercommunalité",
        ("commune", "agglomeration", "mediatheque", "bibliotheque", "centres de loisirs", "creche"),
    ),
    ("prevention", "Un club de prévention, un lieu pour les jeunes", ("prevention", "jeunes")),
    ("sante", "Un professionnel ou un centre de santé", ("sante", "hopit", "medec", "infantile")),
)


def structures_citees(operateurs: Iterable[str]) -> tuple[str, ...]:
    """Rend le code de chaque sorte de structure que citent ces opérateurs."""
    textes = [sans_accents(nom) for nom in operateurs]
    return tuple(
        code
        for code, _, debuts in STRUCTURES
        if any(debut in texte for debut in debuts for texte in textes)
    )
