"""Le thésaurus du champ : des mots de tous les jours et de l'administration vers les mêmes notions."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from parvis.orientation.moteur.langue import MOT, Mot, lire_les_mots
from parvis.socle.texte import sans_accents

# Un mot qui ne dit une notion qu'à moitié.
POIDS_D_UN_INDICE = 0.4
_ARTICLES = frozenset({"d", "de", "des", "du", "l", "la", "le", "les", "un", "une"})


@dataclass(frozen=True)
class Notion:
    """Une idée du champ, ses mots, et les notions voisines qu'une fiche nomme parfois à sa place."""

    code: str
    nom: str
    mots: tuple[str, ...] = ()
    indices: tuple[str, ...] = ()
    vers: Mapping[str, float] = field(default_factory=dict)
    # Une notion que les contrats de ville ne traitent pas, et à qui s'adresser.
    # Un public, une structure ou un sigle ne disent pas ce que l'on fait.
    est_une_activite: bool = True
    est_hors: bool = False
    issue: str = ""

    @property
    def entrees(self) -> Iterable[tuple[str, float]]:
        """Rend chaque entrée et son poids."""
        yield from ((mot, 1.0) for mot in self.mots)
        yield from ((mot, POIDS_D_UN_INDICE) for mot in self.indices)


@dataclass(frozen=True, slots=True)
class Reconnue:
    """Une notion reconnue dans un texte : où, avec quelle force, par quelle entrée."""

    notion: str
    poids: float
    debut: int
    fin: int
    premier: int
    dernier: int
    entree: str


class Thesaurus:
    """Les notions, et de quoi les reconnaître dans une suite de mots."""

    def __init__(
        self,
        notions: Iterable[Notion],
        abreviations: Mapping[str, str] | None = None,
        lues: "dict[str, _EntreeLue] | None" = None,
    ):
        # Lire neuf mille entrées prend une demi-seconde : un thésaurus et ses suites les lisent une fois.
        self._lues = {} if lues is None else lues
        self.notions = {notion.code: notion for notion in notions}
        self.abreviations = dict(abreviations or {})
        # Ce que dit un mot seul, par clé ; et ce que dit une expression, par ses deux premières.
        self._seuls: dict[str, list[_Entree]] = {}
        self._suites: dict[tuple[str, str], list[_Entree]] = {}
        self._debuts: set[str] = set()
        self.mots: dict[str, str] = {}
        # Comment chaque mot s'écrit avec ses accents ; et les mots qui ne sont que des sigles.
        self.graphies: dict[str, str] = {}
        self.sigles: set[str] = set()
        for notion in self.notions.values():
            for entree, poids in notion.entrees:
                self._ranger(notion.code, entree, poids)
        self.sigles -= self.graphies.keys()

    def en_entier(self, texte: str) -> str:
        """Rend un texte où chaque abréviation connue est en toutes lettres, comme dans une question."""
        return MOT.sub(
            lambda mot: self.abreviations.get(sans_accents(mot.group()), mot.group()), texte
        )

    def avec(self, notions: Iterable[Notion]) -> "Thesaurus":
        """Rend un thésaurus qui connaît aussi ces notions ; un code déjà pris garde sa notion."""
        ajoutees = {notion.code: notion for notion in notions}
        return Thesaurus({**ajoutees, **self.notions}.values(), self.abreviations, self._lues)

    def _ranger(self, code: str, entree: str, poids: float) -> None:
        lue = self._lues.get(entree)
        if lue is None:
            mots = [(m.plat, m.cle, entree[m.debut : m.fin]) for m in lire_les_mots(entree)]
            lue = self._lues[entree] = _EntreeLue(mots, suite_de(self.en_entier(entree)))
        for plat, cle, ecrit in lue.mots:
            self.mots[plat] = cle
            if ecrit.isupper():
                self.sigles.add(plat)
            else:
                self.graphies.setdefault(plat, ecrit.lower())
        suite = lue.suite
        if len(suite) == 1:
            self._seuls.setdefault(suite[0], []).append(_Entree(code, poids, entree))
        elif suite:
            self._debuts.add(suite[0])
            rangee = self._suites.setdefault(suite[:2], [])
            rangee.append(_Entree(code, poids, entree, suite[2:]))

    def reconnaitre(self, mots: list[Mot]) -> list[Reconnue]:
        """Rend les notions d'une suite de mots ; une expression longue affaiblit celles qu'elle contient."""
        trouvees = [
            Reconnue(e.notion, e.poids, mots[rang].debut, mots[dernier].fin, rang, dernier, e.texte)
            for rang, mot in enumerate(mots)
            for dernier, e in self._commencees(mots, rang, mot.cle)
        ]
        # Par mot, les expressions qui le couvrent : chacune une fois, si longue que soit la redite.
        longues = {(u.premier, u.dernier, u.notion): u for u in trouvees if u.dernier > u.premier}
        couvrent: dict[int, list[Reconnue]] = {}
        for longue in longues.values():
            for rang in range(longue.premier, longue.dernier + 1):
                couvrent.setdefault(rang, []).append(longue)
        return [_affaiblir(une, couvrent.get(une.premier, ())) for une in trouvees]

    def _commencees(self, mots: list[Mot], rang: int, cle: str) -> Iterator[tuple[int, "_Entree"]]:
        """Rend les entrées qui commencent à ce mot, et le rang de leur dernier mot."""
        yield from ((rang, entree) for entree in self._seuls.get(cle, ()))
        if cle not in self._debuts:
            return
        vues: set[str] = set()
        for suivant in _a_portee(mots, rang):
            seconde = mots[suivant].cle
            if seconde in vues:
                continue
            vues.add(seconde)
            for entree in self._suites.get((cle, seconde), ()):
                if (dernier := _suivre(mots, suivant, entree.reste)) >= 0:
                    yield dernier, entree


@dataclass(frozen=True, slots=True)
class _EntreeLue:
    """Une entrée lue : ses mots (sans accents, clé, tel qu'écrit), et les clés qui la font reconnaître."""

    mots: list[tuple[str, str, str]]
    suite: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Entree:
    """Une entrée rangée : sa notion, son poids, son texte, et les clés après les deux premières."""

    notion: str
    poids: float
    texte: str
    reste: tuple[str, ...] = ()


def cle_d_un_mot(entree: str) -> str:
    """Rend la clé d'un mot ou d'une expression ; vide s'il n'y a que des mots outils."""
    est_pleine = any(not mot.est_outil for mot in lire_les_mots(entree))
    return " ".join(suite_de(entree)) if est_pleine else ""


def suite_de(entree: str) -> tuple[str, ...]:
    """Rend les clés à retrouver, dans l'ordre.

    Les mots outils sont passés, sauf dans une locution qui n'a qu'un mot plein (« sans emploi ») :
    seul, il dirait autre chose. Un article devant un mot ne fait pas une locution.
    """
    mots = lire_les_mots(entree)
    while mots and mots[0].plat in _ARTICLES:
        mots = mots[1:]
    pleins = [mot for mot in mots if not mot.est_outil]
    return tuple(mot.cle for mot in (pleins if len(pleins) > 1 else mots))


def _a_portee(mots: list[Mot], rang: int) -> Iterator[int]:
    """Rend les rangs où la suite d'une expression peut continuer : outils et un mot étranger tolérés."""
    etrangers = 0
    for suivant in range(rang + 1, min(rang + 6, len(mots))):
        yield suivant
        etrangers += not mots[suivant].est_outil
        if etrangers > 1:
            return


def _suivre(mots: list[Mot], dernier: int, reste: tuple[str, ...]) -> int:
    """Rend le rang du dernier mot d'une suite commencée, -1 si elle s'interrompt."""
    for attendue in reste:
        trouve = (s for s in _a_portee(mots, dernier) if mots[s].cle == attendue)
        dernier = next(trouve, -1)
        if dernier < 0:
            return -1
    return dernier


def _affaiblir(une: Reconnue, toutes: Iterable[Reconnue]) -> Reconnue:
    longueur = une.dernier - une.premier
    for autre in toutes:
        if (
            autre.premier <= une.premier
            and une.dernier <= autre.dernier
            and autre.dernier - autre.premier > longueur
            and autre.notion != une.notion
        ):
            return replace(une, poids=une.poids * POIDS_D_UN_INDICE)
    return une


def lire_le_thesaurus(fichier: Path) -> Thesaurus:
    """Rend le thésaurus d'un fichier YAML ; lève ValueError s'il se contredit."""
    lu: dict[str, Any] = yaml.safe_load(fichier.read_text(encoding="utf-8"))
    notions = [
        Notion(
            code=ligne["notion"],
            nom=ligne["nom"],
            mots=tuple(map(str, ligne.get("mots", ()))),
            indices=tuple(map(str, ligne.get("indices", ()))),
            vers=ligne.get("vers") or {},
            est_une_activite=ligne.get("sorte", "activite") == "activite",
            est_hors=bool(ligne.get("hors")),
            issue=ligne.get("issue", ""),
        )
        for ligne in lu["notions"]
    ]
    return Thesaurus(notions, lu.get("abreviations"))
