"""Bâtir le moteur d'un contrat : ses fiches, le thésaurus livré, ses sujets traités ailleurs, ses mots."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import yaml

from parvis.cadre.importation.structure import ContratLu
from parvis.orientation.moteur.classement import Moteur
from parvis.orientation.moteur.langue import lire_les_mots
from parvis.orientation.moteur.passages import fiches_a_orienter
from parvis.orientation.moteur.thesaurus import Notion, Thesaurus, lire_le_thesaurus

_DONNEES = Path(__file__).resolve().parents[3] / "donnees"


@cache
def thesaurus_livre() -> Thesaurus:
    """Rend le thésaurus livré, complété des sigles du lexique."""
    return lire_le_thesaurus(_DONNEES / "thesaurus.yaml").avec(_sigles())


def _sigles() -> list[Notion]:
    """Rend une notion par sigle du lexique : il se reconnaît abrégé comme en toutes lettres."""
    lignes = yaml.safe_load((_DONNEES / "lexiques" / "sigles.yaml").read_text(encoding="utf-8"))
    return [
        Notion(
            f"sigle-{ligne['sigle']}",
            ligne["developpe"],
            (ligne["sigle"], ligne["developpe"]),
            est_une_activite=False,
        )
        for ligne in lignes
    ]


def construire(
    contrat: ContratLu,
    mots: Iterable[tuple[str, str]] = (),
    finis: Mapping[str, str] | None = None,
) -> Moteur:
    """Rend le moteur d'un contrat.

    `mots` : ceux que son pilote ajoute, et leur sens. `finis` : ce qui a pris fin ou changé, en une
    phrase, par nom de dispositif ou de partenaire ; à défaut, ce qu'en dit le document.
    """
    if finis is None:
        connus = (*contrat.dispositifs_connus, *contrat.partenaires_connus)
        finis = {c.nom: dite for c in connus if (dite := dire_la_fin(c.fin_le or "", c.suite))}
    thesaurus = thesaurus_livre()
    ailleurs = [
        Notion(
            f"ailleurs-{rang}",
            sujet.titre,
            (sujet.titre, *sujet.mots),
            est_hors=True,
            issue=sujet.explication,
        )
        for rang, sujet in enumerate(contrat.hors_contrat)
    ]
    # Ce que le contrat dit lui-même d'un sujet traité ailleurs l'emporte sur notre conseil général.
    issues = {
        une.notion: f"ailleurs-{rang}"
        for rang, sujet in enumerate(contrat.hors_contrat)
        for une in thesaurus.reconnaitre(lire_les_mots(" ; ".join((sujet.titre, *sujet.mots))))
        if thesaurus.notions[une.notion].est_hors and une.poids == 1
    }
    return Moteur(
        fiches_a_orienter(contrat),
        thesaurus.avec(ailleurs),
        issues=issues,
        finis=finis,
        mots_d_ici=mots,
    )


def dire_la_fin(fin_le: str, suite: str) -> str:
    """Rend en une phrase courte la fin d'un nom (AAAA-MM-JJ) et ce qui lui succède ; vide s'il vit."""
    fin = f"a pris fin en {fin_le[:4]}" if fin_le else "a changé" if suite else ""
    return f"{fin} : {suite}" if suite else fin
