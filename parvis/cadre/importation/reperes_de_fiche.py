"""Fiches dont le tableau répète le pilier, l'enjeu, le titre ou le numéro : chaque niveau à sa place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from .blocs import Rangee, Titre
from .fragments import texte_de
from .niveaux import Niveaux, code_de_la_rangee, ouvre_une_rubrique
from .numeros import normaliser, numero_nu
from .rubriques import reconnaitre
from .texte import collapser
from .titres import titre_du_texte

_SEUIL = 96
_CELLULE_MAX = 600
_NIVEAUX = ("pilier", "intermediaire", "enjeu")


@dataclass
class Repere:
    """Ce que le tableau d'une fiche dit de sa place et de son nom."""

    parents: list[tuple[Rangee, Titre]] = field(default_factory=list)
    titre: str = ""
    numero: str = ""
    rangees: list[Rangee] = field(default_factory=list)
    avant: list[Rangee] = field(
        default_factory=list
    )  # ce qui précède son tableau : une page de titre

    def __bool__(self) -> bool:
        return bool(self.parents or self.titre or self.numero)


def remonter(rangees: list[Rangee], niveaux: Niveaux) -> list[Rangee]:
    """Rend les lignes, les niveaux que répète un tableau de fiche placés avant son titre."""
    resultat: list[Rangee] = []
    for titre, suite in _par_fiche(rangees, niveaux):
        repere = (
            _repere(suite, titre is not None)
            if titre is not None or _nomme_une_fiche(suite)
            else Repere()
        )
        if not repere and titre is not None:
            resultat += [titre[0], *suite]
            continue
        if not repere:
            resultat += suite
            continue
        resultat += [*repere.avant, *_parents(repere)]
        resultat += [_titre(titre, repere), *repere.rangees]
    return resultat


def nommer_les_fiches(rangees: list[Rangee], niveaux: Niveaux) -> list[Rangee]:
    """Fait une fiche du titre, gras ou en capitales, qui précède des rubriques quand rien ne la nomme."""
    if "fiche" in (*niveaux.mots.values(), *niveaux.dieses.values()):
        return rangees
    resultat = list(rangees)
    for rang, (rangee, suivante) in enumerate(pairwise(rangees)):
        titre = niveaux.titre_de(rangee)
        if (
            titre is not None
            and titre.niveau == "libre"
            and ouvre_une_rubrique(suivante)
            and not ouvre_une_rubrique(rangee)
            and reconnaitre(titre.texte, seuil=_SEUIL) is None
        ):
            numero, texte = numero_nu(titre.texte)
            resultat[rang] = replace(rangee, titre=Titre("fiche", numero, texte))
    return resultat


def _par_fiche(
    rangees: list[Rangee], niveaux: Niveaux
) -> Iterator[tuple[tuple[Rangee, Titre] | None, list[Rangee]]]:
    """Rend les lignes par fiche : son titre, puis tout ce qui le suit jusqu'au titre suivant."""
    titre: tuple[Rangee, Titre] | None = None
    suite: list[Rangee] = []
    nomme = False
    for rangee in rangees:
        lu = niveaux.titre_de(rangee)
        est_fiche = lu is not None and lu.niveau == "fiche"
        # un tableau qui nomme de nouveau sa fiche en commence une autre
        renomme = code_de_la_rangee(rangee) == "titre" and nomme and not est_fiche
        large = lu is not None and lu.niveau in _NIVEAUX and lu.renvoi != "dessous"
        if est_fiche or renomme or (large and nomme):
            yield titre, suite
            titre, suite, nomme = ((rangee, lu) if est_fiche and lu else None), [], False
            if not est_fiche:
                suite = [rangee]
                nomme = renomme
            continue
        nomme = nomme or code_de_la_rangee(rangee) == "titre"
        suite.append(rangee)
    yield titre, suite


def _nomme_une_fiche(suite: list[Rangee]) -> bool:
    return any(code_de_la_rangee(rangee) == "titre" for rangee in suite)


def _repere(suite: list[Rangee], nommee: bool) -> Repere:
    """Lit ce que dit une fiche de sa place et de son nom ; `nommee` : un titre la nomme déjà."""
    repere = Repere()
    for rangee in suite:
        code = code_de_la_rangee(rangee)
        valeur = _valeur(rangee) if code in ("titre", "numero") else ""
        if code == "titre" and valeur and not repere.titre:
            repere.titre = valeur
        elif code == "numero" and valeur and not repere.numero:
            repere.numero = normaliser(numero_nu(f"{valeur} x")[0] or valeur)
        elif (parent := rangee.titre) is not None and _est_au_dessus(parent, repere, nommee):
            repere.parents.append((rangee, parent))
        elif nommee or repere or repere.rangees or ouvre_une_rubrique(rangee):
            repere.rangees.append(rangee)
        else:
            repere.avant.append(rangee)
    return repere


def _est_au_dessus(parent: Titre, repere: Repere, nommee: bool) -> bool:
    """Dit si un niveau est celui de la fiche : nommé sous son titre, ou devant son intitulé."""
    devant = parent.renvoi == "devant" and not nommee and not repere.titre
    return parent.niveau in _NIVEAUX and (parent.renvoi == "dessous" or devant)


def _valeur(rangee: Rangee) -> str:
    if rangee.libelle is not None:
        return texte_de(rangee.libelle.contenu)
    return texte_de(rangee.contenu)


def _parents(repere: Repere) -> Iterator[Rangee]:
    """Rend les niveaux que nomme une fiche, du plus large au plus fin."""
    for rangee, titre in sorted(repere.parents, key=lambda paire: _NIVEAUX.index(paire[1].niveau)):
        yield Rangee(rangee.numero, (titre.texte,), titre=titre)


def _titre(titre: tuple[Rangee, Titre] | None, repere: Repere) -> Rangee:
    """Rend le titre de la fiche, complété par ce que dit son tableau."""
    ligne = repere.rangees[0].numero if repere.rangees else 1
    numero, texte = repere.numero, repere.titre
    if titre is not None:
        ligne, numero = titre[0].numero, titre[1].numero or numero
        texte = titre[1].texte or texte
    nomme = titre_du_texte(texte) if texte else None
    if nomme is not None and nomme.niveau == "fiche" and nomme.numero:
        numero, texte = numero or nomme.numero, nomme.texte
    return Rangee(ligne, (collapser(texte),), titre=Titre("fiche", numero, collapser(texte)))
