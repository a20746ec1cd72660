"""Les sections d'un bilan, dans l'ordre où on les remplit (contenu du CERFA n° 15059)."""

from collections.abc import Mapping
from typing import Any

from parvis.dossiers.enums import SorteDeBilan
from parvis.dossiers.sections import Champ, Section
from parvis.evaluation.enums import Issue
from parvis.evaluation.rules.bilans import ISSUES, SANS_RECIT
from parvis.evaluation.rules.publics import GENRES, TRANCHES, code_de_la_case
from parvis.evaluation.sections.budget import section_du_budget

LONG = 6000
CODES = ("realisation", "habitants", "indicateurs", "budget", "recit", "pieces")
# Ce qui ne s'écrit pas en champs : des fichiers que l'on joint, une signature au moment de rendre.
PIECES = Section(
    "pieces",
    "Photos et documents",
    "Ce qui montre ce qui s’est passé : trois photos, une affiche, un article, un questionnaire.",
    est_obligatoire=False,
)
_METHODES = (
    ("comptees", "Comptées une à une (feuilles de présence, inscriptions)"),
    ("estimees", "Estimées"),
    ("les_deux", "En partie comptées, en partie estimées"),
)


def _realisation(sorte: str, prevu: Mapping[str, Any]) -> Section:
    sorte_lue = SorteDeBilan(sorte)
    est_definitif = sorte_lue == SorteDeBilan.DEFINITIF
    dates = "Les vraies dates" if est_definitif else "Les dates"
    champs = [
        Champ(
            "issue",
            "Où en est le projet ?",
            "choix",
            choix=tuple((i.value, i.label) for i in ISSUES[sorte_lue]),
            est_obligatoire=True,
        ),
        Champ(
            "explication",
            "Pourquoi ?",
            "texte",
            "Quelques phrases, si le projet n’a pas eu lieu comme prévu ou s’il lui faut du temps.",
            longueur=LONG,
            depend_d_une_reponse=True,
        ),
    ]
    if est_definitif:
        champs.append(_nouvelle_fin(prevu))
    champs += [
        Champ(
            "debut_le", "Commencé le", "jour", longueur=10, groupe=dates,
            depend_d_une_reponse=est_definitif,
        ),
        Champ(
            "fin_le", "Fini le", "jour", longueur=10, groupe=dates,
            depend_d_une_reponse=est_definitif,
        ),
        Champ("lieux", "Où cela s’est passé", "texte", longueur=LONG, groupe="Où, et avec qui"),
        Champ(
            "partenaires",
            "Avec qui vous l’avez fait",
            "texte",
            "Un partenaire par ligne.",
            longueur=LONG,
            groupe="Où, et avec qui",
        ),
    ]  # fmt: skip
    return Section(
        "realisation",
        "Ce qui s’est passé",
        "Ce que le projet est devenu. Le dossier a déjà rempli ce qu’il savait : corrigez-le.",
        tuple(champs),
    )


def _nouvelle_fin(prevu: Mapping[str, Any]) -> Champ:
    """Rend la case du temps qu'il faut ; sur plusieurs années, il est celui d'une seule."""
    question = "S’il faut plus de temps, quand finira-t-il ?"
    aide = "Le service vous répondra, et le bilan sera attendu six mois après."
    if prevu.get("fin_le"):
        aide += f" Vous aviez prévu le {prevu['fin_le']}."
    if prevu.get("fin_du_projet"):
        question = "S’il faut plus de temps, quand finira ce qui était prévu pour cette année-là ?"
        aide += f" Le projet, lui, finit toujours le {prevu['fin_du_projet']}."
    return Champ("nouvelle_fin_le", question, "jour", aide, longueur=10, depend_d_une_reponse=True)


def _publics(prevu: Mapping[str, Any]) -> Section:
    cases = tuple(
        Champ(
            code_de_la_case(lieu["cle"], tranche, genre),
            f"{lieu['nom']}, {age}, {qui.lower()}",
            "entier",
            longueur=12,
            maximum=100_000,
            groupe=lieu["cle"],
        )
        for lieu in prevu["lieux"]
        for tranche, age in TRANCHES.items()
        for genre, qui in GENRES.items()
    )
    return Section(
        "habitants",
        "Les habitants touchés",
        "Combien de personnes sont venues, par quartier, par âge, femmes et hommes. Des nombres "
        "seulement, jamais de noms. Chaque personne compte une fois, là où elle habite.",
        (
            *cases,
            Champ(
                "methode", "Ces nombres sont", "choix", choix=_METHODES, est_obligatoire=True,
                groupe="comment",
            ),
            Champ(
                "precision",
                "Une précision",
                "texte",
                "Qui est venu qu’on n’attendait pas, qui a manqué, ce que les nombres ne disent pas.",
                longueur=LONG,
                groupe="comment",
            ),
        ),
    )  # fmt: skip


def _indicateurs(prevu: Mapping[str, Any]) -> Section:
    champs: list[Champ] = []
    for rang, indicateur in enumerate(prevu["indicateurs"]):
        nom, groupe = indicateur["nom"], f"i{rang}"
        champs += [
            Champ(
                f"i{rang}_realise", f"Réalisé : {nom}", "nombre", longueur=12, groupe=groupe,
                est_obligatoire=True,
            ),
            Champ(f"i{rang}_source", f"Comment vous le savez : {nom}", longueur=200, groupe=groupe),
            Champ(
                f"i{rang}_commentaire", f"Ce qu’il faut en comprendre : {nom}", longueur=500,
                groupe=groupe,
            ),
        ]  # fmt: skip
    return Section(
        "indicateurs",
        "Les indicateurs",
        "Ceux que vous aviez choisis dans le dossier, et ce que vous visiez.",
        tuple(champs),
    )


def _texte(code: str, libelle: str, aide: str, *, il_le_faut: bool = False) -> Champ:
    return Champ(code, libelle, "texte", aide, longueur=LONG, est_obligatoire=il_le_faut)


_RECIT = Section(
    "recit",
    "Le récit",
    "Ce que les nombres ne disent pas. Écrivez comme vous le raconteriez à une voisine.",
    (
        _texte("fait", "Ce qui a été fait", "Les activités, une journée, une rencontre.",
               il_le_faut=True),
        _texte("objectifs", "Ce qui a changé", "Les objectifs sont-ils atteints ? À quoi le voyez-vous ?",
               il_le_faut=True),
        _texte("difficultes", "Ce qui a été difficile", "Un retard, un public qui ne vient pas, une panne."),
        _texte("autrement", "Ce que vous feriez autrement", "Si c’était à refaire."),
    ),
)  # fmt: skip


def sections_du_bilan(
    prevu: Mapping[str, Any], sorte: str, issue: str = "", neuves: int = 0
) -> dict[str, Section]:
    """Rend les sections d'un bilan, dans l'ordre, par code.

    Un projet qui n'a pas eu lieu, ou à qui il faut du temps, n'a pas d'habitants à compter ni de récit à
    faire. `neuves` compte les lignes ajoutées au budget.
    """
    sections = [_realisation(sorte, prevu)]
    if issue not in SANS_RECIT:
        sections.append(_publics(prevu))
        if prevu["indicateurs"]:
            sections.append(_indicateurs(prevu))
    if issue not in (Issue.PLUS_DE_TEMPS, Issue.PAS_COMMENCE):
        sections.append(section_du_budget(prevu, neuves))
    if issue not in SANS_RECIT:
        sections += [_RECIT, PIECES]
    return {section.code: section for section in sections}
