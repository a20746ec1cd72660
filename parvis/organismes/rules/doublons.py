"""Deux organismes n'en font-ils qu'un ? On le propose avec ses raisons, jamais on ne le fait."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from rapidfuzz import fuzz

from parvis.organismes.rules.noms import cle, noyau
from parvis.organismes.rules.numeros import ecrire_numero

# Ces poids et ce seuil sont les nôtres : aucun texte ne les fixe.
MEME_NUMERO = 100
MEME_NOM, NOM_PORTE, NOMS_PROCHES = 70, 60, 50
MEME_COURRIEL, MEME_SIGLE, MEME_SIEGE = 40, 20, 10
SIRENS_DIFFERENTS, SIEGES_DIFFERENTS, NATURES_DIFFERENTES = -60, -30, -20
SEUIL = 50
# Deux noms sont proches à partir de cette part de lettres communes, mots dans un ordre libre.
PROXIMITE = 88
# Un indice que tant d'organismes partagent ne distingue plus personne.
TROP_PARTAGE = 40
# De chaque nom, on compare par ses mots les plus rares : « Amicale » ne distingue personne.
DEBUTS_COMPARES = 2


@dataclass(frozen=True)
class Identite:
    """Ce qui permet de reconnaître un organisme."""

    nom: str
    nature: str = ""
    sigle: str = ""
    alias: tuple[str, ...] = ()
    siren: str = ""
    siret: str = ""
    rna: str = ""
    courriel: str = ""
    siege: str = ""

    @cached_property
    def noyau(self) -> str:
        return noyau(cle(self.nom))

    @cached_property
    def noyaux(self) -> frozenset[str]:
        """Rend les noyaux de tous ses noms."""
        return frozenset({self.noyau, *(noyau(cle(nom)) for nom in self.alias)}) - {""}


@dataclass(frozen=True)
class Ressemblance:
    """À quel point deux organismes se ressemblent, et pourquoi, en phrases."""

    score: int
    raisons: list[str]

    @property
    def est_a_proposer(self) -> bool:
        return self.score >= SEUIL


def ressemblance(a: Identite, b: Identite) -> Ressemblance:
    """Compare deux identités ; ce qui les distingue retire des points sans faire de raison."""
    indices = [*_numeros(a, b), *_noms(a, b), *_a_cote(a, b)]
    score = sum(points for points, _ in indices)
    raisons = [phrase for _, phrase in indices]
    if raisons:
        score += SIRENS_DIFFERENTS * _different(a.siren, b.siren)
        score += SIEGES_DIFFERENTS * _different(a.siege, b.siege)
        score += NATURES_DIFFERENTES * _different(a.nature, b.nature)
    return Ressemblance(score, raisons)


def raisons_de_doublon(a: Identite, b: Identite) -> list[str]:
    """Rend les raisons de proposer de réunir deux organismes ; vide s'il n'y en a pas assez."""
    trouvee = ressemblance(a, b)
    return trouvee.raisons if trouvee.est_a_proposer else []


def paires_a_comparer(identites: Mapping[int, Identite]) -> Iterator[tuple[int, int]]:
    """Rend, chacune une fois, les paires qui partagent un indice assez rare.

    Comparer toutes les paires serait quadratique : 20 000 organismes en font 200 millions.
    """
    frequences = Counter(d for i in identites.values() for d in _debuts(i))
    tas: dict[tuple[str, str], list[int]] = defaultdict(list)
    for numero, identite in identites.items():
        rares = sorted(_debuts(identite), key=lambda d: (frequences[d], d))[:DEBUTS_COMPARES]
        for indice in (*_indices(identite), *rares):
            tas[indice].append(numero)
    vues: set[tuple[int, int]] = set()
    for membres in tas.values():
        if len(membres) > TROP_PARTAGE:
            continue
        for paire in combinations(sorted(set(membres)), 2):
            if paire not in vues:
                vues.add(paire)
                yield paire


def _indices(identite: Identite) -> Iterable[tuple[str, str]]:
    for champ in ("siren", "rna", "courriel"):
        if valeur := getattr(identite, champ):
            yield champ, valeur.lower()
    for nom in identite.noyaux:
        yield "nom", nom


def _debuts(identite: Identite) -> set[tuple[str, str]]:
    """Rend les débuts de ses mots, dans sa commune : une faute touche rarement tous les mots."""
    return {(f"mot à {identite.siege}", mot[:4]) for mot in identite.noyau.split()}


def _numeros(a: Identite, b: Identite) -> Iterator[tuple[int, str]]:
    # Deux établissements d'un même organisme ont le même Siren et chacun son Siret.
    deux_etablissements = bool(a.siret and b.siret and a.siret != b.siret)
    if a.siren and a.siren == b.siren and not deux_etablissements:
        yield MEME_NUMERO, f"Même numéro Siren : {ecrire_numero(a.siren)}."
    if a.rna and a.rna == b.rna:
        yield MEME_NUMERO, f"Même numéro RNA : {a.rna}."


def _noms(a: Identite, b: Identite) -> Iterator[tuple[int, str]]:
    """Rend la plus forte des ressemblances de noms, s'il y en a une."""
    if a.noyau == b.noyau:
        yield MEME_NOM, f"Même nom, sans l’accent ni la forme : « {a.nom} » et « {b.nom} »."
    elif a.noyaux & b.noyaux:
        yield NOM_PORTE, f"L’un porte un nom de l’autre : « {a.nom} » et « {b.nom} »."
    elif a.siege == b.siege and fuzz.token_sort_ratio(a.noyau, b.noyau) >= PROXIMITE:
        ou = "Noms proches dans la même commune" if a.siege else "Noms proches"
        yield NOMS_PROCHES, f"{ou} : « {a.nom} » et « {b.nom} »."


def _a_cote(a: Identite, b: Identite) -> Iterator[tuple[int, str]]:
    if a.courriel and a.courriel.lower() == b.courriel.lower():
        yield MEME_COURRIEL, f"Même courriel : {a.courriel}."
    if a.sigle and cle(a.sigle) == cle(b.sigle):
        yield MEME_SIGLE, f"Même sigle : {a.sigle}."
    if a.siege and a.siege == b.siege:
        yield MEME_SIEGE, "Siège dans la même commune."


def _different(a: str, b: str) -> bool:
    return bool(a and b and a != b)
