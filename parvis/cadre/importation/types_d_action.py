"""Types d'action attendus : listes annoncées par une attente, puis phrases d'attente, puis titres."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from .fragments import Bloc
from .lexique import motif
from .lieux_connus import Gazette
from .structure import TypeDAction
from .texte import majuscule, phrases, plier

Signaler = Callable[[int, str, str], None]
CONFIANCES = {"forte": 0.75, "moyenne": 0.6, "faible": 0.4}
_INFINITIF = re.compile(
    r"^(?:de |d'|a |a l'|à )?\s*(?:mieux |pleinement )?\w{2,}(?:er|ir|re|oir)\b"
)
_MOTS_D_UN_PROJET = 4
_SANS_ATTENTE = "aucune attente ne l'annonce"
_PROPOSE = 0.5  # confiance d'un point que rien n'annonce
_NUMEROTE = re.compile(r"\d{1,2}[.)]\s+(?P<texte>\S.*)$", re.DOTALL)
_PONCTUE = re.compile(r"[.;:!?…]\s*$")


@dataclass
class Lecture:
    """État de la lecture d'un descriptif."""

    signaler: Signaler
    gazette: Gazette
    listes: list[TypeDAction] = field(default_factory=list)
    prose: list[TypeDAction] = field(default_factory=list)
    titres: list[TypeDAction] = field(default_factory=list)
    refusees: list[Refusee] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Refusee:
    """Liste qui n'est pas faite de projets attendus, et pourquoi."""

    puces: list[Bloc]
    motif: str


def lire_types_d_action(
    blocs: list[Bloc],
    titre: str,
    ligne: int,
    gazette: Gazette,
    signaler: Signaler,
    contenu: list[Bloc] | None = None,
) -> tuple[TypeDAction, ...]:
    """Rend les types d'action d'un descriptif : listes, puis prose, puis titres ; jamais rien en silence.

    À défaut, les points du `contenu` (« Description de l'action ») sont proposés, avec moins de confiance.
    """
    lecture = Lecture(signaler, gazette)
    rang = 0
    while rang < len(blocs):
        if blocs[rang].genre == "puce":
            fin = _fin_de_liste(blocs, rang)
            annonce = blocs[rang - 1] if rang else None
            if not _lire_liste(lecture, annonce, blocs[rang:fin]) and annonce is not None:
                # la liste refusée (des lieux) laisse son annonce dire elle-même le projet
                _lire_phrases(lecture, phrases(annonce.texte)[-1:], annonce.ligne)
            rang = fin
            continue
        annonce_une_liste = rang + 1 < len(blocs) and blocs[rang + 1].genre == "puce"
        _lire_paragraphe(lecture, blocs[rang], annonce_une_liste)
        rang += 1
    trouves = (
        lecture.listes + lecture.prose + (lecture.titres or _annonces_au_futur(lecture, blocs))
    )
    trouves = trouves or _proposes(lecture, contenu or [])
    _signaler_les_refus(lecture)
    return tuple(trouves) or (TypeDAction(titre, "titre", 0.3, ligne),)


def _proposes(lecture: Lecture, contenu: list[Bloc]) -> list[TypeDAction]:
    """Rend les points qu'une rubrique de contenu liste sans les annoncer, ou ses paragraphes numérotés."""
    places = {(bloc.ligne, bloc.texte) for bloc in contenu}
    proposables = [
        refus
        for refus in lecture.refusees
        if refus.motif == _SANS_ATTENTE and all((p.ligne, p.texte) in places for p in refus.puces)
    ]
    lecture.refusees = [refus for refus in lecture.refusees if refus not in proposables]
    puces = [(p.ligne, _texte_de_puce(p, None)) for r in proposables for p in r.puces]
    if not puces:
        numerotes = [(b.ligne, t["texte"]) for b in contenu if (t := _NUMEROTE.match(b.texte))]
        puces = numerotes if len(numerotes) > 1 else []
    return [TypeDAction(texte, "liste", _PROPOSE, ligne) for ligne, texte in puces]


def _signaler_les_refus(lecture: Lecture) -> None:
    for refus in lecture.refusees:
        debut = " / ".join(puce.texte[:60] for puce in refus.puces[:3])
        texte = f"liste de {len(refus.puces)} points laissée dans le descriptif ({refus.motif}) : {debut}"
        lecture.signaler(refus.puces[0].ligne, "liste_non_retenue", texte)


def _avec_leurs_details(puces: list[Bloc]) -> list[Bloc]:
    """Rend les puces ; une plus profonde et trop courte pour être un projet complète la précédente."""
    resultat: list[Bloc] = []
    details = 0
    for puce in puces:
        courte = len(puce.texte.split()) < _MOTS_D_UN_PROJET
        if resultat and puce.niveau > resultat[0].niveau and courte:
            tete = resultat[-1].texte.rstrip(" ;")
            lien = " ; " if details else " " if tete.endswith(":") else " : "
            resultat[-1] = replace(resultat[-1], texte=f"{tete}{lien}{puce.texte.rstrip(' ;.')}")
            details += 1
        else:
            resultat.append(puce)
            details = 0
    return resultat


def _annonces_au_futur(lecture: Lecture, blocs: list[Bloc]) -> list[TypeDAction]:
    """Rend les phrases au futur d'un descriptif qui n'a ni liste ni attente."""
    if lecture.listes or lecture.prose:
        return []
    return [
        TypeDAction(phrase, "prose", 0.5, bloc.ligne)
        for bloc in blocs
        if bloc.genre == "paragraphe" and not bloc.tout_gras
        for phrase in phrases(bloc.texte)
        if motif("tournures", "annonces_au_futur").search(plier(phrase))
        and not motif("tournures", "jamais_prose").search(plier(phrase))
    ]


def lire_types_annonces(blocs: list[Bloc]) -> tuple[TypeDAction, ...]:
    """Rend les types d'action d'une rubrique qui n'a qu'eux : un par puce, ou par ligne courte."""
    puces = _avec_leurs_details([bloc for bloc in blocs if bloc.genre == "puce"])
    actions = sum(_commence_par_action(bloc.texte) for bloc in blocs)
    if not puces and len(blocs) > 1 and actions * 2 > len(blocs):
        puces = blocs  # une liste dont l'impression a perdu les puces
    retenus = puces or blocs
    prose = [
        TypeDAction(phrase, "prose", 0.75, bloc.ligne)
        for bloc in blocs
        if puces and bloc.genre == "paragraphe" and bloc not in puces
        for phrase in phrases(bloc.texte)
        if force_d_attente(plier(phrase)) and not phrase.rstrip().endswith(":")
    ]
    forme, confiance = ("liste", 0.95) if puces else ("prose", 0.75)
    lus = [TypeDAction(b.texte.rstrip(" ;"), forme, confiance, b.ligne) for b in retenus]
    return (*lus, *prose)


def _fin_de_liste(blocs: list[Bloc], debut: int) -> int:
    """Une puce qui n'est qu'un titre gras garde les paragraphes qui l'expliquent, jusqu'à la suivante."""
    fin = debut
    while fin < len(blocs):
        if blocs[fin].genre == "puce":
            fin += 1
            continue
        suite = next((i for i in range(fin, len(blocs)) if blocs[i].genre == "puce"), None)
        titre = blocs[fin - 1]
        if not (_est_titre_de_puce(titre) and (suite is None or _est_titre_de_puce(blocs[suite]))):
            return fin
        if suite is None:
            # dernier titre : seul le paragraphe qui le suit lui appartient à coup sûr
            return fin + 1
        fin = suite
    return fin


def _est_titre_de_puce(bloc: Bloc) -> bool:
    return bloc.genre == "puce" and bloc.tout_gras and not _PONCTUE.search(bloc.texte)


def _lire_liste(lecture: Lecture, annonce: Bloc | None, blocs: list[Bloc]) -> bool:
    """Retient les points d'une liste de projets ; rend faux si son annonce reste à lire."""
    puces = [bloc for bloc in blocs if bloc.genre == "puce"]
    confiance, motif_de_refus = _juger(lecture, annonce, puces)
    if motif_de_refus:
        lecture.refusees.append(Refusee(puces, motif_de_refus))
        return motif_de_refus == "objectifs ou définition"
    for rang, bloc in enumerate(blocs):
        if bloc.genre == "puce":
            suite = (
                blocs[rang + 1]
                if rang + 1 < len(blocs) and blocs[rang + 1].genre != "puce"
                else None
            )
            lecture.listes.append(
                TypeDAction(_texte_de_puce(bloc, suite), "liste", confiance, bloc.ligne)
            )
    return True


def _juger(lecture: Lecture, annonce: Bloc | None, puces: list[Bloc]) -> tuple[float, str]:
    """Rend (confiance, motif de refus) : une liste de lieux, d'objectifs, de définitions est refusée."""
    actions = sum(1 for puce in puces if _commence_par_action(puce.texte))
    lieux = sum(1 for puce in puces if _est_lieu(puce.texte, lecture.gazette))
    if lieux * 2 > len(puces):
        return 0.0, "lieux"
    texte = plier(annonce.texte) if annonce is not None else ""
    derniere = plier(phrases(annonce.texte)[-1]) if annonce is not None else ""
    if motif("tournures", "annonces_exclues").search(derniere):
        return 0.0, "objectifs ou définition"
    if force_d_attente(derniere) or motif("tournures", "annonces_de_liste").search(derniere):
        return 0.95, ""
    if force_d_attente(texte) == "forte":
        return 0.9, ""
    if actions * 2 > len(puces):
        return 0.7, ""
    return 0.0, _SANS_ATTENTE


def _commence_par_action(texte: str) -> bool:
    return bool(motif("tournures", "debuts_d_action").match(plier(texte)))


def _est_lieu(texte: str, gazette: Gazette) -> bool:
    """Une puce est un lieu si elle nomme un lieu connu ou un nom propre sans commencer par une action."""
    if _commence_par_action(texte):
        return False
    mots = re.findall(r"[^\W\d_][\w'’]*", texte)
    if plier(texte).startswith(
        ("le quartier ", "quartier ", "zac ", "la zac ", "secteur ", "le secteur ")
    ):
        return True
    propres = [mot for mot in mots if mot[0].isupper()]
    if any(gazette.trouver(nom) for nom in re.findall(r"[A-ZÀ-Þ][\w'’]*(?:-[\w'’]+)*", texte)):
        return len(mots) <= 25
    return len(mots) <= 8 and len(propres) >= 2 and len(propres) * 2 >= len(mots)


def _texte_de_puce(bloc: Bloc, suite: Bloc | None) -> str:
    texte = bloc.texte.strip(" ;")
    if suite is not None and _est_titre_de_puce(bloc):
        proposition = re.split(r"[.;:]\s", suite.texte, maxsplit=1)[0].strip(" .;:")
        return f"{texte} : {proposition}"
    if bloc.gras and not bloc.tout_gras and texte.startswith(bloc.gras):
        reste = texte[len(bloc.gras) :]
        if re.match(r"\s+[A-ZÀ-ÖØ-Þ]", reste) and not _PONCTUE.search(bloc.gras):
            return f"{bloc.gras} : {reste.strip()}"
    return texte


def force_d_attente(plie: str) -> str | None:
    """Rend la force de l'attente exprimée par une phrase pliée : forte, moyenne, faible ou rien."""
    for force in CONFIANCES:
        if motif("tournures", "attentes", force).search(plie):
            return force
    return None


def _lire_paragraphe(lecture: Lecture, bloc: Bloc, annonce: bool) -> None:
    if bloc.tout_gras and not _PONCTUE.search(bloc.texte) and 2 < len(bloc.texte.split()) < 25:
        lecture.titres.append(TypeDAction(bloc.texte, "titre", 0.5, bloc.ligne))
        return
    entieres = phrases(bloc.texte)
    if annonce:
        entieres = entieres[:-1]  # la phrase qui annonce une liste est jugée avec elle
    _lire_phrases(lecture, entieres, bloc.ligne)


def _lire_phrases(lecture: Lecture, entieres: list[str], ligne: int) -> None:
    for phrase in entieres:
        plie = plier(phrase)
        force = force_d_attente(plie)
        if force is None or motif("tournures", "jamais_prose").search(plie):
            continue
        texte = _apres_attente(phrase, plie, force)
        lecture.prose.append(TypeDAction(texte, "prose", CONFIANCES[force], ligne))


def _apres_attente(phrase: str, plie: str, force: str) -> str:
    """Rend la proposition à l'infinitif qui suit l'attente, sinon la phrase entière."""
    trouve = motif("tournures", "attentes", force).search(plie)
    reste = re.sub(r"^(?:\s*(?:de|à|a)\s+|\s*d['’])", "", phrase[trouve.end() :].strip(" ,:"))
    if _INFINITIF.match(plier(reste)) and len(reste.split()) > 3:
        return majuscule(reste.strip(" .;"))
    return phrase.strip(" ;")
