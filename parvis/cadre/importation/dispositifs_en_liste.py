"""Dispositifs écrits en liste courte : « Nom (Responsable) » ou « Responsable : nom ; nom »."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .fragments import Bloc
from .lexique import Trouve, repertoire
from .montants import sans_montant
from .noms_enumeres import peut_en_tenir_plusieurs, separer_les_noms
from .porteurs import annonce_un_groupe
from .structure import Dispositif, Partenaire
from .texte import collapser, hors_parentheses, majuscule, plier

_MOTS_MAX = 16
_SURE, _DOUTEUSE = 0.95, 0.7
_RESPONSABLE = re.compile(r"^(?P<nom>.+?)\s*\((?P<qui>[^()]{2,80})\)$")
_APRES_UN_TIRET = re.compile(r"^(?P<nom>.+?)\s+[–—-]\s+(?P<qui>[^–—]{2,80})$")
_ARTICLE = re.compile(r"^(?:l['’]|les?\s|la\s|des?\s|du\s)\s*", re.IGNORECASE)
_ARTICLE_SEUL = re.compile(r"^(?:l['’]|les?\s|la\s)\s*(?=\w)", re.IGNORECASE)
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
    confiance: float


def lire_liste(blocs: list[Bloc]) -> list[Ligne] | None:
    """Rend les dispositifs d'une liste courte, ou rien si la rubrique est écrite autrement."""
    if not blocs or any(not _est_court(bloc) for bloc in blocs):
        return None
    if any(annonce_un_groupe(bloc) for bloc in blocs):
        return None
    par_bloc = [list(_lignes(bloc)) for bloc in blocs]
    lignes = [ligne for du_bloc in par_bloc for ligne in du_bloc]
    plusieurs = any(len(du_bloc) > 1 for du_bloc in par_bloc) or any(";" in b.texte for b in blocs)
    return lignes if plusieurs or any(ligne.responsable for ligne in lignes) else None


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
        and all(
            len(nom.split()) <= _MOTS_MAX
            for morceau in hors_parentheses(texte, ";")
            for nom in separer_les_noms(morceau)
        )
    )


def _lignes(bloc: Bloc) -> Iterator[Ligne]:
    for segment in bloc.segments or (bloc.texte,):
        commun: Trouve | None = None
        for morceau in hors_parentheses(segment, ";"):
            entier = collapser(morceau)
            imprime = entier.strip(" .;")
            tete, deux_points, reste = imprime.partition(":")
            trouve = repertoire().trouver(_ARTICLE.sub("", tete.strip())) if deux_points else None
            if trouve is not None and reste.strip():
                commun, imprime = trouve, reste.strip()
            noms = [nom for nom in separer_les_noms(imprime) if nom.strip(" ,")]
            for un in noms:
                yield _ligne(un, commun, un if len(noms) > 1 else entier, bloc.ligne)


def _ligne(texte: str, commun: Trouve | None, imprime: str, ligne: int) -> Ligne:
    nom, responsable = _nom_et_responsable(_ARTICLE_SEUL.sub("", texte))
    sur = (responsable or commun) is not None and not peut_en_tenir_plusieurs(nom)
    return Ligne(majuscule(nom), responsable or commun, imprime, ligne, _SURE if sur else _DOUTEUSE)


def _nom_et_responsable(imprime: str) -> tuple[str, Trouve | None]:
    entre = _RESPONSABLE.match(imprime) or _APRES_UN_TIRET.match(imprime)
    trouve = repertoire().trouver(_ARTICLE.sub("", entre["qui"])) if entre else None
    if entre is None or trouve is None:
        return imprime, None
    redit = repertoire().trouver(entre["nom"])
    if redit is not None and redit.nom == trouve.nom:
        return imprime, None  # « Groupements d'employeurs (GEIQ) » : un sigle, pas un responsable
    return entre["nom"], trouve
