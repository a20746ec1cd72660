"""Lire une question : abréviations, fautes de frappe, mots et notions, chacun à sa place."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from math import log

from rapidfuzz import process
from rapidfuzz.distance import OSA

from parvis.orientation.moteur.langue import MOT, Mot, banalite, lire_les_mots, lire_un_mot, sons
from parvis.orientation.moteur.reglages import Reglages
from parvis.orientation.moteur.thesaurus import Notion, Reconnue, Thesaurus
from parvis.socle.texte import sans_accents

# Au-delà, on ne lit plus : un dossier entier tient en moins.
LONGUEUR_LUE = 4000
# Un texte qui a plus de mots inconnus n'est pas plein de fautes : ce n'est pas du français.
MOTS_RAPPROCHES = 40
# Ce que toute demande peut dire : aucun sujet ne s'y reconnaît.
SANS_SUJET = frozenset(
    """action aide aider besoin bonjour bonsoir chose choses coucou dossier gens hello idee idees info
    infos monter ok personne personnes projet projets renseignement salut test truc trucs""".split()
)
# Devant le code d'une notion : une notion et un mot ne se confondent pas.
NOTION = "#"


@dataclass(frozen=True)
class Correction:
    """Un mot inconnu de la question, et celui qui a été lu à sa place."""

    ecrit: str
    lu: str


@dataclass
class Question:
    """Une question lue : ce qu'elle dit (unités et poids), où elle le dit, ce qui a été corrigé."""

    texte: str
    poids: dict[str, float] = field(default_factory=dict)
    # Où la question dit chaque unité : (début, fin).
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    corrections: list[Correction] = field(default_factory=list)
    # Ce que pèsent les notions qu'un contrat ne traite pas, par code.
    hors: dict[str, float] = field(default_factory=dict)
    mots_pleins: int = 0
    # Les mots qui peuvent dire un sujet : « projet » ou « aide » n'en disent aucun.
    mots_de_sujet: int = 0
    # La question dit un mot d'ici.
    est_d_ici: bool = False


class Lecteur:
    """Lit des questions avec le vocabulaire d'un contrat et un thésaurus."""

    def __init__(
        self,
        thesaurus: Thesaurus,
        vocabulaire: Mapping[str, str],
        graphies: Mapping[str, str],
        frequences: Mapping[str, int],
        portees: Collection[str] = (),
        mots_d_ici: Iterable[tuple[str, str]] = (),
    ) -> None:
        self.thesaurus = thesaurus
        # Les notions hors du champ que ce contrat traite quand même.
        self._portees = frozenset(portees)
        # Les mots d'ici ne se reconnaissent que dans une question, et se lisent comme leur sens.
        ici = [
            Notion(f"ici-{rang}", sens, (ecrit,)) for rang, (ecrit, sens) in enumerate(mots_d_ici)
        ]
        self._mots_d_ici = Thesaurus(ici, thesaurus.abreviations)
        self._cles = {**vocabulaire, **thesaurus.mots, **self._mots_d_ici.mots}
        # Une faute ne vise jamais un sigle.
        self._connus = [mot for mot in self._cles if mot not in thesaurus.sigles]
        self._graphies = {**graphies, **thesaurus.graphies}
        self._toutes = set(self._cles.values())
        self._frequences = frequences
        self._par_son: dict[str, list[str]] = defaultdict(list)
        for mot in self._connus:
            if len(mot) > 2:
                self._par_son[sons(mot)].append(mot)
        self._corriges: dict[str, str] = {}
        self._sens: dict[str, dict[str, float]] = {}

    def lire(self, texte: str, reglages: Reglages, *, est_un_sens: bool = False) -> Question:
        """Rend la question lue ; tout texte se lit, même vide ou insensé.

        `est_un_sens` : c'est ce que veut dire un mot ajouté, qui ne renvoie pas à un autre.
        """
        question = Question(texte)
        corrige = not est_un_sens
        mots, confiances = self.lire_les_mots(texte[:LONGUEUR_LUE], question, reglages, corrige)
        fois = Counter(mot.cle for mot in mots)
        for mot, confiance in zip(mots, confiances, strict=True):
            if mot.est_outil:
                continue
            question.mots_pleins += 1
            question.mots_de_sujet += mot.plat not in SANS_SUJET
            poids = (
                confiance * _rarete(mot, reglages) * (1 + reglages.redite_mot * log(fois[mot.cle]))
            )
            if poids > question.poids.get(mot.cle, 0.0):
                question.poids[mot.cle] = poids
            question.places.setdefault(mot.cle, (mot.debut, mot.fin))
        self._mettre_les_notions(question, mots, confiances, reglages)
        if not est_un_sens:
            self._mettre_les_mots_d_ici(question, mots, reglages)
        return question

    def lire_les_mots(
        self, texte: str, question: Question, reglages: Reglages, corrige: bool = True
    ) -> tuple[list[Mot], list[float]]:
        """Rend les mots d'un texte, corrigés, et la confiance de chacun ; la question garde le reste."""
        mots: list[Mot] = []
        confiances: list[float] = []
        trouves = list(MOT.finditer(texte))
        crie = texte.isupper()
        inconnus = 0
        for rang, trouve in enumerate(trouves):
            # Un nom propre ou un sigle ne se corrige pas ; qui écrit tout en capitales, si.
            est_un_nom = rang > 0 and trouve.group()[0].isupper() and not crie
            for forme in self._formes(trouve.group()):
                plat, cle, est_outil = lire_un_mot(forme)
                confiance = 1.0
                est_inconnu = (
                    corrige and not est_outil and not est_un_nom and cle not in self._toutes
                )
                inconnus += est_inconnu
                if est_inconnu and inconnus <= MOTS_RAPPROCHES:
                    lu, confiance = self._rapprocher(
                        plat, reglages, est_dernier=rang == len(trouves) - 1
                    )
                    if lu:
                        plat, cle = lu, self._cles[lu]
                        correction = Correction(trouve.group(), self._graphies.get(lu, lu))
                        if correction not in question.corrections:
                            question.corrections.append(correction)
                mots.append(Mot(trouve.start(), trouve.end(), plat, cle, est_outil))
                confiances.append(confiance)
        return mots, confiances

    def _formes(self, ecrit: str) -> Iterable[str]:
        """Rend ce qu'un mot abrège (« rdv »), ou lui-même."""
        entier = self.thesaurus.abreviations.get(sans_accents(ecrit))
        return entier.split() if entier else (ecrit,)

    def _rapprocher(self, plat: str, reglages: Reglages, *, est_dernier: bool) -> tuple[str, float]:
        """Rend le mot connu qu'un mot inconnu voulait dire, et la confiance ; rien si c'est un vrai mot."""
        if plat.isdigit() or banalite(plat):
            return "", 1.0
        if corrige := self._corriger(plat):
            return corrige, reglages.faute
        # Le dernier mot est peut-être en train de s'écrire.
        if est_dernier and len(plat) > 2:
            debuts = [mot for mot in self._connus if mot.startswith(plat)]
            if debuts:
                return max(debuts, key=lambda m: (self._frequences.get(m, 0), m)), reglages.debut
        return "", 1.0

    def _corriger(self, plat: str) -> str:
        """Rend le mot connu le plus proche à l'œil ou à l'oreille, ou une chaîne vide.

        Une faute à partir de 4 lettres, deux à partir de 7 si l'initiale est la même.
        """
        if len(plat) < 4 or len(plat) > 30:
            return ""
        corrige = self._corriges.get(plat)
        if corrige is None:
            permises = 1 if len(plat) < 7 else 2
            proches = process.extract(
                plat, self._connus, scorer=OSA.distance, score_cutoff=permises, limit=15
            )
            candidats = [
                (float(distance), mot)
                for mot, distance, _ in proches
                if len(mot) > 2 and (distance == 1 or mot[0] == plat[0])
            ]
            if len(entendu := sons(plat)) > 1:
                # Ce qui s'entend pareil s'écrit rarement tout autrement.
                for mot in self._par_son.get(entendu, ()):
                    ecart = OSA.distance(plat, mot)
                    if ecart <= max(permises + 1, len(plat) // 2):
                        candidats.append((0.5 if ecart < 2 else max(0.9, ecart - 1.5), mot))
            if len(self._corriges) > 20_000:
                self._corriges.clear()
            corrige = self._corriges[plat] = min(
                candidats,
                key=lambda c: (c[0], c[1][0] != plat[0], -self._frequences.get(c[1], 0), c[1]),
                default=(0.0, ""),
            )[1]
        return corrige

    def _mettre_les_notions(
        self, question: Question, mots: list[Mot], confiances: list[float], reglages: Reglages
    ) -> None:
        par_notion: dict[str, dict[str, float]] = defaultdict(dict)
        premieres: dict[str, tuple[float, Reconnue]] = {}
        for une in self.thesaurus.reconnaitre(mots):
            poids = une.poids * min(confiances[une.premier : une.dernier + 1])
            if une.premier == une.dernier:
                poids *= _franchise(mots[une.premier], reglages)
            entrees = par_notion[une.notion]
            entrees[une.entree] = max(entrees.get(une.entree, 0.0), poids)
            if une.notion not in premieres or poids > premieres[une.notion][0]:
                premieres[une.notion] = (poids, une)
        notions = {
            code: (forts := sorted(entrees.values(), reverse=True))[0]
            + reglages.redite * sum(forts[1:3])
            for code, entrees in par_notion.items()
        }
        for code, poids in notions.items():
            notion, place = (
                self.thesaurus.notions[code],
                _place(premieres[code][1]),
            )
            if notion.est_hors and code not in self._portees:
                question.hors[code] = poids
                continue
            self._poser(question, NOTION + code, poids, place)
            for voisine, part in notion.vers.items():
                if voisine not in notions:
                    self._poser(question, NOTION + voisine, poids * part * reglages.voisine, place)

    def _mettre_les_mots_d_ici(
        self, question: Question, mots: list[Mot], reglages: Reglages
    ) -> None:
        """Met le sens des mots d'ici, reconnus à la lettre : « le Fil » n'est pas « mon fils »."""
        for une in self._mots_d_ici.reconnaitre(mots):
            dits = [m.plat for m in mots[une.premier : une.dernier + 1] if not m.est_outil]
            if dits != [m.plat for m in lire_les_mots(une.entree) if not m.est_outil]:
                continue
            if une.notion not in self._sens:
                sens = self._mots_d_ici.notions[une.notion].nom
                self._sens[une.notion] = self.lire(sens, reglages, est_un_sens=True).poids
            # Ce que le pilote a dit d'un mot vaut mieux que ce que nous en pensions.
            question.hors.clear()
            question.mots_de_sujet += 1
            question.est_d_ici = True
            for unite, poids in self._sens[une.notion].items():
                self._poser(question, unite, poids, (une.debut, une.fin))

    @staticmethod
    def _poser(question: Question, unite: str, poids: float, place: tuple[int, int]) -> None:
        if poids > question.poids.get(unite, 0.0):
            question.poids[unite], question.places[unite] = poids, place


def _place(une: Reconnue) -> tuple[int, int]:
    return une.debut, une.fin


def _rarete(mot: Mot, reglages: Reglages) -> float:
    """Rend ce que pèse un mot d'après sa fréquence dans le français de tous les jours, de 0 à 1."""
    trop = max(0.0, banalite(mot.plat) - reglages.banal_des)
    return max(reglages.banal_plancher, 1 - reglages.banal_pente * trop)


def _franchise(mot: Mot, reglages: Reglages) -> float:
    """Rend ce que pèse une notion dite d'un seul mot : trop courant, il dit souvent autre chose."""
    trop = max(0.0, banalite(mot.plat) - reglages.banal_notion_des)
    return max(reglages.banal_notion_plancher, 1 - reglages.banal_notion * trop)
