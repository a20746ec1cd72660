"""Ce qu'une lecture laisse incertain : des questions, chacune avec la réponse que l'on propose.

Une question porte un ou plusieurs éléments. Chaque élément a une clé stable, que l'on retrouve d'un
import à l'autre, et une proposition : un texte. La réponse vide veut dire « non » ; ce que cela fait
est dit par nature, dans `reponses.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .publics import publics_d_une_rubrique
from .question import Element, Lieu, Question, borner, cle_de_publics, cle_de_responsable, reunir
from .roles import ROLE_DEDUIT
from .rubriques import de_financement, est_ambigu
from .structure import Anomalie, ContratLu, Fiche, Partenaire
from .texte import cle

SEPARATEUR = " ; "
_SEULS_MAX = 20  # noms inconnus cités une fois, au-delà desquels on les demande ensemble
_INCERTAIN = 0.9
_FAIBLE = 0.45
_RESPONSABLE = 0.7
_CORRIGE = re.compile(r"^« (?P<lu>[^»]+) » : peut-être « (?P<mieux>[^»]+) »")
_TITRE_CITE = re.compile(r"est celui de l'enjeu n°(?P<numero>\S+),")


def questions(lu: ContratLu, deja: Iterable[str] = ()) -> list[Question]:
    """Rend ce qu'il faut demander, le plus important d'abord ; `deja` : les clés déjà répondues."""
    connues = frozenset(deja)
    groupes = [
        *_ensemble("role", _roles(lu), connues),
        *_un_par_un("graphie", _graphies(lu), connues),
        *_inconnus(lu, connues),
        *_ensemble("decoupage", _decoupages(lu), connues),
        *_un_par_un("puces", _puces(lu), connues),
        *_un_par_un("responsable", _responsables(lu), connues),
        *_un_par_un("renvoi", _renvois(lu), connues),
        *_un_par_un("public", _publics(lu), connues),
        *_un_par_un("faute", _fautes(lu), connues),
        *_types(lu, connues),
    ]
    return borner(groupes)


def _un_par_un(nature: str, elements: list[Element], connues: frozenset[str]) -> list[Question]:
    return [Question(nature, (e,)) for e in reunir(elements) if e.cle not in connues]


def _ensemble(nature: str, elements: list[Element], connues: frozenset[str]) -> list[Question]:
    restants = tuple(e for e in reunir(elements) if e.cle not in connues)
    return [Question(nature, restants)] if restants else []


def partenaires_de(fiche: Fiche) -> Iterator[tuple[str, Partenaire]]:
    """Rend (rôle, partenaire) de chaque partenaire d'une fiche."""
    for role in ("financeurs", "operateurs"):
        for partenaire in getattr(fiche, role):
            yield role, partenaire


def _roles(lu: ContratLu) -> list[Element]:
    """Un contrat qui nomme des « partenaires » sans dire nulle part qui finance."""
    rubriques = [(f, r) for f in lu.fiches for r in f.rubriques]
    if any(r.code in de_financement() and not est_ambigu(r.imprime) for _, r in rubriques):
        return []
    return [
        Element(cle_de_role(r.imprime), r.imprime, "opérateurs", (Lieu(f.numero, r.ligne or 0),))
        for f, r in rubriques
        if est_ambigu(r.imprime)
    ]


def cle_de_role(libelle: str) -> str:
    """Rend la clé de la question : ceux que ce libellé nomme, financent-ils ou portent-ils ?"""
    return f"role:{cle(libelle)}"


def _graphies(lu: ContratLu) -> list[Element]:
    """Une graphie qui n'est pas celle du lexique : est-ce bien le même partenaire ?"""
    elements = [
        Element(f"graphie:{cle(p.imprime)}", p.imprime, p.nom, (Lieu(f.numero, p.ligne or 0),))
        for f in lu.fiches
        for _, p in partenaires_de(f)
        if p.nature != "inconnu" and p.confiance < _INCERTAIN and p.parent is None
        if p.confiance != ROLE_DEDUIT  # le nom est sûr
    ]
    noms = {p.nom for f in lu.fiches for _, p in partenaires_de(f)}
    for anomalie, trouve in _corriges(lu.anomalies):
        if trouve["lu"] in noms:  # « FACE 95 » : peut-être « FACE 94 »
            lieu = Lieu(_fiche_de(lu, anomalie.ligne), anomalie.ligne or 0)
            clef = f"graphie:{cle(trouve['lu'])}"
            elements.append(Element(clef, trouve["lu"], trouve["mieux"], (lieu,)))
    return elements


def _inconnus(lu: ContratLu, connues: frozenset[str]) -> list[Question]:
    """Un nom que le lexique ne connaît pas : est-ce un partenaire, et comment s'écrit-il ?"""
    elements = reunir(
        Element(f"partenaire:{cle(p.nom)}", p.imprime, p.nom, (Lieu(f.numero, p.ligne or 0),))
        for f in lu.fiches
        for _, p in partenaires_de(f)
        if p.nature == "inconnu"
    )
    restants = [e for e in elements if e.cle not in connues]
    seuls = [e for e in restants if len(e.lieux) == 1]
    if len(seuls) <= _SEULS_MAX:
        return [Question("partenaire", (e,)) for e in restants]
    plusieurs = [Question("partenaire", (e,)) for e in restants if len(e.lieux) > 1]
    return [*plusieurs, Question("partenaire", tuple(seuls))]


def _decoupages(lu: ContratLu) -> list[Element]:
    """Des noms imprimés à la suite, que seul le lexique sépare."""
    elements = []
    for fiche in lu.fiches:
        for role in ("financeurs", "operateurs"):
            par_ligne: dict[int, list[Partenaire]] = {}
            for p in getattr(fiche, role):
                if p.confiance == _INCERTAIN:
                    par_ligne.setdefault(p.ligne or 0, []).append(p)
            for ligne, colles in par_ligne.items():
                if len(colles) > 1:
                    noms = SEPARATEUR.join(p.nom for p in colles)
                    clef = f"decoupage:{fiche.numero}:{role}:{cle(noms)}"
                    imprime = " ".join(dict.fromkeys(p.imprime for p in colles))
                    elements.append(Element(clef, imprime, noms, (Lieu(fiche.numero, ligne),)))
    return elements


def _puces(lu: ContratLu) -> list[Element]:
    """Une puce où deux dispositifs se suivent."""
    elements = []
    colles = {
        a.ligne: a.texte.partition(" : ")[2] for a in lu.anomalies if a.nature == "puces_collees"
    }
    for fiche in lu.fiches:
        for ligne, imprime in colles.items():
            noms = [
                d.nom
                for d in fiche.dispositifs
                if d.ligne == ligne and (d.imprime or "") in imprime
            ]
            if len(noms) > 1:
                clef = f"puces:{fiche.numero}:{cle(imprime)}"
                lieu = Lieu(fiche.numero, ligne or 0)
                elements.append(Element(clef, imprime, SEPARATEUR.join(noms), (lieu,)))
    return elements


def _responsables(lu: ContratLu) -> list[Element]:
    """Un dispositif dont le responsable n'est pas écrit, ou se devine."""
    return [
        Element(
            cle_de_responsable(d.nom, d.porteur or ""),
            d.imprime or d.nom,
            d.porteur or "",
            (Lieu(fiche.numero, d.ligne or 0),),
        )
        for fiche in lu.fiches
        for d in fiche.dispositifs
        if d.porteur is None or d.confiance <= _RESPONSABLE
    ]


def _renvois(lu: ContratLu) -> list[Element]:
    """Un renvoi qui ne convient pas à ce qu'il nomme."""
    sources = [(f.numero, f.renvois) for f in lu.fiches] + [("", e.renvois) for e in lu.enjeux]
    elements = []
    for numero, renvois in sources:
        for r in renvois:
            if r.anomalie and r.nature != "texte_externe":
                juste = _TITRE_CITE.search(r.anomalie)
                cible = f"enjeu {juste['numero']}" if juste else r.cible
                lieu = Lieu(numero, r.ligne or 0)
                elements.append(Element(f"renvoi:{cle(r.imprime)}", r.imprime, cible, (lieu,)))
    return elements


def _publics(lu: ContratLu) -> list[Element]:
    """Une rubrique de publics où l'on n'a reconnu aucun public de la liste."""
    return [
        Element(cle_de_publics(r.texte), r.texte, "", (Lieu(f.numero, r.ligne or 0),))
        for f in lu.fiches
        for r in f.rubriques
        if r.code == "publics_vises" and r.texte and not publics_d_une_rubrique(r.texte)
    ]


def _fautes(lu: ContratLu) -> list[Element]:
    """Un mot mal imprimé, dont on propose la correction."""
    noms = {p.nom for f in lu.fiches for _, p in partenaires_de(f)}
    return [
        Element(
            f"faute:{trouve['lu'].lower()}",
            trouve["lu"],
            trouve["mieux"],
            (Lieu(_fiche_de(lu, anomalie.ligne), anomalie.ligne or 0),),
        )
        for anomalie, trouve in _corriges(lu.anomalies)
        if trouve["lu"] not in noms
    ]


def _types(lu: ContratLu, connues: frozenset[str]) -> list[Question]:
    """Les phrases dont on doute qu'elles nomment un projet, une question par fiche."""
    resultat = []
    for fiche in lu.fiches:
        elements = tuple(
            Element(
                f"type:{fiche.numero}:{cle(t.texte)[:80]}",
                t.texte,
                t.texte,
                (Lieu(fiche.numero, t.ligne or 0),),
            )
            for t in fiche.types_d_action
            if t.forme != "liste" and t.confiance <= _FAIBLE
        )
        restants = tuple(e for e in reunir(elements) if e.cle not in connues)
        if restants:
            resultat.append(Question("type", restants))
    return resultat


def _corriges(anomalies: tuple[Anomalie, ...]) -> Iterator[tuple[Anomalie, re.Match[str]]]:
    for anomalie in anomalies:
        trouve = _CORRIGE.match(anomalie.texte)
        if trouve is not None:
            yield anomalie, trouve


def _fiche_de(lu: ContratLu, ligne: int | None) -> str:
    """Rend le numéro de la fiche où tombe une ligne, vide avant la première."""
    avant = [f for f in lu.fiches if (f.ligne or 0) <= (ligne or 0)]
    return max(avant, key=lambda f: f.ligne or 0).numero if avant else ""
