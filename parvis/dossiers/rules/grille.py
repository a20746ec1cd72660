"""La grille d'un appel : ses critères, leurs poids, leurs niveaux, et ceux que l'on propose.

Ce sont des propositions : le pilote en retire, en ajoute, les récrit. Un appel se passe de grille.
"""

from dataclasses import dataclass

from parvis.dossiers.rules.contenu_d_appel import CritereLu

# Un critère pèse entre ces deux nombres, et se juge sur tant de niveaux.
POIDS = (1, 5)
NIVEAUX = (2, 5)
LONGUEUR_D_UN_NIVEAU = 80


@dataclass(frozen=True)
class CriterePropose:
    """Un critère proposé, et d'où il vient : le contrat, la loi, ou l'usage."""

    cle: str
    libelle: str
    explication: str
    poids: int
    niveaux: tuple[str, ...]
    source: str


def motifs_sur_les_niveaux(libelle: str, niveaux: tuple[str, ...]) -> list[str]:
    """Rend ce qui ne va pas dans les niveaux d'un critère ; vide si rien."""
    motifs = []
    if not NIVEAUX[0] <= len(niveaux) <= NIVEAUX[1]:
        motifs.append(f"« {libelle} » : donnez de deux à cinq niveaux, du moins bon au meilleur.")
    return motifs + [
        f"« {libelle} » : « {niveau[:40]}… » est trop long, {LONGUEUR_D_UN_NIVEAU} signes au plus."
        for niveau in niveaux
        if len(niveau) > LONGUEUR_D_UN_NIVEAU
    ]


def manques_d_un_critere(critere: CritereLu) -> list[str]:
    """Rend ce qui manque à un critère de la grille."""
    return motifs_sur_les_niveaux(critere.libelle, critere.niveaux)


_PREAMBULE = "Fiches opérationnelles du contrat de ville 2015-2020 de Seine-Amont, préambule"
_LOI = "Loi n° 2014-173 du 21 février 2014, article 1er"

CRITERES_PROPOSES = (
    CriterePropose(
        "service-a-la-fiche",
        "Ce que le projet apporte à sa fiche",
        "Le projet répond à ce que la fiche du contrat attend, et dit ce qui change pour les gens.",
        3,
        ("Sans lien avec la fiche", "En partie", "Pour l’essentiel", "Pleinement"),
        f"{_PREAMBULE} : chaque fiche dit quels projets le contrat veut soutenir.",
    ),
    CriterePropose(
        "part-des-habitants",
        "La part des habitants des quartiers prioritaires",
        "Combien, parmi les personnes attendues, y habitent.",
        3,
        ("Moins d’un quart", "D’un quart à la moitié", "Plus de la moitié", "Presque toutes"),
        f"{_PREAMBULE} : être au plus près des quartiers et de qui y habite.",
    ),
    CriterePropose(
        "habitants-au-pilotage",
        "Les habitants prennent part au pilotage",
        "Ils ont eu part à l’idée, et prennent part à l’organisation et aux décisions.",
        2,
        ("Ils n’y sont pas associés", "On les consulte", "Ils organisent", "Ils décident aussi"),
        "Fiche 15-2 : une attention particulière va à ce que les habitants organisent et pilotent.",
    ),
    CriterePropose(
        "femmes-et-hommes",
        "Les femmes et les hommes",
        "Le projet regarde qui vient et qui ne vient pas, et agit pour que les deux y aient place.",
        2,
        ("Non regardé", "Constaté, sans plus", "Une action est prévue", "Au cœur du projet"),
        f"Enjeu stratégique n° 16 du même contrat, « Renforcer la place des femmes dans les "
        f"quartiers » ; {_LOI} : l’égalité entre les femmes et les hommes.",
    ),
    CriterePropose(
        "droit-commun",
        "Le droit commun mobilisé",
        "Le projet s’appuie d’abord sur ce qui existe pour tous : services, dispositifs, crédits.",
        2,
        ("Aucun appui", "Des contacts sont pris", "Un appui est confirmé", "Il complète ce droit"),
        f"{_LOI} : la politique de la ville mobilise d’abord les politiques de droit commun ; "
        "préambule : s’appuyer sur les dispositifs qui existent.",
    ),
    CriterePropose(
        "capacite-du-porteur",
        "La capacité de qui porte le projet",
        "Les moyens, l’expérience ou l’accompagnement qu’il faut. Un premier projet peut les réunir.",
        1,
        ("Trop juste", "À accompagner", "Suffisante", "Solide"),
        "Usage des appels à projets : le contrat n’en dit rien.",
    ),
    CriterePropose(
        "faisabilite",
        "La faisabilité",
        "Le calendrier, le budget et les moyens vont ensemble.",
        2,
        ("Pas encore", "Avec des réserves", "Oui", "Oui, tout est prêt"),
        "Usage des appels à projets : le contrat n’en dit rien.",
    ),
)
