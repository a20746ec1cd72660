"""Un budget tel qu'un formulaire l'envoie, champ par champ ou en un seul."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from parvis.dossiers.enums import EtatDeDossier
from parvis.dossiers.models import Dossier
from parvis.dossiers.sections import empreinte
from parvis.dossiers.sections.budget import exercice_de
from parvis.dossiers.sections.propres import garder_le_budget
from tests.fabriques import dossiers

FIN = {"fin": "oui"}


def champs(
    lignes: Iterable[tuple[str, str, str]], demandes: Iterable[Mapping[str, str]] = ()
) -> dict[str, str]:
    """Rend les champs d'un formulaire sans JavaScript : (compte, précision, montant) par ligne."""
    dits = {
        f"l-{rang}-{champ}": texte
        for rang, ligne in enumerate(lignes, 1)
        for champ, texte in zip(("compte", "libelle", "saisie"), ligne, strict=True)
    }
    dits |= {
        f"d-{rang}-{champ}": texte
        for rang, demande in enumerate(demandes, 1)
        for champ, texte in demande.items()
    }
    return dits | FIN


def une_ligne(compte: str, libelle: str = "", saisie: str = "100") -> dict[str, str]:
    """Rend les champs d'un budget d'une ligne."""
    return champs([(compte, libelle, saisie)])


def une_demande(**dite: str) -> dict[str, str]:
    """Rend les champs d'un budget d'une demande."""
    depart = {"nom": "", "saisie": "1000", "nature": "numeraire", "guichet": "plateforme"}
    return champs([], [depart | dite])


PETIT = champs(
    [("641", "", "1 400"), ("601", "Peinture", "12*2*25"), ("604", "", "")],
    [
        {
            "financeur": "autre",
            "nom": "Fondation du Grand Air",
            "compte": "",
            "nature": "numeraire",
            "guichet": "plateforme",
            "lien": "https://grand-air.example/",
            "numero": "GA-12",
            "saisie": "2000",
        }
    ],
)


def en_un_champ(dits: Mapping[str, str]) -> dict[str, str]:
    """Rend les mêmes lignes comme le script les envoie."""
    ranges: dict[str, dict[str, dict[str, str]]] = {"l": {}, "d": {}}
    for nom, texte in dits.items():
        if trouve := re.fullmatch(r"([ld])-(\w+)-(\w+)", nom):
            sorte, rang, champ = trouve.groups()
            ranges[sorte].setdefault(rang, {"cle": f"{sorte}-{rang}"})[champ] = texte
    dit = {"lignes": list(ranges["l"].values()), "demandes": list(ranges["d"].values())}
    return {"budget": json.dumps(dit)}


def lue(dossier: Dossier, annee: int | None = None) -> dict[str, str]:
    """Rend l'empreinte que porte un formulaire qui vient d'être affiché."""
    dit = dossiers.dit(dossier, "budget")
    return {"lue": empreinte(exercice_de(dit, annee or dossier.exercice))}


def exercice(dossier: Dossier, saisie: str, annee: int | None = None) -> dict[str, Any]:
    """Rend un budget d'une ligne, pour un exercice."""
    ligne = {"compte": "601", "libelle": "Arbres", "saisie": saisie}
    return garder_le_budget({str(annee or dossier.exercice): {"lignes": [ligne]}})


def deposer(dossier: Dossier) -> None:
    """Dépose un dossier, sans rien vérifier."""
    Dossier.objects.filter(pk=dossier.pk).update(
        etat=EtatDeDossier.DEPOSE, depose_le=timezone.now(), depose_par="Lucie", numero=1
    )
