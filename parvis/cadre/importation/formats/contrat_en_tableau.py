"""Un contrat lu, mis en rangées : ce que le modèle écrit se relit pareil."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parvis.cadre.importation.formats.modele_colonnes import COLONNES
from parvis.cadre.importation.formats.noms_en_cellule import (
    dispositifs_en_cellule,
    partenaires_en_cellule,
)
from parvis.cadre.importation.formats.tableur import en_cellule
from parvis.cadre.importation.fragments import blocs_de
from parvis.cadre.importation.lieux_connus import gazette
from parvis.cadre.importation.structure import (
    ContratLu,
    Enjeu,
    Fiche,
    Mots,
    Pilier,
    Rubrique,
    TypeDAction,
)
from parvis.cadre.importation.texte import cle, majuscule, plier
from parvis.cadre.importation.titres import mot_de_niveau
from parvis.cadre.importation.types_d_action import lire_types_d_action

_MOIS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
).split()
_MASCULINS = frozenset(("volet", "projet", "theme", "pilier"))
_CODES = frozenset(c.code for c in COLONNES)
# Ces rubriques sont réunies dans le descriptif.
_DANS_LE_DESCRIPTIF = frozenset(("contexte", "objectifs", "titre", "numero"))


def entete_du_contrat(contrat: ContratLu) -> list[tuple[str, str]]:
    """Rend les paires « libellé, valeur » du contrat ; le préambule suit, un paragraphe par rangée."""
    annees = [str(annee) for annee in contrat.periode if annee]
    paragraphes = [p for p in contrat.preambule.split("\n\n") if p.strip()]
    return [
        ("Titre du contrat", contrat.titre),
        ("Territoire", contrat.territoire),
        ("Période", "-".join(annees)),
        ("Édition", _edition(contrat.edition)),
        ("Préambule", ""),
        *(("", paragraphe) for paragraphe in paragraphes),
    ]


def _edition(edition: str) -> str:
    """Rend « 2015-03 » comme un document l'imprime : « Mars 2015 »."""
    lue = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])(?:-.*)?", edition)
    return f"{majuscule(_MOIS[int(lue[2]) - 1])} {lue[1]}" if lue else edition


def titres_des_colonnes(contrat: ContratLu) -> list[str]:
    """Rend les titres des colonnes dans les mots du contrat, puis ceux de ses autres rubriques."""
    mots = mots_lisibles(contrat.mots)
    niveaux = [
        majuscule(mots.pilier),
        f"N° {_de(mots.enjeu)}",
        majuscule(mots.enjeu),
        f"N° {_de(mots.fiche)}",
        f"Titre {_de(mots.fiche)}",
    ]
    return niveaux + [c.titre for c in COLONNES[len(niveaux) :]] + _autres_rubriques(contrat)


def mots_lisibles(mots: Mots) -> Mots:
    """Rend les mots du contrat, ou les nôtres si le lecteur ne saurait pas les reconnaître."""
    clefs = [mot_de_niveau(mot) for mot in (mots.pilier, mots.enjeu, mots.fiche)]
    distincts = len({clef for _, clef, _ in clefs}) == len(clefs)
    return mots if distincts and all(clef for _, clef, _ in clefs) else Mots()


def _de(mot: str) -> str:
    if plier(mot)[0] in "aeiouyh":
        return f"de l'{mot}"
    return f"du {mot}" if plier(mot) in _MASCULINS else f"de la {mot}"


def _autres_rubriques(contrat: ContratLu) -> list[str]:
    """Rend les libellés des rubriques que le modèle ne prévoit pas (« Budget »), dans leur ordre."""
    imprimes: dict[str, str] = {}
    for fiche in contrat.fiches:
        for rubrique in fiche.rubriques:
            if _est_autre(rubrique):
                imprimes.setdefault(cle(rubrique.imprime), rubrique.imprime)
    return list(imprimes.values())


def _est_autre(rubrique: Rubrique) -> bool:
    connues = _CODES | _DANS_LE_DESCRIPTIF
    return bool(rubrique.texte and cle(rubrique.imprime)) and rubrique.code not in connues


def rangees_des_fiches(contrat: ContratLu) -> list[list[str]]:
    """Rend une rangée par fiche ; un enjeu sans fiche en a une, ses cellules de fiche vides."""
    autres = _autres_rubriques(contrat)
    rangees = []
    for pilier in contrat.piliers:
        for enjeu in pilier.enjeux:
            for fiche in enjeu.fiches or (None,):
                rangees.append(_rangee(pilier, enjeu, fiche, autres))
    return rangees


def _rangee(pilier: Pilier, enjeu: Enjeu, fiche: Fiche | None, autres: Sequence[str]) -> list[str]:
    niveaux = [pilier.titre, str(enjeu.numero), enjeu.titre]
    if fiche is None:
        return niveaux + [""] * (len(COLONNES) - len(niveaux) + len(autres))
    textes = {r.code: r.texte for r in fiche.rubriques if r.texte}
    inconnues = {cle(r.imprime): r.texte for r in fiche.rubriques if _est_autre(r)}
    descriptif, types = _descriptif_et_types(fiche)
    return [
        *niveaux,
        fiche.numero,
        fiche.titre,
        descriptif,
        types,
        partenaires_en_cellule(fiche.financeurs),
        partenaires_en_cellule(fiche.operateurs),
        dispositifs_en_cellule(fiche.dispositifs),
        *(textes.get(c.code, "") for c in COLONNES[10:]),
        *(inconnues.get(cle(imprime), "") for imprime in autres),
    ]


def _descriptif_et_types(fiche: Fiche) -> tuple[str, str]:
    """Rend le descriptif, et les types de projets dans leur colonne si rien n'est dit deux fois ainsi.

    Ceux qu'une phrase du descriptif annonce y restent : c'est là qu'ils se lisent et se corrigent.
    """
    types = [t for t in fiche.types_d_action if cle(t.texte) != cle(fiche.titre)]
    a_part = any(r.code == "types_d_action" for r in fiche.rubriques)
    reste, liste = _separer(fiche.descriptif, types)
    if a_part or cle(f"{reste} {liste}") == cle(fiche.descriptif):
        return reste, liste
    relus = lire_types_d_action(
        blocs_de(en_cellule(fiche.descriptif), 1), fiche.titre, 1, gazette(""), _sans_signaler
    )
    if {t.texte for t in relus} == {t.texte for t in fiche.types_d_action}:
        return fiche.descriptif, ""
    return reste, liste


def _sans_signaler(ligne: int, nature: str, texte: str) -> None:
    """Les anomalies ont été signalées à la première lecture."""


def _separer(descriptif: str, types: Sequence[TypeDAction]) -> tuple[str, str]:
    """Rend le descriptif sans les lignes qui sont des types, et les types, un par ligne."""
    clefs = {cle(t.texte) for t in types}
    gardes: list[str] = []
    imprimes: dict[str, str] = {}
    # imprimé deux fois, un type ne quitte que sa dernière place
    for ligne in reversed(descriptif.split("\n")):
        nue = ligne.removeprefix("- ")
        clef = cle(nue)
        if clef in clefs and clef not in imprimes:
            imprimes[clef] = nue
        else:
            gardes.append(ligne)
    puce = "• " if any(t.forme == "liste" for t in types) else ""
    lignes = [puce + imprimes.get(cle(t.texte), t.texte) for t in types]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(reversed(gardes))).strip(), "\n".join(lignes)
