"""Dans quel ordre un dossier s'imprime : celui des rubriques du CERFA n° 12156 pour une association.

Formulaire 12156*06, pris en application de la loi n° 2000-321 (articles 9-1, 10 et 10-1) et du décret
n° 2016-1971. Le document en présente le contenu ; il n'est pas le formulaire.
"""

from dataclasses import dataclass

from parvis.organismes.enums import Nature

FORMULAIRE = "CERFA n° 12156*06"
# La pièce qui tient lieu de la rubrique « budget de l'association ».
BUDGET_DE_L_ORGANISME = "budget-de-l-organisme"

# Le choix du porteur, et comment un formulaire le dit.
FREQUENCES = {
    "premiere": ("Non, c’est la première demande", "Première demande"),
    "renouvellement": ("Oui, nous demandons de continuer", "Renouvellement"),
}


@dataclass(frozen=True)
class Extrait:
    """Ce qu'un chapitre prend d'une section : certains champs ; sans champ, tout ce qui en reste.

    Une section du nom « porteur », « piece », « budget », « pieces », « attestations » est faite à part.
    """

    section: str
    champs: tuple[str, ...] = ()
    titre: str = ""


@dataclass(frozen=True)
class Chapitre:
    """Un chapitre du document et ce qui s'y lit, dans l'ordre."""

    titre: str
    extraits: tuple[Extrait, ...]


DE_L_ASSOCIATION = (
    Chapitre(
        "1. Identification de l’association",
        (
            Extrait("porteur"),
            # Ce que nulle autre rubrique ne prend s'y lit aussi : rien de ce qui est tapé ne se perd.
            Extrait("organisation", titre="Qui signe, qui répond"),
        ),
    ),
    Chapitre(
        "2. Relations avec l’administration",
        (Extrait("organisation", ("agrements", "impots_commerciaux")),),
    ),
    Chapitre(
        "3. Relations avec d’autres associations",
        (Extrait("organisation", ("reseau",)),),
    ),
    Chapitre(
        "4. Moyens humains au 31 décembre de l’année écoulée",
        (
            Extrait(
                "organisation",
                ("benevoles", "volontaires", "salaries", "emplois_aides", "etpt", "adherents"),
            ),
        ),
    ),
    Chapitre("5. Budget de l’association", (Extrait("piece", (BUDGET_DE_L_ORGANISME,)),)),
    Chapitre(
        "6. Projet",
        (
            Extrait("projet", ("titre", "resume", "frequence"), "Intitulé"),
            Extrait("projet", ("besoin", "objectifs"), "Objectifs"),
            Extrait("projet", titre="Description"),
            Extrait("publics", titre="Bénéficiaires"),
            Extrait("lieux", titre="Territoire"),
            Extrait("moyens", titre="Moyens matériels et humains"),
            Extrait("calendrier", titre="Date et période"),
            Extrait("projet", ("evaluation",), "Évaluation"),
            Extrait("indicateurs", titre="Indicateurs"),
            Extrait("fiches", titre="Informations complémentaires : les fiches du contrat"),
            Extrait("partenaires", titre="Informations complémentaires : les partenaires"),
            Extrait("droit_commun", titre="Informations complémentaires : le droit commun"),
            Extrait("questions", titre="Informations complémentaires : les questions de l’appel"),
        ),
    ),
    Chapitre("6 bis. Budget du projet", (Extrait("budget"),)),
    Chapitre("7. Attestations", (Extrait("attestations"),)),
    Chapitre("Pièces jointes", (Extrait("pieces"),)),
)
# Ces sections-là s'impriment autrement que par leurs champs.
A_PART = frozenset({"porteur", "piece", "budget", "pieces", "attestations"})


def est_au_formulaire(nature: str) -> bool:
    """Dit si la demande d'un porteur de cette nature suit le formulaire : une association, elle seule."""
    return nature == Nature.ASSOCIATION.value


def chapitres(nature: str, sections: dict[str, str]) -> tuple[Chapitre, ...]:
    """Rend les chapitres du document d'un porteur de cette nature.

    `sections` donne, dans l'ordre, le titre de chaque section du dossier ; une qui n'a pas de chapitre
    dans le plan du formulaire en a un à la fin.
    """
    if not est_au_formulaire(nature):
        return (
            Chapitre("Qui fait la demande", (Extrait("porteur"),)),
            *(Chapitre(titre, (Extrait(code),)) for code, titre in sections.items()),
        )
    placees = {extrait.section for chapitre in DE_L_ASSOCIATION for extrait in chapitre.extraits}
    reste = [(code, titre) for code, titre in sections.items() if code not in placees]
    connus = [
        Chapitre(
            chapitre.titre,
            tuple(e for e in chapitre.extraits if e.section in A_PART or e.section in sections),
        )
        for chapitre in DE_L_ASSOCIATION
    ]
    return (*connus, *(Chapitre(titre, (Extrait(code),)) for code, titre in reste))


def champs_pris_ailleurs(plan: tuple[Chapitre, ...], section: str) -> frozenset[str]:
    """Rend les champs d'une section qu'un chapitre nomme : l'extrait sans champ prend les autres."""
    return frozenset(
        champ
        for chapitre in plan
        for extrait in chapitre.extraits
        if extrait.section == section
        for champ in extrait.champs
    )


def frequence(dite: str) -> str:
    """Rend la fréquence d'une demande, d'après son code ou la réponse du porteur."""
    for code, (reponse, mot) in FREQUENCES.items():
        if dite in (code, reponse):
            return mot
    return dite


def intitule(nature: str) -> str:
    """Rend le nom du document : une demande de subvention pour une association, un dossier sinon."""
    return "Demande de subvention" if est_au_formulaire(nature) else "Dossier de demande"


def avertissement(nature: str) -> str:
    """Rend ce que le document dit de lui-même ; vide s'il ne suit aucun formulaire."""
    if not est_au_formulaire(nature):
        return ""
    return (
        f"Ce document présente le contenu du formulaire {FORMULAIRE}, dans l’ordre de ses rubriques. "
        "Ce n’est pas le formulaire lui-même."
    )
