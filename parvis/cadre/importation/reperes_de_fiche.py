"""Fiches dont le tableau répète le pilier, l'enjeu, le titre ou le numéro : chaque niveau à sa place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from .blocs import Rangee, Titre
from .fragments import texte_de
from .niveaux import Niveaux, ouvre_une_rubrique
from .numeros import cle_de_numero, normaliser, numero_nu
from .rubriques import reconnaitre
from .texte import cle, collapser
from .titres import mot_de_niveau, titre_du_texte

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

    def __bool__(self) -> bool:
        return bool(self.parents or self.titre or self.numero)


def remonter(rangees: list[Rangee], niveaux: Niveaux) -> list[Rangee]:
    """Rend les lignes, les niveaux que répète un tableau de fiche placés avant son titre."""
    resultat: list[Rangee] = []
    ouverts: dict[str, str] = {}
    for titre, suite in _par_fiche(rangees, niveaux):
        repere = (
            _repere(suite, niveaux) if titre is not None or _nomme_une_fiche(suite) else Repere()
        )
        if not repere and titre is not None:
            resultat += [titre[0], *suite]
            continue
        if not repere:
            resultat += suite
            continue
        resultat += _parents(repere, ouverts)
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
        renomme = _code(rangee) == "titre" and nomme and not est_fiche
        if est_fiche or renomme or (lu is not None and lu.niveau in _NIVEAUX and nomme):
            yield titre, suite
            titre, suite, nomme = ((rangee, lu) if est_fiche and lu else None), [], False
            if not est_fiche:
                suite = [rangee]
                nomme = renomme
            continue
        nomme = nomme or _code(rangee) == "titre"
        suite.append(rangee)
    yield titre, suite


def _code(rangee: Rangee) -> str:
    """Rend le code de la rubrique qu'ouvre une ligne, si ses mots sont exacts."""
    if rangee.libelle is not None:
        return rangee.libelle.libelle.code
    if not rangee.est_tableau or not rangee.contenu:
        return ""
    tete = texte_de(rangee.cellules[0]) if len(rangee.cellules[0]) < 200 else ""
    reconnu = reconnaitre(tete, seuil=_SEUIL) if tete else None
    return reconnu.code if reconnu else ""


def _nomme_une_fiche(suite: list[Rangee]) -> bool:
    return any(_code(rangee) == "titre" for rangee in suite)


def _repere(suite: list[Rangee], niveaux: Niveaux) -> Repere:
    repere = Repere()
    for rangee in suite:
        code = _code(rangee)
        valeur = _valeur(rangee) if code in ("titre", "numero") else ""
        if code == "titre" and valeur and not repere.titre:
            repere.titre = valeur
        elif code == "numero" and valeur and not repere.numero:
            repere.numero = normaliser(numero_nu(f"{valeur} x")[0] or valeur)
        elif (parent := _parent(rangee, niveaux)) is not None:
            repere.parents.append((rangee, parent))
        else:
            repere.rangees.append(rangee)
    return repere


def _valeur(rangee: Rangee) -> str:
    if rangee.libelle is not None:
        return texte_de(rangee.libelle.contenu)
    return texte_de(rangee.contenu)


def _parent(rangee: Rangee, niveaux: Niveaux) -> Titre | None:
    """Rend le niveau que nomme une rangée de tableau (« Pilier | Cohésion sociale »), sinon rien."""
    if not rangee.est_tableau or any(len(cellule) > _CELLULE_MAX for cellule in rangee.cellules):
        return None
    valeur = _valeur(rangee)
    if not valeur:
        return None
    tete = texte_de(rangee.cellules[0]).rstrip(" :")
    niveau, mot, fin = mot_de_niveau(tete)
    # « Objectifs » ouvre une rubrique, « Objectif » dit sous quel objectif est la fiche
    if not mot or niveau == "fiche" or len(tete) > 60 or tete[:fin].endswith("s"):
        return None
    niveau = niveaux.mots.get(mot, niveau)
    numero = normaliser(tete[fin:].replace("n°", "").replace("N°", "").strip())
    lu = titre_du_texte(valeur)
    if lu is not None and lu.mot:
        return Titre(niveau, lu.numero, lu.texte, mot=mot)
    if numero and (len(numero) > 6 or not any(c.isdigit() or c.isupper() for c in numero)):
        return None
    nu, texte = numero_nu(valeur)
    return Titre(niveau, numero or nu, texte if nu else valeur, mot=mot)


def _parents(repere: Repere, ouverts: dict[str, str]) -> Iterator[Rangee]:
    """Rend les niveaux qui changent, du plus large au plus fin."""
    for rangee, titre in sorted(repere.parents, key=lambda paire: _NIVEAUX.index(paire[1].niveau)):
        clef = f"{cle_de_numero(titre.numero)} {cle(titre.texte)}"
        if ouverts.get(titre.niveau) == clef:
            continue
        ouverts[titre.niveau] = clef
        for fin in _NIVEAUX[_NIVEAUX.index(titre.niveau) + 1 :]:
            ouverts.pop(fin, None)
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
