"""Relecture du document : noms, sigles, mots, langue, phrases ; rien n'est corrigé, tout est signalé."""

from __future__ import annotations

from collections.abc import Iterator

from .dispositifs_isoles import relire_les_dispositifs
from .fragments import Bloc
from .graphies import relire_les_noms
from .langue import relire_la_langue, relire_les_titres
from .mots_proches import relire_les_mots
from .phrases_coupees import relire_les_phrases
from .plan import Plan
from .sigles_imprimes import relire_les_sigles
from .structure import Anomalie, Fiche
from .texte_nu import Passage, passages

PAR_LIGNE = 60
DEJA_DITES = ("faute_probable", "libelle_mal_imprime")


def relire(lignes: list[str], plan: Plan, fiches: tuple[Fiche, ...]) -> list[Anomalie]:
    """Rend les fautes d'impression du document, chacune à sa ligne."""
    textes = passages(lignes)
    partenaires = [p for fiche in fiches for p in (*fiche.financeurs, *fiche.operateurs)]
    return [
        *relire_les_noms(textes, frozenset(p.ligne or 0 for p in partenaires)),
        *relire_les_sigles(textes),
        *relire_les_mots(textes),
        *relire_la_langue(textes),
        *relire_les_phrases(_phrases(plan), textes),
        *relire_les_titres(_titres(plan)),
        *relire_les_dispositifs(d for fiche in fiches for d in fiche.dispositifs),
    ]


def sans_redites(lues: list[Anomalie], relues: list[Anomalie]) -> list[Anomalie]:
    """Rend les fautes relues que ne dit pas déjà, à la même ligne, une faute qui les contient."""
    dites: dict[int | None, list[str]] = {}
    for anomalie in (a for a in lues if a.nature in DEJA_DITES):
        dites.setdefault(anomalie.ligne, []).append(_cite(anomalie))
    gardees = []
    for anomalie in relues:
        cite, memes = _cite(anomalie), dites.setdefault(anomalie.ligne, [])
        if len(memes) >= PAR_LIGNE:
            continue  # borne le coût et le bruit d'un document hostile
        if anomalie.nature == "phrase_coupee" or not any(cite in deja for deja in memes):
            gardees.append(anomalie)
            memes.append(cite)
    return gardees


def _cite(anomalie: Anomalie) -> str:
    return anomalie.texte.partition("« ")[2].partition(" »")[0].casefold()


def _titres(plan: Plan) -> list[Passage]:
    enjeux = [enjeu for pilier in plan.piliers for enjeu in pilier.enjeux]
    return [
        *(Passage(pilier.ligne, pilier.titre) for pilier in plan.piliers),
        *(Passage(enjeu.ligne, enjeu.titre) for enjeu in enjeux),
        *(Passage(fiche.ligne, fiche.titre) for enjeu in enjeux for fiche in enjeu.fiches),
    ]


def _phrases(plan: Plan) -> Iterator[tuple[Bloc, bool]]:
    """Rend chaque bloc, et s'il doit finir par un point : ni un titre ni un nom n'en ont."""
    for titre in _titres(plan):
        yield Bloc("paragraphe", titre.texte, titre.ligne), False
    yield from ((bloc, True) for bloc in plan.preambule)
    for pilier in plan.piliers:
        yield from ((bloc, True) for bloc in pilier.introduction)
        for enjeu in pilier.enjeux:
            yield from ((bloc, True) for bloc in enjeu.introduction)
            for fiche in enjeu.fiches:
                for code, blocs in fiche.contenu.items():
                    yield from ((bloc, code not in ("financeurs", "operateurs")) for bloc in blocs)
