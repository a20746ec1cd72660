"""Responsables de dispositifs : intitulés de groupe (« Dispositifs de X : ») et sujets de phrases."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from .fragments import Bloc
from .lexique import Trouve, charger_lexique, motif, mots_imprimes, repertoire
from .segments import segmenter
from .texte import collapser, majuscule, plier

_ARTICLE = re.compile(
    r"^(?:l['’]|les?\s|la\s|des?\s|du\s|une?\s|certaine?s\s|chaque\s)\s*", re.IGNORECASE
)
_LIEN = re.compile(
    r"^\s*,?\s*(?:et|avec|en partenariat avec|en lien avec)\s+(?:l['’]|les?\s|la\s)?\s*",
    re.IGNORECASE,
)
_VERBE = re.compile(
    r"^\s*,?\s*(?:s'|se )?(?:(?:a|ont|est|sont|peut|peuvent|pourra|pourront|pourrait|pourraient|met"
    r"|mettent|soutient|intervient)\b"
    r"|[a-z]{3,}(?:e|ent|it|oit|ait|ient|ra|ront)\b)"
)
_PAS_VERBE = re.compile(
    r"^\s*,?\s*(?:de|entre|comme|en|et|locale|communale|municipale|intercommunale|mobilisable"
    r"|financees?|nationale)\b"
)


@dataclass(frozen=True, slots=True)
class Porteurs:
    """Responsables d'un groupe ou d'une phrase, et leur organisme parent quand le document le dit."""

    noms: tuple[str, ...] = ()
    parent: str | None = None
    ecarts: tuple[str, ...] = ()
    inconnu: bool = False


@cache
def _intitule() -> re.Pattern[str]:
    formes = "|".join(f"(?:{forme})" for forme in charger_lexique("tournures")["intitules"])
    return re.compile(rf"^(?:{formes})\b\s*{charger_lexique('tournures')['liaisons_d_intitule']}")


def annonce_un_groupe(bloc: Bloc) -> bool:
    """Dit si un bloc commence par un intitulé de groupe (« Dispositifs de la CAF : … »)."""
    tete, deux_points, _ = bloc.texte.partition(":")
    return bool(deux_points) and _intitule().match(plier(tete)) is not None


def lire_intitule(bloc: Bloc) -> tuple[Porteurs, str] | None:
    """Rend les responsables annoncés par un intitulé de groupe et le texte qui suit sur la même ligne."""
    tete, deux_points, reste = bloc.texte.partition(":")
    plie = plier(tete)
    trouve = _intitule().match(plie)
    isole = bloc.tout_gras or (deux_points and not reste.strip()) or len(tete.split()) < 9
    if trouve is None:
        return _nom_seul(bloc, tete, deux_points, reste)
    if not isole or not (deux_points or bloc.tout_gras):
        return None
    porteurs = porteurs_de(tete[trouve.end() :])
    if porteurs.inconnu and not deux_points:
        return None  # « Les dispositifs déjà en place » en gras : un dispositif, pas un intitulé
    return porteurs, reste.strip()


def _nom_seul(bloc: Bloc, tete: str, deux_points: str, reste: str) -> tuple[Porteurs, str] | None:
    """« Conseil régional : » ou « De manière spécifique, la Direccte : » annonce aussi un groupe."""
    nu = _ARTICLE.sub("", sans_ouverture(tete)).strip()
    trouve = repertoire().trouver(nu)
    if trouve is None or not (deux_points or bloc.tout_gras):
        return None
    return Porteurs(
        (trouve.nom,), trouve.entree.parent, (trouve.ecart,) if trouve.ecart else ()
    ), reste.strip()


def sans_ouverture(texte: str) -> str:
    """Retire « Par ailleurs, », « De manière spécifique, » en tête de phrase."""
    trouve = motif("tournures", "ouvertures").match(plier(texte))
    return texte[trouve.end() :] if trouve else texte


def porteurs_de(texte: str) -> Porteurs:
    """Rend les responsables nommés dans un intitulé ; inconnus, ils gardent leur nom imprimé."""
    texte = collapser(texte.strip(" :.*"))
    segments = segmenter(texte, adjectifs=True)
    noms: list[str] = []
    ecarts: list[str] = []
    parent = None
    for segment in segments:
        if segment.trouve is None:
            continue
        trouve, parent_du_nom = _preciser(segment.trouve, segment.parentheses)
        parent = parent_du_nom or parent
        if trouve.nom not in noms:
            noms.append(trouve.nom)
        if trouve.ecart:
            ecarts.append(trouve.ecart)
    if noms:
        return Porteurs(tuple(noms), parent, tuple(ecarts))
    approche = repertoire().trouver_approche(texte)
    if approche is not None:
        return Porteurs((approche.nom,), None, (approche.ecart or "",))
    return Porteurs((majuscule(texte),) if texte else (), None, (), True)


def _preciser(trouve: Trouve, parentheses: list[str]) -> tuple[Trouve, str | None]:
    """« l'Etat (Education nationale) » : le service est responsable, l'État est son parent."""
    for contenu in parentheses:
        interne = repertoire().trouver(contenu)
        if interne is not None and interne.entree.parent == trouve.nom:
            return interne, trouve.nom
    return trouve, None


def sujet(texte: str, pour: bool = False) -> tuple[tuple[Trouve, ...], str] | None:
    """Rend les organismes sujets d'une phrase (« La Caf et la CPAM financent… ») et la suite de la phrase.

    `pour` : accepte aussi « ANRU pour les quartiers… », sans verbe.
    """
    reste = _ARTICLE.sub("", sans_ouverture(texte))
    trouves: list[Trouve] = []
    while True:
        suite = mots_imprimes(reste[:160])
        trouve = repertoire().au_debut(suite, 0) if suite and suite[0].debut == 0 else None
        if trouve is None:
            return None
        trouves.append(trouve[0])
        reste = reste[suite[trouve[1] - 1].fin :]
        lien = _LIEN.match(reste)
        if lien is None:
            break
        reste = reste[lien.end() :]
    plie = plier(reste)
    if pour and plie.startswith(" pour ") and trouves[0].entree.nature == "organisme":
        return tuple(trouves), reste.lstrip()
    if reste.strip(" :.") and (not _VERBE.match(plie) or _PAS_VERBE.match(plie)):
        return None
    return tuple(trouves), reste.lstrip(" ,")


def service_nomme(texte: str, groupe: Porteurs) -> tuple[str, str] | None:
    """Rend le service du groupe que la puce nomme et la fin de phrase qui le nomme.

    « Appel à projet de la Direccte » sous « Dispositifs de l'Etat » : la Direccte est responsable.
    """
    if len(groupe.noms) != 1:
        return None
    masque = re.sub(r"\([^()]*\)?", lambda m: " " * len(m.group()), texte[:200])
    suite = mots_imprimes(masque)
    for rang in range(1, len(suite)):
        if suite[rang - 1].comparable not in ("de", "du", "la", "l", "d"):
            continue
        trouve = repertoire().au_debut(suite, rang)
        if (
            trouve is not None
            and trouve[0].entree.parent == groupe.noms[0]
            and masque[suite[rang].debut].isupper()
        ):
            lien = re.search(r"\s+(?:de la |de l['’]|du |de |des )$", texte[: suite[rang].debut])
            debut = lien.start() if lien else suite[rang].debut
            return trouve[0].nom, texte[debut : suite[trouve[1] - 1].fin]
    return None
