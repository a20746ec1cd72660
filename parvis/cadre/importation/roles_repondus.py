"""Ce que l'on répond des « Partenaires » d'un contrat qui ne dit pas s'ils financent ou s'ils portent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .questions import cle_de_role
from .roles import est_sous_un_libelle_ambigu
from .structure import Fiche, Partenaire
from .texte import plier


def attribuer(fiche: Fiche, reponses: Mapping[str, str]) -> Fiche:
    """Donne aux partenaires d'un libellé ambigu le rôle répondu : « non » veut dire qu'ils financent."""
    for rubrique in fiche.rubriques:
        reponse = reponses.get(cle_de_role(rubrique.imprime)) if rubrique.imprime else None
        if rubrique.code == "operateurs" and reponse is not None:
            fiche = _deplacer(fiche, plier(reponse))
    return fiche


def _deplacer(fiche: Fiche, reponse: str) -> Fiche:
    financent = not reponse.strip() or "financ" in reponse or "deux" in reponse
    portent = "operateur" in reponse or "deux" in reponse
    if not financent:
        return fiche
    vises = [p for p in fiche.operateurs if est_sous_un_libelle_ambigu(p, fiche.rubriques)]
    restent = fiche.operateurs if portent else [p for p in fiche.operateurs if p not in vises]
    neufs = [p for p in vises if not _est_deja(p, fiche.financeurs)]
    return replace(fiche, financeurs=(*fiche.financeurs, *neufs), operateurs=tuple(restent))


def _est_deja(p: Partenaire, autres: tuple[Partenaire, ...]) -> bool:
    return any(p.nom == autre.nom for autre in autres)
