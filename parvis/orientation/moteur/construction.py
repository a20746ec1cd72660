"""Bâtir le moteur d'un contrat : ses fiches, le thésaurus livré, ses sujets traités ailleurs, ses mots."""

from collections.abc import Iterable
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
        Notion(f"sigle-{ligne['sigle']}", ligne["developpe"], (ligne["sigle"], ligne["developpe"]))
        for ligne in lignes
    ]


def construire(contrat: ContratLu, mots: Iterable[tuple[str, str]] = ()) -> Moteur:
    """Rend le moteur d'un contrat ; `mots` : ceux que son pilote ajoute, et leur sens."""
    thesaurus = thesaurus_livre()
    ajoutees = [
        *(
            Notion(
                f"ailleurs-{rang}",
                sujet.titre,
                (sujet.titre, *sujet.mots),
                est_hors=True,
                issue=sujet.explication,
            )
            for rang, sujet in enumerate(contrat.hors_contrat)
        ),
        *(
            Notion(f"mot-{rang}", sens, (ecrit,), renvoie=sens)
            for rang, (ecrit, sens) in enumerate(mots)
        ),
    ]
    # Ce que le contrat dit lui-même d'un sujet traité ailleurs l'emporte sur notre conseil général.
    issues = {
        une.notion: f"ailleurs-{rang}"
        for rang, sujet in enumerate(contrat.hors_contrat)
        for une in thesaurus.reconnaitre(lire_les_mots(" ; ".join((sujet.titre, *sujet.mots))))
        if thesaurus.notions[une.notion].est_hors and une.poids == 1
    }
    return Moteur(fiches_a_orienter(contrat), thesaurus.avec(ajoutees), issues=issues)
