"""Les colonnes du modèle de contrat, dans leur ordre, et l'aide que donne chacune."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colonne:
    """Une colonne de la feuille « Fiches » ; `code` est celui de la rubrique, vide pour un niveau."""

    titre: str
    aide: str
    largeur: int
    code: str = ""


AIDE_DE_L_ENTETE = {
    "Titre du contrat": "Le titre entier. Exemple : Contrat de ville 2024-2030 du Val-des-Tilleuls",
    "Territoire": "Qui porte le contrat. Exemple : Communauté de communes du Val-des-Tilleuls",
    "Période": "La première et la dernière année. Exemple : 2024-2030",
    "Édition": "Le mois et l'année du document, s'il est daté. Exemple : mars 2024",
    "Préambule": "Le texte qui ouvre le contrat, un paragraphe par ligne.",
}
LIBELLES = tuple(AIDE_DE_L_ENTETE)

COLONNES = (
    Colonne(
        "Pilier",
        "Le niveau le plus large du contrat. Laissez vide pour garder celui de la ligne du dessus. "
        "Exemple : Vivre ensemble",
        28,
    ),
    Colonne(
        "N° de l'enjeu",
        "Le numéro de l'enjeu, tel que le contrat l'imprime. Exemple : 1",
        10,
    ),
    Colonne(
        "Enjeu",
        "Le titre de l'enjeu. Un enjeu sans fiche tient une ligne, les cellules suivantes vides. "
        "Exemple : Donner une place à la nature dans les quartiers",
        36,
    ),
    Colonne("N° de la fiche", "Le numéro de la fiche. Exemple : 1-1", 10),
    Colonne(
        "Titre de la fiche",
        "Le titre de la fiche ; chaque ligne qui en a un est une fiche. "
        "Exemple : Ouvrir des jardins partagés",
        36,
    ),
    Colonne(
        "Descriptif",
        "Pourquoi et pour quoi faire, un paragraphe par ligne. "
        "Exemple : Beaucoup de familles n'ont ni balcon ni jardin.",
        70,
        "descriptif",
    ),
    Colonne(
        "Types de projets attendus",
        "Un type de projet par ligne, avec une puce. "
        "Exemple : • Créer des jardins au pied des immeubles",
        50,
        "types_d_action",
    ),
    Colonne(
        "Financeurs",
        "Un financeur par ligne, sa condition entre parenthèses. "
        "Exemple : Caisse d'allocations familiales (pour les projets familiaux) ; "
        "un service de l'État s'écrit « État : Direccte »",
        40,
        "financeurs",
    ),
    Colonne(
        "Opérateurs",
        "Qui peut porter les projets, un par ligne. Exemple : Centres sociaux",
        40,
        "operateurs",
    ),
    Colonne(
        "Dispositifs mobilisables",
        "Un dispositif par ligne, son responsable entre parenthèses. "
        "Exemple : Aide au démarrage (Caisse d'allocations familiales)",
        50,
        "dispositifs",
    ),
    Colonne(
        "Publics visés",
        "Les personnes à qui la fiche s'adresse. Exemple : Familles et enfants du quartier",
        30,
        "publics_vises",
    ),
    Colonne(
        "Territoires concernés",
        "Les quartiers ou les communes. Exemple : Les Charmes",
        30,
        "territoires_vises",
    ),
    Colonne("Pilote", "Qui suit la fiche. Exemple : Service politique de la ville", 30, "pilote"),
    Colonne("Calendrier", "Quand. Exemple : De 2024 à 2026", 24, "calendrier"),
    Colonne(
        "Indicateurs",
        "À quoi l'on verra que la fiche avance, un par ligne. Exemple : Nombre de jardins ouverts",
        40,
        "indicateurs",
    ),
)
