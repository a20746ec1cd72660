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


# Ce qu'est un organisme d'après sa nature, et ce que son nom ajoute : un centre social est aussi
# une association.
_DES_NATURES: dict[str, str] = {
    "association": "association",
    "commune": "commune",
    "epci": "commune",
    "bailleur": "bailleur",
    "entreprise": "entreprise",
    "etablissement_scolaire": "formation",
}
_DES_NOMS: dict[str, tuple[str, ...]] = {
    "centre-social": ("centre social", "espace de vie sociale"),
    "insertion": ("insertion", "mission locale", "regie de quartier"),
    "prevention": ("club de prevention",),
    "sante": ("centre de sante", "maison de sante"),
}


def structures_de(nature: str, nom: str) -> frozenset[str]:
    """Rend les codes des sortes de structures qu'est un organisme ; aucun si le contrat n'en dit rien."""
    plat = sans_accents(nom)
    codes = {_DES_NATURES[nature]} if nature in _DES_NATURES else set()
    codes |= {code for code, mots in _DES_NOMS.items() if any(mot in plat for mot in mots)}
    return frozenset(codes)
