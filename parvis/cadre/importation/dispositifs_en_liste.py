"""Dispositifs écrits en liste courte : « Nom (Responsable) » ou « Responsable : nom ; nom »."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .fragments import Bloc
from .lexique import Trouve, repertoire
from .montants import sans_montant
from .structure import Dispositif, Partenaire
from .texte import collapser, hors_parentheses, majuscule, plier

_MOTS_MAX = 16
_RESPONSABLE = re.compile(r"^(?P<nom>.+?)\s*\((?P<qui>[^()]{2,80})\)$")
_APRES_UN_TIRET = re.compile(r"^(?P<nom>.+?)\s+[–—-]\s+(?P<qui>[^–—]{2,80})$")
_ARTICLE = re.compile(r"^(?:l['’]|les?\s|la\s|des?\s|du\s)\s*", re.IGNORECASE)
_CONDITION = re.compile(
    r"(?:pour|sous|dans|si|selon|apres|a partir|a hauteur|au titre|en fonction|hors|uniquement|seulement"
    r"|jusqu|enveloppe|acquis|demande|sollicite|notifie|obtenu|prevu|confirme|en cours|valorisation"
    r"|environ|maximum|\d)"
)
_PHRASE = re.compile(r"[.!?]\s+[A-ZÀ-Þ]")


@dataclass(frozen=True, slots=True)
class Ligne:
    """Un dispositif d'une liste courte, et son responsable s'il est écrit."""

    nom: str
    responsable: Trouve | None
    imprime: str
    ligne: int


def lire_liste(blocs: list[Bloc]) -> list[Ligne] | None:
    """Rend les dispositifs d'une liste courte, ou rien si la rubrique est écrite autrement."""
    if not blocs or any(not _est_court(bloc) for bloc in blocs):
        return None
    lignes = [ligne for bloc in blocs for ligne in _lignes(bloc)]
    if not any(ligne.responsable for ligne in lignes) and not any(";" in b.texte for b in blocs):
        return None
    return lignes


def dispositifs_des_financeurs(financeurs: tuple[Partenaire, ...]) -> tuple[Dispositif, ...]:
    """Propose les dispositifs que nomment les financeurs d'une fiche sans rubrique de dispositifs.

    « CAF (REAAP) » : la précision d'un organisme nomme ce qu'il apporte, sauf si elle pose une
    condition (« pour les seuls travaux »).
    """
    return tuple(
        Dispositif(
            p.nom,
            majuscule(apport),
            None,
            "phrase",
            0.5,
            p.ligne,
            (p.nom,),
            p.parent,
            imprime=apport,
        )
        for p in financeurs
        if p.nature == "organisme"
        and (apport := sans_montant(p.condition or ""))
        and not _CONDITION.match(plier(apport))
    )


def _est_court(bloc: Bloc) -> bool:
    """Refuse les phrases et les intitulés de groupe, qui se lisent autrement."""
    texte = bloc.texte.rstrip(" .;")
    return (
        not _PHRASE.search(texte)
        and not texte.endswith(":")
        and not bloc.tout_gras
        and all(len(m.split()) <= _MOTS_MAX for m in hors_parentheses(texte, ";"))
    )


def _lignes(bloc: Bloc) -> Iterator[Ligne]:
    for segment in bloc.segments or (bloc.texte,):
        commun: Trouve | None = None
        for morceau in hors_parentheses(segment, ";"):
            imprime = collapser(morceau).strip(" .;")
            tete, deux_points, reste = imprime.partition(":")
            trouve = repertoire().trouver(_ARTICLE.sub("", tete.strip())) if deux_points else None
            if trouve is not None and reste.strip():
                commun, imprime = trouve, reste.strip()
            nom, responsable = _nom_et_responsable(imprime)
            if nom:
                yield Ligne(majuscule(nom), responsable or commun, collapser(morceau), bloc.ligne)


def _nom_et_responsable(imprime: str) -> tuple[str, Trouve | None]:
    entre = _RESPONSABLE.match(imprime) or _APRES_UN_TIRET.match(imprime)
    trouve = repertoire().trouver(_ARTICLE.sub("", entre["qui"])) if entre else None
    if entre is None or trouve is None:
        return imprime, None
    redit = repertoire().trouver(entre["nom"])
    if redit is not None and redit.nom == trouve.nom:
        return imprime, None  # « Groupements d'employeurs (GEIQ) » : un sigle, pas un responsable
    return entre["nom"], trouve
