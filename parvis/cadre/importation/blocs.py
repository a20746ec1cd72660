"""Lignes du document : rangées de tableau, coupures de page, notes ; blocs recollés entre deux pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .fragments import Bloc, blocs_de, joindre
from .rubriques import LibelleImprime
from .structure import Note
from .texte import collapser, plier

_TIRETS = re.compile(r"^[\s|]*:?-{2,}:?(?:[\s|]+:?-{2,}:?)*[\s|]*$")
_NOTE_EXPOSANT = re.compile(r"^\s*(?:<p>)?\s*<sup>\s*(\d{1,3})\s*</sup>\s*(\S.*)$", re.IGNORECASE)
_NOTE_NUE = re.compile(
    r"^\s*(\d{1,3})\s+((?:Source|Sources|Cf|Voir|https?:|<https?:|www\.).*)$", re.IGNORECASE
)
_NOTE_MD = re.compile(r"^\s*\[\^(\d{1,3})\]:\s*(\S.*)$")
_FINIT = re.compile(r"[.!?…;:»)\"]\s*$")
_SUSPENS = re.compile(
    r"(?:,|'|’|\b(?:de|du|des|la|le|les|l|d|et|ou|à|au|aux|en|par|pour|dans|sur|avec|sans|sous|entre|que|qui|dont"
    r"|un|une|ces|ce|cette|leur|leurs|son|sa|ses|est|sont|plus|moins|vers|chez|comme|afin|ne))\s*$",
    re.IGNORECASE,
)
_DEBUT_DE_SUITE = re.compile(r"^[a-zà-öø-ÿœæ,;)»%]")

JOINTURE_MAX = 6_000  # caractères au-delà desquels un paragraphe n'est plus recollé


@dataclass(frozen=True, slots=True)
class Titre:
    """Titre reconnu ; `numero` vaut « 3 » pour un enjeu, « 3-1 » pour une fiche, ou rien.

    `mot` est la clé du mot qui nomme le niveau (« axe », « fiche action »), vide s'il n'y en a pas.
    `renvoi` : une fiche ne fait que nommer ce niveau, « dessous » ou « devant » son propre titre.
    """

    niveau: str  # pilier | intermediaire | enjeu | fiche | sommaire | preambule | libre
    numero: str
    texte: str
    dieses: int = 0
    majuscules: bool = False
    gras: bool = False
    mot: str = ""
    renvoi: str = ""


@dataclass(frozen=True, slots=True)
class Fait:
    """Rangée d'un tableau dont l'en-tête nomme les colonnes : ses cases, par nom de colonne."""

    ligne: int
    cases: dict[str, str]


@dataclass(frozen=True, slots=True)
class Tableau:
    """Tableau d'une rubrique : son code, et un fait par rangée."""

    code: str
    faits: tuple[Fait, ...]


@dataclass(frozen=True, slots=True)
class Rangee:
    """Ligne non vide du document, découpée en cellules.

    `titre`, `libelle` et `tableau` disent ce que la mise en page apprend d'une ligne : le niveau
    qu'elle ouvre, la rubrique d'une fiche, ou ses faits (voir `disposition.py`).
    """

    numero: int
    cellules: tuple[str, ...]
    titre: Titre | None = None
    libelle: LibelleImprime | None = None
    tableau: Tableau | None = None
    # Le titre qu'y a lu `titres.titre_de`, gardé : chaque passe sur le document le redemande.
    titre_lu: list[Titre | None] = field(
        default_factory=list, init=False, repr=False, compare=False
    )

    @property
    def est_tableau(self) -> bool:
        """Dit si la ligne appartient à un tableau (au moins une tabulation)."""
        return len(self.cellules) > 1

    @property
    def est_suite(self) -> bool:
        """Dit si la ligne continue la rubrique ouverte (première cellule vide)."""
        return self.est_tableau and not self.cellules[0].strip()

    @property
    def contenu(self) -> str:
        """Rend le contenu des cellules qui suivent la première."""
        return " ".join(cellule for cellule in self.cellules[1:] if cellule.strip())


def est_separateur(ligne: str) -> bool:
    """Dit si la ligne n'est qu'une rangée de tirets (coupure de page du tableau)."""
    return bool(ligne.strip()) and bool(_TIRETS.match(ligne))


def lire_note(ligne: str) -> tuple[int, str] | None:
    """Rend le numéro et le texte d'une note de bas de page, sinon rien."""
    trouve = _NOTE_EXPOSANT.match(ligne) or _NOTE_NUE.match(ligne) or _NOTE_MD.match(ligne)
    if trouve is None:
        return None
    texte = collapser(" ".join(bloc.texte for bloc in blocs_de(trouve.group(2), 0)))
    return int(trouve.group(1)), texte.strip("<> ") if texte.startswith("<") else texte


def rangees(lignes: list[str]) -> tuple[list[Rangee], list[Note]]:
    """Rend les lignes utiles et les notes ; les rangées de tirets et les lignes vides tombent."""
    utiles: list[Rangee] = []
    notes: list[Note] = []
    for numero, ligne in enumerate(lignes, 1):
        if not ligne.strip() or est_separateur(ligne):
            continue
        note = lire_note(ligne)
        if note is not None:
            notes.append(Note(note[0], note[1], numero))
            continue
        cellules = _cellules(ligne)
        if any(cellule.strip() for cellule in cellules):  # « | | | », l'en-tête vide d'un tableau
            utiles.append(Rangee(numero, cellules))
    return utiles, notes


def _cellules(ligne: str) -> tuple[str, ...]:
    nette = ligne.strip(" ")
    if nette.startswith("|") and nette.count("|") > 1:  # tableau Markdown à barres
        return (
            tuple(nette.strip("|").split("|"))
            if not nette.endswith("||")
            else (nette.strip("|"), "")
        )
    if "<td" in nette or "<th" in nette:
        nette = re.sub(r"</t[dh]>\s*(?=<t[dh])", "\t", nette)
    return tuple(nette.split("\t"))


def ajouter(blocs: list[Bloc], nouveaux: list[Bloc], en_liste_de_noms: bool) -> None:
    """Ajoute des blocs à une rubrique, en recollant le premier s'il continue une phrase coupée."""
    if (
        blocs
        and nouveaux
        and nouveaux[0].reprise
        and not en_liste_de_noms
        and continue_(blocs[-1], nouveaux[0])
    ):
        blocs[-1] = joindre(blocs[-1], nouveaux[0])
        nouveaux = nouveaux[1:]
    blocs.extend(nouveaux)


def continue_(avant: Bloc, apres: Bloc) -> bool:
    """Dit si `apres`, en tête de page, continue la phrase que `avant` laisse ouverte."""
    if len(avant.texte) > JOINTURE_MAX:
        return False  # borne le coût d'un document hostile fait de suites sans fin
    if apres.texte[:1].isupper() and plier(apres.texte).startswith(
        ("dispositif", "les dispositif")
    ):
        return False
    minuscule = bool(_DEBUT_DE_SUITE.match(apres.texte))
    ouvert = avant.texte.count("(") > avant.texte.count(")") or avant.texte.count(
        "«"
    ) > avant.texte.count("»")
    fin = avant.texte[-30:]
    suspens = bool(_SUSPENS.search(fin)) or (ouvert and not _FINIT.search(fin))
    if apres.genre == "puce":
        # une puce neuve porte sa marque ; la suite d'une puce coupée commence en minuscule
        return (
            not apres.marque
            and minuscule
            and not _FINIT.search(fin)
            and (suspens or avant.genre == "puce")
        )
    if _FINIT.search(fin) and not suspens:
        return minuscule and avant.texte.rstrip().endswith(")")
    if avant.tout_gras and not suspens and not minuscule:
        return False
    return minuscule or suspens or (avant.genre == "paragraphe" and len(avant.texte) > 60)
