"""Le budget d'un exercice, tel qu'un formulaire l'envoie : ses lignes, ses demandes, rien d'autre.

Sans JavaScript, un champ par case : `l-3-saisie`, `d-1-financeur`. Avec lui, un seul champ en JSON,
`budget`. Les deux disent la même chose ; rien ici ne juge ce qui est tapé.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from parvis.dossiers.queries.budget import FinanceurPropose, completer
from parvis.dossiers.rules.comptes import PlanDeComptes, plan_de_comptes
from parvis.dossiers.sections.propres import (
    CHAMPS_DE_DEMANDE,
    CHAMPS_DE_LIGNE,
    LIGNES_MAX,
    garder_le_budget,
)

# Le dernier champ du formulaire : un envoi coupé en route viderait le budget.
FIN = "fin"
EN_UN_CHAMP = "budget"
CLE_MAX = 12
_NOM = re.compile(rf"([ld])-([a-z0-9]{{1,{CLE_MAX}}})-([a-z]+)")
_PARLANTS = {"l": ("libelle", "saisie"), "d": ("financeur", "nom", "ligne", "saisie")}
_CHAMPS = {"l": CHAMPS_DE_LIGNE, "d": CHAMPS_DE_DEMANDE}


class EnvoiIncomplet(Exception):
    """L'envoi n'a pas tout ce que le formulaire contenait."""


@dataclass(frozen=True)
class Envoi:
    """Ce qu'un formulaire dit d'un exercice ; chaque ligne et chaque demande garde sa clé."""

    lignes: dict[str, dict[str, str]] = field(default_factory=dict)
    demandes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def motifs(self) -> list[str]:
        """Rend pourquoi il ne se garde pas : couper ce qui dépasse le perdrait."""
        comptes = (("lignes", self.lignes, "l"), ("demandes", self.demandes, "d"))
        return [
            f"Un exercice a {LIGNES_MAX} {nom} au plus ; il y en a {nombre}."
            for nom, tapees, sorte in comptes
            if (nombre := sum(_parle(x, sorte) for x in tapees.values())) > LIGNES_MAX
        ]

    def part(
        self, financeurs: Iterable[FinanceurPropose], plan: PlanDeComptes | None = None
    ) -> dict[str, Any]:
        """Rend l'exercice tel qu'il se garde : rangé par compte, sans les lignes vides."""
        rangs = {c.code: rang for rang, c in enumerate((plan or plan_de_comptes()).comptes)}
        connus = {financeur.identifiant: financeur for financeur in financeurs}
        rangees = sorted(
            self.lignes.values(), key=lambda x: rangs.get(x.get("compte", ""), len(rangs))
        )
        demandes = [completer(demande, connus) for demande in self.demandes.values()]
        garde = garder_le_budget({"x": {"lignes": rangees, "demandes": demandes}})
        return garde.get("exercices", {}).get("x", {"lignes": [], "demandes": []})


def _parle(tapee: Mapping[str, str], sorte: str) -> bool:
    return any(tapee.get(champ, "").strip() for champ in _PARLANTS[sorte])


def lire_l_envoi(donnees: Mapping[str, Any]) -> Envoi:
    """Rend ce qu'un formulaire envoie ; lève EnvoiIncomplet s'il a été coupé."""
    if EN_UN_CHAMP in donnees:
        return _en_un_champ(donnees[EN_UN_CHAMP])
    if FIN not in donnees:
        raise EnvoiIncomplet
    envoi = Envoi()
    for nom, valeur in donnees.items():
        if (trouve := _NOM.fullmatch(nom)) and trouve[3] in (*_CHAMPS[trouve[1]], "retirer"):
            sorte, cle, champ = trouve.groups()
            tapees = envoi.lignes if sorte == "l" else envoi.demandes
            tapees.setdefault(f"{sorte}-{cle}", {})[champ] = valeur
    for cle in [cle for cle, demande in envoi.demandes.items() if demande.get("retirer")]:
        del envoi.demandes[cle]
    return envoi


def _en_un_champ(texte: str) -> Envoi:
    try:
        lu = json.loads(texte)
        return Envoi(
            _par_cle(lu["lignes"], CHAMPS_DE_LIGNE), _par_cle(lu["demandes"], CHAMPS_DE_DEMANDE)
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise EnvoiIncomplet from None


def _par_cle(tapees: Any, champs: Iterable[str]) -> dict[str, dict[str, str]]:
    rangees = {
        str(tapee["cle"])[: CLE_MAX + 2]: {champ: str(tapee.get(champ, "")) for champ in champs}
        for tapee in tapees
    }
    # Deux lignes de même clé : l'une effacerait l'autre.
    if len(rangees) < len(tapees):
        raise EnvoiIncomplet
    return rangees


def envoi_de(part: Mapping[str, Any]) -> Envoi:
    """Rend un exercice gardé, comme s'il venait d'être envoyé."""
    return Envoi(
        {f"l-{rang}": ligne for rang, ligne in enumerate(part.get("lignes", ()), 1)},
        {f"d-{rang}": demande for rang, demande in enumerate(part.get("demandes", ()), 1)},
    )
