"""Appliquer à une lecture les réponses données à ses questions.

Une réponse vide dit « non » : les partenaires financent, le nom n'est pas un partenaire, les
graphies restent distinctes, les noms n'en font qu'un, le dispositif n'a pas de responsable, le
renvoi ou le projet tombe, le mot reste comme il est imprimé.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from .lexique import repertoire
from .question import cle_de_publics, cle_de_responsable
from .questions import SEPARATEUR
from .roles_repondus import attribuer
from .structure import ContratLu, Dispositif, Enjeu, Fiche, Partenaire, Public, Renvoi, TypeDAction
from .texte import cle

Reponses = Mapping[str, str]


def appliquer(lu: ContratLu, reponses: Reponses) -> ContratLu:
    """Rend la lecture corrigée par les réponses ; une clé que rien ne porte plus est sans effet."""
    if not reponses:
        return lu
    piliers = tuple(
        replace(
            pilier,
            enjeux=tuple(_enjeu(enjeu, reponses) for enjeu in pilier.enjeux),
        )
        for pilier in lu.piliers
    )
    return replace(lu, piliers=piliers)


def _enjeu(enjeu: Enjeu, reponses: Reponses) -> Enjeu:
    return replace(
        enjeu,
        introduction=_corriger(enjeu.introduction, reponses),
        renvois=_renvois(enjeu.renvois, reponses),
        fiches=tuple(_fiche(fiche, reponses) for fiche in enjeu.fiches),
    )


def _fiche(fiche: Fiche, reponses: Reponses) -> Fiche:
    fiche = attribuer(fiche, reponses)
    return replace(
        fiche,
        titre=_corriger(fiche.titre, reponses),
        descriptif=_corriger(fiche.descriptif, reponses),
        types_d_action=_types(fiche, reponses),
        financeurs=_partenaires(fiche, "financeurs", reponses),
        operateurs=_partenaires(fiche, "operateurs", reponses),
        dispositifs=_dispositifs(fiche, reponses),
        renvois=_renvois(fiche.renvois, reponses),
        publics=_publics(fiche, reponses),
    )


def _partenaires(fiche: Fiche, role: str, reponses: Reponses) -> tuple[Partenaire, ...]:
    lus: tuple[Partenaire, ...] = getattr(fiche, role)
    for clef, valeur in reponses.items():
        if clef.startswith(f"decoupage:{fiche.numero}:{role}:"):
            lus = _redecoupes(lus, clef.rpartition(":")[2], valeur)
    return _uniques(p for lu in lus if (p := _renomme(lu, reponses)) is not None)


def _uniques(partenaires) -> tuple[Partenaire, ...]:
    """Un même nom, après une correction, ne compte qu'une fois dans une rubrique."""
    par_nom: dict[str, Partenaire] = {}
    for partenaire in partenaires:
        par_nom.setdefault(partenaire.nom, partenaire)
    return tuple(par_nom.values())


def _renomme(p: Partenaire, reponses: Reponses) -> Partenaire | None:
    if p.nature == "inconnu" and (valeur := reponses.get(f"partenaire:{cle(p.nom)}")) is not None:
        return _nomme(p, valeur) if valeur else None
    valeur = reponses.get(f"graphie:{cle(p.imprime)}")
    if valeur is None:
        valeur = reponses.get(f"graphie:{cle(p.nom)}")
    if valeur is None:
        return p
    return _nomme(p, valeur) if valeur else replace(p, nom=p.imprime, confiance=1.0)


def _nomme(p: Partenaire, nom: str) -> Partenaire:
    """Rend le partenaire sous le nom donné, avec la nature que le lexique lui connaît."""
    connu = repertoire().trouver(nom)
    if connu is None:
        return replace(p, nom=nom, nature="organisme", confiance=1.0)
    return replace(p, nom=connu.nom, nature=connu.entree.nature, confiance=1.0)


def _redecoupes(lus: tuple[Partenaire, ...], noms: str, valeur: str) -> tuple[Partenaire, ...]:
    """Remplace des noms que le lexique a séparés par ceux de la réponse, ou par un seul."""
    colles = [p for p in lus if p.confiance == 0.9]
    for debut in range(len(colles)):
        for fin in range(debut + 1, len(colles) + 1):
            groupe = colles[debut:fin]
            if cle(SEPARATEUR.join(p.nom for p in groupe)) == noms:
                imprime = " ".join(dict.fromkeys(p.imprime for p in groupe))
                voulus = [n.strip() for n in valeur.split(";") if n.strip()] or [imprime]
                neufs = [_nomme(replace(groupe[0], imprime=imprime), nom) for nom in voulus]
                place = lus.index(groupe[0])
                reste = [p for p in lus if p not in groupe]
                return (*reste[:place], *neufs, *reste[place:])
    return lus


def _dispositifs(fiche: Fiche, reponses: Reponses) -> tuple[Dispositif, ...]:
    lus = list(fiche.dispositifs)
    for clef, valeur in reponses.items():
        if clef.startswith(f"puces:{fiche.numero}:"):
            lus = _puces(lus, clef.rpartition(":")[2], valeur)
    return tuple(_responsable(fiche, d, reponses) for d in lus)


def _puces(lus: list[Dispositif], imprime: str, valeur: str) -> list[Dispositif]:
    concernes = [
        d for d in lus if cle(d.imprime or "") and f" {cle(d.imprime or '')} " in f" {imprime} "
    ]
    if not concernes:
        return lus
    noms = [n.strip() for n in valeur.split(";") if n.strip()]
    entier = " ".join(d.imprime or d.nom for d in concernes)
    place = lus.index(concernes[0])
    reste = [d for d in lus if d not in concernes]
    neufs = [replace(concernes[0], nom=nom, confiance=1.0) for nom in noms or [entier]]
    return [*reste[:place], *neufs, *reste[place:]]


def _responsable(fiche: Fiche, d: Dispositif, reponses: Reponses) -> Dispositif:
    valeur = reponses.get(cle_de_responsable(d.nom, d.porteur or ""))
    corriges = dict(_fautes(reponses))
    porteurs = tuple(corriges.get(nom.lower(), nom) for nom in d.porteurs)
    if porteurs != d.porteurs:
        d = replace(d, porteurs=porteurs, porteur=porteurs[0] if porteurs else None)
    if valeur is None:  # une réponse donnée à cette seule fiche
        valeur = reponses.get(f"responsable:{fiche.numero}:{cle(d.nom)}")
    if valeur is None:
        return d
    noms = tuple(_nom_connu(nom) for nom in valeur.split(";") if nom.strip())
    return replace(d, porteur=noms[0] if noms else None, porteurs=noms, parent=None, confiance=1.0)


def _nom_connu(nom: str) -> str:
    connu = repertoire().trouver(nom.strip())
    return connu.nom if connu else nom.strip()


def _renvois(renvois: tuple[Renvoi, ...], reponses: Reponses) -> tuple[Renvoi, ...]:
    resultat = []
    for renvoi in renvois:
        valeur = reponses.get(f"renvoi:{cle(renvoi.imprime)}") if renvoi.anomalie else None
        if valeur is None:
            resultat.append(renvoi)
        elif valeur:
            corrige = valeur != renvoi.cible
            anomalie = None if corrige else renvoi.anomalie
            resultat.append(replace(renvoi, cible=valeur, anomalie=anomalie))
    return tuple(resultat)


def _types(fiche: Fiche, reponses: Reponses) -> tuple[TypeDAction, ...]:
    resultat = []
    for t in fiche.types_d_action:
        valeur = reponses.get(f"type:{fiche.numero}:{cle(t.texte)[:80]}")
        if valeur is None:
            resultat.append(t)
        elif valeur:
            resultat.append(replace(t, texte=_corriger(valeur, reponses), confiance=1.0))
    return tuple(resultat)


def _publics(fiche: Fiche, reponses: Reponses) -> tuple[Public, ...]:
    ajoutes = [
        Public(code.strip(), rubrique.texte[:300], rubrique.ligne)
        for rubrique in fiche.rubriques
        if rubrique.code == "publics_vises"
        for code in _codes(fiche, rubrique.texte, reponses)
        if code.strip()
    ]
    deja = {public.code for public in fiche.publics}
    return (*fiche.publics, *(public for public in ajoutes if public.code not in deja))


def _codes(fiche: Fiche, texte: str, reponses: Reponses) -> list[str]:
    """Rend les publics répondus pour ce texte, ou, à défaut, pour cette seule fiche."""
    de_la_fiche = reponses.get(f"public:{fiche.numero}:{cle(texte)[:80]}", "")
    return reponses.get(cle_de_publics(texte), de_la_fiche).split(";")


def _corriger(texte: str, reponses: Reponses) -> str:
    """Remplace dans un texte les mots mal imprimés que la réponse corrige."""
    for lu, mieux in _fautes(reponses):
        for forme, juste in ((lu, mieux), (lu.capitalize(), mieux[:1].upper() + mieux[1:])):
            texte = _remplacer(texte, forme, juste)
    return texte


def _fautes(reponses: Reponses) -> list[tuple[str, str]]:
    return [
        (clef.removeprefix("faute:"), valeur)
        for clef, valeur in reponses.items()
        if clef.startswith("faute:") and valeur
    ]


def _remplacer(texte: str, mot: str, juste: str) -> str:
    return (
        re.sub(rf"(?<!\w){re.escape(mot)}(?!\w)", lambda _: juste, texte) if mot in texte else texte
    )
