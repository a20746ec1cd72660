"""Ce que notre version d'un contrat a perdu de la source : faits et partenaires absents."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from .structure import ContratLu, Dispositif, Fiche
from .texte import cle, cle_souple, plier

_NOMBRE = re.compile(r"(?<![\w°-])\d{1,3}(?:[   ]\d{3})+(?!\d)|\d+(?:[.,]\d+)?")
_SIGLE = re.compile(r"\b[A-Z][A-Z0-9]{2,}\b")
_LETTRES = ("zero un deux trois quatre cinq six sept huit neuf dix").split()


@dataclass(frozen=True, slots=True)
class Manque:
    """Élément de la source absent de notre fiche ; `nature` : chiffre, lieu, dispositif…"""

    fiche: str
    nature: str
    texte: str
    ligne: int | None = None


def manques(source: ContratLu, notre: ContratLu) -> list[Manque]:
    """Rend tout ce que la source dit et que nos fiches ne disent pas, dans l'ordre des fiches."""
    resultat: list[Manque] = []
    periode = tuple(str(annee) for annee in source.periode if annee)
    notres = {fiche.numero: fiche for fiche in notre.fiches}
    for enjeu in source.enjeux:
        jumeau = next((e for e in notre.enjeux if e.numero == enjeu.numero), None)
        if jumeau is None:
            resultat.append(Manque(str(enjeu.numero), "enjeu", enjeu.titre, enjeu.ligne))
        elif cle(jumeau.titre) != cle(enjeu.titre):
            resultat.append(Manque(str(enjeu.numero), "titre", enjeu.titre, enjeu.ligne))
    for fiche in source.fiches:
        if fiche.numero not in notres:
            resultat.append(Manque(fiche.numero, "fiche", fiche.titre, fiche.ligne))
        else:
            resultat.extend(manques_de_fiche(fiche, notres[fiche.numero], periode))
    return resultat


def manques_de_fiche(source: Fiche, notre: Fiche, periode: tuple[str, ...] = ()) -> list[Manque]:
    """Rend ce qu'une fiche a perdu ; les années du contrat (`periode`) ne sont pas des faits de la fiche."""
    resultat: list[Manque] = []
    if cle(source.titre) != cle(notre.titre):
        resultat.append(Manque(source.numero, "titre", source.titre, source.ligne))
    tout = _tout_le_texte(notre)
    chiffres = [c for c in _chiffres_absents(source, tout) if c not in periode]
    resultat += [Manque(source.numero, "chiffre", c, source.ligne) for c in chiffres]
    resultat += _lieux_absents(source, notre, tout)
    resultat += _dispositifs_absents(source, notre)
    codes = {public.code for public in notre.publics}
    resultat += [
        Manque(source.numero, "public", f"{p.code} (« {p.preuve} »)", p.ligne)
        for p in source.publics
        if p.code not in codes
    ]
    for role in ("financeurs", "operateurs"):
        noms = {cle(p.nom) for p in getattr(notre, role)}
        resultat += [
            Manque(source.numero, role.rstrip("s"), p.nom, p.ligne)
            for p in getattr(source, role)
            if cle(p.nom) not in noms
        ]
    return resultat


def _tout_le_texte(fiche: Fiche) -> str:
    morceaux = [fiche.titre, fiche.descriptif]
    morceaux += [t.texte for t in fiche.types_d_action]
    for dispositif in fiche.dispositifs:
        morceaux += [dispositif.nom, dispositif.detail or ""]
    morceaux += [f"{lieu.imprime} {lieu.territoire or ''}" for lieu in fiche.lieux]
    morceaux += [f"{r.imprime} {r.cible}" for r in fiche.renvois]
    morceaux += [p.preuve for p in fiche.publics]
    for constat in fiche.constats:
        morceaux += [constat.texte, _ecrire(constat.valeur), str(constat.annee or "")]
    morceaux += [f"{p.nom} {p.condition or ''}" for p in (*fiche.financeurs, *fiche.operateurs)]
    morceaux += [" ".join(_porteurs(d)) for d in fiche.dispositifs]
    return "\n".join(morceaux)


def _ecrire(valeur: float | int | None) -> str:
    return "" if valeur is None else str(valeur).replace(".", ",")


def _nombres(texte: str) -> list[str]:
    return [re.sub(r"\s", "", nombre).replace(".", ",") for nombre in _NOMBRE.findall(texte)]


def _chiffres_absents(source: Fiche, notre: str) -> list[str]:
    """Compare les nombres du descriptif et des dispositifs ; « 3 » et « trois » se valent."""
    presents = set(_nombres(notre))
    mots = set(re.findall(r"\w+", plier(notre)))
    presents |= {str(rang) for rang, mot in enumerate(_LETTRES) if mot in mots}
    attendus = list(
        dict.fromkeys(_nombres(source.descriptif + "\n" + _textes_des_dispositifs(source)))
    )
    attendus += [_ecrire(c.valeur) for c in source.constats if c.valeur is not None]
    absents = [n for n in dict.fromkeys(attendus) if n not in presents]
    return [n for n in absents if not _ecrit_autrement(n, presents)]


def _ecrit_autrement(nombre: str, presents: set[str]) -> bool:
    """5 000 000 s'écrit aussi « 5 millions », 2011-12 « 2011-2012 »."""
    entier = nombre.replace(",", "")
    if entier.endswith("000000") and entier.removesuffix("000000") in presents:
        return True
    return len(nombre) == 2 and f"20{nombre}" in presents


def _textes_des_dispositifs(fiche: Fiche) -> str:
    return "\n".join(f"{d.nom} {d.detail or ''}" for d in fiche.dispositifs)


def _lieux_absents(source: Fiche, notre: Fiche, tout: str) -> list[Manque]:
    connus = {cle(lieu.imprime) for lieu in notre.lieux} | {
        cle(lieu.territoire)
        for lieu in notre.lieux
        if lieu.territoire and lieu.type in ("commune", "agglomeration")
    }
    texte = f" {cle(tout)} "
    absents = []
    for lieu in source.lieux:
        noms = [
            cle(lieu.imprime),
            *([cle(lieu.territoire)] if lieu.territoire and lieu.type == "commune" else []),
        ]
        if any(nom in connus or f" {nom} " in texte for nom in noms):
            continue
        if lieu.type == "agglomeration" and re.search(r"intercommuna|agglomeration", plier(tout)):
            continue
        absents.append(Manque(source.numero, "lieu", lieu.imprime, lieu.ligne))
    return absents


def _dispositifs_absents(source: Fiche, notre: Fiche) -> list[Manque]:
    return [
        Manque(source.numero, "dispositif", f"{d.nom} ({d.porteur or 'sans responsable'})", d.ligne)
        for d in source.dispositifs
        if not any(meme_dispositif(d, autre) for autre in notre.dispositifs)
    ]


def meme_dispositif(a: Dispositif, b: Dispositif) -> bool:
    """Dit si deux dispositifs d'une même fiche sont le même, malgré des noms réécrits."""
    memes = set(_porteurs(a)) & set(_porteurs(b)) or (a.parent and a.parent in _porteurs(b))
    if not memes and _porteurs(a) and _porteurs(b):
        return False
    ensemble_a, ensemble_b = f"{a.nom} {a.detail or ''}", f"{b.nom} {b.detail or ''}"
    sigles_a, sigles_b = set(_SIGLE.findall(ensemble_a)), set(_SIGLE.findall(ensemble_b))
    if sigles_a & sigles_b - {"BOP", "PRE"} or (
        set(_SIGLE.findall(a.nom)) & set(_SIGLE.findall(b.nom))
    ):
        return True
    na, nb = cle_souple(a.nom), cle_souple(b.nom)
    if fuzz.token_set_ratio(na, nb) >= 75:
        return True
    return (
        fuzz.token_set_ratio(na, cle_souple(ensemble_b)) >= 70
        or _mots_communs(ensemble_a, nb) >= 0.5
    )


def _porteurs(dispositif: Dispositif) -> tuple[str, ...]:
    return dispositif.porteurs or ((dispositif.porteur,) if dispositif.porteur else ())


def _mots_communs(texte: str, nom: str) -> float:
    """Rend la part des mots longs d'un nom que contient un texte (radicaux de cinq lettres)."""
    radicaux = {mot[:5] for mot in cle_souple(texte).split() if len(mot) > 3}
    longs = [mot[:5] for mot in nom.split() if len(mot) > 3]
    return sum(1 for mot in longs if mot in radicaux) / len(longs) if longs else 0.0
