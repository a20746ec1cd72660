"""Qui finance, qui porte : ce que disent la rubrique des partenaires et le plan de financement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .fragments import Bloc
from .lieux_connus import Gazette
from .partenaires import lire_partenaires
from .plan import FicheBrute
from .rubriques import est_ambigu
from .structure import Partenaire, Rubrique

# Un nom sûr, dont la fiche ne dit pas le rôle. Un nom qui n'était pas sûr garde son propre doute.
ROLE_DEDUIT = 0.7
_SUR = 0.9
_MOTS_D_UN_NOM = 6


def douter_du_role(
    partenaires: tuple[Partenaire, ...], brut: FicheBrute, code: str
) -> tuple[Partenaire, ...]:
    """Baisse la confiance de ceux qu'un libellé ambigu nomme (« Partenaires »)."""
    rubriques = [r for r in brut.libelles if r.code == code]
    return tuple(
        _douteux(p) if est_sous_un_libelle_ambigu(p, rubriques) else p for p in partenaires
    )


def financeurs_du_budget(brut: FicheBrute, gazette: Gazette) -> tuple[Partenaire, ...]:
    """Rend les financeurs que nomme un plan de financement, quand aucune rubrique ne les dit.

    Un nom inconnu n'y est quelqu'un que s'il porte un montant : le reste est une dépense, ou une phrase.
    """
    blocs: list[Bloc] = brut.contenu.get("budget", [])
    lus = lire_partenaires(blocs, gazette, lambda *_: None)
    return tuple(_douteux(p) for p in lus if p.nature != "inconnu" or _a_son_montant(p))


def est_sous_un_libelle_ambigu(p: Partenaire, rubriques: Iterable[Rubrique]) -> bool:
    """Dit si le libellé qui précède un partenaire ne dit pas son rôle."""
    avant = [r for r in rubriques if (r.ligne or 0) <= (p.ligne or 0)]
    roles = [r for r in avant if r.code in ("financeurs", "operateurs")]
    return any(est_ambigu(r.imprime) for r in roles[-1:])


def _a_son_montant(p: Partenaire) -> bool:
    return bool(p.condition) and p.nom[:1].isupper() and len(p.nom.split()) <= _MOTS_D_UN_NOM


def _douteux(p: Partenaire) -> Partenaire:
    return replace(p, confiance=ROLE_DEDUIT) if p.confiance > _SUR else p
